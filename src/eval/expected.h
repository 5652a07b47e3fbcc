/* expected.h - means of sums over all orders of equal scores (nr_eval_case.groups, which
 * is not NULL here). Private to eval.
 *
 * By linearity a place of a group has the group's share of what is counted; the precisions
 * at hits are McSherry and Najork's (ECIR 2008, "Computing information retrieval performance
 * measures efficiently in the presence of tied scores").
 */
#ifndef NR_EVAL_EXPECTED_H
#define NR_EVAL_EXPECTED_H

#include "nightreel/eval.h"

/* Relevant videos among the first k. */
double nr_expected_hits(const struct nr_eval_case *user, size_t k);
/* Candidates among the first k that are not relevant, less those that are. */
double nr_expected_in_vain(const struct nr_eval_case *user, size_t k);
/* Sum of the precisions at each hit among the first k. */
double nr_expected_precisions(const struct nr_eval_case *user, size_t k);
/* 1 / rank of the first hit, 0 where it is not among the first k. */
double nr_expected_reciprocal(const struct nr_eval_case *user, size_t k);
/* The chance of a hit among the first k. */
double nr_expected_hit(const struct nr_eval_case *user, size_t k);
/* Sum over the listed relevant videos of preference(rejected videos before it). */
double nr_expected_preferences(const struct nr_eval_case *user,
                               double (*preference)(const struct nr_eval_case *user, size_t before));

#endif
