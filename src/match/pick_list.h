/* pick_list.h - a user's list, however deep it goes. Private to match. */
#ifndef NR_MATCH_PICK_LIST_H
#define NR_MATCH_PICK_LIST_H

#include "match/pick.h"
#include "match/scorer.h"

/* The list, to picker->picked, from the `count` best (sorted); `more`: the user has other
 * candidates behind them. */
enum nr_status nr_pick_list(const struct nr_picking *picking, struct nr_picker *picker,
                            const struct nr_match_user *user, const void *state, const struct nr_scored_item *best,
                            size_t count, bool more, struct nr_error *err) NR_MUST_CHECK;

#endif
