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
    picker->pool = malloc((pool + 1) * sizeof *picker->pool);
    picker->nearest = malloc((pool + 1) * sizeof *picker->nearest);
    return picker->picked && picker->used && picker->pool && picker->nearest ? NR_OK : nr_fail_nomem(err, "a list");
}

void nr_picker_release(struct nr_picker *picker)
{
    free(picker->picked);
    free(picker->used);
    free(picker->pool);
    free(picker->nearest);
    free(picker->rest);
}

/* ---- picking --------------------------------------------------------------------------- */

static double alike(const struct nr_picking *picking, uint32_t a, uint32_t b, bool *same)
{
    const struct nr_match_index *index = picking->index;
    double above = index->params->lists.duplicates_above;
    bool content;
    double mean = nr_match_alike(index, index->items[a], index->items[b], &content);
    *same = content && mean > above + ROUNDING; /* false where `above` is NAN */
    return mean;
}

static void take(const struct nr_picking *picking, struct nr_picker *picker, struct nr_scored_item entry)
{
    nr_caps_count(&picking->caps, picker->used, entry.item);
    picker->picked[picker->count++] = entry;
}

bool nr_pick_may_follow(const struct nr_picking *picking, const struct nr_picker *picker, size_t item)
{
    return nr_caps_allow(&picking->caps, picker->used, item);
}

static bool is_duplicate(const struct nr_picking *picking, const struct nr_picker *picker, uint32_t item)
{
    bool same = false;
    for (size_t p = 0; p < picker->count && !same; p++)
        alike(picking, picker->picked[p].item, item, &same);
    return same;
}

void nr_pick_in_order(const struct nr_picking *picking, struct nr_picker *picker, const struct nr_scored_item *entries,
                      size_t count)
{
    bool watch = !isnan(picking->index->params->lists.duplicates_above);
    for (size_t i = 0; i < count && picker->count < picking->wanted; i++)
        if (nr_pick_may_follow(picking, picker, entries[i].item) &&
            !(watch && is_duplicate(picking, picker, entries[i].item)))
            take(picking, picker, entries[i]);
}

/* Notes how near each entry of the pool is to one of the picked. */
static void look_round(const struct nr_picking *picking, struct nr_picker *picker, size_t count, size_t picked)
{
    double *nearest = picker->nearest;
    for (size_t i = 0; i < count; i++) {
        bool same;
        if (isnan(nearest[i]))
            continue;
        double now = alike(picking, picker->picked[picked].item, picker->pool[i].item, &same);
        nearest[i] = same ? NAN : fmax(nearest[i], now);
    }
}

/* The entry with the greatest marginal relevance, equal ones by their place; SIZE_MAX: none. */
static size_t find_best(const struct nr_picking *picking, const struct nr_picker *picker, size_t count)
{
    double mmr = picking->index->params->mmr, most = -INFINITY;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        double near = picker->nearest[i];
        if (isnan(near))
            continue;
        double value = mmr * picker->pool[i].score - (1 - mmr) * (picker->count ? near : 0);
        if (value > most) {
            most = value;
            best = i;
        }
    }
    return best;
}

static void pick_from_pool(const struct nr_picking *picking, struct nr_picker *picker, size_t count)
{
    for (size_t i = 0; i < count; i++)
        picker->nearest[i] = -INFINITY;
    for (size_t p = 0; p < picker->count; p++)
        look_round(picking, picker, count, p);
    while (picker->count < picking->wanted) {
        size_t best = find_best(picking, picker, count);
        if (best == SIZE_MAX)
            return;
        picker->nearest[best] = NAN;
        if (!nr_pick_may_follow(picking, picker, picker->pool[best].item))
            continue;
        take(picking, picker, picker->pool[best]);
        if (picker->count < picking->wanted)
            look_round(picking, picker, count, picker->count - 1);
    }
}

static void pick_diverse(const struct nr_picking *picking, struct nr_picker *picker,
                         const struct nr_scored_item *entries, size_t count)
{
    for (size_t at = 0; at < count && picker->count < picking->wanted;) {
        size_t pool = 0;
        for (; at < count && pool < picking->pool; at++)
            if (nr_pick_may_follow(picking, picker, entries[at].item))
                picker->pool[pool++] = entries[at];
        pick_from_pool(picking, picker, pool);
    }
}

void nr_pick_begin(struct nr_picker *picker)
{
    picker->count = 0;
}

void nr_pick_from(const struct nr_picking *picking, struct nr_picker *picker, const struct nr_scored_item *entries,
                  size_t count)
{
    if (picking->index->params->mmr < 1)
        pick_diverse(picking, picker, entries, count);
    else
        nr_pick_in_order(picking, picker, entries, count);
}

void nr_pick_end(const struct nr_picking *picking, struct nr_picker *picker)
{
    for (size_t p = 0; p < picker->count; p++)
        nr_caps_forget(&picking->caps, picker->used, picker->picked[p].item);
}
