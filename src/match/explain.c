/* explain.c - parts, probability and reasons of what was ranked. */
#include "match/explain.h"

#include <math.h>
#include <string.h>

#include "match/past.h"
#include "match/similarity.h"

#include "core/banned.h"

double nr_match_logit(const struct nr_match_params *params, const struct nr_match_user *user, double score)
{
    if (params->similarity == NR_SIMILARITY_COSINE || user->scorer == &nr_scorer_source)
        return score;
    return score < 0 ? -sqrt(-score) : 0;
}

/* A tag that speaks for a video, and how much: user's weight times the video's. */
struct reason {
    const char *name; /* with its kind: "genre:..." */
    double weight;
};

static const char *bare_tag(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static bool named_before(const struct reason *reasons, size_t count, const char *tag)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(bare_tag(reasons[i].name), tag) == 0)
            return true;
    return false;
}

/* Keeps the best, in order; equal ones stay by name, as terms come sorted. */
static void add_reason(struct reason *reasons, size_t *count, struct reason reason)
{
    size_t at = *count;
    while (at > 0 && reasons[at - 1].weight < reason.weight)
        at--;
    if (at == NR_MATCH_BECAUSE_MAX || named_before(reasons, at, bare_tag(reason.name)))
        return;
    size_t end = *count;
    for (size_t i = at; i < *count; i++) /* the same tag of another kind, weaker: give up its place */
        if (strcmp(bare_tag(reasons[i].name), bare_tag(reason.name)) == 0)
            end = i;
    if (end == NR_MATCH_BECAUSE_MAX)
        end--;
    else if (end == *count)
        (*count)++;
    memmove(reasons + at + 1, reasons + at, (end - at) * sizeof *reasons);
    reasons[at] = reason;
}

enum nr_status nr_match_common_tags(const struct nr_terms *mine, const struct nr_terms *theirs, struct nr_arena *mem,
                                    struct nr_strings *out, struct nr_error *err)
{
    struct reason reasons[NR_MATCH_BECAUSE_MAX];
    size_t count = 0;
    for (size_t m = 0, t = 0; m < mine->count && t < theirs->count;) {
        int order = strcmp(mine->items[m].name, theirs->items[t].name);
        double weight = mine->items[m].weight * theirs->items[t].weight;
        if (order == 0 && weight > 0)
            add_reason(reasons, &count, (struct reason){mine->items[m].name, weight});
        m += order <= 0;
        t += order >= 0;
    }
    out->items = nr_arena_alloc(mem, count + 1, sizeof *out->items);
    for (size_t i = 0; i < count && out->items; i++)
        out->items[i] = nr_arena_strdup(mem, bare_tag(reasons[i].name));
    out->count = count;
    return mem->failed ? nr_fail_nomem(err, "reasons") : NR_OK;
}

static enum nr_status find_reasons(const struct nr_match_user *user, const struct nr_item *item, struct nr_arena *mem,
                                   struct nr_strings *out, struct nr_error *err)
{
    static const struct nr_terms none;
    const struct nr_terms *mine = user->share[NR_BLOCK_TAGS] > 0 ? &user->blocks[NR_BLOCK_TAGS].terms : &none;
    return nr_match_common_tags(mine, &item->blocks[NR_BLOCK_TAGS].terms, mem, out, err);
}

static void set_parts(const struct nr_match_user *user, const double *values, struct nr_arena *mem,
                      struct nr_ranked *entry)
{
    entry->parts = nr_arena_alloc(mem, NR_BLOCK_COUNT, sizeof *entry->parts);
    if (!entry->parts)
        return;
    if (user->scorer != &nr_scorer_content || entry->filled) {
        entry->parts[entry->part_count++] = (struct nr_part){nr_scorer_popularity.model, entry->score};
        return;
    }
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++)
        if (user->share[b] > 0)
            entry->parts[entry->part_count++] = (struct nr_part){nr_block_defs[b].name, values[b]};
}

/* What the person likes; what they dislike stays in the user's record. */
static void copy_interests(const struct nr_user *user, struct nr_ranking *ranking)
{
    ranking->interests = nr_arena_alloc(&ranking->mem, user->interest_count + 1, sizeof *ranking->interests);
    for (size_t i = 0; i < user->interest_count && ranking->interests; i++) {
        struct nr_interest interest = user->interests[i];
        interest.tag = nr_arena_strdup(&ranking->mem, interest.tag);
        if (interest.weight > 0)
            ranking->interests[ranking->interest_count++] = interest;
    }
}

/* The records lie anywhere in memory: asks for all of them before the first is needed.
 * Inline, since gcc 12 drops calls of functions that only prefetch. */
static inline __attribute__((always_inline)) void prefetch_items(const struct nr_match_index *index,
                                                                 const struct nr_scored_item *best, size_t count)
{
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(index->items[best[i].item]);
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch(index->items[best[i].item]->video_id);
        __builtin_prefetch(index->items[best[i].item]->title);
    }
}

/* Of the first `own` entries, whose scores are a model's. */
static enum nr_status set_source_parts(const struct nr_match_index *index, const struct nr_match_user *user,
                                       const void *state, const struct nr_scored_item *best, size_t own,
                                       double *scratch, struct nr_ranking *ranking, struct nr_error *err)
{
    const struct nr_match_source *source = index->params->source;
    struct nr_arena *mem = &ranking->mem;
    if (source->parts) {
        size_t *places = nr_arena_alloc(mem, own + 1, sizeof *places);
        for (size_t i = 0; i < own && places; i++)
            places[i] = nr_match_source_place(state, best[i].item);
        return places ? source->parts(source->ctx, user->user->user_id, places, own, scratch, mem, ranking->items, err)
                      : nr_fail_nomem(err, "parts");
    }
    for (size_t i = 0; i < own; i++) {
        struct nr_ranked *entry = &ranking->items[i];
        entry->parts = nr_arena_alloc(mem, 1, sizeof *entry->parts);
        if (!entry->parts)
            return nr_fail_nomem(err, "parts");
        entry->parts[entry->part_count++] = (struct nr_part){ranking->model, entry->score};
    }
    return NR_OK;
}

static enum nr_status set_entry(const struct nr_match_index *index, const struct nr_match_user *user, const void *state,
                                struct nr_scored_item scored, double log_sum, struct nr_arena *mem,
                                struct nr_ranked *entry, struct nr_error *err)
{
    const struct nr_item *item = index->items[scored.item];
    const struct nr_match_user *face = nr_match_best_face(state, user, scored.item);
    bool sourced = user->scorer == &nr_scorer_source;
    double values[NR_BLOCK_COUNT];
    entry->video_id = nr_arena_strdup(mem, item->video_id);
    entry->title = nr_arena_strdup(mem, item->title);
    entry->score = sourced ? scored.score : user->scorer->exact(state, face, scored.item, values);
    if (!sourced || !entry->filled)
        entry->probability =
            fmin(1, exp(index->params->beta * nr_match_logit(index->params, user, entry->score) - log_sum));
    if (!sourced || entry->filled)
        set_parts(face, values, mem, entry);
    enum nr_status status = find_reasons(face, item, mem, &entry->because, err);
    return status || entry->filled ? status : nr_match_past_explain(index, face, state, scored.item, mem, entry, err);
}

enum nr_status nr_match_explain(const struct nr_match_index *index, const struct nr_match_user *user, const void *state,
                                const struct nr_scored_item *best, size_t count, size_t own, double log_sum,
                                double *scratch, struct nr_ranking *ranking, struct nr_error *err)
{
    bool sourced = user->scorer == &nr_scorer_source;
    enum nr_status status = NR_OK;
    const struct nr_match_params *params = index->params;
    struct nr_arena *mem = &ranking->mem;
    ranking->user_id = nr_arena_strdup(mem, user->user->user_id);
    ranking->generated_at = params->now == NR_TIME_NONE ? 0 : params->now;
    ranking->model = sourced ? nr_arena_strdup(mem, params->source->model) : user->scorer->model;
    ranking->beta = params->beta;
    copy_interests(user->user, ranking);
    prefetch_items(index, best, count);
    ranking->items = nr_arena_alloc(mem, count + 1, sizeof *ranking->items);
    for (size_t i = 0; i < count && !mem->failed && !status; i++) {
        struct nr_ranked *entry = &ranking->items[ranking->count++];
        entry->filled = i >= own || user->scorer == &nr_scorer_popularity;
        status = set_entry(index, user, state, best[i], log_sum, mem, entry, err);
    }
    if (!status && sourced && !mem->failed)
        status = set_source_parts(index, user, state, best, own, scratch, ranking, err);
    return !status && mem->failed ? nr_fail_nomem(err, "a ranking") : status;
}
