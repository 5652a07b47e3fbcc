/* model_trees.c - a ranker over all other models: they learn from inner slices of the
 * training side, trees learn from how well they foretold the rest, then all learn anew
 * from everything. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/booster.h"
#include "interest/inner_split.h"
#include "interest/model_table.h"
#include "interest/stack.h"

#include "core/banned.h"

enum { GROUPS_MAX = 4000 }; /* users of a slice that trees learn from */

struct trees {
    const struct nr_trees_params *params;
    struct nr_stack stack; /* of all pairs */
    struct nr_booster *booster;
};

/* ---- examples ------------------------------------------------------------------------------- */

/* Rows of the users of a slice who have something to foretell among their candidates. */
struct examples {
    float *rows, *labels;
    size_t count, capacity, width;
};

struct slice {
    const struct nr_stack *stack;
    const struct nr_pairs *held;
    size_t most;
    const uint32_t *users;
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

static enum nr_status add_user(struct examples *e, const struct slice *s, size_t index, struct nr_error *err)
{
    const struct nr_candidates *c = &s->candidates[index];
    size_t hits = 0, need = e->count + c->count;
    for (size_t i = 0; i < c->count; i++)
        hits += is_held(s->held, s->users[index], c->items[i]);
    if (!hits)
        return NR_OK;
    if (need > e->capacity) {
        size_t capacity = 2 * need;
        float *rows = realloc(e->rows, capacity * e->width * sizeof *rows);
        e->rows = rows ? rows : e->rows;
        float *labels = realloc(e->labels, capacity * sizeof *labels);
        e->labels = labels ? labels : e->labels;
        if (!rows || !labels)
            return nr_fail_nomem(err, "examples");
        e->capacity = capacity;
    }
    memcpy(e->rows + e->count * e->width, c->rows, c->count * e->width * sizeof *e->rows);
    for (size_t i = 0; i < c->count; i++)
        e->labels[e->count + i] = is_held(s->held, s->users[index], c->items[i]);
    e->count = need;
    return NR_OK;
}

/* The users who have something held out, at most GROUPS_MAX, at even distances. */
static uint32_t *choose_users(const struct nr_inner *inner, size_t *count)
{
    size_t able = 0, taken = 0, at = 0;
    uint32_t *users = malloc((inner->held.user_count + 1) * sizeof *users);
    for (size_t u = 0; u < inner->held.user_count && users; u++)
        if (inner->held.starts[u + 1] > inner->held.starts[u] && inner->known.starts[u + 1] > inner->known.starts[u])
            users[able++] = (uint32_t)u;
    for (size_t i = 0; i < able && users; i++)
        if (able <= GROUPS_MAX || i * GROUPS_MAX / able >= at) {
            users[taken++] = users[i];
            at++;
        }
    *count = taken;
    return users;
}

static enum nr_status add_examples(struct examples *e, struct slice *s, size_t users, unsigned threads,
                                   struct nr_error *err)
{
    enum nr_status status = NR_OK;
    s->candidates = calloc(users + 1, sizeof *s->candidates);
    s->scratch = calloc(threads, sizeof *s->scratch);
    if (!s->candidates || !s->scratch)
        status = nr_fail_nomem(err, "examples");
    for (unsigned t = 0; t < threads && !status; t++)
        if (!(s->scratch[t] = malloc((nr_stack_scratch(s->stack) + 1) * sizeof **s->scratch)))
            status = nr_fail_nomem(err, "examples");
    if (!status)
        nr_parallel(threads, users, find_candidates, s);
    if (!status && s->failed)
        status = nr_fail_nomem(err, "candidates");
    for (size_t i = 0; i < users && !status; i++)
        status = add_user(e, s, i, err);
    for (size_t i = 0; i < users && s->candidates; i++)
        nr_candidates_release(&s->candidates[i]);
    for (unsigned t = 0; t < threads && s->scratch; t++)
        free(s->scratch[t]);
    free(s->candidates);
    free(s->scratch);
    return status;
}

static enum nr_status add_fold(struct examples *e, const struct nr_model_params *params, const struct nr_pairs *pairs,
                               size_t fold, unsigned threads, struct nr_error *err)
{
    struct nr_inner inner;
    struct nr_stack stack = {.pairs = NULL};
    uint32_t *users = NULL;
    size_t count = 0;
    enum nr_status status = nr_inner_split(pairs, params->trees.inner, fold, &inner, err);
    if (!status)
        status = nr_stack_fit(params, &inner.known, threads, &stack, err);
    if (!status && !(users = choose_users(&inner, &count)))
        status = nr_fail_nomem(err, "examples");
    e->width = stack.width;
    struct slice slice = {.stack = &stack, .held = &inner.held, .most = params->trees.candidates, .users = users};
    if (!status)
        status = add_examples(e, &slice, count, threads, err);
    free(users);
    nr_stack_release(&stack);
    nr_inner_release(&inner);
    return status;
}

/* ---- the model --------------------------------------------------------------------------------- */

static void trees_free(void *state)
{
    struct trees *t = state;
    if (!t)
        return;
    nr_stack_release(&t->stack);
    nr_booster_free(t->booster);
    free(t);
}

static enum nr_status learn(struct trees *t, const struct examples *e, struct nr_error *err)
{
    const struct nr_booster_params params = {.rounds = t->params->rounds,
                                             .depth = t->params->depth,
                                             .rate = t->params->rate,
                                             .min_weight = t->params->min_weight,
                                             .column_share = t->params->column_share};
    const struct nr_booster_data data = {.rows = e->rows, .labels = e->labels, .count = e->count, .width = e->width};
    if (!e->count)
        return nr_fail(err, NR_ERR_DATA, "trees: too little behaviour to hold some of it out and learn from it");
    float said;
    enum nr_status status = nr_booster_fit(&params, &data, &t->booster, err);
    /* score() cannot fail: what it does must work. */
    return status ? status : nr_booster_score(t->booster, e->rows, 1, e->width, &said, err);
}

static enum nr_status fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err)
{
    struct trees *t = calloc(1, sizeof *t);
    struct examples e = {.rows = NULL};
    *state = t;
    if (!t)
        return nr_fail_nomem(err, "a model");
    threads = threads ? threads : nr_cpu_count();
    t->params = &params->trees;
    enum nr_status status = NR_OK;
    for (size_t fold = 0; fold < params->trees.folds && !status; fold++)
        status = add_fold(&e, params, pairs, fold, threads, err);
    if (!status)
        status = learn(t, &e, err);
    if (!status)
        status = nr_stack_fit(params, pairs, threads, &t->stack, err);
    free(e.rows);
    free(e.labels);
    return status;
}

static size_t scratch(const void *state)
{
    return nr_stack_scratch(&((const struct trees *)state)->stack);
}

static void score(const void *state, size_t user, double *scores, double *room)
{
    const struct trees *t = state;
    struct nr_candidates c;
    struct nr_error err;
    for (size_t i = 0; i < t->stack.pairs->item_count; i++)
        scores[i] = NR_NO_SCORE;
    enum nr_status status = nr_stack_candidates(&t->stack, user, t->params->candidates, room, &c, &err);
    float *said = status || !c.count ? NULL : malloc(c.count * sizeof *said);
    if (said && nr_booster_score(t->booster, c.rows, c.count, t->stack.width, said, &err) == NR_OK)
        for (size_t i = 0; i < c.count; i++)
            scores[c.items[i]] = said[i];
    free(said);
    nr_candidates_release(&c);
}

const struct nr_model nr_model_trees = {.name = "trees",
                                        .summary = "boosted trees over what all other models say",
                                        .fit = fit,
                                        .scratch = scratch,
                                        .score = score,
                                        .free = trees_free};
