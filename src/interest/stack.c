/* stack.c - see stack.h. */
#include "interest/stack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interest/model_table.h"

#include "core/banned.h"

enum { TREND_PARTS = 10 };

/* ---- fitting ------------------------------------------------------------------------------ */

static void add_base(struct nr_stack *stack, const struct nr_model *model, const struct nr_model_params *params,
                     const char *name)
{
    snprintf(stack->names[stack->bases], sizeof stack->names[0], "%s", name);
    stack->models[stack->bases] = model;
    stack->params[stack->bases++] = *params;
}

/* What is known of the videos themselves: their tags and every block that one of them has. */
static void add_content(struct nr_stack *stack, const struct nr_model_params *params)
{
    struct nr_model_params other = *params;
    add_base(stack, &nr_model_tags_nb, params, nr_model_tags_nb.name);
    for (int b = 0; b < NR_BLOCK_COUNT; b++) {
        bool dense = nr_block_defs[b].kind != NR_BLOCK_SPARSE;
        if (b == NR_BLOCK_BEHAVIOUR || (dense && !nr_block_length(stack->pairs, b)))
            continue;
        other.block.id = b;
        add_base(stack, &nr_model_block, &other, nr_block_defs[b].name);
    }
}

/* Each model once; of those that look at what is recent also with other half-lives. With
 * records content-map, which is ials but for videos that few have watched. */
static void choose_bases(struct nr_stack *stack, const struct nr_model_params *params)
{
    struct nr_model_params other = *params;
    const struct nr_model *factors = stack->pairs->records ? &nr_model_content_map : &nr_model_ials;
    add_base(stack, &nr_model_popularity, params, "popularity");
    add_base(stack, &nr_model_item_knn, params, "item-knn");
    add_base(stack, &nr_model_ease, params, "ease");
    add_base(stack, &nr_model_ease_recent, params, "ease-recent");
    other.ease_recent.half_life = params->ease_recent.half_life / 5;
    add_base(stack, &nr_model_ease_recent, &other, "ease-recent short");
    add_base(stack, factors, params, factors->name);
    add_base(stack, &nr_model_transitions, params, "transitions");
    other.transitions.half_life = 4 * params->transitions.half_life;
    other.transitions.window = 4 * params->transitions.window;
    add_base(stack, &nr_model_transitions, &other, "transitions long");
    if (stack->pairs->records)
        add_content(stack, params);
    stack->width = 2 * stack->bases + NR_STACK_OWN;
}

void nr_stack_feature_name(const struct nr_stack *stack, size_t feature, char out[NR_STACK_NAME_MAX])
{
    static const char *const own[NR_STACK_OWN] = {"viewers", "trend", "age", "last seen", "history", "lists"};
    if (feature < 2 * stack->bases)
        snprintf(out, NR_STACK_NAME_MAX, "%s%s", stack->names[feature / 2], feature % 2 ? " rank" : "");
    else
        snprintf(out, NR_STACK_NAME_MAX, "%s", own[feature - 2 * stack->bases]);
}

static enum nr_status fit_items(struct nr_stack *stack, struct nr_error *err)
{
    const struct nr_pairs *pairs = stack->pairs;
    size_t items = pairs->item_count + 1, count = pairs->starts[pairs->user_count];
    int64_t earliest = INT64_MAX, since;
    stack->watchers = calloc(items, sizeof *stack->watchers);
    stack->recent = calloc(items, sizeof *stack->recent);
    stack->first = malloc(items * sizeof *stack->first);
    stack->last = malloc(items * sizeof *stack->last);
    if (!stack->watchers || !stack->recent || !stack->first || !stack->last)
        return nr_fail_nomem(err, "the videos' popularity");
    for (size_t i = 0; i < items; i++)
        stack->first[i] = stack->last[i] = NR_TIME_NONE;
    for (size_t p = 0; p < count; p++)
        if (pairs->pairs[p].time != NR_TIME_NONE && pairs->pairs[p].time < earliest)
            earliest = pairs->pairs[p].time;
    since = earliest == INT64_MAX ? INT64_MAX : pairs->last_time - (pairs->last_time - earliest) / TREND_PARTS;
    for (size_t p = 0; p < count; p++) {
        const struct nr_pair *pair = &pairs->pairs[p];
        stack->watchers[pair->item]++;
        if (pair->time == NR_TIME_NONE)
            continue;
        stack->recent[pair->item] += pair->time >= since;
        if (stack->first[pair->item] == NR_TIME_NONE || pair->time < stack->first[pair->item])
            stack->first[pair->item] = pair->time;
        if (pair->time > stack->last[pair->item])
            stack->last[pair->item] = pair->time;
    }
    return NR_OK;
}

/* The bases of EASE have one system, which is inverted once. */
static enum nr_status fit_base(struct nr_stack *stack, size_t base, unsigned threads, struct nr_error *err)
{
    const struct nr_model_params *params = &stack->params[base];
    if (stack->models[base] == &nr_model_ease_recent && params->ease_recent.lambda == params->ease.lambda)
        for (size_t b = 0; b < base; b++)
            if (stack->models[b] == &nr_model_ease)
                return nr_ease_share(stack->states[b], &params->ease_recent, &stack->states[base], err);
    return stack->models[base]->fit(params, stack->pairs, threads, &stack->states[base], err);
}

enum nr_status nr_stack_fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                            struct nr_stack *out, struct nr_error *err)
{
    *out = (struct nr_stack){.pairs = pairs};
    choose_bases(out, params);
    enum nr_status status = fit_items(out, err);
    for (size_t b = 0; b < out->bases && !status; b++)
        status = fit_base(out, b, threads, err);
    return status;
}

void nr_stack_release(struct nr_stack *stack)
{
    for (size_t b = stack->bases; b-- > 0;) /* later ones borrow from those before */
        stack->models[b]->free(stack->states[b]);
    free(stack->watchers);
    free(stack->recent);
    free(stack->first);
    free(stack->last);
    *stack = (struct nr_stack){.pairs = NULL};
}

/* ---- candidates ------------------------------------------------------------------------------ */

struct looking {
    const struct nr_stack *stack;
    size_t user, most;
    double *scores; /* bases x items */
    double *rest;   /* scratch of a base; then ranks */
    double mean[NR_STACK_BASES_MAX], spread[NR_STACK_BASES_MAX];
    float *ranks; /* bases x items: 0: not among the best */
    bool *chosen; /* by item */
    struct nr_scored_item *best;
};

size_t nr_stack_scratch(const struct nr_stack *stack)
{
    size_t most = 0;
    for (size_t b = 0; b < stack->bases; b++) {
        size_t own = stack->models[b]->scratch ? stack->models[b]->scratch(stack->states[b]) : 0;
        most = own > most ? own : most;
    }
    return stack->bases * stack->pairs->item_count + most;
}

static void hide_known(const struct looking *l, double *scores)
{
    const struct nr_pairs *pairs = l->stack->pairs;
    for (size_t p = pairs->starts[l->user]; p < pairs->starts[l->user + 1]; p++)
        scores[pairs->pairs[p].item] = NR_NO_SCORE;
}

static void measure(struct looking *l, size_t base, const double *scores)
{
    double sum = 0, squares = 0;
    size_t items = l->stack->pairs->item_count, count = 0;
    for (size_t i = 0; i < items; i++)
        if (scores[i] > NR_NO_SCORE) {
            sum += scores[i];
            count++;
        }
    l->mean[base] = count ? sum / (double)count : 0;
    for (size_t i = 0; i < items; i++)
        if (scores[i] > NR_NO_SCORE)
            squares += (scores[i] - l->mean[base]) * (scores[i] - l->mean[base]);
    l->spread[base] = squares > 0 ? sqrt(squares / (double)count) : 1;
}

static void look_at(struct looking *l, size_t base)
{
    const struct nr_stack *stack = l->stack;
    size_t items = stack->pairs->item_count, count = 0;
    size_t most = stack->models[base] == &nr_model_block ? (l->most + 2) / 3 : l->most;
    double *scores = l->scores + base * items;
    stack->models[base]->score(stack->states[base], l->user, scores, l->rest);
    hide_known(l, scores);
    measure(l, base, scores);
    for (size_t i = 0; i < items; i++)
        if (scores[i] > NR_NO_SCORE)
            nr_scored_push(l->best, &count, most, (struct nr_scored_item){scores[i], (uint32_t)i});
    nr_scored_sort(l->best, count);
    for (size_t i = 0; i < count; i++) {
        l->ranks[base * items + l->best[i].item] = (float)(i + 1);
        l->chosen[l->best[i].item] = true;
    }
}

static float days_between(int64_t from, int64_t to)
{
    return from == NR_TIME_NONE || to == NR_TIME_NONE ? NAN : (float)log1p(fabs((double)(to - from)) / 86400e3);
}

static void put_features(const struct looking *l, size_t item, float *out)
{
    const struct nr_stack *stack = l->stack;
    const struct nr_pairs *pairs = stack->pairs;
    size_t items = pairs->item_count, end = pairs->starts[l->user + 1], count = end - pairs->starts[l->user], among = 0;
    int64_t now = count ? pairs->pairs[end - 1].time : NR_TIME_NONE;
    for (size_t b = 0; b < stack->bases; b++) {
        double score = l->scores[b * items + item];
        float rank = l->ranks[b * items + item];
        bool scored = score > NR_NO_SCORE;
        among += rank > 0;
        *out++ = scored ? (float)((score - l->mean[b]) / l->spread[b]) : NAN;
        *out++ = scored ? log2f(1 + (rank > 0 ? rank : 2 * (float)l->most)) : NAN;
    }
    *out++ = (float)log1p(stack->watchers[item]);
    *out++ = (float)log((1 + stack->recent[item]) / (1 + stack->watchers[item] / TREND_PARTS));
    *out++ = days_between(stack->first[item], now);
    *out++ = days_between(stack->last[item], now);
    *out++ = (float)log1p((double)count);
    *out++ = (float)among;
}

enum nr_status nr_stack_candidates(const struct nr_stack *stack, size_t user, size_t most, double *scratch,
                                   struct nr_candidates *out, struct nr_error *err)
{
    size_t items = stack->pairs->item_count, room = most * stack->bases;
    struct looking l = {.stack = stack, .user = user, .most = most, .scores = scratch};
    l.rest = scratch + stack->bases * items;
    l.ranks = calloc(stack->bases * items + 1, sizeof *l.ranks);
    l.chosen = calloc(items + 1, sizeof *l.chosen);
    l.best = malloc((most + 1) * sizeof *l.best);
    room = room < items ? room : items;
    *out = (struct nr_candidates){malloc((room + 1) * sizeof *out->items),
                                  malloc((room + 1) * stack->width * sizeof *out->rows), 0};
    enum nr_status status =
        l.ranks && l.chosen && l.best && out->items && out->rows ? NR_OK : nr_fail_nomem(err, "candidates");
    for (size_t b = 0; b < stack->bases && !status; b++)
        look_at(&l, b);
    for (size_t i = 0; i < items && !status; i++)
        if (l.chosen[i]) {
            put_features(&l, i, out->rows + out->count * stack->width);
            out->items[out->count++] = (uint32_t)i;
        }
    free(l.ranks);
    free(l.chosen);
    free(l.best);
    return status;
}

void nr_candidates_release(struct nr_candidates *candidates)
{
    free(candidates->items);
    free(candidates->rows);
    *candidates = (struct nr_candidates){NULL, NULL, 0};
}
