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
    bool shared;      /* all of this is another one's: see nr_ease_share */
};

static void ease_free(void *state)
{
    struct ease *e = state;
    if (e && !e->shared) {
        nr_viewers_release(&e->viewers);
        free(e->inverse);
        free(e->diagonal);
    }
    free(e);
}

/* ---- XX' or X'X ----------------------------------------------------------------------------- */

/* Who has what, from both ends: rows are users or videos, columns the others. */
struct incidence {
    const size_t *starts, *column_starts;
    const uint32_t *columns; /* of a row, in any order */
    const uint32_t *rows;    /* of a column, rising */
    uint32_t *counts;        /* n for each worker */
    struct ease *ease;
};

/* How much a row has in common with itself and those before it; whole numbers, so that no
 * order matters. */
static void fill_row(void *ctx, size_t row, unsigned worker)
{
    const struct incidence *w = ctx;
    uint32_t *counts = w->counts + worker * w->ease->n;
    double *out = w->ease->inverse + row * w->ease->n;
    memset(counts, 0, (row + 1) * sizeof *counts);
    for (size_t c = w->starts[row]; c < w->starts[row + 1]; c++) {
        size_t end = w->column_starts[w->columns[c] + 1];
        for (size_t r = w->column_starts[w->columns[c]]; r < end && w->rows[r] <= row; r++)
            counts[w->rows[r]]++;
    }
    for (size_t r = 0; r <= row; r++)
        out[r] = counts[r];
    out[row] += w->ease->params->lambda;
}

/* The videos of users, rising: viewers turned round. */
static void list_items(const struct ease *e, size_t *next, uint32_t *items)
{
    memcpy(next, e->pairs->starts, e->pairs->user_count * sizeof *next);
    for (size_t i = 0; i < e->pairs->item_count; i++)
        for (size_t v = e->viewers.starts[i]; v < e->viewers.starts[i + 1]; v++)
            items[next[e->viewers.users[v]]++] = (uint32_t)i;
}

/* The lower triangle, lambda added. */
static enum nr_status fill_gram(struct ease *e, unsigned threads, struct nr_error *err)
{
    const struct nr_pairs *pairs = e->pairs;
    threads = threads ? threads : nr_cpu_count();
    size_t *next = calloc(pairs->user_count + 1, sizeof *next);
    uint32_t *items = calloc(pairs->starts[pairs->user_count] + 1, sizeof *items);
    struct incidence w = {pairs->starts, e->viewers.starts, items, e->viewers.users, NULL, e};
    w.counts = calloc(threads * e->n + 1, sizeof *w.counts);
    bool failed = !next || !items || !w.counts;
    if (!failed) {
        list_items(e, next, items);
        if (!e->by_users)
            w = (struct incidence){e->viewers.starts, pairs->starts, e->viewers.users, items, w.counts, e};
        nr_parallel(threads, e->n, fill_row, &w);
    }
    free(next);
    free(items);
    free(w.counts);
    return failed ? nr_fail_nomem(err, "a matrix of who watched what") : NR_OK;
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

/* As the model is called, so begin its options. */
static enum nr_status fit(const char *name, const struct nr_ease_params *params, const struct nr_pairs *pairs,
                          unsigned threads, void **state, struct nr_error *err)
{
    struct ease *e = calloc(1, sizeof *e);
    *state = e;
    if (!e)
        return nr_fail_nomem(err, "a model");
    *e = (struct ease){.pairs = pairs, .params = params, .by_users = pairs->user_count < pairs->item_count};
    e->n = e->by_users ? pairs->user_count : pairs->item_count;
    if (e->n > SIDE_MAX)
        return nr_fail(err, NR_ERR_DATA, "%s: %zu users and %zu videos are too many: one of them must be at most %d",
                       name, pairs->user_count, pairs->item_count, SIDE_MAX);
    enum nr_status status = nr_viewers_make(pairs, &e->viewers, err);
    e->inverse = nr_square_new(e->n);
    e->diagonal = calloc(pairs->item_count + 1, sizeof *e->diagonal);
    if (!status && (!e->inverse || !e->diagonal))
        status = nr_fail_nomem(err, "a matrix of who watched what");
    if (!status)
        status = fill_gram(e, threads, err);
    if (status)
        return status;
    if (!nr_invert_spd_threads(e->inverse, e->n, threads))
        return nr_fail(err, NR_ERR_DATA,
                       "%s: the system of %zu %s cannot be solved with lambda %g: give a greater "
                       "--%s-lambda",
                       name, e->n, e->by_users ? "users" : "videos", params->lambda, name);
    nr_parallel(threads, pairs->item_count, fill_diagonal, e);
    return NR_OK;
}

enum nr_status nr_ease_share(const void *state, const struct nr_ease_params *params, void **out, struct nr_error *err)
{
    const struct ease *from = state;
    struct ease *e = malloc(sizeof *e);
    *out = e;
    if (!e)
        return nr_fail_nomem(err, "a model");
    *e = *from;
    e->params = params;
    e->shared = true;
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

/* w_j B_ji = - w_j P_ji / P_ii; by users lambda P_ji = - x_j' K x_i. */
static double owed(const void *state, size_t user, size_t place, uint32_t item)
{
    const struct ease *e = state;
    uint32_t watched = e->pairs->pairs[place].item;
    double product = 0;
    if (watched == item)
        return 0;
    if (!e->by_users)
        return -weight_of(e, user, place) * e->inverse[watched * e->n + item] / e->diagonal[item];
    for (size_t a = e->viewers.starts[watched]; a < e->viewers.starts[watched + 1]; a++) {
        const double *row = e->inverse + e->viewers.users[a] * e->n;
        for (size_t b = e->viewers.starts[item]; b < e->viewers.starts[item + 1]; b++)
            product += row[e->viewers.users[b]];
    }
    return weight_of(e, user, place) * product / e->diagonal[item];
}

static size_t scratch(const void *state)
{
    return 2 * ((const struct ease *)state)->n;
}

static enum nr_status fit_plain(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                                void **state, struct nr_error *err)
{
    return fit("ease", &params->ease, pairs, threads, state, err);
}

static enum nr_status fit_recent(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                                 void **state, struct nr_error *err)
{
    return fit("ease-recent", &params->ease_recent, pairs, threads, state, err);
}

const struct nr_model nr_model_ease = {.name = "ease",
                                       .summary = "a linear autoencoder over all videos at once (EASE)",
                                       .fit = fit_plain,
                                       .scratch = scratch,
                                       .score = score,
                                       .free = ease_free,
                                       .owed = owed};
const struct nr_model nr_model_ease_recent = {.name = "ease-recent",
                                              .summary = "the same, a user's last videos weighing more",
                                              .fit = fit_recent,
                                              .scratch = scratch,
                                              .score = score,
                                              .free = ease_free,
                                              .owed = owed};
