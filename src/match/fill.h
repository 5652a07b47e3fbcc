/* fill.h - what follows where a learned model has scores of too few videos. Private to match. */
#ifndef NR_MATCH_FILL_H
#define NR_MATCH_FILL_H

#include "match/scorer.h"

/* Appends to best[0 .. count) the most watched of the videos that are not in it and that the
 * user may be shown, until there are `wanted`; returns how many there are. `popularity`: the
 * state of nr_scorer_popularity. `room`: space for `wanted` entries. */
size_t nr_match_fill(const struct nr_match_index *index, const struct nr_match_user *user, const void *popularity,
                     struct nr_scored_item *best, size_t count, size_t wanted, struct nr_scored_item *room);

#endif
