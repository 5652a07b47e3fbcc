/* index.c - chooses, orders and checks the videos. */
#include "match/index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "match/curriculum.h"
#include "match/gate.h"
#include "match/past.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

enum { CHECKED_AT_ONCE = 1024 }; /* videos */

double nr_match_block_square(const struct nr_block *block)
{
    double sum = nr_dot(block->values, block->values, block->length);
    for (size_t t = 0; t < block->terms.count; t++)
        sum += block->terms.items[t].weight * block->terms.items[t].weight;
    return sum;
}

enum nr_status nr_match_block_check(const struct nr_block *block, enum nr_block_id id, size_t length, const char *owner,
                                    const char *owner_id, struct nr_error *err)
{
    const char *name = nr_block_defs[id].name;
    bool sparse = nr_block_defs[id].kind == NR_BLOCK_SPARSE;
    if (sparse ? block->length > 0 : block->terms.count > 0)
        return nr_fail(err, NR_ERR_DATA, "%s '%s': block '%s' must hold %s", owner, owner_id, name,
                       sparse ? "named weights" : "an array of numbers");
    if (length && block->length && block->length != length)
        return nr_fail(err, NR_ERR_DATA, "%s '%s': block '%s' has %zu numbers where others have %zu", owner, owner_id,
                       name, block->length, length);
    double square = nr_match_block_square(block);
    if (!isfinite(square))
        return nr_fail(err, NR_ERR_DATA, "%s '%s': block '%s' holds a number that is not finite", owner, owner_id,
                       name);
    if (square > NR_NORM_SQUARE_MAX)
        return nr_fail(err, NR_ERR_DATA, "%s '%s': block '%s' has norm %g, above 1", owner, owner_id, name,
                       sqrt(square));
    return NR_OK;
}

/* The blocks of some videos after the other: reading them all takes a while. */
struct checking {
    const struct nr_match_index *index;
    bool *wrong; /* by position */
};

static enum nr_status check_item(const struct nr_match_index *index, size_t position, struct nr_error *err)
{
    const struct nr_item *item = index->items[position];
    enum nr_status status = NR_OK;
    for (size_t b = 0; b < NR_BLOCK_COUNT && !status; b++)
        status = nr_match_block_check(&item->blocks[b], (enum nr_block_id)b, index->block_lengths[b], "video",
                                      item->video_id, err);
    return status;
}

static void check_some(void *ctx, size_t chunk, unsigned worker)
{
    struct checking *c = ctx;
    size_t end = (chunk + 1) * CHECKED_AT_ONCE;
    (void)worker;
    for (size_t i = chunk * CHECKED_AT_ONCE; i < end && i < c->index->count; i++)
        c->wrong[i] = check_item(c->index, i, NULL) != NR_OK;
}

/* The first video that is wrong is told of, whoever met it. */
static enum nr_status check_items(struct nr_match_index *index, unsigned threads, struct nr_error *err)
{
    struct checking c = {index, calloc(index->count + 1, sizeof *c.wrong)};
    enum nr_status status = NR_OK;
    if (!c.wrong)
        return nr_fail_nomem(err, "the list of videos");
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++)
        for (size_t i = 0; i < index->count && !index->block_lengths[b]; i++)
            index->block_lengths[b] = index->items[i]->blocks[b].length;
    nr_parallel(threads ? threads : nr_cpu_count(), (index->count + CHECKED_AT_ONCE - 1) / CHECKED_AT_ONCE, check_some,
                &c);
    for (size_t i = 0; i < index->count && !status; i++)
        if (c.wrong[i])
            status = check_item(index, i, err);
    free(c.wrong);
    return status;
}

static enum nr_status choose_items(struct nr_match_index *index, const struct nr_gate *gate,
                                   const struct nr_item_list *items, const size_t *order, struct nr_error *err)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct nr_item *item = &items->items[order[i]];
        if (i && strcmp(items->items[order[i - 1]].video_id, item->video_id) == 0)
            return nr_fail(err, NR_ERR_DATA, "two records of video '%s'", item->video_id);
        if (!nr_gate_passes(gate, item, &index->notes))
            continue;
        index->items[index->count++] = item;
    }
    return NR_OK;
}

enum nr_status nr_match_index_init(struct nr_match_index *index, const struct nr_match_params *params,
                                   const struct nr_item_list *items, unsigned threads, struct nr_error *err)
{
    size_t *order = NULL;
    struct nr_gate gate = {.filter_count = 0};
    *index =
        (struct nr_match_index){.params = params, .list = items->items, .listed = items->count, .threads = threads};
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++)
        index->weights[b] = params->mode == NR_MATCH_WEIGHTED ? params->weights[b] : 1;
    if (items->count >= UINT32_MAX) /* positions are kept in 32 bits */
        return nr_fail(err, NR_ERR_DATA, "more than %u videos", UINT32_MAX - 1);
    index->items = calloc(items->count + 1, sizeof *index->items);
    if (!index->items)
        return nr_fail_nomem(err, "the list of videos");
    enum nr_status status = nr_item_list_order(items, &order, err);
    if (!status)
        status = nr_match_columns_init(&index->columns, items, err);
    if (!status)
        status = nr_gate_init(&gate, params, &index->columns, err);
    if (!status)
        status = choose_items(index, &gate, items, order, err);
    if (!status)
        status = check_items(index, threads, err);
    if (!status)
        status = nr_match_index_make_keys(index, err);
    if (!status)
        status = nr_curriculum_new(index, items, &index->notes, &index->curriculum, err);
    if (!status)
        status = nr_match_past_init(index, items, order, err);
    nr_gate_release(&gate);
    free(order);
    if (status)
        nr_match_index_release(index);
    return status;
}

void nr_match_index_release(struct nr_match_index *index)
{
    if (!index)
        return;
    free(index->items);
    free(index->keys);
    nr_match_columns_release(&index->columns);
    nr_curriculum_free(index->curriculum);
    free(index->records);
    *index = (struct nr_match_index){.items = NULL};
}

size_t nr_match_index_tiles(const struct nr_match_index *index)
{
    return (index->count + NR_TILE_ITEMS - 1) / NR_TILE_ITEMS;
}
