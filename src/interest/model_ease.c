/* model_ease.c - which videos, taken together, tell of which: see nightreel/interest_models.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/model_table.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

enum { SIDE_MAX = 40000 }; /* 13 GB of doubles */

struct ease {
    const struct nr_pairs *pairs;
    const struct nr_ease_params *params;
    struct nr_viewers viewers;
    bool by_users;    /* `inverse` is of the users' system, else of the videos' */
    size_t n;         /* rows of it */
    double *inverse;  /* whole */
    double *diagonal; /* by item: lambda P_ii (by users), P_ii (by items) */
};

static void ease_free(void *state)
{
    struct ease *e = state;
    if (!e)
        return;
    nr_viewers_release(&e->viewers);
    free(e->inverse);
    free(e->diagonal);
    free(e);
}

/* XX' or X'X, its lower triangle: rows that have something in common. */
static void fill_gram(struct ease *e)
{
    const struct nr_pairs *pairs = e->pairs;
    for (size_t i = 0; e->by_users && i < pairs->item_count; i++)
        for (size_t a = e->viewers.starts[i]; a < e->viewers.starts[i + 1]; a++)
            for (size_t b = e->viewers.starts[i]; b <= a; b++)
                e->inverse[e->viewers.users[a] * e->n + e->viewers.users[b]] += 1;
    for (size_t u = 0; !e->by_users && u < pairs->user_count; u++)
        for (size_t a = pairs->starts[u]; a < pairs->starts[u + 1]; a++)
            for (size_t b = pairs->starts[u]; b < pairs->starts[u + 1]; b++)
                if (pairs->pairs[b].item <= pairs->pairs[a].item)
                    e->inverse[pairs->pairs[a].item * e->n + pairs->pairs[b].item] += 1;
    for (size_t i = 0; i < e->n; i++)
        e->inverse[i * e->n + i] += e->params->lambda;
}

/* lambda P_ii = 1 - x_i' K x_i, x_i the item's viewers. */
static void fill_diagonal(void *ctx, size_t item, unsigned worker)
{
    struct ease *e = ctx;
    double sum = 0;
    (void)worker;
    if (!e->by_users) {
        e->diagonal[item] = e->inverse[item * e->n + item];
        return;
    }
    for (size_t a = e->viewers.starts[item]; a < e->viewers.starts[item + 1]; a++) {
        const double *row = e->inverse + e->viewers.users[a] * e->n;
        for (size_t b = e->viewers.starts[item]; b < e->viewers.starts[item + 1]; b++)
            sum += row[e->viewers.users[b]];
    }
    e->diagonal[item] = 1 - sum;
}

static enum nr_status fit(const struct nr_ease_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err)
{
    struct ease *e = calloc(1, sizeof *e);
    *state = e;
    if (!e)
        return nr_fail_nomem(err, "a model");
    *e = (struct ease){.pairs = pairs, .params = params, .by_users = pairs->user_count < pairs->item_count};
    e->n = e->by_users ? pairs->user_count : pairs->item_count;
    if (e->n > SIDE_MAX)
        return nr_fail(err, NR_ERR_DATA, "ease: %zu users and %zu videos are too many: one of them must be at most %d",
                       pairs->user_count, pairs->item_count, SIDE_MAX);
    enum nr_status status = nr_viewers_make(pairs, &e->viewers, err);
    e->inverse = calloc(e->n * e->n + 1, sizeof *e->inverse);
    e->diagonal = calloc(pairs->item_count + 1, sizeof *e->diagonal);
    if (!status && (!e->inverse || !e->diagonal))
        status = nr_fail_nomem(err, "a matrix of who watched what");
    if (status)
        return status;
    fill_gram(e);
    if (!nr_invert_spd(e->inverse, e->n))
        return nr_fail(err, NR_ERR_DATA, "ease: the system is singular with lambda %g: take a greater one",
                       params->lambda);
    nr_parallel(threads, pairs->item_count, fill_diagonal, e);
    return NR_OK;
}

/* ---- scores --------------------------------------------------------------------------------- */

/* Of the user's pair at `place`. */
static double weight_of(const struct ease *e, size_t user, size_t place)
{
    size_t from_last = e->pairs->starts[user + 1] - 1 - place;
    return e->params->half_life > 0 ? exp2(-(double)from_last / e->params->half_life) : 1;
}

/* scores = w X' K X, by way of the users: g = X w, h = K g, X' h. */
static void score_by_users(const struct ease *e, size_t user, double *scores, double *scratch)
{
    const struct nr_pairs *pairs = e->pairs;
    double *g = scratch, *h = scratch + e->n;
    memset(g, 0, e->n * sizeof *g);
    for (size_t p = pairs->starts[user]; p < pairs->starts[user + 1]; p++) {
        size_t item = pairs->pairs[p].item;
        double weight = weight_of(e, user, p);
        for (size_t v = e->viewers.starts[item]; v < e->viewers.starts[item + 1]; v++)
            g[e->viewers.users[v]] += weight;
    }
    nr_multiply_symmetric(e->inverse, g, e->n, h);
    for (size_t v = 0; v < pairs->user_count; v++)
        for (size_t p = pairs->starts[v]; p < pairs->starts[v + 1]; p++)
            scores[pairs->pairs[p].item] += h[v];
}

/* scores = w P. */
static void score_by_items(const struct ease *e, size_t user, double *scores)
{
    const struct nr_pairs *pairs = e->pairs;
    for (size_t p = pairs->starts[user]; p < pairs->starts[user + 1]; p++) {
        const double *row = e->inverse + pairs->pairs[p].item * e->n;
        double weight = weight_of(e, user, p);
        for (size_t i = 0; i < e->n; i++)
            scores[i] += weight * row[i];
    }
}

/* (w B)_i = w_i - (w P)_i / P_ii; by users lambda (w P)_i = w_i - (w X' K X)_i. */
static void score(const void *state, size_t user, double *scores, double *scratch)
{
    const struct ease *e = state;
    const struct nr_pairs *pairs = e->pairs;
    memset(scores, 0, pairs->item_count * sizeof *scores);
    if (e->by_users)
        score_by_users(e, user, scores, scratch);
    else
        score_by_items(e, user, scores);
    for (size_t i = 0; i < pairs->item_count; i++)
        scores[i] *= (e->by_users ? 1 : -1) / e->diagonal[i];
    for (size_t p = pairs->starts[user]; p < pairs->starts[user + 1]; p++) {
        size_t item = pairs->pairs[p].item;
        double weight = weight_of(e, user, p);
        scores[item] += weight - (e->by_users ? weight / e->diagonal[item] : 0);
    }
}

static size_t scratch(const void *state)
{
    return 2 * ((const struct ease *)state)->n;
}

static enum nr_status fit_plain(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                                void **state, struct nr_error *err)
{
    return fit(&params->ease, pairs, threads, state, err);
}

static enum nr_status fit_recent(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                                 void **state, struct nr_error *err)
{
    return fit(&params->ease_recent, pairs, threads, state, err);
}

const struct nr_model nr_model_ease = {.name = "ease",
                                       .summary = "a linear autoencoder over all videos at once (EASE)",
                                       .fit = fit_plain,
                                       .scratch = scratch,
                                       .score = score,
                                       .free = ease_free};
const struct nr_model nr_model_ease_recent = {.name = "ease-recent",
                                              .summary = "the same, a user's last videos weighing more",
                                              .fit = fit_recent,
                                              .scratch = scratch,
                                              .score = score,
                                              .free = ease_free};
