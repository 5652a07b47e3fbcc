/* inner_split.c - see inner_split.h. */
#include "interest/inner_split.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

enum { PARTS = 5 };
enum side { DROPPED, KNOWN, HELD };

struct cutting {
    const struct nr_pairs *all;
    enum nr_inner_split rule;
    size_t fold;
    int64_t from, until; /* global-time: the slice */
};

/* Where slice `fold` of n things in order begins, and the one before it (n for the first). */
static size_t slice_start(size_t n, size_t fold)
{
    for (size_t i = 0; i <= fold; i++)
        n = n / PARTS * (PARTS - 1) + n % PARTS * (PARTS - 1) / PARTS;
    return n;
}

static int by_value(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static enum nr_status find_times(struct cutting *c, struct nr_error *err)
{
    size_t count = c->all->starts[c->all->user_count];
    int64_t *times = malloc((count + 1) * sizeof *times);
    if (!times)
        return nr_fail_nomem(err, "the times of a log");
    for (size_t p = 0; p < count; p++)
        times[p] = c->all->pairs[p].time;
    if (count > 1)
        qsort(times, count, sizeof *times, by_value);
    size_t start = slice_start(count, c->fold), end = c->fold ? slice_start(count, c->fold - 1) : count;
    c->from = start < count ? times[start] : INT64_MAX;
    c->until = end < count ? times[end] : INT64_MAX;
    free(times);
    return NR_OK;
}

static enum side side_of(const struct cutting *c, size_t user, size_t place)
{
    const struct nr_pairs *all = c->all;
    size_t n = all->starts[user + 1] - all->starts[user], at = place - all->starts[user];
    const struct nr_pair *pair = &all->pairs[place];
    size_t end = c->fold ? slice_start(n, c->fold - 1) : n;
    uint64_t hash = nr_id_hash(all->items[pair->item]);
    switch (c->rule) {
    case NR_INNER_USER_TIME:
        if (n < PARTS)
            return KNOWN;
        return at >= end ? DROPPED : at >= slice_start(n, c->fold) ? HELD : KNOWN;
    case NR_INNER_GLOBAL_TIME:
        return pair->time >= c->until ? DROPPED : pair->time >= c->from ? HELD : KNOWN;
    case NR_INNER_HASH:
        hash += nr_id_hash(all->users[user]) * UINT64_C(1000003);
        break;
    case NR_INNER_COLD_ITEM:
        break;
    }
    return nr_splitmix64(nr_splitmix64(hash) + 1 + c->fold) % PARTS == 0 ? HELD : KNOWN;
}

static enum nr_status make_side(const struct cutting *c, enum side side, struct nr_pairs *out, struct nr_error *err)
{
    const struct nr_pairs *all = c->all;
    size_t count = all->starts[all->user_count], kept = 0;
    *out = (struct nr_pairs){.users = all->users,
                             .items = all->items,
                             .user_count = all->user_count,
                             .item_count = all->item_count,
                             .records = all->records,
                             .last_time = NR_TIME_NONE};
    out->starts = nr_arena_alloc(&out->mem, all->user_count + 1, sizeof *out->starts);
    out->pairs = nr_arena_alloc(&out->mem, count + 1, sizeof *out->pairs);
    if (out->mem.failed)
        return nr_fail_nomem(err, "an inner slice");
    for (size_t u = 0; u < all->user_count; u++) {
        out->starts[u] = kept;
        for (size_t p = all->starts[u]; p < all->starts[u + 1]; p++)
            if (side_of(c, u, p) == side) {
                out->pairs[kept++] = all->pairs[p];
                out->last_time = all->pairs[p].time > out->last_time ? all->pairs[p].time : out->last_time;
            }
    }
    out->starts[all->user_count] = kept;
    return NR_OK;
}

enum nr_status nr_inner_split(const struct nr_pairs *all, enum nr_inner_split rule, size_t fold, struct nr_inner *out,
                              struct nr_error *err)
{
    struct cutting c = {.all = all, .rule = rule, .fold = fold};
    *out = (struct nr_inner){.known = {.user_count = 0}};
    enum nr_status status = rule == NR_INNER_GLOBAL_TIME ? find_times(&c, err) : NR_OK;
    if (!status)
        status = make_side(&c, KNOWN, &out->known, err);
    return status ? status : make_side(&c, HELD, &out->held, err);
}

void nr_inner_release(struct nr_inner *inner)
{
    nr_pairs_release(&inner->known);
    nr_pairs_release(&inner->held);
}
