/* pick_list.h - a user's list, however deep it goes. Private to match. */
#ifndef NR_MATCH_PICK_LIST_H
#define NR_MATCH_PICK_LIST_H

#include "match/pick.h"
#include "match/scorer.h"

struct nr_pick_ranking {
    const struct nr_match_user *user;
    const void *state; /* of the user's scorer */
    const struct nr_scored_item *best;
    size_t count; /* of the best, sorted */
    bool more;    /* other candidates are behind them */
};

/* The list, to picker->picked; where a learned model's ranking ends before it is full the
 * most watched of the others follow, behind the first *own (nightreel/match.h).
 * `popularity`: the state of nr_scorer_popularity. */
enum nr_status nr_pick_list(const struct nr_picking *picking, struct nr_picker *picker,
                            const struct nr_pick_ranking *ranking, const void *popularity, size_t *own,
                            struct nr_error *err) NR_MUST_CHECK;

#endif
