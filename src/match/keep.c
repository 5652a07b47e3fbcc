/* keep.c - the buffer of near-best scores, and exact heaps. */
#include "match/keep.h"

#include <math.h>
#include <stdlib.h>

#include "core/banned.h"

enum { SPARE = 1024 }; /* room for ties and for what is dropped at the next trim */

size_t nr_keep_capacity(size_t k, size_t candidates)
{
    size_t wanted = k > NR_KEEP_MAX ? SIZE_MAX : 2 * k + SPARE;
    wanted = wanted < candidates ? wanted : candidates;
    return wanted > NR_KEEP_MAX ? 0 : wanted;
}

void nr_keep_reset(struct nr_keep *keep, size_t k, double slack)
{
    keep->count = keep->best_count = 0;
    keep->k = k;
    keep->slack = slack;
    keep->floor = -INFINITY;
    keep->overflow = false;
}

static void sift_down(float *heap, size_t count, size_t at)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count)
            return;
        if (child + 1 < count && heap[child + 1] < heap[child])
            child++;
        if (heap[at] <= heap[child])
            return;
        float swapped = heap[at];
        heap[at] = heap[child];
        heap[child] = swapped;
        at = child;
    }
}

static void sift_up(float *heap, size_t at)
{
    while (at > 0 && heap[at] < heap[(at - 1) / 2]) {
        float swapped = heap[at];
        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = swapped;
        at = (at - 1) / 2;
    }
}

static void raise_floor(struct nr_keep *keep, float score)
{
    if (keep->best_count < keep->k) {
        keep->best[keep->best_count] = score;
        sift_up(keep->best, keep->best_count++);
    } else if (score > keep->best[0]) {
        keep->best[0] = score;
        sift_down(keep->best, keep->best_count, 0);
    } else {
        return;
    }
    if (keep->best_count == keep->k) /* rounded down: the floor may be too low, never too high */
        keep->floor = nextafterf((float)(keep->best[0] - keep->slack), -INFINITY);
}

void nr_keep_trim(struct nr_keep *keep)
{
    size_t kept = 0;
    for (size_t i = 0; i < keep->count; i++)
        if (keep->entries[i].score >= keep->floor)
            keep->entries[kept++] = keep->entries[i];
    keep->count = kept;
}

void nr_keep_add(struct nr_keep *keep, float score, uint32_t item)
{
    if (score < keep->floor || keep->overflow)
        return;
    raise_floor(keep, score);
    if (keep->count == keep->capacity) {
        nr_keep_trim(keep);
        /* nearly full again would mean trimming at every other score */
        if (keep->count > keep->capacity - keep->capacity / 8) {
            keep->overflow = true;
            return;
        }
    }
    keep->entries[keep->count++] = (struct nr_kept){score, item};
}
