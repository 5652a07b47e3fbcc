/* spans.c - pairs by user. */
#include "eval/spans.h"

#include <stdlib.h>

#include "core/banned.h"

void nr_spans_release(struct nr_spans *spans)
{
    free(spans->starts);
    free(spans->entries);
}

enum nr_status nr_spans_init(struct nr_spans *spans, const struct nr_judged_list *list, size_t users,
                             struct nr_error *err)
{
    spans->starts = calloc(users + 2, sizeof *spans->starts);
    spans->entries = malloc((list->count + 1) * sizeof *spans->entries);
    if (!spans->starts || !spans->entries)
        return nr_fail_nomem(err, "an evaluation");
    size_t *next = spans->starts + 1;
    for (size_t i = 0; i < list->count; i++)
        next[list->entries[i].user + 1]++;
    for (size_t u = 0; u < users; u++)
        next[u + 1] += next[u];
    for (size_t i = 0; i < list->count; i++)
        spans->entries[next[list->entries[i].user]++] = list->entries[i];
    return NR_OK;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct nr_judged *left = a, *right = b;
    if (left->video != right->video)
        return left->video < right->video ? -1 : 1;
    return (left->value < right->value) - (left->value > right->value);
}

void nr_spans_reduce(struct nr_spans *spans, size_t users)
{
    size_t kept = 0;
    for (size_t u = 0; u < users; u++) {
        size_t first = spans->starts[u], end = spans->starts[u + 1], start = kept;
        if (end - first > 1)
            qsort(spans->entries + first, end - first, sizeof *spans->entries, compare_pairs);
        for (size_t i = first; i < end; i++)
            if (kept == start || spans->entries[kept - 1].video != spans->entries[i].video)
                spans->entries[kept++] = spans->entries[i];
        spans->starts[u] = start;
    }
    spans->starts[users] = kept;
}

size_t nr_spans_longest(const struct nr_spans *spans, size_t users)
{
    size_t most = 0;
    for (size_t u = 0; u < users; u++) {
        size_t length = spans->starts[u + 1] - spans->starts[u];
        most = length > most ? length : most;
    }
    return most;
}
