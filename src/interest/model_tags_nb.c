/* model_tags_nb.c - naive Bayes over tags: which of them a user's videos have more often,
 * or less, than everybody's. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/model_table.h"
#include "interest/ranker.h"
#include "interest/term_matrix.h"

#include "core/banned.h"

struct bayes {
    const struct nr_pairs *pairs;
    const struct nr_tags_nb_params *params;
    struct nr_term_matrix tags;
    double *shares; /* by tag: of all pairs, whose video has it */
    double *priors; /* by item: prior * log P(i) */
};

static void bayes_free(void *state)
{
    struct bayes *b = state;
    if (!b)
        return;
    nr_term_matrix_release(&b->tags);
    free(b->shares);
    free(b->priors);
    free(b);
}

/* Shares with one more pair and half of it for each tag, so that none is 0 or 1. */
static void fill(struct bayes *b)
{
    const struct nr_pairs *pairs = b->pairs;
    double all = (double)pairs->starts[pairs->user_count];
    for (size_t p = 0; p < pairs->starts[pairs->user_count]; p++) {
        size_t item = pairs->pairs[p].item;
        b->priors[item]++;
        for (size_t t = b->tags.starts[item]; t < b->tags.starts[item + 1]; t++)
            b->shares[b->tags.terms[t].term]++;
    }
    for (size_t t = 0; t < b->tags.count; t++)
        b->shares[t] = (b->shares[t] + 0.5) / (all + 1);
    for (size_t i = 0; i < pairs->item_count; i++)
        b->priors[i] = b->params->prior * log((b->priors[i] + 1) / (all + (double)pairs->item_count));
}

static enum nr_status fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err)
{
    struct bayes *b = calloc(1, sizeof *b);
    (void)threads;
    *state = b;
    if (!b)
        return nr_fail_nomem(err, "a model");
    b->pairs = pairs;
    b->params = &params->tags_nb;
    if (!pairs->records)
        return nr_fail(err, NR_ERR_USAGE, "tags-nb: nothing is known of the videos: give it a catalogue");
    enum nr_status status = nr_term_matrix_make(pairs, &b->tags, err);
    b->shares = calloc(b->tags.count + 1, sizeof *b->shares);
    b->priors = calloc(pairs->item_count + 1, sizeof *b->priors);
    if (!status && (!b->shares || !b->priors))
        status = nr_fail_nomem(err, "the tags' shares");
    if (!status)
        fill(b);
    return status;
}

/* By tag: the logarithm of how much more of the user's pairs have it than of everybody's. */
static void fill_odds(const struct bayes *b, size_t user, double *odds)
{
    const struct nr_pairs *pairs = b->pairs;
    double own = (double)(pairs->starts[user + 1] - pairs->starts[user]), smoothing = b->params->smoothing;
    memset(odds, 0, b->tags.count * sizeof *odds);
    for (size_t p = pairs->starts[user]; p < pairs->starts[user + 1]; p++)
        for (size_t t = b->tags.starts[pairs->pairs[p].item]; t < b->tags.starts[pairs->pairs[p].item + 1]; t++)
            odds[b->tags.terms[t].term]++;
    for (size_t t = 0; t < b->tags.count; t++)
        odds[t] = log((odds[t] + smoothing * b->shares[t]) / ((own + smoothing) * b->shares[t]));
}

static size_t scratch(const void *state)
{
    return ((const struct bayes *)state)->tags.count;
}

static void score(const void *state, size_t user, double *scores, double *scratch_room)
{
    const struct bayes *b = state;
    fill_odds(b, user, scratch_room);
    for (size_t i = 0; i < b->pairs->item_count; i++) {
        scores[i] = b->priors[i];
        for (size_t t = b->tags.starts[i]; t < b->tags.starts[i + 1]; t++)
            scores[i] += scratch_room[b->tags.terms[t].term];
    }
}

/* Which tags speak for it and which against. */
static enum nr_status parts(const void *state, size_t user, const uint32_t *items, size_t count, double *odds,
                            struct nr_arena *mem, struct nr_model_parts *out, struct nr_error *err)
{
    const struct bayes *b = state;
    fill_odds(b, user, odds);
    for (size_t i = 0; i < count; i++) {
        size_t from = b->tags.starts[items[i]], to = b->tags.starts[items[i] + 1];
        if (!nr_parts_make(&out[i], to - from + 1, mem))
            return nr_fail_nomem(err, "parts");
        nr_parts_add(&out[i], "viewers", b->priors[items[i]]);
        for (size_t t = from; t < to; t++)
            nr_parts_add(&out[i], b->tags.names[b->tags.terms[t].term], odds[b->tags.terms[t].term]);
    }
    return NR_OK;
}

const struct nr_model nr_model_tags_nb = {.name = "tags-nb",
                                          .summary = "naive Bayes over tags, actors and directors",
                                          .needs_records = true,
                                          .looks_at_records = true,
                                          .fit = fit,
                                          .scratch = scratch,
                                          .score = score,
                                          .free = bayes_free,
                                          .parts = parts};
