/* topics.c - see language_topics.h. */
#include "nightreel/language_topics.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/banned.h"

struct entry {
    const char *tag;
    size_t videos;
};

static int by_name(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    int order = strcasecmp(left->tag, right->tag);
    return order ? order : strcmp(left->tag, right->tag);
}

static int by_use(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    return left->videos != right->videos ? left->videos < right->videos ? 1 : -1 : by_name(a, b);
}

/* Sorted by name, the same names become one. */
static size_t merge(struct entry *entries, size_t count)
{
    size_t kept = 0;
    qsort(entries, count, sizeof *entries, by_name);
    for (size_t i = 0; i < count; i++) {
        if (kept && strcasecmp(entries[kept - 1].tag, entries[i].tag) == 0)
            entries[kept - 1].videos += entries[i].videos;
        else
            entries[kept++] = entries[i];
    }
    return kept;
}

static struct nr_strings names_of(const struct entry *entries, size_t count, struct nr_arena *mem)
{
    struct nr_strings names = {nr_arena_alloc(mem, count ? count : 1, sizeof *names.items), 0};
    for (; names.items && names.count < count; names.count++)
        names.items[names.count] = entries[names.count].tag;
    return names;
}

enum nr_status nr_topics_make(const struct nr_item_list *items, struct nr_arena *mem, struct nr_topics *out,
                              struct nr_error *err)
{
    size_t total = 0, count = 0;
    for (size_t i = 0; i < items->count; i++)
        total += items->items[i].tags.count;
    struct entry *entries = malloc((total ? total : 1) * sizeof *entries);
    *out = (struct nr_topics){.tags = {NULL, 0}};
    if (!entries)
        return nr_fail_nomem(err, "the catalogue's tags");
    for (size_t i = 0; i < items->count; i++)
        for (size_t j = 0; j < items->items[i].tags.count; j++)
            entries[count++] = (struct entry){items->items[i].tags.items[j], 1};
    count = merge(entries, count);
    out->tags = names_of(entries, count, mem);
    qsort(entries, count, sizeof *entries, by_use);
    out->frequent = names_of(entries, count, mem);
    free(entries);
    return mem->failed ? nr_fail_nomem(err, "the catalogue's tags") : NR_OK;
}

static int compare(const void *key, const void *member)
{
    return strcasecmp(key, *(const char *const *)member);
}

const char *nr_topics_find(const struct nr_topics *vocabulary, const char *name)
{
    if (!vocabulary || !vocabulary->tags.count)
        return NULL;
    const char **found =
        bsearch(name, vocabulary->tags.items, vocabulary->tags.count, sizeof *vocabulary->tags.items, compare);
    return found ? *found : NULL;
}
