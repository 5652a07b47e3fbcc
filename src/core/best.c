/* best.c - the best k of many scored things. */
#include <stdlib.h>

#include "nightreel/core.h"

#include "core/banned.h"

static bool worse(struct nr_scored_item a, struct nr_scored_item b)
{
    return a.score < b.score || (!(a.score > b.score) && a.item > b.item);
}

static void scored_sift_down(struct nr_scored_item *heap, size_t count)
{
    for (size_t at = 0;;) {
        size_t child = 2 * at + 1;
        if (child >= count)
            return;
        if (child + 1 < count && worse(heap[child + 1], heap[child]))
            child++;
        if (!worse(heap[child], heap[at]))
            return;
        struct nr_scored_item swapped = heap[at];
        heap[at] = heap[child];
        heap[child] = swapped;
        at = child;
    }
}

void nr_scored_push(struct nr_scored_item *heap, size_t *count, size_t k, struct nr_scored_item entry)
{
    if (*count < k) {
        size_t at = (*count)++;
        while (at > 0 && worse(entry, heap[(at - 1) / 2])) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = entry;
    } else if (worse(heap[0], entry)) {
        heap[0] = entry;
        scored_sift_down(heap, k);
    }
}

static int compare_scored(const void *a, const void *b)
{
    const struct nr_scored_item *left = a, *right = b;
    return worse(*left, *right) - worse(*right, *left);
}

void nr_scored_sort(struct nr_scored_item *entries, size_t count)
{
    if (count > 1)
        qsort(entries, count, sizeof *entries, compare_scored);
}
