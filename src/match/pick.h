/* pick.h - from a sorted ranking to a list that is diverse, within its caps, without
 * near-duplicates: nightreel/match.h and match_candidates.h. Private to match. */
#ifndef NR_MATCH_PICK_H
#define NR_MATCH_PICK_H

#include "match/caps.h"

/* Made once, read by all threads. */
struct nr_picking {
    const struct nr_match_index *index;
    struct nr_caps caps;
    size_t pool;   /* entries that are picked from together */
    size_t wanted; /* the longest list that there can be */
};
/* What one thread needs. */
struct nr_picker {
    struct nr_scored_item *picked; /* the list */
    size_t count;
    uint32_t *used;              /* by value of the caps; all 0 between users */
    struct nr_scored_item *pool; /* with mmr */
    double *nearest;             /* by entry of the pool: the most like of the picked; NAN: out */
    struct nr_scored_item *rest; /* of a ranking; NULL until a list goes so deep */
    size_t deep;                 /* lists that did */
};

/* Are lists more than the first k? */
bool nr_picking_needed(const struct nr_match_params *params);
/* How much of a ranking is to be there at least. */
size_t nr_picking_pool(const struct nr_match_params *params);
enum nr_status nr_picking_init(struct nr_picking *picking, const struct nr_match_index *index,
                               struct nr_error *err) NR_MUST_CHECK;
void nr_picking_release(struct nr_picking *picking);
enum nr_status nr_picker_init(struct nr_picker *picker, const struct nr_picking *picking,
                              struct nr_error *err) NR_MUST_CHECK;
void nr_picker_release(struct nr_picker *picker);

/* A list is picked from the best NR_MMR_POOL * k, and where it is shorter than
 * picking->wanted then, from the rest of the ranking: what nr_pick_may_follow() says. Both
 * sorted, best first. */
void nr_pick_begin(struct nr_picker *picker);
void nr_pick_from(const struct nr_picking *picking, struct nr_picker *picker, const struct nr_scored_item *entries,
                  size_t count);
/* By the scores alone, whatever mmr is. */
void nr_pick_in_order(const struct nr_picking *picking, struct nr_picker *picker, const struct nr_scored_item *entries,
                      size_t count);
bool nr_pick_may_follow(const struct nr_picking *picking, const struct nr_picker *picker, size_t item);
/* Makes the picker ready for another user; picker->picked[0 .. picker->count) stay. */
void nr_pick_end(const struct nr_picking *picking, struct nr_picker *picker);

#endif
