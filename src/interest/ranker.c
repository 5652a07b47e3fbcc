/* ranker.c - see ranker.h. */
#include "interest/ranker.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

void nr_ranker_free(void *state)
{
    struct nr_ranker *r = state;
    if (!r)
        return;
    nr_stack_release(&r->stack);
    nr_booster_free(r->booster);
    free(r->weights);
    free(r);
}

enum nr_status nr_ranker_fit(const struct nr_ranker_kind *kind, const struct nr_model_params *params,
                             const struct nr_pairs *pairs, unsigned threads, void **state, struct nr_error *err)
{
    struct nr_ranker *r = calloc(1, sizeof *r);
    struct nr_examples examples;
    *state = r;
    if (!r)
        return nr_fail_nomem(err, "a model");
    *r = (struct nr_ranker){.kind = kind, .params = params, .threads = threads ? threads : nr_cpu_count()};
    enum nr_status status = nr_examples_make(params, pairs, r->threads, &examples, err);
    if (status)
        nr_fail_prefix(err, status, "%s", kind->name);
    r->width = examples.width;
    memcpy(r->names, examples.names, sizeof r->names);
    if (!status)
        status = kind->learn(r, &examples, err);
    if (!status) { /* score() cannot fail: what it does must work */
        double said;
        status = kind->score(r, examples.rows, 1, &said, err);
    }
    nr_examples_release(&examples);
    return status ? status : nr_stack_fit(params, pairs, r->threads, &r->stack, err);
}

enum nr_status nr_ranker_grow(const struct nr_ranker *ranker, const struct nr_examples *examples, const bool *groups,
                              struct nr_booster **out, struct nr_error *err)
{
    const struct nr_trees_params *trees = &ranker->params->trees;
    const struct nr_booster_params params = {.rounds = trees->rounds,
                                             .depth = trees->depth,
                                             .rate = trees->rate,
                                             .min_weight = trees->min_weight,
                                             .column_share = trees->column_share};
    size_t width = examples->width, kept = 0;
    const char *names[NR_STACK_WIDTH_MAX];
    for (size_t f = 0; f < width; f++)
        names[f] = examples->names[f];
    if (!groups) {
        const struct nr_booster_data data = {examples->rows, examples->labels, examples->count, width, names};
        return nr_booster_fit(&params, &data, out, err);
    }
    float *rows = malloc((examples->count * width + 1) * sizeof *rows);
    float *labels = malloc((examples->count + 1) * sizeof *labels);
    enum nr_status status = rows && labels ? NR_OK : nr_fail_nomem(err, "examples");
    for (size_t g = 0; g < examples->group_count && !status; g++) {
        size_t start = examples->starts[g], count = examples->starts[g + 1] - start;
        if (!groups[g])
            continue;
        memcpy(rows + kept * width, examples->rows + start * width, count * width * sizeof *rows);
        memcpy(labels + kept, examples->labels + start, count * sizeof *labels);
        kept += count;
    }
    const struct nr_booster_data data = {rows, labels, kept, width, names};
    if (!status)
        status = nr_booster_fit(&params, &data, out, err);
    free(rows);
    free(labels);
    return status;
}

size_t nr_ranker_scratch(const void *state)
{
    return nr_stack_scratch(&((const struct nr_ranker *)state)->stack);
}

void nr_ranker_score(const void *state, size_t user, double *scores, double *scratch)
{
    const struct nr_ranker *r = state;
    struct nr_candidates c;
    struct nr_error err;
    for (size_t i = 0; i < r->stack.pairs->item_count; i++)
        scores[i] = NR_NO_SCORE;
    enum nr_status status = nr_stack_candidates(&r->stack, user, r->params->trees.candidates, scratch, &c, &err);
    double *said = status || !c.count ? NULL : malloc(c.count * sizeof *said);
    if (said && r->kind->score(r, c.rows, c.count, said, &err) == NR_OK)
        for (size_t i = 0; i < c.count; i++)
            scores[c.items[i]] = said[i];
    free(said);
    nr_candidates_release(&c);
}

double nr_ranker_owed(const void *state, size_t user, size_t place, uint32_t item)
{
    const struct nr_stack *stack = &((const struct nr_ranker *)state)->stack;
    for (size_t b = 0; b < stack->bases; b++)
        if (stack->models[b]->owed)
            return stack->models[b]->owed(stack->states[b], user, place, item);
    return 0;
}

/* ---- parts --------------------------------------------------------------------------------------- */

bool nr_parts_make(struct nr_model_parts *parts, size_t room, struct nr_arena *mem)
{
    *parts = (struct nr_model_parts){nr_arena_alloc(mem, room + 1, sizeof *parts->items), 0};
    return parts->items != NULL;
}

void nr_parts_add(struct nr_model_parts *parts, const char *name, double value)
{
    if (value != 0)
        parts->items[parts->count++] = (struct nr_part){name, value};
}

static int by_number(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

enum nr_status nr_ranker_parts(const void *state, size_t user, const uint32_t *items, size_t count, double *scratch,
                               struct nr_arena *mem, struct nr_model_parts *out, struct nr_error *err)
{
    const struct nr_ranker *r = state;
    struct nr_candidates c;
    size_t *places = malloc((count + 1) * sizeof *places);
    enum nr_status status = nr_stack_candidates(&r->stack, user, r->params->trees.candidates, scratch, &c, err);
    if (!status && !places)
        status = nr_fail_nomem(err, "parts");
    for (size_t i = 0; i < count && !status; i++) {
        const uint32_t *found = c.count ? bsearch(&items[i], c.items, c.count, sizeof *c.items, by_number) : NULL;
        places[i] = found ? (size_t)(found - c.items) : 0;
        if (!found)
            status = nr_fail(err, NR_ERR_INTERNAL, "parts of a video that has no score");
    }
    if (!status)
        status = r->kind->parts(r, &c, places, count, mem, out, err);
    nr_candidates_release(&c);
    free(places);
    return status;
}
