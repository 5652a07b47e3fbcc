/* bench_pairs.h - the logs of scripts/lib/bench/behaviour.py. */
#ifndef NR_BENCH_PAIRS_H
#define NR_BENCH_PAIRS_H

#include <stdio.h>

#include "nightreel/interest_models.h"

static inline bool bench_read_spans(FILE *file, struct nr_pairs *out)
{
    uint64_t sizes[2], start = 0;
    if (fread(sizes, sizeof *sizes, 2, file) != 2)
        return false;
    *out = (struct nr_pairs){.user_count = sizes[0], .item_count = sizes[1], .last_time = NR_TIME_NONE};
    out->users = nr_arena_alloc(&out->mem, out->user_count, sizeof *out->users);
    out->items = nr_arena_alloc(&out->mem, out->item_count, sizeof *out->items);
    out->starts = nr_arena_alloc(&out->mem, out->user_count + 1, sizeof *out->starts);
    if (out->mem.failed)
        return false;
    for (size_t u = 0; u <= out->user_count; u++) {
        if (fread(&start, sizeof start, 1, file) != 1)
            return false;
        out->starts[u] = start;
    }
    return true;
}

/* False: it cannot be read. Users and videos are called u000001 and v000001. */
static inline bool bench_read_pairs(const char *path, struct nr_pairs *out)
{
    FILE *file = fopen(path, "rb");
    bool good = file && bench_read_spans(file, out);
    size_t count = good ? out->starts[out->user_count] : 0;
    out->pairs = good ? nr_arena_alloc(&out->mem, count + 1, sizeof *out->pairs) : NULL;
    good = good && out->pairs;
    for (size_t p = 0; p < count && good; p++) {
        good = fread(&out->pairs[p].item, sizeof out->pairs[p].item, 1, file) == 1;
        out->pairs[p].weight = 1;
        out->pairs[p].time = NR_TIME_NONE;
    }
    for (size_t u = 0; good && u < out->user_count; u++)
        out->users[u] = nr_arena_printf(&out->mem, "u%06zu", u);
    for (size_t i = 0; good && i < out->item_count; i++)
        out->items[i] = nr_arena_printf(&out->mem, "v%06zu", i);
    if (file)
        (void)fclose(file);
    return good && !out->mem.failed;
}

#endif
