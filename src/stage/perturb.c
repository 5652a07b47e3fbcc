/* perturb.c - blocks that are missing or wrong, the same ones for the same seed. */
#include <math.h>
#include <string.h>

#include "stage/recommenders.h"

#include "core/banned.h"

static double uniform(uint64_t hash)
{
    return (double)(nr_splitmix64(hash) >> 11) * 0x1p-53;
}

/* Box and Muller 1958. */
static double normal(uint64_t hash)
{
    double radius = sqrt(-2 * log(1 - uniform(hash)));
    return radius * cos(6.283185307179586 * uniform(hash ^ UINT64_C(0x5DEECE66D)));
}

/* block + noise |block| g / sqrt(length), L2 norm 1 again. */
static bool add_noise(double noise, uint64_t hash, struct nr_block *block, struct nr_arena *mem)
{
    double squares = 0;
    size_t terms = block->terms.count, length = block->length;
    float *values = nr_arena_alloc(mem, length + 1, sizeof *values);
    struct nr_term *items = nr_arena_alloc(mem, terms + 1, sizeof *items);
    if (!values || !items)
        return false;
    for (size_t i = 0; i < length; i++) {
        values[i] = (float)(block->values[i] + noise * normal(hash + i) / sqrt((double)length));
        squares += (double)values[i] * values[i];
    }
    for (size_t i = 0; i < length && squares > 0; i++)
        values[i] = (float)(values[i] / sqrt(squares));
    for (size_t i = 0; i < terms; i++)
        items[i] = (struct nr_term){block->terms.items[i].name,
                                    block->terms.items[i].weight + noise * normal(hash + i) / sqrt((double)terms)};
    *block = (struct nr_block){length ? values : NULL, length, {terms ? items : NULL, terms}};
    nr_terms_normalise(&block->terms);
    return true;
}

enum nr_status nr_perturb_items(const struct nr_perturbation *p, struct nr_item_list *items, struct nr_arena *mem,
                                struct nr_error *err)
{
    for (size_t i = 0; i < items->count; i++)
        for (size_t b = 0; b < NR_BLOCK_COUNT; b++) {
            struct nr_block *block = &items->items[i].blocks[b];
            const char *id = items->items[i].video_id;
            uint64_t hash = nr_fnv1a(nr_splitmix64(p->seed + b), id, strlen(id));
            if (!nr_block_present(block))
                continue;
            if ((p->without >> b & 1) || uniform(hash) < p->drop)
                *block = (struct nr_block){.values = NULL};
            else if (p->noise > 0 && !add_noise(p->noise, nr_splitmix64(hash), block, mem))
                return nr_fail_nomem(err, "blocks with noise");
        }
    return NR_OK;
}
