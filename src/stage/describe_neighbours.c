/* describe_neighbours.c - one pass over the catalogue for each video to describe. The
 * language model takes a thousand times longer for it. */
#include "stage/describe_neighbours.h"

#include <math.h>
#include <string.h>

#include "core/banned.h"

struct search {
    const struct nr_item_list *items;
    const size_t *todo;
    double *norms; /* by item: of all blocks side by side */
    struct nr_strings *rows;
};

struct candidate {
    const struct nr_item *item;
    double score;
};

static double dot_dense(const struct nr_block *a, const struct nr_block *b)
{
    double sum = 0;
    for (size_t i = 0; a->length == b->length && i < a->length; i++)
        sum += (double)a->values[i] * b->values[i];
    return sum;
}

static double dot(const struct nr_item *a, const struct nr_item *b)
{
    double sum = 0;
    for (int i = 0; i < NR_BLOCK_COUNT; i++) {
        if (i == NR_BLOCK_SEMANTIC)
            continue;
        sum += a->blocks[i].values && b->blocks[i].values ? dot_dense(&a->blocks[i], &b->blocks[i])
                                                          : nr_terms_dot(&a->blocks[i].terms, &b->blocks[i].terms);
    }
    return sum;
}

static bool is_before(const struct candidate *a, const struct candidate *b)
{
    return a->score != b->score ? a->score > b->score : nr_id_compare(a->item->video_id, b->item->video_id) < 0;
}

static void search_one(void *ctx, size_t index, unsigned worker)
{
    struct search *s = ctx;
    size_t self = s->todo[index], found = 0;
    struct candidate best[NR_NEIGHBOURS];
    (void)worker;
    for (size_t i = 0; i < s->items->count; i++) {
        const struct nr_item *other = &s->items->items[i];
        if (i == self || !other->title || !*other->title || s->norms[i] <= 0 || s->norms[self] <= 0)
            continue;
        struct candidate c = {other, dot(&s->items->items[self], other) / (s->norms[i] * s->norms[self])};
        size_t at = found;
        while (at > 0 && is_before(&c, &best[at - 1]))
            at--;
        if (c.score <= 0 || at == NR_NEIGHBOURS)
            continue;
        found += found < NR_NEIGHBOURS;
        memmove(best + at + 1, best + at, (found - at - 1) * sizeof *best);
        best[at] = c;
    }
    for (size_t i = 0; i < found; i++)
        s->rows[index].items[i] = best[i].item->title;
    s->rows[index].count = found;
}

enum nr_status nr_neighbours_find(const struct nr_item_list *items, const size_t *todo, size_t count, unsigned threads,
                                  struct nr_arena *mem, struct nr_strings *rows, struct nr_error *err)
{
    struct search s = {items, todo, nr_arena_alloc(mem, items->count, sizeof(double)), rows};
    const char **titles = nr_arena_alloc(mem, count, NR_NEIGHBOURS * sizeof *titles);
    if (!s.norms || !titles)
        return nr_fail_nomem(err, "the nearest videos");
    for (size_t i = 0; i < items->count; i++)
        s.norms[i] = sqrt(dot(&items->items[i], &items->items[i]));
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct nr_strings){titles + i * NR_NEIGHBOURS, 0};
    nr_parallel(threads, count, search_one, &s);
    return NR_OK;
}
