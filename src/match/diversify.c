/* diversify.c - see diversify.h. */
#include "match/diversify.h"

#include <string.h>

#include "match/similarity.h"

#include "core/banned.h"

/* The best of entries[from .. count): equal ones by their place. */
static size_t pick(double mmr, const struct nr_scored_item *entries, const double *nearest, size_t from, size_t count)
{
    size_t best = from;
    double most = mmr * entries[from].score - (1 - mmr) * nearest[from];
    for (size_t i = from + 1; i < count; i++) {
        double value = mmr * entries[i].score - (1 - mmr) * nearest[i];
        if (value > most) {
            most = value;
            best = i;
        }
    }
    return best;
}

void nr_match_diversify(const struct nr_match_index *index, struct nr_scored_item *entries, size_t count, size_t wanted,
                        double *nearest)
{
    for (size_t i = 0; i < count; i++)
        nearest[i] = 0;
    for (size_t at = 0; at < wanted && at < count; at++) {
        size_t best = pick(index->params->mmr, entries, nearest, at, count);
        struct nr_scored_item picked = entries[best];
        memmove(entries + at + 1, entries + at, (best - at) * sizeof *entries);
        memmove(nearest + at + 1, nearest + at, (best - at) * sizeof *nearest);
        entries[at] = picked;
        for (size_t i = at + 1; i < count; i++) {
            double alike =
                nr_match_similarity(index->weights, index->items[picked.item], index->items[entries[i].item], NULL);
            nearest[i] = at == 0 || alike > nearest[i] ? alike : nearest[i];
        }
    }
}
