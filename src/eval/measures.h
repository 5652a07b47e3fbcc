/* measures.h - what measures may look at besides a user's list. Private to eval. */
#ifndef NR_EVAL_MEASURES_H
#define NR_EVAL_MEASURES_H

#include "nightreel/eval.h"

struct nr_eval_shared {
    const struct nr_eval_data *data;
    const double *watchers; /* by video number: users of the training log who have it */
    size_t train_users;
};

/* The catalogue's record of a video, or NULL. */
const struct nr_item *nr_eval_item(const struct nr_eval_data *data, uint32_t video);

/* Mean cosine over the blocks that both items have; NAN where they share none. */
double nr_eval_similarity(const struct nr_item *a, const struct nr_item *b);

/* Relevant videos among the first k: how many, or how many are expected. */
double nr_eval_hits(const struct nr_eval_case *user, size_t k);

/* A measure for each cutoff (or once), as asked for in params->measures. Fills
 * values[0..*count) with names; caller frees *values. */
enum nr_status nr_measures_choose(const struct nr_eval_data *data, const struct nr_eval_params *params,
                                  struct nr_eval_value **values, size_t *count, struct nr_error *err) NR_MUST_CHECK;

#endif
