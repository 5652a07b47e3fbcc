/* profile_make.c - from watched videos and declared tags to a user's blocks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/profile_index.h"

#include "core/banned.h"

static const double NEGATIVE_SHARE = 0.5; /* of the positive norm, at most */

void nr_profile_params_default(struct nr_profile_params *params)
{
    *params = (struct nr_profile_params){.max_interests = 20};
}

const char *nr_profile_params_check(const struct nr_profile_params *params)
{
    return params->max_interests == 0 ? "the number of interest tags must be at least 1" : NULL;
}

/* What n is multiplied with before it is taken from p. */
static double negative_scale(double positive_norm, double negative_norm)
{
    return negative_norm > 0 ? fmin(1, NEGATIVE_SHARE * positive_norm / negative_norm) : 0;
}

/* ---- dense blocks ---------------------------------------------------------------- */

/* Sums of weighted vectors, positives and negatives apart. */
struct sums {
    double *positive, *negative;
    size_t length, videos;
};

static void add_dense(struct sums *sums, const struct nr_block *block, double weight)
{
    double *into = weight > 0 ? sums->positive : sums->negative;
    for (size_t j = 0; j < sums->length; j++)
        into[j] += fabs(weight) * (double)block->values[j];
    sums->videos++;
}

static double norm_of(const double *values, size_t length)
{
    double squares = 0;
    for (size_t j = 0; j < length; j++)
        squares += values[j] * values[j];
    return sqrt(squares);
}

static void finish_dense(const struct sums *sums, struct nr_user *user, enum nr_block_id b)
{
    double scale = negative_scale(norm_of(sums->positive, sums->length), norm_of(sums->negative, sums->length));
    for (size_t j = 0; j < sums->length; j++)
        sums->positive[j] -= scale * sums->negative[j];
    double norm = norm_of(sums->positive, sums->length);
    if (!(norm > 0) || !isfinite(norm))
        return;
    float *values = nr_arena_alloc(&user->mem, sums->length, sizeof *values);
    for (size_t j = 0; j < sums->length && values; j++)
        values[j] = (float)(sums->positive[j] / norm);
    user->blocks[b] = (struct nr_block){.values = values, .length = values ? sums->length : 0};
}

static enum nr_status make_dense(const struct nr_profile_index *index, struct nr_user *user, enum nr_block_id b,
                                 struct nr_error *err)
{
    struct sums sums = {.length = index->lengths[b]};
    if (sums.length == 0)
        return NR_OK;
    sums.positive = calloc(2 * sums.length, sizeof *sums.positive);
    if (!sums.positive)
        return nr_fail_nomem(err, "a profile");
    sums.negative = sums.positive + sums.length;
    for (size_t i = 0; i < user->watched_count; i++) {
        const struct nr_item *item = nr_profile_index_find(index, user->watched[i].video_id);
        if (item && item->blocks[b].values && user->watched[i].weight != 0)
            add_dense(&sums, &item->blocks[b], user->watched[i].weight);
    }
    if (sums.videos)
        finish_dense(&sums, user, b);
    free(sums.positive);
    return user->mem.failed ? nr_fail_nomem(err, "a profile") : NR_OK;
}

/* ---- the tags block ----------------------------------------------------------------- */

/* Sums up equal names (in the order in which they stand) and drops nothing. qsort of
 * glibc is not stable in general: the places keep the order of summation fixed. */
struct placed_term {
    const char *name;
    double weight;
    size_t place;
};

static int placed_compare(const void *a, const void *b)
{
    const struct placed_term *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order ? order : (left->place > right->place) - (left->place < right->place);
}

/* How a video gives its weight to its terms. */
enum spread {
    BY_BLOCK, /* times the block's values */
    EVENLY,   /* divided by their number */
};

/* Terms of the watched videos whose weight has the sign asked for. */
static enum nr_status sum_terms(const struct nr_profile_index *index, const struct nr_user *user, enum spread spread,
                                bool positive, struct nr_arena *mem, struct nr_terms *out, struct nr_error *err)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < user->watched_count; i++) {
        const struct nr_item *item = nr_profile_index_find(index, user->watched[i].video_id);
        total += item ? item->blocks[NR_BLOCK_TAGS].terms.count : 0;
    }
    struct placed_term *all = nr_arena_alloc(mem, total, sizeof *all);
    *out = (struct nr_terms){nr_arena_alloc(mem, total, sizeof *out->items), 0};
    if (mem->failed)
        return nr_fail_nomem(err, "a profile");
    for (size_t i = 0; i < user->watched_count; i++) {
        double weight = user->watched[i].weight;
        const struct nr_item *item = nr_profile_index_find(index, user->watched[i].video_id);
        const struct nr_terms *terms = item ? &item->blocks[NR_BLOCK_TAGS].terms : NULL;
        for (size_t k = 0; terms && weight != 0 && (weight > 0) == positive && k < terms->count; k++, at++)
            all[at] = (struct placed_term){
                terms->items[k].name,
                fabs(weight) * (spread == EVENLY ? 1 / (double)terms->count : terms->items[k].weight), at};
    }
    qsort(all, at, sizeof *all, placed_compare);
    for (size_t i = 0; i < at; i++) {
        if (out->count == 0 || strcmp(out->items[out->count - 1].name, all[i].name) != 0)
            out->items[out->count++] = (struct nr_term){all[i].name, 0};
        out->items[out->count - 1].weight += all[i].weight;
    }
    return NR_OK;
}

static double terms_norm(const struct nr_terms *terms)
{
    double squares = 0;
    for (size_t i = 0; i < terms->count; i++)
        squares += terms->items[i].weight * terms->items[i].weight;
    return sqrt(squares);
}

/* out = scale_a a + scale_b b, names merged. */
static enum nr_status add_terms(const struct nr_terms *a, double scale_a, const struct nr_terms *b, double scale_b,
                                struct nr_arena *mem, struct nr_terms *out, struct nr_error *err)
{
    size_t i = 0, k = 0;
    *out = (struct nr_terms){nr_arena_alloc(mem, a->count + b->count, sizeof *out->items), 0};
    if (mem->failed)
        return nr_fail_nomem(err, "a profile");
    while (i < a->count || k < b->count) {
        int order = i == a->count ? 1 : k == b->count ? -1 : strcmp(a->items[i].name, b->items[k].name);
        struct nr_term *term = &out->items[out->count++];
        term->name = order <= 0 ? a->items[i].name : b->items[k].name;
        term->weight =
            (order <= 0 ? scale_a * a->items[i].weight : 0) + (order >= 0 ? scale_b * b->items[k].weight : 0);
        i += order <= 0;
        k += order >= 0;
    }
    return NR_OK;
}

static void scale_terms(struct nr_terms *terms, double scale)
{
    for (size_t i = 0; i < terms->count; i++)
        terms->items[i].weight *= scale;
}

static double positive_sum(const struct nr_terms *terms)
{
    double sum = 0;
    for (size_t i = 0; i < terms->count; i++)
        sum += terms->items[i].weight > 0 ? terms->items[i].weight : 0;
    return sum;
}

/* What the terms are measured by: the L2 norm of a block, the sum of interests. */
static double measure(const struct nr_terms *terms, enum spread spread)
{
    return spread == EVENLY ? positive_sum(terms) : terms_norm(terms);
}

static void scale_to_one(struct nr_terms *terms, enum spread spread)
{
    double size = measure(terms, spread);
    if (size > 0 && isfinite(size))
        scale_terms(terms, 1 / size);
    else
        terms->count = 0;
}

/* Behaviour's tags of measure 1, or nothing. */
static enum nr_status behaviour_tags(const struct nr_profile_index *index, const struct nr_user *user,
                                     enum spread spread, struct nr_arena *mem, struct nr_terms *out,
                                     struct nr_error *err)
{
    struct nr_terms liked, disliked;
    enum nr_status status = sum_terms(index, user, spread, true, mem, &liked, err);
    if (!status)
        status = sum_terms(index, user, spread, false, mem, &disliked, err);
    if (!status)
        status = add_terms(&liked, 1, &disliked, -negative_scale(measure(&liked, spread), measure(&disliked, spread)),
                           mem, out, err);
    if (!status)
        scale_to_one(out, spread);
    return status;
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

static double declared_share(const struct nr_user *user, const struct nr_terms *behaviour,
                             const struct nr_terms *declared)
{
    double liked = 0;
    for (size_t i = 0; i < user->watched_count; i++)
        liked += user->watched[i].weight > 0;
    if (behaviour->count == 0 || declared->count == 0)
        return declared->count ? 1 : 0;
    return NR_DECLARED_VIDEOS / (NR_DECLARED_VIDEOS + liked);
}

static bool any_known(const struct nr_profile_index *index, const struct nr_terms *terms)
{
    for (size_t i = 0; i < terms->count; i++)
        if (nr_profile_index_has_tag(index, terms->items[i].name))
            return true;
    return false;
}

/* The terms that are not 0, copied into the user's arena, norm 1. Terms of which the
 * catalogue knows none cannot rank anything: no block, so that popularity may. */
static enum nr_status store_tags(const struct nr_profile_index *index, const struct nr_terms *terms,
                                 struct nr_user *user, struct nr_error *err)
{
    struct nr_terms *own = &user->blocks[NR_BLOCK_TAGS].terms;
    double norm = any_known(index, terms) ? terms_norm(terms) : 0;
    *own = (struct nr_terms){nr_arena_alloc(&user->mem, terms->count, sizeof *own->items), 0};
    for (size_t i = 0; i < terms->count && norm > 0 && own->items; i++)
        if (terms->items[i].weight != 0)
            own->items[own->count++] =
                (struct nr_term){nr_arena_strdup(&user->mem, terms->items[i].name), terms->items[i].weight / norm};
    return user->mem.failed ? nr_fail_nomem(err, "a profile") : NR_OK;
}

/* Behaviour and declared tags, each of measure 1, mixed. `wished` is rescaled. */
static enum nr_status mix_tags(const struct nr_profile_index *index, const struct nr_user *user, enum spread spread,
                               struct nr_terms *wished, struct nr_arena *mem, struct nr_terms *out,
                               struct nr_error *err)
{
    struct nr_terms behaviour;
    enum nr_status status = behaviour_tags(index, user, spread, mem, &behaviour, err);
    if (status)
        return status;
    scale_to_one(wished, spread);
    double share = declared_share(user, &behaviour, wished);
    return add_terms(&behaviour, 1 - share, wished, share, mem, out, err);
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
    double total = positive_sum(terms);
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

/* The tags block and the interests: the same evidence, measured in two ways. */
static enum nr_status make_tags(const struct nr_profile_params *params, const struct nr_profile_index *index,
                                const struct nr_strings *declared, struct nr_user *user, struct nr_error *err)
{
    struct nr_arena mem = {0};
    struct nr_terms wished, block, interests;
    enum nr_status status = declared_tags(index, declared, user, &mem, &wished, err);
    if (!status)
        status = mix_tags(index, user, BY_BLOCK, &wished, &mem, &block, err);
    if (!status)
        status = store_tags(index, &block, user, err);
    if (!status)
        status = mix_tags(index, user, EVENLY, &wished, &mem, &interests, err);
    if (!status)
        status = store_interests(params, &interests, user, err);
    nr_arena_release(&mem);
    return status;
}

static bool has_blocks(const struct nr_block *blocks)
{
    for (int b = 0; b < NR_BLOCK_COUNT; b++)
        if (nr_block_present(&blocks[b]))
            return true;
    return false;
}

/* Whether the past says anything: negatives alone do not, nor do videos that the
 * catalogue lacks. Of something positive at least half is left. */
static bool has_evidence(const struct nr_profile_index *index, const struct nr_user *user)
{
    for (size_t i = 0; i < user->watched_count; i++) {
        const struct nr_item *item = nr_profile_index_find(index, user->watched[i].video_id);
        if (item && user->watched[i].weight > 0 && has_blocks(item->blocks))
            return true;
    }
    return false;
}

static enum nr_user_source source_of(const struct nr_user *user, bool declared, bool behaviour)
{
    if (!has_blocks(user->blocks))
        return NR_USER_POPULARITY;
    return declared && behaviour ? NR_USER_BOTH : declared ? NR_USER_DECLARED : NR_USER_BEHAVIOUR;
}

enum nr_status nr_profile_make(const struct nr_profile_params *params, const struct nr_profile_index *index,
                               const struct nr_strings *declared, struct nr_user *user, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (int b = 0; b < NR_BLOCK_COUNT && !status; b++)
        if (nr_block_defs[b].kind != NR_BLOCK_SPARSE)
            status = make_dense(index, user, (enum nr_block_id)b, err);
    if (!status)
        status = make_tags(params, index, declared, user, err);
    user->source = source_of(user, declared && declared->count, has_evidence(index, user));
    return status;
}
