/* batch.h - the users of one tile, made ready. Private to match. */
#ifndef NR_MATCH_BATCH_H
#define NR_MATCH_BATCH_H

#include "match/scorer.h"

/* All scorers, opened. */
struct nr_match_states {
    void *of[NR_SCORER_COUNT];
};

/* Takes users[first .. first + NR_TILE_USERS), chooses each one's scorer and
 * prepares them. The batch's vectors must be there; its arena is emptied first. */
enum nr_status nr_match_batch_init(struct nr_match_batch *batch, const struct nr_match_index *index,
                                   const struct nr_match_states *states, const struct nr_user_list *users, size_t first,
                                   struct nr_error *err) NR_MUST_CHECK;

#endif
