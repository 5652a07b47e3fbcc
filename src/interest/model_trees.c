/* model_trees.c - boosted trees over all other models. */
#include <stdlib.h>
#include <string.h>

#include "interest/model_table.h"
#include "interest/ranker.h"

#include "core/banned.h"

static enum nr_status learn(struct nr_ranker *ranker, const struct nr_examples *examples, struct nr_error *err)
{
    return nr_ranker_grow(ranker, examples, NULL, &ranker->booster, err);
}

static enum nr_status score_rows(const struct nr_ranker *ranker, const float *rows, size_t count, double *out,
                                 struct nr_error *err)
{
    return nr_booster_score(ranker->booster, rows, count, ranker->width, out, err);
}

static size_t weights(size_t width)
{
    (void)width;
    return 0;
}

/* What each feature adds; the bias takes up the rounding, so that the sum is the score. */
static void put_parts(const struct nr_ranker *r, const double *contributions, double score, struct nr_model_parts *out)
{
    double sum = 0;
    for (size_t f = 0; f < r->width; f++) {
        nr_parts_add(out, r->names[f], contributions[f]);
        sum += contributions[f];
    }
    nr_parts_add(out, "bias", score - sum);
}

static enum nr_status parts(const struct nr_ranker *r, const struct nr_candidates *c, const size_t *places,
                            size_t count, struct nr_arena *mem, struct nr_model_parts *out, struct nr_error *err)
{
    float *rows = malloc((count * r->width + 1) * sizeof *rows);
    double *values = malloc((count * (r->width + 2) + 1) * sizeof *values), *scores = values;
    double *contributions = values ? values + count : NULL;
    enum nr_status status = rows && values ? NR_OK : nr_fail_nomem(err, "parts");
    for (size_t i = 0; i < count && !status; i++)
        memcpy(rows + i * r->width, c->rows + places[i] * r->width, r->width * sizeof *rows);
    if (!status && count)
        status = nr_booster_score(r->booster, rows, count, r->width, scores, err);
    if (!status && count)
        status = nr_booster_contributions(r->booster, rows, count, r->width, contributions, err);
    for (size_t i = 0; i < count && !status; i++) {
        if (!nr_parts_make(&out[i], r->width + 1, mem))
            status = nr_fail_nomem(err, "parts");
        else
            put_parts(r, contributions + i * (r->width + 1), scores[i], &out[i]);
    }
    free(rows);
    free(values);
    return status;
}

static const struct nr_ranker_kind kind = {
    .name = "trees", .trees = true, .weights = weights, .learn = learn, .score = score_rows, .parts = parts};

NR_RANKER_MODEL(trees, kind, "trees", "boosted trees over what all other models say", nr_ranker_tell);
