/* model_popularity.c - the videos that most people have watched, of late or ever. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/model_table.h"

#include "core/banned.h"

struct popularity {
    size_t items;
    double scores[]; /* by item */
};

static enum nr_status fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err)
{
    struct popularity *p = calloc(1, sizeof *p + pairs->item_count * sizeof *p->scores);
    const double half_life = params->popularity.half_life_days * 86400e3;
    (void)threads;
    *state = p;
    if (!p)
        return nr_fail_nomem(err, "the videos' popularity");
    p->items = pairs->item_count;
    for (size_t i = 0; i < pairs->starts[pairs->user_count]; i++) {
        const struct nr_pair *pair = &pairs->pairs[i];
        double age = pair->time == NR_TIME_NONE ? 0 : (double)(pairs->last_time - pair->time);
        p->scores[pair->item] += half_life > 0 ? exp2(-age / half_life) : 1;
    }
    return NR_OK;
}

static void score(const void *state, size_t user, double *scores, double *scratch)
{
    const struct popularity *p = state;
    (void)user;
    (void)scratch;
    memcpy(scores, p->scores, p->items * sizeof *scores);
}

const struct nr_model nr_model_popularity = {
    .name = "popularity", .summary = "what most people watched", .fit = fit, .score = score, .free = free};
