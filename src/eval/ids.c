/* ids.c - strings to numbers. */
#include <stdlib.h>
#include <string.h>

#include "nightreel/eval.h"

#include "core/banned.h"

#define IDS_MAX ((size_t)UINT32_MAX - 2)

void nr_ids_release(struct nr_ids *ids)
{
    if (!ids)
        return;
    nr_arena_release(&ids->mem);
    free(ids->names);
    free(ids->table);
    *ids = (struct nr_ids){.count = 0};
}

/* The place of a name, or the free place where it belongs. */
static uint32_t *find_place(const struct nr_ids *ids, const char *name, size_t length)
{
    size_t at = nr_fnv1a(NR_FNV1A_SEED, name, length) & (ids->table_size - 1);
    for (;; at = (at + 1) & (ids->table_size - 1)) {
        uint32_t number = ids->table[at];
        if (number == 0)
            return &ids->table[at];
        const char *there = ids->names[number - 1];
        if (strncmp(there, name, length) == 0 && there[length] == '\0')
            return &ids->table[at];
    }
}

/* Kept at most half full: a power of two, as find_place() wants. */
static enum nr_status grow_table(struct nr_ids *ids, struct nr_error *err)
{
    if (2 * (ids->count + 1) <= ids->table_size)
        return NR_OK;
    size_t size = ids->table_size ? 2 * ids->table_size : 1024;
    uint32_t *table = calloc(size, sizeof *table);
    if (!table)
        return nr_fail_nomem(err, "the table of ids");
    free(ids->table);
    ids->table = table;
    ids->table_size = size;
    for (size_t i = 0; i < ids->count; i++)
        *find_place(ids, ids->names[i], strlen(ids->names[i])) = (uint32_t)i + 1;
    return NR_OK;
}

enum nr_status nr_ids_add(struct nr_ids *ids, const char *name, size_t length, uint32_t *out, struct nr_error *err)
{
    enum nr_status status = grow_table(ids, err);
    if (status)
        return status;
    uint32_t *place = find_place(ids, name, length);
    if (*place == 0) {
        status =
            nr_array_reserve((void **)&ids->names, &ids->capacity, ids->count + 1, sizeof *ids->names, IDS_MAX, err);
        if (status)
            return status;
        const char *kept = nr_arena_strndup(&ids->mem, name, length);
        if (!kept)
            return nr_fail_nomem(err, "ids");
        ids->names[ids->count++] = kept;
        *place = (uint32_t)ids->count;
    }
    *out = *place - 1;
    return NR_OK;
}
