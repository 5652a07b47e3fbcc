/* booster.h - gradient-boosted trees of the chance that a row's label
 * is 1 (logistic loss), by XGBoost (1.7). Measured on MovieLens, its rank:ndcg and
 * rank:pairwise order worse, on inner slices as on test sides. The only file that names
 * it is booster.c. One thread: the bits do not depend on their number. Private to interest. */
#ifndef NR_INTEREST_BOOSTER_H
#define NR_INTEREST_BOOSTER_H

#include "nightreel/core.h"

struct nr_booster_params {
    size_t rounds, depth;
    double rate, min_weight, column_share;
};
/* Rows of `width` features (NAN: missing) with labels, 0 or 1. */
struct nr_booster_data {
    const float *rows, *labels;
    size_t count, width;
};
struct nr_booster;
enum nr_status nr_booster_fit(const struct nr_booster_params *params, const struct nr_booster_data *data,
                              struct nr_booster **out, struct nr_error *err) NR_MUST_CHECK;
/* Logarithms of the odds of `count` rows; from several threads at once. */
enum nr_status nr_booster_score(const struct nr_booster *booster, const float *rows, size_t count, size_t width,
                                double *out, struct nr_error *err) NR_MUST_CHECK;
void nr_booster_free(struct nr_booster *booster);

#endif
