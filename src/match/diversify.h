/* diversify.h - lists that do not say the same thing ten times. Private to match. */
#ifndef NR_MATCH_DIVERSIFY_H
#define NR_MATCH_DIVERSIFY_H

#include "match/index.h"

/* Picks `wanted` of `count` entries (best first) to the front by maximal marginal relevance
 * (nightreel/match.h); the others keep their order behind them. `nearest`: room for
 * `count` numbers. */
void nr_match_diversify(const struct nr_match_index *index, struct nr_scored_item *entries, size_t count, size_t wanted,
                        double *nearest);

#endif
