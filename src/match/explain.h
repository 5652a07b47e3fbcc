/* explain.h - from the best items of a user to the record. Private to match. */
#ifndef NR_MATCH_EXPLAIN_H
#define NR_MATCH_EXPLAIN_H

#include "match/keep.h"
#include "match/scorer.h"

/* The exponent of the softmax without beta: the score, or minus the distance. */
double nr_match_logit(const struct nr_match_params *params, const struct nr_match_user *user, double score);

/* Fills *ranking; `best` is sorted, those from place `own` on are fillings; `log_sum` the
 * logarithm of the denominator; `scratch`: params->source's. */
enum nr_status nr_match_explain(const struct nr_match_index *index, const struct nr_match_user *user, const void *state,
                                const struct nr_scored_item *best, size_t count, size_t own, double log_sum,
                                double *scratch, struct nr_ranking *ranking, struct nr_error *err) NR_MUST_CHECK;

#endif
