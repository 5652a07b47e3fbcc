/* memory.c - growable arrays and arenas. */
#include "nightreel/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/banned.h"

bool nr_size_mul(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

enum nr_status nr_array_reserve(void **array, size_t *cap, size_t need, size_t size, size_t max, struct nr_error *err)
{
    if (need <= *cap)
        return NR_OK;
    if (need > max)
        return nr_fail(err, NR_ERR_NOMEM, "more than %zu entries, the stated maximum", max);
    size_t grown = *cap < 8 ? 8 : *cap + *cap / 2;
    if (grown < need)
        grown = need;
    if (grown > max)
        grown = max;
    size_t bytes;
    if (!nr_size_mul(grown, size, &bytes))
        return nr_fail_nomem(err, "an array");
    void *moved = realloc(*array, bytes);
    if (!moved)
        return nr_fail_nomem(err, "an array");
    *array = moved;
    *cap = grown;
    return NR_OK;
}

enum { HUGE_PAGE = 2 << 20 };

/* Memory of the kernel's that starts at a multiple of HUGE_PAGE: what is mapped beside it
 * is given back. */
static void *map_aligned(size_t bytes)
{
    size_t mapped = bytes + HUGE_PAGE;
    char *memory = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    size_t before = (HUGE_PAGE - (uintptr_t)memory % HUGE_PAGE) % HUGE_PAGE;
    if (before)
        (void)munmap(memory, before);
    (void)munmap(memory + before + bytes, mapped - before - bytes);
    (void)madvise(memory + before, bytes, MADV_HUGEPAGE); /* a kernel without them is merely slower */
    return memory + before;
}

/* What nr_table_new() maps for so much; 0: it is malloc's. */
static size_t mapped_bytes(size_t bytes)
{
    return bytes < HUGE_PAGE ? 0 : (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
}

void *nr_table_new(size_t bytes)
{
    if (bytes > PTRDIFF_MAX - 2 * (size_t)HUGE_PAGE)
        return NULL;
    return mapped_bytes(bytes) ? map_aligned(mapped_bytes(bytes)) : calloc(bytes ? bytes : 1, 1);
}

void nr_table_free(void *table, size_t bytes)
{
    if (table && mapped_bytes(bytes))
        (void)munmap(table, mapped_bytes(bytes));
    else
        free(table);
}

/* ---- arenas --------------------------------------------------------------- */

enum { ARENA_ALIGN = 16, ARENA_CHUNK_MIN = 1024, ARENA_CHUNK_MAX = 256 * 1024 };

struct nr_arena_chunk {
    struct nr_arena_chunk *next;
    size_t used, size;
    _Alignas(ARENA_ALIGN) unsigned char bytes[];
};

/* A new chunk of at least `need` bytes; chunks double so that small arenas stay small. */
static struct nr_arena_chunk *arena_grow(struct nr_arena *arena, size_t need)
{
    size_t size = arena->head ? 2 * arena->head->size : ARENA_CHUNK_MIN;
    if (size > ARENA_CHUNK_MAX)
        size = ARENA_CHUNK_MAX;
    if (size < need)
        size = need;
    struct nr_arena_chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk)
        return NULL;
    chunk->next = arena->head;
    chunk->used = 0;
    chunk->size = size;
    arena->head = chunk;
    return chunk;
}

void *nr_arena_alloc(struct nr_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (arena->failed)
        return NULL;
    if (!nr_size_mul(count, size, &bytes) || bytes > NR_ARENA_MAX || arena->total > NR_ARENA_MAX - bytes) {
        arena->failed = true;
        return NULL;
    }
    size_t need = (bytes + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    struct nr_arena_chunk *chunk = arena->head;
    if (!chunk || chunk->size - chunk->used < need)
        chunk = arena_grow(arena, need ? need : ARENA_ALIGN);
    if (!chunk) {
        arena->failed = true;
        return NULL;
    }
    void *memory = chunk->bytes + chunk->used;
    chunk->used += need;
    arena->total += bytes;
    return memset(memory, 0, bytes);
}

char *nr_arena_strndup(struct nr_arena *arena, const char *text, size_t length)
{
    char *copy = nr_arena_alloc(arena, length + 1, 1);
    if (copy && length)
        memcpy(copy, text, length);
    return copy;
}

char *nr_arena_strdup(struct nr_arena *arena, const char *text)
{
    return text ? nr_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *nr_arena_printf(struct nr_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = length < 0 ? NULL : nr_arena_alloc(arena, (size_t)length + 1, 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    else
        arena->failed = true;
    va_end(again);
    return text;
}

void nr_arena_release(struct nr_arena *arena)
{
    if (!arena)
        return;
    for (struct nr_arena_chunk *chunk = arena->head, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    *arena = (struct nr_arena){0};
}
