/* ranker.h - a model over all other models: they learn from inner slices of the training
 * side, the ranker learns from how well they foretold the rest, then all learn anew from
 * everything. Private to interest. */
#ifndef NR_INTEREST_RANKER_H
#define NR_INTEREST_RANKER_H

#include "interest/booster.h"
#include "interest/examples.h"

struct nr_ranker;

/* To add a ranker: write model_NAME.c with one of these and a row of the table of models
 * whose fit() calls nr_ranker_fit() with it. */
struct nr_ranker_kind {
    const char *name;
    /* Learns ranker->booster or ->weights, or both. */
    enum nr_status (*learn)(struct nr_ranker *ranker, const struct nr_examples *examples, struct nr_error *err);
    /* Scores all candidates of one user. */
    enum nr_status (*score)(const struct nr_ranker *ranker, const float *rows, size_t count, double *out,
                            struct nr_error *err);
};

struct nr_ranker {
    const struct nr_ranker_kind *kind;
    const struct nr_model_params *params;
    unsigned threads;
    size_t width;          /* features */
    struct nr_stack stack; /* of all pairs */
    struct nr_booster *booster;
    double *weights; /* as the kind has them */
    size_t weight_count;
};
enum nr_status nr_ranker_fit(const struct nr_ranker_kind *kind, const struct nr_model_params *params,
                             const struct nr_pairs *pairs, unsigned threads, void **state,
                             struct nr_error *err) NR_MUST_CHECK;
/* As struct nr_model has them. Where a user's memory cannot be had, no video has a score. */
size_t nr_ranker_scratch(const void *state);
void nr_ranker_score(const void *state, size_t user, double *scores, double *scratch);
void nr_ranker_free(void *state);

/* Trees from the rows of some groups (NULL: all), by params->trees. */
enum nr_status nr_ranker_grow(const struct nr_ranker *ranker, const struct nr_examples *examples, const bool *groups,
                              struct nr_booster **out, struct nr_error *err) NR_MUST_CHECK;

#endif
