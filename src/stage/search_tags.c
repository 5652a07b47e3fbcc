/* search_tags.c - see search_tags.h. */
#include "stage/search_tags.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

static int tag_compare(const void *left, const void *right)
{
    const struct nr_search_tag *a = left, *b = right;
    int order = strcmp(a->words.items[0], b->words.items[0]);
    return order ? order : strcmp(a->name, b->name);
}

/* Every name once, sorted. */
static const char **collect_names(const struct nr_item_list *items, struct nr_arena *mem, size_t *count)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < items->count; i++)
        total += items->items[i].blocks[NR_BLOCK_TAGS].terms.count;
    const char **names = nr_arena_alloc(mem, total, sizeof *names);
    *count = 0;
    for (size_t i = 0; i < items->count && names; i++)
        for (size_t k = 0; k < items->items[i].blocks[NR_BLOCK_TAGS].terms.count; k++)
            names[at++] = items->items[i].blocks[NR_BLOCK_TAGS].terms.items[k].name;
    if (at > 1)
        qsort(names, at, sizeof *names, nr_id_order);
    for (size_t i = 0; i < at; i++)
        if (*count == 0 || strcmp(names[*count - 1], names[i]) != 0)
            names[(*count)++] = names[i];
    return names;
}

enum nr_status nr_search_tags_make(const struct nr_item_list *items, struct nr_search_tags *out, struct nr_error *err)
{
    size_t count;
    *out = (struct nr_search_tags){.count = 0};
    const char **names = collect_names(items, &out->mem, &count);
    const char **bare = nr_arena_alloc(&out->mem, count, sizeof *bare);
    struct nr_strings *words = nr_arena_alloc(&out->mem, count, sizeof *words);
    out->tags = nr_arena_alloc(&out->mem, count, sizeof *out->tags);
    if (out->mem.failed)
        return nr_fail_nomem(err, "the catalogue's tags");
    for (size_t i = 0; i < count; i++) {
        const char *colon = strchr(names[i], ':');
        bare[i] = colon ? colon + 1 : names[i];
    }
    enum nr_status status = nr_words_list(bare, count, &out->mem, words, err);
    for (size_t i = 0; i < count && !status; i++)
        if (words[i].count)
            out->tags[out->count++] = (struct nr_search_tag){names[i], words[i]};
    if (out->count > 1)
        qsort(out->tags, out->count, sizeof *out->tags, tag_compare);
    return status;
}

void nr_search_tags_release(struct nr_search_tags *tags)
{
    nr_arena_release(&tags->mem);
    *tags = (struct nr_search_tags){.count = 0};
}

/* The first tag that begins with this word, or with one behind it. */
static size_t first_with(const struct nr_search_tags *tags, const char *word)
{
    size_t low = 0, high = tags->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(tags->tags[middle].words.items[0], word) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool stands_at(const struct nr_search_tag *tag, const struct nr_strings *words, size_t at)
{
    if (tag->words.count > words->count - at)
        return false;
    for (size_t i = 0; i < tag->words.count; i++)
        if (strcmp(tag->words.items[i], words->items[at + i]) != 0)
            return false;
    return true;
}

enum nr_status nr_search_tags_find(const struct nr_search_tags *tags, const struct nr_strings *words,
                                   struct nr_arena *mem, struct nr_terms *out, struct nr_error *err)
{
    enum { FOUND_MAX = 64 }; /* a text that names more is no search */
    size_t count = 0;
    out->count = 0;
    out->items = nr_arena_alloc(mem, FOUND_MAX, sizeof *out->items);
    if (!out->items)
        return nr_fail_nomem(err, "the tags of a search");
    for (size_t at = 0; at < words->count; at++)
        for (size_t t = first_with(tags, words->items[at]);
             t < tags->count && strcmp(tags->tags[t].words.items[0], words->items[at]) == 0 && count < FOUND_MAX; t++)
            if (stands_at(&tags->tags[t], words, at))
                out->items[count++] = (struct nr_term){tags->tags[t].name, 1};
    if (count > 1)
        qsort(out->items, count, sizeof *out->items, nr_term_compare);
    for (size_t i = 0; i < count; i++)
        if (out->count == 0 || strcmp(out->items[out->count - 1].name, out->items[i].name) != 0)
            out->items[out->count++] = out->items[i];
    return NR_OK;
}
