/* pick.c - see pick.h. */
#include "match/pick.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "match/alike.h"

#include "core/banned.h"

#define ROUNDING 1e-6 /* of float32 vectors: equal ones have no cosine above 1 by more */

bool nr_picking_needed(const struct nr_match_params *params)
{
    return params->mmr < 1 || params->lists.cap_count || !isnan(params->lists.duplicates_above);
}

size_t nr_picking_pool(const struct nr_match_params *params)
{
    return nr_picking_needed(params) ? NR_MMR_POOL * params->k : params->k;
}

enum nr_status nr_picking_init(struct nr_picking *picking, const struct nr_match_index *index, struct nr_error *err)
{
    *picking = (struct nr_picking){.index = index, .pool = nr_picking_pool(index->params)};
    picking->wanted = index->params->k < index->count ? index->params->k : index->count;
    if (!nr_picking_needed(index->params))
        return NR_OK;
    enum nr_status status = nr_caps_init(&picking->caps, index, err);
    if (!status && picking->caps.most < picking->wanted)
        picking->wanted = picking->caps.most;
    return status;
}

void nr_picking_release(struct nr_picking *picking)
{
    nr_caps_release(&picking->caps);
}

enum nr_status nr_picker_init(struct nr_picker *picker, const struct nr_picking *picking, struct nr_error *err)
{
    size_t most = picking->index->count, pool = picking->pool < most ? picking->pool : most;
    picker->picked = malloc((picking->wanted + 1) * sizeof *picker->picked);
    picker->used = calloc(picking->caps.values + 1, sizeof *picker->used);
    picker->nearest = malloc((pool + 1) * sizeof *picker->nearest);
    return picker->picked && picker->used && picker->nearest ? NR_OK : nr_fail_nomem(err, "a list");
}

void nr_picker_release(struct nr_picker *picker)
{
    free(picker->picked);
    free(picker->used);
    free(picker->nearest);
}

/* ---- picking --------------------------------------------------------------------------- */

struct list {
    const struct nr_picking *picking;
    struct nr_picker *picker;
    size_t count, wanted;
};

static double alike(const struct list *list, uint32_t a, uint32_t b, bool *same)
{
    const struct nr_match_index *index = list->picking->index;
    double above = index->params->lists.duplicates_above;
    bool content;
    double mean = nr_match_alike(index, index->items[a], index->items[b], &content);
    *same = content && mean > above + ROUNDING; /* false where `above` is NAN */
    return mean;
}

static void take(struct list *list, struct nr_scored_item entry)
{
    nr_caps_count(&list->picking->caps, list->picker->used, entry.item);
    list->picker->picked[list->count++] = entry;
}

static bool may_take(const struct list *list, uint32_t item)
{
    return nr_caps_allow(&list->picking->caps, list->picker->used, item);
}

static bool is_duplicate(const struct list *list, uint32_t item)
{
    bool same = false;
    for (size_t p = 0; p < list->count && !same; p++)
        alike(list, list->picker->picked[p].item, item, &same);
    return same;
}

/* By the scores alone. */
static void pick_in_order(struct list *list, const struct nr_scored_item *entries, size_t count)
{
    bool watch = !isnan(list->picking->index->params->lists.duplicates_above);
    for (size_t i = 0; i < count && list->count < list->wanted; i++)
        if (may_take(list, entries[i].item) && !(watch && is_duplicate(list, entries[i].item)))
            take(list, entries[i]);
}

/* Notes how near each entry of the pool is to what was picked last. */
static void look_round(const struct list *list, const struct nr_scored_item *pool, size_t count, size_t picked)
{
    double *nearest = list->picker->nearest;
    for (size_t i = 0; i < count; i++) {
        bool same;
        if (isnan(nearest[i]))
            continue;
        double now = alike(list, list->picker->picked[picked].item, pool[i].item, &same);
        nearest[i] = same ? NAN : fmax(nearest[i], now);
    }
}

/* The entry with the greatest marginal relevance, equal ones by their place; SIZE_MAX: none. */
static size_t find_best(const struct list *list, const struct nr_scored_item *pool, size_t count)
{
    double mmr = list->picking->index->params->mmr, most = -INFINITY;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        double near = list->picker->nearest[i];
        if (isnan(near))
            continue;
        double value = mmr * pool[i].score - (1 - mmr) * (list->count ? near : 0);
        if (value > most) {
            most = value;
            best = i;
        }
    }
    return best;
}

static void pick_diverse(struct list *list, const struct nr_scored_item *pool, size_t count)
{
    double *nearest = list->picker->nearest;
    for (size_t i = 0; i < count; i++)
        nearest[i] = -INFINITY;
    for (size_t p = 0; p < list->count; p++)
        look_round(list, pool, count, p);
    while (list->count < list->wanted) {
        size_t best = find_best(list, pool, count);
        if (best == SIZE_MAX)
            return;
        bool taken = may_take(list, pool[best].item);
        nearest[best] = NAN;
        if (!taken)
            continue;
        take(list, pool[best]);
        if (list->count < list->wanted)
            look_round(list, pool, count, list->count - 1);
    }
}

size_t nr_pick(const struct nr_picking *picking, struct nr_picker *picker, struct nr_scored_item *entries, size_t count)
{
    const struct nr_match_params *params = picking->index->params;
    struct list list = {picking, picker, 0, picking->wanted};
    if (params->mmr < 1)
        for (size_t from = 0; from < count && list.count < list.wanted; from += picking->pool)
            pick_diverse(&list, entries + from, count - from < picking->pool ? count - from : picking->pool);
    else
        pick_in_order(&list, entries, count);
    for (size_t p = 0; p < list.count; p++) {
        nr_caps_forget(&picking->caps, picker->used, picker->picked[p].item);
        entries[p] = picker->picked[p];
    }
    return list.count;
}
