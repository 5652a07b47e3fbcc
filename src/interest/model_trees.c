/* model_trees.c - boosted trees over all other models. */
#include <stdlib.h>

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

static const struct nr_ranker_kind kind = {.name = "trees", .learn = learn, .score = score_rows};

static enum nr_status fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err)
{
    return nr_ranker_fit(&kind, params, pairs, threads, state, err);
}

const struct nr_model nr_model_trees = {.name = "trees",
                                        .summary = "boosted trees over what all other models say",
                                        .fit = fit,
                                        .scratch = nr_ranker_scratch,
                                        .score = nr_ranker_score,
                                        .free = nr_ranker_free};
