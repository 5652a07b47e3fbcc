/* backtest_data.c - what models may know: records without what they know of behaviour,
 * and no test pair in training. */
#include <stdlib.h>
#include <string.h>

#include "nightreel/stage_backtest.h"
#include "stage/fuse_behaviour.h"

#include "core/banned.h"

static int by_pair(const void *a, const void *b)
{
    const struct nr_event *left = *(const struct nr_event *const *)a, *right = *(const struct nr_event *const *)b;
    int order = strcmp(left->user_id, right->user_id);
    return order ? order : nr_id_compare(left->video_id, right->video_id);
}

enum nr_status nr_backtest_check_leak(const struct nr_event_log *train, const struct nr_event_log *test,
                                      struct nr_error *err)
{
    const struct nr_event **order = malloc((test->count + 1) * sizeof *order);
    enum nr_status status = NR_OK;
    if (!order)
        return nr_fail_nomem(err, "the test events");
    for (size_t i = 0; i < test->count; i++)
        order[i] = &test->events[i];
    if (test->count > 1)
        qsort(order, test->count, sizeof *order, by_pair);
    for (size_t i = 0; i < train->count && !status; i++) {
        const struct nr_event *event = &train->events[i];
        if (test->count && bsearch(&event, order, test->count, sizeof *order, by_pair))
            status = nr_fail(err, NR_ERR_INTERNAL,
                             "a leak: user '%s' and video '%s' are a test pair, and training has them, too",
                             event->user_id, event->video_id);
    }
    free(order);
    return status;
}

/* ---- records ----------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct nr_item *)a)->video_id, ((const struct nr_item *)b)->video_id);
}

/* Tags weighed by how rare they are among the videos that training knows (all of them,
 * where it knows none). */
static enum nr_status refit_tags(const struct nr_item_list *items, const bool *known, struct nr_arena *mem,
                                 struct nr_error *err)
{
    struct nr_document_counts counts;
    const struct nr_terms **fitted = nr_arena_alloc(mem, items->count + 1, sizeof *fitted);
    struct nr_terms *tags = nr_arena_alloc(mem, items->count + 1, sizeof *tags);
    bool any = false;
    enum nr_status status = mem->failed ? nr_fail_nomem(err, "tags") : NR_OK;
    for (size_t i = 0; i < items->count; i++)
        any |= known[i];
    for (size_t i = 0; i < items->count && !status; i++) {
        status = nr_tag_terms(&items->items[i], &items->items[i].mem, &tags[i], err);
        fitted[i] = known[i] || !any ? &tags[i] : NULL;
    }
    if (!status)
        status = nr_document_counts_fit(fitted, items->count, mem, &counts, err);
    for (size_t i = 0; i < items->count && !status; i++) {
        for (size_t t = 0; t < tags[i].count; t++)
            tags[i].items[t].weight = nr_idf(&counts, tags[i].items[t].name);
        nr_terms_normalise(&tags[i]);
        items->items[i].blocks[NR_BLOCK_TAGS] = (struct nr_block){.terms = tags[i]};
    }
    return status;
}

static void mark_known(const struct nr_event_log *train, const struct nr_item_list *items, bool *known)
{
    for (size_t i = 0; i < train->count; i++) {
        struct nr_item key = {.video_id = train->events[i].video_id};
        const struct nr_item *item =
            key.video_id && items->count ? bsearch(&key, items->items, items->count, sizeof key, by_id) : NULL;
        if (item)
            known[item - items->items] = true;
    }
}

enum nr_status nr_backtest_refit(const struct nr_stage_env *env, const struct nr_event_log *train,
                                 struct nr_item_list *items, struct nr_error *err)
{
    struct nr_arena mem = {0};
    if (items->count > 1)
        qsort(items->items, items->count, sizeof *items->items, by_id);
    bool *known = nr_arena_alloc(&mem, items->count + 1, sizeof *known);
    struct nr_item **order = nr_arena_alloc(&mem, items->count + 1, sizeof *order);
    enum nr_status status = mem.failed ? nr_fail_nomem(err, "the catalogue") : NR_OK;
    for (size_t i = 0; i < items->count && !status; i++) {
        order[i] = &items->items[i];
        if (items->items[i].description)
            items->items[i].description->neighbours = (struct nr_strings){NULL, 0};
    }
    if (!status) {
        mark_known(train, items, known);
        status = refit_tags(items, known, &mem, err);
    }
    if (!status)
        status = nr_fuse_behaviour(env, train, order, items->count, err);
    nr_arena_release(&mem);
    return status;
}
