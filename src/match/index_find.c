/* index_find.c - from a video_id to its position. */
#include <stdlib.h>
#include <string.h>

#include "match/index.h"

#include "core/banned.h"

/* The next eight bytes of an id as a number that orders as they do. */
static uint64_t key_of(const char *id)
{
    uint64_t key = 0;
    for (int i = 0; i < 8; i++) {
        key = key << 8 | (unsigned char)*id;
        id += *id != '\0';
    }
    return key;
}

/* Ids are sorted, so that what the first and the last begin with is what all do. */
enum nr_status nr_match_index_make_keys(struct nr_match_index *index, struct nr_error *err)
{
    const char *first = index->count ? index->items[0]->video_id : "";
    const char *last = index->count ? index->items[index->count - 1]->video_id : "";
    index->keys = malloc((index->count + 1) * sizeof *index->keys);
    if (!index->keys)
        return nr_fail_nomem(err, "the list of videos");
    while (first[index->common] && first[index->common] == last[index->common])
        index->common++;
    for (size_t i = 0; i < index->count; i++)
        index->keys[i] = key_of(index->items[i]->video_id + index->common);
    return NR_OK;
}

/* How many keys are below one; without a branch to guess wrong. */
static size_t keys_below(const uint64_t *keys, size_t count, uint64_t key)
{
    size_t low = 0;
    while (count > 0) {
        size_t half = count - count / 2;
        low += keys[low + half - 1] < key ? half : 0;
        count /= 2;
    }
    return low;
}

/* The same among ids whose keys are equal. */
static size_t find_among(const struct nr_match_index *index, size_t low, size_t high, const char *video_id)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(index->items[middle]->video_id, video_id);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

size_t nr_match_index_find(const struct nr_match_index *index, const char *video_id)
{
    if (index->count == 0 || strncmp(video_id, index->items[0]->video_id, index->common) != 0)
        return SIZE_MAX;
    uint64_t key = key_of(video_id + index->common);
    size_t low = keys_below(index->keys, index->count, key);
    if (low == index->count || index->keys[low] != key)
        return SIZE_MAX;
    if (key % 256 == 0) /* the ids end within the key: no other has it, and no record need be read */
        return low;
    return find_among(index, low, key < UINT64_MAX ? keys_below(index->keys, index->count, key + 1) : index->count,
                      video_id);
}
