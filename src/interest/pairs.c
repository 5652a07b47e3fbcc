/* pairs.c - a log to numbered pairs. */
#include <stdlib.h>
#include <string.h>

#include "nightreel/interest_models.h"

#include "core/banned.h"

struct row {
    const char *user;
    uint32_t item;
    int64_t time;
};

static int by_user_item(const void *a, const void *b)
{
    const struct row *left = a, *right = b;
    int order = strcmp(left->user, right->user);
    if (!order)
        order = (left->item > right->item) - (left->item < right->item);
    return order ? order : (left->time > right->time) - (left->time < right->time);
}

static int by_time_item(const void *a, const void *b)
{
    const struct nr_pair *left = a, *right = b;
    int order = (left->time > right->time) - (left->time < right->time);
    return order ? order : (left->item > right->item) - (left->item < right->item);
}

static size_t take_rows(const struct nr_event_log *log, nr_event_test wanted, const void *ctx, const char *const *items,
                        size_t item_count, struct row *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < log->count; i++) {
        const struct nr_event *event = &log->events[i];
        if (wanted && !wanted(ctx, event))
            continue;
        size_t item = event->video_id && *event->video_id ? nr_id_find(items, item_count, event->video_id) : SIZE_MAX;
        if (item != SIZE_MAX)
            rows[count++] = (struct row){event->user_id, (uint32_t)item, event->time};
    }
    if (count > 1)
        qsort(rows, count, sizeof *rows, by_user_item);
    return count;
}

/* Rows by user and item to the users' spans; of equal pairs the earliest stays. */
static void fill(struct nr_pairs *out, const struct row *rows, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool first = i == 0 || strcmp(rows[i - 1].user, rows[i].user) != 0;
        if (first) {
            out->starts[out->user_count] = kept;
            out->users[out->user_count++] = nr_arena_strdup(&out->mem, rows[i].user);
        }
        if (!first && rows[i].item == rows[i - 1].item)
            continue;
        out->pairs[kept++] = (struct nr_pair){rows[i].item, 1, rows[i].time};
        out->last_time = rows[i].time > out->last_time ? rows[i].time : out->last_time;
    }
    out->starts[out->user_count] = kept;
    for (size_t u = 0; u < out->user_count; u++)
        qsort(out->pairs + out->starts[u], out->starts[u + 1] - out->starts[u], sizeof *out->pairs, by_time_item);
}

enum nr_status nr_pairs_make(const struct nr_event_log *log, nr_event_test wanted, const void *ctx,
                             const char *const *items, size_t item_count, struct nr_pairs *out, struct nr_error *err)
{
    struct row *rows = malloc((log->count + 1) * sizeof *rows);
    *out = (struct nr_pairs){.item_count = item_count, .last_time = NR_TIME_NONE};
    if (item_count >= UINT32_MAX) {
        free(rows);
        return nr_fail(err, NR_ERR_DATA, "more than %u videos", UINT32_MAX - 1);
    }
    size_t count = rows ? take_rows(log, wanted, ctx, items, item_count, rows) : 0;
    out->items = nr_arena_alloc(&out->mem, item_count + 1, sizeof *out->items);
    out->users = nr_arena_alloc(&out->mem, count + 1, sizeof *out->users);
    out->starts = nr_arena_alloc(&out->mem, count + 2, sizeof *out->starts);
    out->pairs = nr_arena_alloc(&out->mem, count + 1, sizeof *out->pairs);
    if (rows && !out->mem.failed)
        fill(out, rows, count);
    for (size_t i = 0; i < item_count && !out->mem.failed; i++)
        out->items[i] = nr_arena_strdup(&out->mem, items[i]);
    bool failed = !rows || out->mem.failed;
    free(rows);
    return failed ? nr_fail_nomem(err, "the pairs of a log") : NR_OK;
}

enum nr_status nr_viewers_make(const struct nr_pairs *pairs, struct nr_viewers *out, struct nr_error *err)
{
    size_t count = pairs->starts[pairs->user_count];
    out->starts = calloc(pairs->item_count + 2, sizeof *out->starts);
    out->users = malloc((count + 1) * sizeof *out->users);
    if (!out->starts || !out->users)
        return nr_fail_nomem(err, "the viewers of videos");
    size_t *next = out->starts + 1;
    for (size_t i = 0; i < count; i++)
        next[pairs->pairs[i].item + 1]++;
    for (size_t i = 0; i < pairs->item_count; i++)
        next[i + 1] += next[i];
    for (size_t u = 0; u < pairs->user_count; u++)
        for (size_t i = pairs->starts[u]; i < pairs->starts[u + 1]; i++)
            out->users[next[pairs->pairs[i].item]++] = (uint32_t)u;
    return NR_OK;
}

void nr_viewers_release(struct nr_viewers *viewers)
{
    free(viewers->starts);
    free(viewers->users);
    *viewers = (struct nr_viewers){NULL, NULL};
}

void nr_pairs_release(struct nr_pairs *pairs)
{
    nr_arena_release(&pairs->mem);
    *pairs = (struct nr_pairs){.user_count = 0};
}
