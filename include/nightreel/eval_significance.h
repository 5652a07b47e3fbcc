/* nightreel/eval_significance.h - the third part of eval.h: how sure a mean is, and a
 * difference of two. From values by user, in the same order of users everywhere. Every
 * result depends on the values and the parameters alone, never on threads.
 *
 * The source of both: Smucker, Allan and Carterette 2007 (CIKM), "A comparison of
 * statistical significance tests for information retrieval evaluation".
 */
#ifndef NIGHTREEL_EVAL_SIGNIFICANCE_H
#define NIGHTREEL_EVAL_SIGNIFICANCE_H

#include "nightreel/eval.h"

struct nr_significance_params {
    size_t permutations; /* default 10000, at most NR_RESAMPLES_MAX; resamples likewise */
    size_t resamples;
    double level;     /* of the intervals, in (0, 1); default 0.95 */
    uint64_t seed;    /* default 1 */
    unsigned threads; /* 0: one per processor */
};
#define NR_RESAMPLES_MAX ((size_t)1000000)
void nr_significance_params_default(struct nr_significance_params *params);
const char *nr_significance_params_check(const struct nr_significance_params *params);

struct nr_interval {
    double low, high; /* NAN: no value at all */
};

struct nr_significance {
    size_t pairs;                /* users with both values; the others take no part */
    double difference;           /* mean of b - a; NAN where pairs = 0, as all that follows */
    struct nr_interval interval; /* of the difference */
    double p;                    /* of a difference as great by chance alone, two-sided */
};

/* Two systems, n users; NAN: a user without a value.
 *
 * The paired randomisation test: p = (1 + c) / (1 + permutations), c being how many
 * permutations have |mean| >= |difference| where each user's difference keeps or changes
 * its sign at random (what differs by less than 1e-12 of the mean |difference| is taken
 * as equal). Of the pairs, numbered from 0 without those that are left out, pair i
 * changes its sign in permutation j where bit i % 64 of
 * splitmix64(splitmix64(seed) + i / 64 * permutations + j) is set.
 *
 * The interval is nr_bootstrap()'s of the differences. */
enum nr_status nr_significance(const double *a, const double *b, size_t n, const struct nr_significance_params *params,
                               struct nr_significance *out, struct nr_error *err) NR_MUST_CHECK;

/* Bootstrap confidence intervals of the means of columns[0..count), n values each: the
 * percentiles (1 - level) / 2 and (1 + level) / 2 of the means of resamples of n users
 * drawn with replacement (between two order statistics linearly, as NumPy's default).
 * Draw i of resample j is user (h * n) >> 32, h being the lower (i even) or upper 32 bits
 * of splitmix64(splitmix64(~seed) + j * ceil(n / 2) + i / 2); all columns share the
 * draws. A value of NAN is left out of its resample's mean, and a resample without any
 * value is left out altogether. A percentile within 1e-12 of the mean is the mean. */
enum nr_status nr_bootstrap(const double *const *columns, size_t count, size_t n,
                            const struct nr_significance_params *params, struct nr_interval *out,
                            struct nr_error *err) NR_MUST_CHECK;

/* A run's values: intervals[v] of result->values[v], and against[v] the first run.
 * Measures of a whole run (no per_user) have NAN. */
struct nr_eval_comparison {
    struct nr_interval *intervals;
    struct nr_significance *against; /* NULL for the first run */
};
/* out[0..count), one for each result; the results must be of the same data, parameters
 * and view. `undefined` says whether a user without a value counts as 0. Release each
 * with nr_eval_comparison_release, whatever is returned. */
enum nr_status nr_eval_compare(const struct nr_eval_result *results, size_t count, enum nr_undefined undefined,
                               const struct nr_significance_params *params, struct nr_eval_comparison *out,
                               struct nr_error *err) NR_MUST_CHECK;
void nr_eval_comparison_release(struct nr_eval_comparison *comparison);

/* With fewer users than this, say so beside a p. */
#define NR_SIGNIFICANCE_USERS_LEAST 30

#endif
