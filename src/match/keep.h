/* keep.h - of a user's float scores, all that may belong to the best k. Private to
 * match. */
#ifndef NR_MATCH_KEEP_H
#define NR_MATCH_KEEP_H

#include "nightreel/core.h"

#define NR_KEEP_MAX 16384 /* entries a user may have; beyond, the row is scored in double */

struct nr_kept {
    float score;
    uint32_t item;
};

/* Holds every score of at least (k-th greatest so far) - slack. */
struct nr_keep {
    struct nr_kept *entries; /* items rising */
    size_t count, capacity;
    float *best; /* heap of the k greatest, the least on top; room for k + 1 */
    size_t best_count, k;
    double slack;
    float floor; /* what is below is out */
    bool overflow;
};

/* Entries that k of `candidates` need, or 0 where there would be too many. */
size_t nr_keep_capacity(size_t k, size_t candidates);
void nr_keep_reset(struct nr_keep *keep, size_t k, double slack);
void nr_keep_add(struct nr_keep *keep, float score, uint32_t item);
/* Drops what has come to lie below the floor. */
void nr_keep_trim(struct nr_keep *keep);

#endif
