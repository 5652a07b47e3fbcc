/* booster.h - gradient-boosted trees of the chance that a row's label
 * is 1 (logistic loss), by XGBoost (1.7). Measured on MovieLens, its rank:ndcg and
 * rank:pairwise order worse, on inner slices as on test sides. The only file that names
 * it is booster.c. One thread: the bits do not depend on their number. Private to interest. */
#ifndef NR_INTEREST_BOOSTER_H
#define NR_INTEREST_BOOSTER_H

#include "nightreel/core.h"

enum { NR_BOOSTER_WIDTH_MAX = 128 };

struct nr_booster_params {
    size_t rounds, depth;
    double rate, min_weight, column_share;
};
/* Rows of `width` features (NAN: missing) with labels, 0 or 1; `names` of the features. */
struct nr_booster_data {
    const float *rows, *labels;
    size_t count, width;
    const char *const *names;
};
struct nr_booster;
enum nr_status nr_booster_fit(const struct nr_booster_params *params, const struct nr_booster_data *data,
                              struct nr_booster **out, struct nr_error *err) NR_MUST_CHECK;
/* Logarithms of the odds of `count` rows; from several threads at once. */
enum nr_status nr_booster_score(const struct nr_booster *booster, const float *rows, size_t count, size_t width,
                                double *out, struct nr_error *err) NR_MUST_CHECK;
/* What each feature adds to each row's score, and a bias: count x (width + 1), in float: the
 * sums are off by rounding (Lundberg and Lee 2017, by XGBoost). */
enum nr_status nr_booster_contributions(const struct nr_booster *booster, const float *rows, size_t count, size_t width,
                                        double *out, struct nr_error *err) NR_MUST_CHECK;
/* By feature: its share of all gains of all splits. */
enum nr_status nr_booster_importance(const struct nr_booster *booster, const char *const *names, size_t width,
                                     double *out, struct nr_error *err) NR_MUST_CHECK;
/* XGBoost's own JSON, and back. */
enum nr_status nr_booster_save(const struct nr_booster *booster, struct nr_buf *out,
                               struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_booster_load(const char *text, size_t length, struct nr_booster **out,
                               struct nr_error *err) NR_MUST_CHECK;
void nr_booster_free(struct nr_booster *booster);

#endif
