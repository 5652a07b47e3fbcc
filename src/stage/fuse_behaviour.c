/* fuse_behaviour.c - who watched what to a block for each video. */
#include "stage/fuse_behaviour.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

/* An event that counts, by name. */
struct watch {
    const char *user_id;
    size_t item;
    double weight;
};

/* By user and item; within a pair by weight, so that sums do not depend on the rows'
 * order. */
static int watch_compare(const void *left, const void *right)
{
    const struct watch *a = left, *b = right;
    int order = strcmp(a->user_id, b->user_id);
    if (!order)
        order = (a->item > b->item) - (a->item < b->item);
    return order ? order : (a->weight > b->weight) - (a->weight < b->weight);
}

static size_t find_item(struct nr_item **items, size_t count, const char *video_id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(items[middle]->video_id, video_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && strcmp(items[low]->video_id, video_id) == 0 ? low : SIZE_MAX;
}

/* Sums up the events of each pair; pairs whose sum is not above 0 are left out. */
static size_t sum_pairs(struct watch *all, size_t count, struct nr_interaction *out)
{
    size_t pairs = 0, user = 0;
    for (size_t from = 0, to; from < count; from = to) {
        double weight = 0;
        for (to = from; to < count && strcmp(all[to].user_id, all[from].user_id) == 0 && all[to].item == all[from].item;
             to++)
            weight += all[to].weight;
        user += from > 0 && strcmp(all[from - 1].user_id, all[from].user_id) != 0;
        if (weight > 0)
            out[pairs++] = (struct nr_interaction){user, all[from].item, weight};
    }
    return pairs;
}

static enum nr_status collect(const struct nr_stage_env *env, const struct nr_event_log *log, struct nr_item **items,
                              size_t count, struct nr_interaction *out, size_t *pairs, struct nr_error *err)
{
    struct watch *all = malloc((log->count + 1) * sizeof *all);
    size_t at = 0;
    if (!all)
        return nr_fail_nomem(err, "item factors");
    for (size_t i = 0; i < log->count; i++) {
        const struct nr_event *event = &log->events[i];
        size_t item = find_item(items, count, event->video_id);
        if (item != SIZE_MAX)
            all[at++] = (struct watch){event->user_id, item,
                                       nr_event_weight(&env->settings->weights, event, nr_item_duration(items[item]))};
    }
    qsort(all, at, sizeof *all, watch_compare);
    *pairs = sum_pairs(all, at, out);
    free(all);
    return NR_OK;
}

static enum nr_status set_blocks(struct nr_item **items, size_t count, float **rows, size_t factors,
                                 struct nr_error *err)
{
    enum nr_status status = nr_block_fit(rows, count, factors, nr_block_defs[NR_BLOCK_BEHAVIOUR].kind, err);
    for (size_t i = 0; i < count && !status; i++) {
        if (!rows[i])
            continue;
        float *values = nr_arena_alloc(&items[i]->mem, factors, sizeof *values);
        if (!values)
            return nr_fail_nomem(err, "a block");
        memcpy(values, rows[i], factors * sizeof *values);
        items[i]->blocks[NR_BLOCK_BEHAVIOUR] = (struct nr_block){.values = values, .length = factors};
    }
    return status;
}

enum nr_status nr_fuse_behaviour(const struct nr_stage_env *env, const struct nr_event_log *log, struct nr_item **items,
                                 size_t count, struct nr_error *err)
{
    const struct nr_factor_params *params = &env->settings->factors;
    struct nr_arena mem = {0};
    size_t pairs = 0;
    struct nr_interaction *interactions = nr_arena_alloc(&mem, log->count, sizeof *interactions);
    const char **ids = nr_arena_alloc(&mem, count, sizeof *ids);
    float **rows = nr_arena_alloc(&mem, count, sizeof *rows);
    enum nr_status status = mem.failed ? nr_fail_nomem(err, "item factors") : NR_OK;
    for (size_t i = 0; i < count && !status; i++) {
        ids[i] = items[i]->video_id;
        items[i]->blocks[NR_BLOCK_BEHAVIOUR] = (struct nr_block){.values = NULL};
    }
    if (!status)
        status = collect(env, log, items, count, interactions, &pairs, err);
    if (!status)
        status = nr_item_factors_fit(params, interactions, pairs, ids, count, env->settings->threads, &mem, rows, err);
    if (!status)
        status = set_blocks(items, count, rows, params->factors, err);
    nr_arena_release(&mem);
    return status;
}
