/* inner_split.h - the training side cut again, for models that learn from how well others
 * foretell it. Private to interest. */
#ifndef NR_INTEREST_INNER_SPLIT_H
#define NR_INTEREST_INNER_SPLIT_H

#include "nightreel/interest_models.h"

/* Pairs to learn from, and those held out; both know the same users and items, whose ids
 * are borrowed. */
struct nr_inner {
    struct nr_pairs known, held;
};
/* Slice `fold` (from 0). In the order of time each slice is the last fifth of what is
 * before the slice with the number before, and nothing later is known:
 *   user-time    of each user's pairs (users with fewer than 5 hold none)
 *   global-time  of all pairs
 *   hash         a fifth of the pairs, by a hash of user, video and fold
 *   cold-item    all pairs of a fifth of the videos */
enum nr_status nr_inner_split(const struct nr_pairs *all, enum nr_inner_split rule, size_t fold, struct nr_inner *out,
                              struct nr_error *err) NR_MUST_CHECK;
void nr_inner_release(struct nr_inner *inner);

#endif
