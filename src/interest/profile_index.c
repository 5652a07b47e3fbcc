/* profile_index.c - items by id, tags by name. */
#include <stdlib.h>
#include <string.h>

#include "interest/profile_index.h"

#include "core/banned.h"

/* All names of the tags blocks, sorted, each once. */
static enum nr_status collect_tags(struct nr_profile_index *index, struct nr_error *err)
{
    const struct nr_item_list *items = index->items;
    size_t total = 0, at = 0;
    for (size_t i = 0; i < items->count; i++)
        total += items->items[i].blocks[NR_BLOCK_TAGS].terms.count;
    index->tags = calloc(total ? total : 1, sizeof *index->tags);
    if (!index->tags)
        return nr_fail_nomem(err, "the catalogue's tags");
    for (size_t i = 0; i < items->count; i++)
        for (size_t k = 0; k < items->items[i].blocks[NR_BLOCK_TAGS].terms.count; k++)
            index->tags[at++] = items->items[i].blocks[NR_BLOCK_TAGS].terms.items[k].name;
    qsort(index->tags, total, sizeof *index->tags, nr_id_order);
    for (size_t i = 0; i < total; i++)
        if (index->tag_count == 0 || strcmp(index->tags[index->tag_count - 1], index->tags[i]) != 0)
            index->tags[index->tag_count++] = index->tags[i];
    return NR_OK;
}

/* Every dense block has one length over all items. */
static enum nr_status find_lengths(struct nr_profile_index *index, struct nr_error *err)
{
    for (size_t i = 0; i < index->items->count; i++)
        for (int b = 0; b < NR_BLOCK_COUNT; b++) {
            size_t length = index->items->items[i].blocks[b].length;
            if (length && index->lengths[b] && length != index->lengths[b])
                return nr_fail(err, NR_ERR_DATA, "video '%s' has a '%s' vector of %zu numbers, others have %zu",
                               index->items->items[i].video_id, nr_block_defs[b].name, length, index->lengths[b]);
            if (length)
                index->lengths[b] = length;
        }
    return NR_OK;
}

enum nr_status nr_profile_index_new(const struct nr_item_list *items, struct nr_profile_index **out,
                                    struct nr_error *err)
{
    struct nr_profile_index *index = calloc(1, sizeof *index);
    *out = NULL;
    if (!index)
        return nr_fail_nomem(err, "an index");
    index->items = items;
    enum nr_status status = nr_item_list_order(items, &index->order, err);
    if (!status)
        status = find_lengths(index, err);
    if (!status)
        status = collect_tags(index, err);
    if (status) {
        nr_profile_index_free(index);
        return status;
    }
    *out = index;
    return NR_OK;
}

void nr_profile_index_free(struct nr_profile_index *index)
{
    if (!index)
        return;
    free(index->order);
    free(index->tags);
    free(index);
}

const struct nr_item *nr_profile_index_find(const struct nr_profile_index *index, const char *video_id)
{
    size_t low = 0, high = index->items->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct nr_item *item = &index->items->items[index->order[middle]];
        int order = strcmp(item->video_id, video_id);
        if (order == 0)
            return item;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool nr_profile_index_has_tag(const struct nr_profile_index *index, const char *name)
{
    return index->tag_count && bsearch(&name, index->tags, index->tag_count, sizeof name, nr_id_order);
}
