/* keep.c - the buffer of near-best scores, and exact heaps. */
#include "match/keep.h"

#include <float.h>
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

/* Puts a score in the place of the least. The infinity behind the end spares a question
 * on every level, and the choice of the child is no branch: it could not be foretold. */
static void replace_least(float *heap, size_t count, float score)
{
    size_t at = 0;
    heap[count] = INFINITY;
    for (size_t child = 1; child < count; child = 2 * at + 1) {
        child += heap[child + 1] < heap[child];
        if (score <= heap[child])
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = score;
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
        replace_least(keep->best, keep->best_count, score);
    } else {
        return;
    }
    if (keep->best_count == keep->k) { /* rounded down: the floor may be too low, never too high */
        float floor = (float)(keep->best[0] - keep->slack);
        keep->floor = floor - (fabsf(floor) * FLT_EPSILON + FLT_MIN);
    }
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
