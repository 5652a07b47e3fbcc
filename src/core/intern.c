/* intern.c - strings that are kept once: open addressing by FNV-1a. */
#include "nightreel/core.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

#define INTERN_MAX ((size_t)1 << 31)
enum { INTERN_MIN = 64 };

struct nr_intern_entry {
    const char *text; /* NULL: free */
    uint32_t hash, length;
};

/* The place that holds the text, or where it belongs. */
static struct nr_intern_entry *find(const struct nr_intern *table, const char *text, size_t length, uint32_t hash)
{
    size_t at = hash & (table->capacity - 1);
    for (;; at = (at + 1) & (table->capacity - 1)) {
        struct nr_intern_entry *entry = &table->entries[at];
        if (!entry->text || (entry->hash == hash && entry->length == length && memcmp(entry->text, text, length) == 0))
            return entry;
    }
}

static bool grow(struct nr_intern *table)
{
    struct nr_intern old = *table;
    size_t capacity = old.capacity ? 2 * old.capacity : INTERN_MIN;
    table->entries = capacity <= INTERN_MAX ? nr_table_new(capacity * sizeof *table->entries) : NULL;
    if (!table->entries) {
        *table = old;
        return false;
    }
    table->capacity = capacity;
    if (!old.capacity) /* an address that nobody knows: who makes texts that meet cannot try them */
        table->seed = NR_FNV1A_SEED ^ (uintptr_t)table->entries;
    for (size_t i = 0; i < old.capacity; i++) {
        const struct nr_intern_entry *entry = &old.entries[i];
        size_t at = entry->hash & (capacity - 1);
        while (entry->text && table->entries[at].text)
            at = (at + 1) & (capacity - 1);
        if (entry->text)
            table->entries[at] = *entry;
    }
    nr_table_free(old.entries, old.capacity * sizeof *old.entries);
    return true;
}

const char *nr_intern_add(struct nr_intern *table, struct nr_arena *mem, const char *text)
{
    if (!text || mem->failed)
        return NULL;
    if (table->count >= table->capacity / 4 * 3 && !grow(table)) {
        mem->failed = true;
        return NULL;
    }
    size_t length = strlen(text);
    uint32_t hash = (uint32_t)nr_splitmix64(nr_fnv1a(table->seed, text, length));
    struct nr_intern_entry *entry = find(table, text, length, hash);
    if (entry->text)
        return entry->text;
    const char *copy = nr_arena_strndup(mem, text, length);
    if (!copy || length > UINT32_MAX)
        return copy;
    *entry = (struct nr_intern_entry){copy, hash, (uint32_t)length};
    table->count++;
    return copy;
}

void nr_intern_release(struct nr_intern *table)
{
    nr_table_free(table->entries, table->capacity * sizeof *table->entries);
    *table = (struct nr_intern){0};
}
