/* profile_make.c - from watched videos and declared tags to a user's blocks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/profile_evidence.h"

#include "core/banned.h"

const char *const nr_search_modes[] = {
    [NR_SEARCHES_ALL] = "all", [NR_SEARCHES_TAGS] = "tags", [NR_SEARCHES_OFF] = "off", NULL};

void nr_profile_params_default(struct nr_profile_params *params)
{
    *params = (struct nr_profile_params){.max_interests = 20, .clusters = 1};
}

const char *nr_profile_params_check(const struct nr_profile_params *params)
{
    if (params->max_interests == 0)
        return "the number of interest tags must be at least 1";
    return params->clusters < 1 || params->clusters > NR_CLUSTERS_MAX ? "--clusters must be from 1 to 16" : NULL;
}

/* Declared tags, or nothing; those that the catalogue lacks are listed. */
static enum nr_status declared_tags(const struct nr_profile_index *index, const struct nr_strings *declared,
                                    struct nr_user *user, struct nr_arena *mem, struct nr_terms *out,
                                    struct nr_error *err)
{
    double weight = 1;
    size_t most = declared ? declared->count : 0;
    *out = (struct nr_terms){nr_arena_alloc(mem, most * NR_TAG_KIND_COUNT, sizeof *out->items), 0};
    user->unknown_tags = (struct nr_strings){nr_arena_alloc(&user->mem, most, sizeof *user->unknown_tags.items), 0};
    for (size_t i = 0; i < most && !mem->failed && !user->mem.failed; i++, weight *= NR_DECLARED_DECAY) {
        size_t before = out->count;
        const struct nr_strings earlier = {declared->items, i};
        if (nr_strings_contain(&earlier, declared->items[i]))
            continue; /* named twice: the better place counts */
        for (int kind = 0; kind < NR_TAG_KIND_COUNT; kind++) {
            char *name = nr_arena_printf(mem, "%s:%s", nr_tag_kind_names[kind], declared->items[i]);
            if (name && nr_profile_index_has_tag(index, name))
                out->items[out->count++] = (struct nr_term){name, weight};
        }
        if (out->count > before)
            continue;
        char *name = nr_arena_printf(mem, "%s:%s", nr_tag_kind_names[NR_TAG_GENRE], declared->items[i]);
        out->items[out->count++] = (struct nr_term){name, weight};
        user->unknown_tags.items[user->unknown_tags.count++] = nr_arena_strdup(&user->mem, declared->items[i]);
    }
    if (mem->failed || user->mem.failed)
        return nr_fail_nomem(err, "declared interests");
    qsort(out->items, out->count, sizeof *out->items, nr_term_compare);
    return NR_OK;
}

/* ---- interests ------------------------------------------------------------------------ */

static int interest_compare(const void *a, const void *b)
{
    const struct nr_interest *left = a, *right = b;
    if (left->weight != right->weight)
        return left->weight < right->weight ? 1 : -1;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return strcmp(left->tag, right->tag);
}

/* "actor:吴京" to its kind and tag. */
static struct nr_interest interest_of(const struct nr_term *term, double total)
{
    struct nr_interest interest = {.tag = term->name, .weight = total > 0 ? term->weight / total : term->weight};
    for (int kind = 0; kind < NR_TAG_KIND_COUNT; kind++) {
        size_t length = strlen(nr_tag_kind_names[kind]);
        if (strncmp(term->name, nr_tag_kind_names[kind], length) == 0 && term->name[length] == ':') {
            interest.kind = (enum nr_tag_kind)kind;
            interest.tag = term->name + length + 1;
        }
    }
    return interest;
}

static enum nr_status store_interests(const struct nr_profile_params *params, const struct nr_terms *terms,
                                      struct nr_user *user, struct nr_error *err)
{
    double total = nr_evidence_positive_sum(terms);
    user->interests = nr_arena_alloc(&user->mem, terms->count, sizeof *user->interests);
    for (size_t i = 0; i < terms->count && user->interests; i++) {
        struct nr_interest interest = interest_of(&terms->items[i], total);
        interest.tag = nr_arena_strdup(&user->mem, interest.tag);
        if (interest.weight != 0)
            user->interests[user->interest_count++] = interest;
    }
    if (user->mem.failed)
        return nr_fail_nomem(err, "interests");
    qsort(user->interests, user->interest_count, sizeof *user->interests, interest_compare);
    if (user->interest_count > params->max_interests)
        user->interest_count = params->max_interests;
    return NR_OK;
}

static bool has_blocks(const struct nr_block *blocks)
{
    for (int b = 0; b < NR_BLOCK_COUNT; b++)
        if (nr_block_present(&blocks[b]))
            return true;
    return false;
}

/* ---- everything ----------------------------------------------------------------------- */

/* What was watched, by video_id, then what was sought. */
static enum nr_status gather(const struct nr_profile_index *index, const struct nr_user *user,
                             const struct nr_profile_input *input, struct nr_arena *mem, struct nr_evidence *out,
                             struct nr_error *err)
{
    struct nr_sought *things = nr_arena_alloc(mem, user->watched_count + input->sought_count, sizeof *things);
    *out = (struct nr_evidence){.index = index, .things = things};
    if (!things)
        return nr_fail_nomem(err, "a profile");
    for (size_t i = 0; i < user->watched_count; i++) {
        double weight = user->watched[i].weight;
        const struct nr_item *item = nr_profile_index_find(index, user->watched[i].video_id);
        out->liked += weight > 0;
        if (item && weight != 0)
            things[out->count++] = (struct nr_sought){item->blocks, weight};
    }
    for (size_t i = 0; i < input->sought_count; i++) {
        out->liked += input->sought[i].weight > 0;
        if (input->sought[i].weight != 0)
            things[out->count++] = input->sought[i];
    }
    return NR_OK;
}

/* Whether the past says anything: negatives alone do not, nor do videos that the
 * catalogue lacks. Of something positive at least half is left. */
static bool has_evidence(const struct nr_evidence *evidence)
{
    for (size_t i = 0; i < evidence->count; i++)
        if (evidence->things[i].weight > 0 && has_blocks(evidence->things[i].blocks))
            return true;
    return false;
}

static enum nr_user_source source_of(const struct nr_user *user, bool declared, bool behaviour)
{
    if (!has_blocks(user->blocks))
        return NR_USER_POPULARITY;
    return declared && behaviour ? NR_USER_BOTH : declared ? NR_USER_DECLARED : NR_USER_BEHAVIOUR;
}

/* Cluster `c` of the evidence: what is liked in it, and everything disliked. */
static void take_cluster(const struct nr_evidence *all, const size_t *place, size_t c, struct nr_sought *things,
                         struct nr_evidence *out)
{
    *out = (struct nr_evidence){.index = all->index, .things = things};
    for (size_t i = 0; i < all->count; i++) {
        if (all->things[i].weight > 0 && place[i] != c)
            continue;
        out->liked += all->things[i].weight > 0;
        things[out->count++] = all->things[i];
    }
}

static double liked_weight(const struct nr_evidence *evidence)
{
    double sum = 0;
    for (size_t i = 0; i < evidence->count; i++)
        sum += evidence->things[i].weight > 0 ? evidence->things[i].weight : 0;
    return sum;
}

static enum nr_status make_clusters(const struct nr_profile_params *params, const struct nr_evidence *evidence,
                                    struct nr_terms *declared, struct nr_arena *mem, struct nr_user *user,
                                    struct nr_error *err)
{
    size_t count, *place = nr_arena_alloc(mem, evidence->count, sizeof *place);
    struct nr_sought *things = nr_arena_alloc(mem, evidence->count, sizeof *things);
    if (mem->failed)
        return nr_fail_nomem(err, "clusters");
    enum nr_status status = nr_evidence_divide(evidence, params->clusters, place, &count, err);
    if (status || count < 2)
        return status;
    user->clusters = nr_arena_alloc(&user->mem, count, sizeof *user->clusters);
    if (!user->clusters)
        return nr_fail_nomem(err, "clusters");
    for (size_t c = 0; c < count && !status; c++) {
        struct nr_evidence part;
        struct nr_user_cluster *cluster = &user->clusters[user->cluster_count++];
        take_cluster(evidence, place, c, things, &part);
        cluster->weight = liked_weight(&part) / liked_weight(evidence);
        cluster->videos = (int64_t)part.liked;
        status = nr_evidence_blocks(&part, declared, &user->mem, cluster->blocks, err);
    }
    return status;
}

/* The same evidence, measured in two ways. */
static enum nr_status make_all(const struct nr_profile_params *params, const struct nr_evidence *evidence,
                               struct nr_terms *declared, struct nr_arena *mem, struct nr_user *user,
                               struct nr_error *err)
{
    struct nr_terms interests;
    enum nr_status status = nr_evidence_blocks(evidence, declared, &user->mem, user->blocks, err);
    if (!status)
        status = nr_evidence_tags(evidence, NR_EVENLY, declared, mem, &interests, err);
    return status ? status : store_interests(params, &interests, user, err);
}

enum nr_status nr_profile_make(const struct nr_profile_params *params, const struct nr_profile_index *index,
                               const struct nr_profile_input *input, struct nr_user *user, struct nr_error *err)
{
    struct nr_arena mem = {0};
    struct nr_evidence evidence;
    struct nr_terms declared;
    enum nr_status status = gather(index, user, input, &mem, &evidence, err);
    if (!status)
        status = declared_tags(index, input->declared, user, &mem, &declared, err);
    if (!status)
        status = make_all(params, &evidence, &declared, &mem, user, err);
    if (!status && params->clusters > 1)
        status = make_clusters(params, &evidence, &declared, &mem, user, err);
    if (!status)
        user->source = source_of(user, input->declared && input->declared->count, has_evidence(&evidence));
    nr_arena_release(&mem);
    return status;
}
