/* fuse.c - raw features to blocks, by statistics over the whole catalogue. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage/event_texts.h"
#include "stage/fuse_behaviour.h"
#include "stage/fuse_stats.h"
#include "stage/fuse_text.h"

#include "core/banned.h"

/* Items in the order of video_id, and what is fitted on them. */
struct fusion {
    struct nr_item **items;
    size_t count;
    struct nr_terms *tags;         /* of each item */
    const struct nr_terms **terms; /* scratch: what counts are fitted on */
    const float **rows;            /* scratch: what dense statistics are fitted on */
    struct nr_arena mem;
    struct nr_fuse_stats stats;
};

static enum nr_status fusion_init(struct fusion *fusion, struct nr_dataset *data, struct nr_error *err)
{
    size_t *order, count = data->items.count;
    enum nr_status status = nr_item_list_order(&data->items, &order, err);
    if (status)
        return status;
    fusion->count = count;
    fusion->items = nr_arena_alloc(&fusion->mem, count, sizeof *fusion->items);
    fusion->tags = nr_arena_alloc(&fusion->mem, count, sizeof *fusion->tags);
    fusion->terms = nr_arena_alloc(&fusion->mem, count, sizeof *fusion->terms);
    fusion->rows = nr_arena_alloc(&fusion->mem, count, sizeof *fusion->rows);
    if (fusion->mem.failed)
        status = nr_fail_nomem(err, "fusion");
    for (size_t i = 0; i < count && !status; i++) {
        fusion->items[i] = &data->items.items[order[i]];
        status = nr_tag_terms(fusion->items[i], &fusion->items[i]->mem, &fusion->tags[i], err);
    }
    free(order);
    return status;
}

/* The raw row of a dense block, borrowed; NULL where the item lacks it. The hashed
 * text block has none: it is made from the words. */
static const float *raw_row(const struct fusion *fusion, const struct nr_item *item, enum nr_block_id block,
                            size_t *length)
{
    switch (block) {
    case NR_BLOCK_VISUAL:
        *length = 2 * NR_HISTOGRAM_BINS;
        return item->visual ? item->visual->histogram : NULL;
    case NR_BLOCK_AUDIO:
        *length = 2 * NR_MFCC_COUNT;
        return item->audio ? item->audio->mfcc : NULL;
    case NR_BLOCK_TEXT:
        *length = fusion->stats.text_hashed ? NR_HASH_DIMENSIONS : item->raw_text.length;
        return fusion->stats.text_hashed ? NULL : item->raw_text.values;
    default:
        *length = 0;
        return NULL;
    }
}

/* ---- fitting -------------------------------------------------------------------- */

static enum nr_status fit_dense(struct fusion *fusion, enum nr_block_id block, struct nr_error *err)
{
    size_t length = 0, own;
    for (size_t i = 0; i < fusion->count; i++) {
        fusion->rows[i] = raw_row(fusion, fusion->items[i], block, &own);
        if (fusion->rows[i] && length && own != length)
            return nr_fail(err, NR_ERR_DATA, "videos '%s' and others have '%s' vectors of %zu and %zu numbers",
                           fusion->items[i]->video_id, nr_block_defs[block].name, own, length);
        if (fusion->rows[i])
            length = own;
    }
    if (length == 0)
        return NR_OK;
    return nr_block_stats_fit(fusion->rows, fusion->count, length, nr_block_defs[block].kind, &fusion->stats.mem,
                              &fusion->stats.dense[block], err);
}

static enum nr_status fit(struct fusion *fusion, struct nr_error *err)
{
    struct nr_fuse_stats *stats = &fusion->stats;
    for (size_t i = 0; i < fusion->count; i++)
        fusion->terms[i] = &fusion->tags[i];
    enum nr_status status = nr_document_counts_fit(fusion->terms, fusion->count, &stats->mem, &stats->tags, err);
    if (!status)
        status = fit_dense(fusion, NR_BLOCK_VISUAL, err);
    if (!status)
        status = fit_dense(fusion, NR_BLOCK_AUDIO, err);
    return status ? status : nr_fuse_text_fit(fusion->items, fusion->count, stats, err);
}

/* ---- applying ---------------------------------------------------------------------- */

static enum nr_status make_dense(const struct fusion *fusion, struct nr_item *item, enum nr_block_id block,
                                 struct nr_error *err)
{
    const struct nr_block_stats *stats = &fusion->stats.dense[block];
    size_t length;
    const float *raw = raw_row(fusion, item, block, &length);
    bool hashed = block == NR_BLOCK_TEXT && fusion->stats.text_hashed && nr_fuse_has_words(item);
    item->blocks[block] = (struct nr_block){.values = NULL};
    if (stats->length == 0 || (!raw && !hashed))
        return NR_OK;
    if (length != stats->length)
        return nr_fail(err, NR_ERR_DATA, "video '%s' has a '%s' vector of %zu numbers, the statistics have %zu",
                       item->video_id, nr_block_defs[block].name, length, stats->length);
    float *values = nr_arena_alloc(&item->mem, length, sizeof *values);
    if (!values)
        return nr_fail_nomem(err, "a block");
    if (raw)
        memcpy(values, raw, length * sizeof *values);
    else
        nr_hash_terms(&item->text->terms, &fusion->stats.words, values);
    nr_block_stats_apply(stats, values);
    item->blocks[block] = (struct nr_block){.values = values, .length = length};
    return NR_OK;
}

static void make_tags(const struct fusion *fusion, struct nr_item *item, const struct nr_terms *tags)
{
    struct nr_terms terms = *tags; /* in the item's own arena */
    for (size_t i = 0; i < terms.count; i++)
        terms.items[i].weight = nr_idf(&fusion->stats.tags, terms.items[i].name);
    nr_terms_normalise(&terms);
    item->blocks[NR_BLOCK_TAGS] = (struct nr_block){.terms = terms};
}

static enum nr_status apply(struct fusion *fusion, struct nr_error *err)
{
    static const enum nr_block_id dense[] = {NR_BLOCK_VISUAL, NR_BLOCK_AUDIO, NR_BLOCK_TEXT};
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < fusion->count && !status; i++) {
        for (size_t b = 0; b < NR_COUNT(dense) && !status; b++)
            status = make_dense(fusion, fusion->items[i], dense[b], err);
        make_tags(fusion, fusion->items[i], &fusion->tags[i]);
    }
    return status;
}

static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    const char *path = env->settings->fuse.stats;
    struct fusion fusion = {0};
    (void)todo;
    (void)count;
    (void)sink;
    enum nr_status status = fusion_init(&fusion, data, err);
    if (!status && path && access(path, F_OK) == 0)
        status = nr_fuse_stats_read(&fusion.stats, path, err);
    else if (!status) {
        status = fit(&fusion, err);
        if (!status && path)
            status = nr_fuse_stats_write(&fusion.stats, path, err);
    }
    if (!status)
        status = apply(&fusion, err);
    if (!status)
        status = nr_events_feel(&data->events, err);
    if (!status && data->events.count)
        status = nr_fuse_behaviour(env, &data->events, fusion.items, fusion.count, err);
    nr_fuse_stats_release(&fusion.stats);
    nr_arena_release(&fusion.mem);
    return status;
}

const struct nr_stage nr_stage_fuse = {
    .name = "fuse",
    .summary = "one vector per modality, by statistics over the catalogue",
    .run = run,
};
