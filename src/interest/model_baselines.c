/* model_baselines.c - models that any other one must beat: by chance, by age, by the
 * popularity of what a video is. They have scores of videos that nobody has watched, too. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/item_year.h"
#include "interest/model_table.h"
#include "interest/term_matrix.h"

#include "core/banned.h"

struct baseline {
    const struct nr_pairs *pairs;
    double *scores; /* by item, the same for every user; NULL: random */
};

static void baseline_free(void *state)
{
    struct baseline *b = state;
    if (!b)
        return;
    free(b->scores);
    free(b);
}

static enum nr_status make(const struct nr_pairs *pairs, bool scores, void **state, struct baseline **out,
                           struct nr_error *err)
{
    struct baseline *b = calloc(1, sizeof *b);
    *state = *out = b;
    if (!b)
        return nr_fail_nomem(err, "a model");
    b->pairs = pairs;
    b->scores = scores ? malloc((pairs->item_count + 1) * sizeof *b->scores) : NULL;
    return scores && !b->scores ? nr_fail_nomem(err, "a model") : NR_OK;
}

static void score_all_alike(const void *state, size_t user, double *scores, double *scratch)
{
    const struct baseline *b = state;
    (void)user;
    (void)scratch;
    memcpy(scores, b->scores, b->pairs->item_count * sizeof *scores);
}

/* ---- random ------------------------------------------------------------------------------- */

static enum nr_status fit_random(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                                 void **state, struct nr_error *err)
{
    struct baseline *b;
    (void)params;
    (void)threads;
    return make(pairs, false, state, &b, err);
}

static void score_random(const void *state, size_t user, double *scores, double *scratch)
{
    const struct nr_pairs *pairs = ((const struct baseline *)state)->pairs;
    uint64_t seed = nr_id_hash(pairs->users[user]);
    (void)scratch;
    for (size_t i = 0; i < pairs->item_count; i++)
        scores[i] = (double)(nr_splitmix64(seed + nr_splitmix64(nr_id_hash(pairs->items[i]))) >> 11) * 0x1p-53;
}

/* ---- newest ------------------------------------------------------------------------------- */

/* In years; what the records do not say, by the first time that anybody watched it. */
static enum nr_status fit_newest(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                                 void **state, struct nr_error *err)
{
    struct baseline *b;
    (void)params;
    (void)threads;
    enum nr_status status = make(pairs, true, state, &b, err);
    if (status)
        return status;
    for (size_t i = 0; i < pairs->item_count; i++)
        b->scores[i] = NAN;
    for (size_t p = 0; p < pairs->starts[pairs->user_count]; p++) {
        const struct nr_pair *pair = &pairs->pairs[p];
        if (pair->time != NR_TIME_NONE)
            b->scores[pair->item] = fmin(b->scores[pair->item], nr_year_of(pair->time)); /* fmin ignores NAN */
    }
    for (size_t i = 0; i < pairs->item_count; i++) {
        double told = pairs->records ? nr_item_year(pairs->records[i]) : NAN;
        b->scores[i] = isnan(told) ? b->scores[i] : told;
        b->scores[i] = isnan(b->scores[i]) ? NR_NO_SCORE : b->scores[i];
    }
    return NR_OK;
}

/* ---- genre popularity ----------------------------------------------------------------------- */

/* Viewers of a video with a tag, on average; of these the mean over the video's tags. */
static enum nr_status fit_tags(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                               void **state, struct nr_error *err)
{
    struct nr_term_matrix tags = {.names = NULL};
    struct baseline *b;
    (void)params;
    (void)threads;
    enum nr_status status = make(pairs, true, state, &b, err);
    if (!status && !pairs->records)
        status = nr_fail(err, NR_ERR_USAGE, "tag-popularity: nothing is known of the videos: give it a catalogue");
    if (!status)
        status = nr_term_matrix_make(pairs, &tags, err);
    double *counts = calloc(tags.count + 1, sizeof *counts), *videos = calloc(tags.count + 1, sizeof *videos);
    if (!status && (!counts || !videos))
        status = nr_fail_nomem(err, "the tags' popularity");
    for (size_t p = 0; !status && p < pairs->starts[pairs->user_count]; p++)
        for (size_t t = tags.starts[pairs->pairs[p].item]; t < tags.starts[pairs->pairs[p].item + 1]; t++)
            counts[tags.terms[t].term]++;
    for (size_t t = 0; !status && t < tags.starts[pairs->item_count]; t++)
        videos[tags.terms[t].term]++;
    for (size_t i = 0; !status && i < pairs->item_count; i++) {
        double own = (double)(tags.starts[i + 1] - tags.starts[i]);
        b->scores[i] = 0;
        for (size_t t = tags.starts[i]; t < tags.starts[i + 1]; t++)
            b->scores[i] += counts[tags.terms[t].term] / videos[tags.terms[t].term] / own;
    }
    free(counts);
    free(videos);
    nr_term_matrix_release(&tags);
    return status;
}

const struct nr_model nr_model_random = {.name = "random",
                                         .summary = "by chance, the same for the same ids",
                                         .fit = fit_random,
                                         .score = score_random,
                                         .free = baseline_free};
const struct nr_model nr_model_newest = {.name = "newest",
                                         .summary = "the newest first",
                                         .fit = fit_newest,
                                         .score = score_all_alike,
                                         .free = baseline_free};
const struct nr_model nr_model_tag_popularity = {.name = "tag-popularity",
                                                 .summary = "videos whose tags most people watched",
                                                 .needs_records = true,
                                                 .looks_at_records = true,
                                                 .fit = fit_tags,
                                                 .score = score_all_alike,
                                                 .free = baseline_free};
