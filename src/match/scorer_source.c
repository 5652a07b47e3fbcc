/* scorer_source.c - scores that come from outside, a user's whole row at a time: those of a
 * learned model. Users of this scorer are never in a product; the scan reads their row. */
#include <math.h>
#include <stdlib.h>

#include "match/scorer.h"

#include "core/banned.h"

struct source {
    const struct nr_match_source *from;
    size_t *places; /* by position in the index: in the list of videos that the caller gave */
    size_t listed;
};

static void source_close(void *state)
{
    struct source *source = state;
    if (!source)
        return;
    free(source->places);
    free(source);
}

static enum nr_status source_open(const struct nr_match_index *index, const struct nr_user_list *users, void **state,
                                  struct nr_error *err)
{
    struct source *source = calloc(1, sizeof *source);
    (void)users;
    *state = source;
    if (source)
        source->places = malloc((index->count + 1) * sizeof *source->places);
    if (!source || !source->places)
        return nr_fail_nomem(err, "a model's videos");
    source->from = index->params->source;
    source->listed = index->listed;
    for (size_t i = 0; i < index->count; i++)
        source->places[i] = (size_t)(index->items[i] - index->list);
    return NR_OK;
}

static size_t source_width(const void *state)
{
    (void)state;
    return 0;
}

static enum nr_status source_begin(const void *state, struct nr_match_batch *batch, struct nr_error *err)
{
    (void)state;
    (void)batch;
    (void)err;
    return NR_OK;
}

static void source_fill(const void *state, const struct nr_match_batch *batch, size_t tile, float *scores)
{
    (void)state;
    (void)batch;
    (void)tile;
    (void)scores;
}

static double source_error(const void *state, const struct nr_match_user *user)
{
    (void)state;
    (void)user;
    return 0;
}

static double source_exact(const void *state, const struct nr_match_user *user, size_t item, double *parts)
{
    (void)parts;
    return user->row[((const struct source *)state)->places[item]];
}

size_t nr_match_source_place(const void *state, size_t item)
{
    return ((const struct source *)state)->places[item];
}

static double source_owed(const void *state, const struct nr_match_user *user, const struct nr_watched *watched,
                          const struct nr_item *record, size_t item)
{
    const struct source *source = state;
    (void)record;
    if (!source->from->owed)
        return 0;
    return source->from->owed(source->from->ctx, user->user->user_id, watched->video_id, watched->weight,
                              source->places[item]);
}

const struct nr_scorer nr_scorer_source = {
    .model = "source", /* the ranking says the source's own name */
    .open = source_open,
    .close = source_close,
    .width = source_width,
    .begin = source_begin,
    .fill = source_fill,
    .error = source_error,
    .exact = source_exact,
    .owed = source_owed,
};
