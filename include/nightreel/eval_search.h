/* nightreel/eval_search.h - the best parameters by per-user values of a measure, found
 * carefully: random search with successive halving (Jamieson and Talwalkar 2016),
 * coordinate by coordinate from the best, and then every change has to earn its place.
 * Pure: no files, no clock; what a point is worth comes from a callback.
 *
 * The users stand in an order that the caller drew by chance. The first half of them,
 * rounded down, is what the search looks at (searched users), the others are what its
 * result is judged by (judged users): the best of many looks good by luck, too, and only
 * users whom nobody chose by can tell.
 *
 *   1. `trials` points are drawn, each parameter with chance 1/2 (else it stays at its
 *      default), and measured on a quarter of the searched users; the better half on half
 *      of them; the better half of those on all. The default takes part.
 *   2. From the best, each parameter moves up and down by 1/8 of its range, then 1/16,
 *      then 1/32, as long as the mean rises.
 *   3. The change that buys least by its standard error (paired by user, taken back alone)
 *      is taken back, where it buys no more than one; again, until all that is left buys
 *      more: on the searched users, where chance flatters every change, so that nobody else
 *      has to choose. What is left is compared once with the default on the judged users,
 *      and stays only for a gain of more than one standard error (where nothing is to be
 *      found, one time in six; two errors would miss most of what some hundred users can
 *      show, and a small loss by mistake is no worse than a small gain missed).
 *   4. Shares (weights that matter against one another) move along the straight line, in
 *      logarithms, towards 1 each: as far as the judged users lose at most one standard
 *      error of the paired difference. Then step 3's taking back, on the judged users: every
 *      change that stays has bought them more than one standard error.
 *
 * Values have 4 significant digits, so that what is written is what was measured. A point
 * is measured once. The same seed and the same values give the same result.
 */
#ifndef NIGHTREEL_EVAL_SEARCH_H
#define NIGHTREEL_EVAL_SEARCH_H

#include "nightreel/core.h"

#define NR_SEARCH_PARAMETERS_MAX 64

struct nr_search_range {
    double low, high;     /* low < high; of a logarithmic one both above 0, or both below */
    bool logarithmic;     /* drawn and moved evenly in its logarithm */
    bool whole;           /* whole numbers only */
    bool share;           /* one of the weights that shrink towards 1; above 0 */
    double default_value; /* may lie outside of the range */
};

struct nr_search_params {
    size_t trials; /* points drawn, 1 to 100000; default 40 */
    uint64_t seed; /* default 1 */
    size_t users;  /* at least 4 */
};
void nr_search_params_default(struct nr_search_params *params);
const char *nr_search_params_check(const struct nr_search_params *params);
/* What is wrong with the ranges, or NULL. */
const char *nr_search_ranges_check(const struct nr_search_range *ranges, size_t count);

/* A point to be measured for users [from, to) of the order: out[0 .. to - from), greater
 * is better, finite. `number` of `expected` such calls (a guess; it may be fewer). */
struct nr_search_task {
    const double *point; /* one value a range */
    size_t from, to;
    size_t number, expected;
    double *out;
};
typedef enum nr_status (*nr_search_measure)(void *ctx, const struct nr_search_task *task, struct nr_error *err);

/* A mean and its standard error (sample deviation / sqrt(n)); the error is NAN for n < 2. */
struct nr_search_gain {
    double mean, error;
};
/* Of a[i] - b[i]. */
struct nr_search_gain nr_paired_gain(const double *a, const double *b, size_t count);

struct nr_search_finding {
    double searched;            /* what the search found */
    double value;               /* what it is in the end: the default, or what was kept */
    struct nr_search_gain gain; /* judged users; what the change buys; NAN where the search made none */
    bool kept;                  /* differs from its default in the end */
};
struct nr_search_result {
    struct nr_search_finding *findings; /* one a range */
    size_t count;
    double towards_equal;            /* 0: shares as they were left, 1: all the same */
    struct nr_search_gain whole;     /* judged users: what was left after step 3 against the default */
    bool reverted;                   /* it was no more than one standard error: the default stays */
    double *default_values, *values; /* users: of the default, of the end */
    size_t users, searched_users;    /* the first are searched, the others judged */
    size_t points;                   /* that were measured */
};
/* NR_ERR_USAGE: parameters or ranges are wrong; NR_ERR_DATA: a value is not finite; else
 * what `measure` fails with. Release whatever comes back. */
enum nr_status nr_search_run(const struct nr_search_range *ranges, size_t count, const struct nr_search_params *params,
                             nr_search_measure measure, void *ctx, struct nr_search_result *out,
                             struct nr_error *err) NR_MUST_CHECK;
void nr_search_result_release(struct nr_search_result *result);

#endif
