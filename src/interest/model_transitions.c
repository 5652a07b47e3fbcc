/* model_transitions.c - what follows what in people's sequences. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/model_table.h"

#include "core/banned.h"

struct step {
    uint32_t from, to;
    float weight;
};

struct transitions {
    const struct nr_pairs *pairs;
    const struct nr_transition_params *params;
    size_t *starts; /* by `from` */
    struct step *steps;
    size_t count;
};

static void transitions_free(void *state)
{
    struct transitions *t = state;
    if (!t)
        return;
    free(t->starts);
    free(t->steps);
    free(t);
}

static int by_from_to(const void *a, const void *b)
{
    const struct step *left = a, *right = b;
    int order = (left->from > right->from) - (left->from < right->from);
    if (!order)
        order = (left->to > right->to) - (left->to < right->to);
    return order ? order : (left->weight > right->weight) - (left->weight < right->weight);
}

static size_t count_steps(const struct nr_pairs *pairs, size_t window)
{
    size_t count = 0;
    for (size_t u = 0; u < pairs->user_count; u++) {
        size_t length = pairs->starts[u + 1] - pairs->starts[u];
        for (size_t i = 0; i < length; i++)
            count += length - 1 - i < window ? length - 1 - i : window;
    }
    return count;
}

/* Every pair of places within the window, then equal ones summed up. */
static void collect(struct transitions *t)
{
    const struct nr_pairs *pairs = t->pairs;
    size_t all = 0, kept = 0;
    for (size_t u = 0; u < pairs->user_count; u++)
        for (size_t i = pairs->starts[u]; i < pairs->starts[u + 1]; i++)
            for (size_t j = i + 1; j < pairs->starts[u + 1] && j - i <= t->params->window; j++)
                t->steps[all++] =
                    (struct step){pairs->pairs[i].item, pairs->pairs[j].item, (float)(1.0 / (double)(j - i))};
    if (all > 1)
        qsort(t->steps, all, sizeof *t->steps, by_from_to);
    for (size_t s = 0; s < all; s++) {
        if (kept && t->steps[kept - 1].from == t->steps[s].from && t->steps[kept - 1].to == t->steps[s].to)
            t->steps[kept - 1].weight += t->steps[s].weight;
        else
            t->steps[kept++] = t->steps[s];
    }
    t->count = kept;
}

static enum nr_status damp(struct transitions *t, struct nr_error *err)
{
    double *viewers = calloc(t->pairs->item_count + 1, sizeof *viewers);
    if (!viewers)
        return nr_fail_nomem(err, "what follows what");
    for (size_t p = 0; p < t->pairs->starts[t->pairs->user_count]; p++)
        viewers[t->pairs->pairs[p].item]++;
    for (size_t s = 0; s < t->count; s++) {
        struct step *step = &t->steps[s];
        step->weight = (float)(step->weight / (pow(viewers[step->from], t->params->out_damping) *
                                               pow(viewers[step->to], t->params->in_damping)));
        t->starts[step->from + 1]++;
    }
    for (size_t i = 0; i < t->pairs->item_count; i++)
        t->starts[i + 1] += t->starts[i];
    free(viewers);
    return NR_OK;
}

static enum nr_status fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err)
{
    struct transitions *t = calloc(1, sizeof *t);
    (void)threads;
    *state = t;
    if (!t)
        return nr_fail_nomem(err, "a model");
    t->pairs = pairs;
    t->params = &params->transitions;
    t->starts = calloc(pairs->item_count + 2, sizeof *t->starts);
    t->steps = malloc((count_steps(pairs, t->params->window) + 1) * sizeof *t->steps);
    if (!t->starts || !t->steps)
        return nr_fail_nomem(err, "what follows what");
    collect(t);
    return damp(t, err);
}

/* Of the user's pair at `place`. */
static double weight_of(const struct transitions *t, size_t user, size_t place)
{
    return exp2(-(double)(t->pairs->starts[user + 1] - 1 - place) / t->params->half_life);
}

static void score(const void *state, size_t user, double *scores, double *scratch)
{
    const struct transitions *t = state;
    const struct nr_pairs *pairs = t->pairs;
    size_t end = pairs->starts[user + 1];
    (void)scratch;
    for (size_t i = 0; i < pairs->item_count; i++)
        scores[i] = NR_NO_SCORE;
    for (size_t p = pairs->starts[user]; p < end; p++) {
        double weight = weight_of(t, user, p);
        uint32_t item = pairs->pairs[p].item;
        for (size_t s = t->starts[item]; s < t->starts[item + 1] && weight > 1e-9; s++) {
            double *sum = &scores[t->steps[s].to];
            *sum = (*sum == NR_NO_SCORE ? 0 : *sum) + weight * t->steps[s].weight;
        }
    }
}

static double owed(const void *state, size_t user, size_t place, uint32_t item)
{
    const struct transitions *t = state;
    uint32_t watched = t->pairs->pairs[place].item;
    for (size_t s = t->starts[watched]; s < t->starts[watched + 1]; s++)
        if (t->steps[s].to == item)
            return weight_of(t, user, place) * t->steps[s].weight;
    return 0;
}

const struct nr_model nr_model_transitions = {.name = "transitions",
                                              .summary = "what people watched soon after what a user watched last",
                                              .fit = fit,
                                              .score = score,
                                              .free = transitions_free,
                                              .owed = owed};
