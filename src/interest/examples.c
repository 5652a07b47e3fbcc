/* examples.c - see examples.h. */
#include "interest/examples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/inner_split.h"

#include "core/banned.h"

enum { GROUPS_MAX = 4000 /* users of a slice */, NDCG_DEPTH = 10 };

/* One inner slice. */
struct slice {
    const struct nr_stack *stack;
    const struct nr_pairs *held;
    size_t most;
    uint32_t *users;
    size_t user_count;
    struct nr_candidates *candidates; /* of each of the users */
    double **scratch;                 /* of each worker */
    bool failed;
};

static void find_candidates(void *ctx, size_t index, unsigned worker)
{
    struct slice *s = ctx;
    struct nr_error err;
    if (nr_stack_candidates(s->stack, s->users[index], s->most, s->scratch[worker], &s->candidates[index], &err))
        s->failed = true; /* no memory; told behind the loop */
}

static bool is_held(const struct nr_pairs *held, size_t user, uint32_t item)
{
    for (size_t p = held->starts[user]; p < held->starts[user + 1]; p++)
        if (held->pairs[p].item == item)
            return true;
    return false;
}

static enum nr_status make_room(struct nr_examples *e, size_t rows, struct nr_error *err)
{
    if (rows > e->row_room) {
        e->row_room = 2 * rows;
        float *new_rows = realloc(e->rows, e->row_room * e->width * sizeof *new_rows);
        e->rows = new_rows ? new_rows : e->rows;
        float *labels = realloc(e->labels, e->row_room * sizeof *labels);
        e->labels = labels ? labels : e->labels;
        if (!new_rows || !labels)
            return nr_fail_nomem(err, "examples");
    }
    if (e->group_count + 1 < e->group_room)
        return NR_OK;
    e->group_room = 2 * e->group_room + 64;
    size_t *starts = realloc(e->starts, e->group_room * sizeof *starts);
    e->starts = starts ? starts : e->starts;
    uint32_t *users = realloc(e->users, e->group_room * sizeof *users);
    e->users = users ? users : e->users;
    size_t *held = realloc(e->held, e->group_room * sizeof *held);
    e->held = held ? held : e->held;
    return starts && users && held ? NR_OK : nr_fail_nomem(err, "examples");
}

static enum nr_status add_user(struct nr_examples *e, const struct slice *s, size_t index, struct nr_error *err)
{
    const struct nr_candidates *c = &s->candidates[index];
    uint32_t user = s->users[index];
    bool any = false;
    enum nr_status status = make_room(e, e->count + c->count, err);
    if (status)
        return status;
    for (size_t i = 0; i < c->count; i++) {
        bool held = is_held(s->held, user, c->items[i]);
        e->labels[e->count + i] = held;
        any |= held;
    }
    if (!any)
        return NR_OK;
    memcpy(e->rows + e->count * e->width, c->rows, c->count * e->width * sizeof *e->rows);
    e->users[e->group_count] = user;
    e->held[e->group_count] = s->held->starts[user + 1] - s->held->starts[user];
    e->starts[e->group_count++] = e->count;
    e->count += c->count;
    e->starts[e->group_count] = e->count;
    return NR_OK;
}

/* The users who have something held out, at most GROUPS_MAX, at even distances. */
static enum nr_status choose_users(const struct nr_inner *inner, struct slice *s, struct nr_error *err)
{
    size_t able = 0;
    s->users = malloc((inner->held.user_count + 1) * sizeof *s->users);
    if (!s->users)
        return nr_fail_nomem(err, "examples");
    for (size_t u = 0; u < inner->held.user_count; u++)
        if (inner->held.starts[u + 1] > inner->held.starts[u] && inner->known.starts[u + 1] > inner->known.starts[u])
            s->users[able++] = (uint32_t)u;
    for (size_t i = 0; i < able; i++)
        if (able <= GROUPS_MAX || i * GROUPS_MAX / able >= s->user_count)
            s->users[s->user_count++] = s->users[i];
    return NR_OK;
}

static enum nr_status add_slice(struct nr_examples *e, struct slice *s, unsigned threads, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    s->candidates = calloc(s->user_count + 1, sizeof *s->candidates);
    s->scratch = calloc(threads, sizeof *s->scratch);
    if (!s->candidates || !s->scratch)
        status = nr_fail_nomem(err, "examples");
    for (unsigned t = 0; t < threads && !status; t++)
        if (!(s->scratch[t] = malloc((nr_stack_scratch(s->stack) + 1) * sizeof **s->scratch)))
            status = nr_fail_nomem(err, "examples");
    if (!status)
        nr_parallel(threads, s->user_count, find_candidates, s);
    if (!status && s->failed)
        status = nr_fail_nomem(err, "candidates");
    for (size_t i = 0; i < s->user_count && !status; i++)
        status = add_user(e, s, i, err);
    for (size_t i = 0; i < s->user_count && s->candidates; i++)
        nr_candidates_release(&s->candidates[i]);
    for (unsigned t = 0; t < threads && s->scratch; t++)
        free(s->scratch[t]);
    free(s->candidates);
    free(s->scratch);
    return status;
}

static enum nr_status add_fold(struct nr_examples *e, const struct nr_model_params *params,
                               const struct nr_pairs *pairs, size_t fold, unsigned threads, struct nr_error *err)
{
    struct nr_inner inner;
    struct nr_stack stack = {.pairs = NULL};
    struct slice slice = {.stack = &stack, .held = &inner.held, .most = params->trees.candidates};
    enum nr_status status = nr_inner_split(pairs, params->trees.inner, fold, &inner, err);
    if (!status)
        status = nr_stack_fit(params, &inner.known, threads, &stack, err);
    if (!status)
        status = choose_users(&inner, &slice, err);
    e->width = stack.width;
    for (size_t f = 0; f < stack.width; f++)
        nr_stack_feature_name(&stack, f, e->names[f]);
    if (!status)
        status = add_slice(e, &slice, threads, err);
    free(slice.users);
    nr_stack_release(&stack);
    nr_inner_release(&inner);
    return status;
}

enum nr_status nr_examples_make(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                                struct nr_examples *out, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    *out = (struct nr_examples){.rows = NULL};
    for (size_t fold = 0; fold < params->trees.folds && !status; fold++)
        status = add_fold(out, params, pairs, fold, threads, err);
    if (!status && !out->count)
        status = nr_fail(err, NR_ERR_DATA, "too little behaviour to hold some of it out and learn from it");
    return status;
}

void nr_examples_release(struct nr_examples *examples)
{
    free(examples->rows);
    free(examples->labels);
    free(examples->starts);
    free(examples->users);
    free(examples->held);
    *examples = (struct nr_examples){.rows = NULL};
}

/* ---- NDCG -------------------------------------------------------------------------------------- */

static double group_ndcg(const struct nr_examples *e, size_t group, const double *scores)
{
    struct nr_scored_item best[NDCG_DEPTH + 1];
    size_t count = 0;
    double gain = 0, ideal = 0;
    for (size_t r = e->starts[group]; r < e->starts[group + 1]; r++)
        nr_scored_push(best, &count, NDCG_DEPTH, (struct nr_scored_item){scores[r], (uint32_t)(r - e->starts[group])});
    nr_scored_sort(best, count);
    for (size_t i = 0; i < count; i++)
        gain += e->labels[e->starts[group] + best[i].item] / log2(2 + (double)i);
    for (size_t i = 0; i < NDCG_DEPTH && i < e->held[group]; i++)
        ideal += 1 / log2(2 + (double)i);
    return gain / ideal;
}

double nr_examples_ndcg(const struct nr_examples *examples, const double *scores)
{
    double sum = 0;
    for (size_t g = 0; g < examples->group_count; g++)
        sum += group_ndcg(examples, g, scores);
    return examples->group_count ? sum / (double)examples->group_count : 0;
}
