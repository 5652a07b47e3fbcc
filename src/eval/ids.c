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
static struct nr_id_place *find_place(const struct nr_ids *ids, const char *name, size_t length, uint64_t hash)
{
    size_t at = hash & (ids->table_size - 1);
    for (;; at = (at + 1) & (ids->table_size - 1)) {
        struct nr_id_place *place = &ids->table[at];
        if (place->number == 0)
            return place;
        if (place->hash != (uint32_t)(hash >> 32))
            continue;
        const char *there = ids->names[place->number - 1];
        if (strncmp(there, name, length) == 0 && there[length] == '\0')
            return place;
    }
}

/* Kept at most half full: a power of two, as find_place() wants. */
static enum nr_status grow_table(struct nr_ids *ids, struct nr_error *err)
{
    if (2 * (ids->count + 1) <= ids->table_size)
        return NR_OK;
    size_t size = ids->table_size ? 2 * ids->table_size : 1024;
    struct nr_id_place *table = calloc(size, sizeof *table);
    if (!table)
        return nr_fail_nomem(err, "the table of ids");
    free(ids->table);
    ids->table = table;
    ids->table_size = size;
    for (size_t i = 0; i < ids->count; i++) {
        size_t length = strlen(ids->names[i]);
        uint64_t hash = nr_fnv1a(NR_FNV1A_SEED, ids->names[i], length);
        *find_place(ids, ids->names[i], length, hash) = (struct nr_id_place){(uint32_t)(hash >> 32), (uint32_t)i + 1};
    }
    return NR_OK;
}

enum nr_status nr_ids_add(struct nr_ids *ids, const char *name, size_t length, uint32_t *out, struct nr_error *err)
{
    if (ids->count && ids->last_length == length && memcmp(ids->names[ids->last], name, length) == 0) {
        *out = (uint32_t)ids->last;
        return NR_OK;
    }
    enum nr_status status = grow_table(ids, err);
    if (status)
        return status;
    uint64_t hash = nr_fnv1a(NR_FNV1A_SEED, name, length);
    struct nr_id_place *place = find_place(ids, name, length, hash);
    if (place->number == 0) {
        status =
            nr_array_reserve((void **)&ids->names, &ids->capacity, ids->count + 1, sizeof *ids->names, IDS_MAX, err);
        if (status)
            return status;
        const char *kept = nr_arena_strndup(&ids->mem, name, length);
        if (!kept)
            return nr_fail_nomem(err, "ids");
        ids->names[ids->count++] = kept;
        *place = (struct nr_id_place){(uint32_t)(hash >> 32), (uint32_t)ids->count};
    }
    ids->last = place->number - 1;
    ids->last_length = length;
    *out = (uint32_t)ids->last;
    return NR_OK;
}
