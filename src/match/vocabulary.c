/* vocabulary.c - builds the posting lists. */
#include "match/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

/* All names of all items, sorted, each once. */
static enum nr_status collect_names(struct nr_vocabulary *words, const struct nr_match_index *index,
                                    enum nr_block_id block, size_t total, struct nr_error *err)
{
    words->names = malloc((total + 1) * sizeof *words->names);
    if (!words->names)
        return nr_fail_nomem(err, "the vocabulary");
    size_t count = 0;
    for (size_t i = 0; i < index->count; i++) {
        const struct nr_terms *terms = &index->items[i]->blocks[block].terms;
        for (size_t t = 0; t < terms->count; t++)
            words->names[count++] = terms->items[t].name;
    }
    if (count)
        qsort(words->names, count, sizeof *words->names, nr_id_order);
    for (size_t i = 0; i < count; i++)
        if (words->count == 0 || strcmp(words->names[words->count - 1], words->names[i]) != 0)
            words->names[words->count++] = words->names[i];
    return NR_OK;
}

/* Counting sort by term; items come in their order, so each list rises. */
static enum nr_status collect_postings(struct nr_vocabulary *words, const struct nr_match_index *index,
                                       enum nr_block_id block, size_t total, struct nr_error *err)
{
    words->starts = calloc(words->count + 2, sizeof *words->starts);
    words->postings = malloc((total + 1) * sizeof *words->postings);
    uint32_t *ids = malloc((total + 1) * sizeof *ids);
    if (!words->starts || !words->postings || !ids) {
        free(ids);
        return nr_fail_nomem(err, "the vocabulary's lists");
    }
    size_t *next = words->starts + 1; /* ends up as starts[t + 1] */
    size_t at = 0;
    for (size_t i = 0; i < index->count; i++) {
        const struct nr_terms *terms = &index->items[i]->blocks[block].terms;
        for (size_t t = 0; t < terms->count; t++) {
            ids[at] = (uint32_t)nr_vocabulary_find(words, terms->items[t].name);
            next[ids[at++] + 1]++;
        }
    }
    for (size_t t = 0; t < words->count; t++)
        next[t + 1] += next[t];
    at = 0;
    for (size_t i = 0; i < index->count; i++) {
        const struct nr_terms *terms = &index->items[i]->blocks[block].terms;
        for (size_t t = 0; t < terms->count; t++)
            words->postings[next[ids[at++]]++] = (struct nr_posting){(uint32_t)i, (float)terms->items[t].weight};
    }
    free(ids);
    return NR_OK;
}

enum nr_status nr_vocabulary_init(struct nr_vocabulary *words, const struct nr_match_index *index,
                                  enum nr_block_id block, struct nr_error *err)
{
    size_t total = 0;
    *words = (struct nr_vocabulary){.count = 0};
    for (size_t i = 0; i < index->count; i++)
        total += index->items[i]->blocks[block].terms.count;
    if (total >= UINT32_MAX)
        return nr_fail(err, NR_ERR_DATA, "more than %u tags in all", UINT32_MAX - 1);
    enum nr_status status = collect_names(words, index, block, total, err);
    if (!status)
        status = collect_postings(words, index, block, total, err);
    if (status)
        nr_vocabulary_release(words);
    return status;
}

void nr_vocabulary_release(struct nr_vocabulary *words)
{
    if (!words)
        return;
    free(words->names);
    free(words->starts);
    free(words->postings);
    *words = (struct nr_vocabulary){.count = 0};
}

size_t nr_vocabulary_find(const struct nr_vocabulary *words, const char *name)
{
    return nr_id_find(words->names, words->count, name);
}

size_t nr_vocabulary_seek(const struct nr_vocabulary *words, size_t term, size_t item)
{
    size_t low = words->starts[term], high = words->starts[term + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (words->postings[middle].item < item)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
