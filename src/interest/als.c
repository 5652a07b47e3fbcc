/* als.c - see als.h. */
#include "interest/als_solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

enum nr_status nr_als_side_init(struct nr_als *als, struct nr_als_side *side, size_t rows, size_t entries,
                                struct nr_error *err)
{
    side->rows = rows;
    if (rows >= UINT32_MAX)
        return nr_fail(err, NR_ERR_DATA, "%s: more than %u users or videos", als->name, UINT32_MAX - 1);
    side->starts = nr_arena_alloc(&als->mem, rows + 1, sizeof *side->starts);
    side->columns = nr_arena_alloc(&als->mem, entries, sizeof *side->columns);
    side->weights = nr_arena_alloc(&als->mem, entries, sizeof *side->weights);
    side->factors = nr_arena_alloc(&als->mem, rows * als->factors, sizeof *side->factors);
    return als->mem.failed ? nr_fail_nomem(err, "item factors") : NR_OK;
}

enum nr_status nr_als_transpose(struct nr_als *als, struct nr_error *err)
{
    size_t *next = malloc((als->items.rows + 1) * sizeof *next);
    if (!next)
        return nr_fail_nomem(err, "item factors");
    memcpy(next, als->items.starts, (als->items.rows + 1) * sizeof *next);
    for (size_t u = 0; u < als->users.rows; u++)
        for (size_t k = als->users.starts[u]; k < als->users.starts[u + 1]; k++) {
            size_t at = next[als->users.columns[k]]++;
            als->items.columns[at] = (uint32_t)u;
            als->items.weights[at] = als->users.weights[k];
        }
    free(next);
    return NR_OK;
}

void nr_als_start(struct nr_als *als, size_t row, const char *id)
{
    size_t f = als->factors;
    uint64_t seed = nr_fnv1a(NR_FNV1A_SEED, id, strlen(id));
    for (size_t j = 0; j < f; j++) {
        double uniform = (double)(nr_splitmix64(seed + j) >> 11) * 0x1p-53;
        als->items.factors[row * f + j] = (uniform - 0.375) / 100;
    }
}

enum nr_status nr_als_iterate(struct nr_als *als, unsigned threads, struct nr_error *err)
{
    enum nr_status status = nr_als_solve_begin(als, err);
    for (size_t half = 0; half < 2 * als->iterations && !status; half++) {
        bool of_items = half % 2;
        size_t failed = SIZE_MAX;
        status = nr_als_solve(als, of_items ? &als->users : &als->items, of_items ? &als->items : &als->users, threads,
                              &failed, err);
        if (!status && failed != SIZE_MAX)
            status = nr_fail(err, NR_ERR_DATA,
                             "%s: the vector of %s %zu cannot be found with alpha %g and lambda %g: give a greater "
                             "%s-lambda or a smaller %s-alpha",
                             als->name, of_items ? "video" : "user", failed + 1, als->alpha, als->lambda, als->options,
                             als->options);
        if (!status && nr_interrupted())
            status = NR_ERR_INTERRUPTED;
    }
    nr_als_solve_end(als);
    return status;
}

/* The lower triangle of X'X. */
static void add_squares(const struct nr_als_side *side, size_t f, double *out)
{
    for (size_t r = 0; r < side->rows; r++)
        for (size_t i = 0; i < f; i++)
            for (size_t j = 0; j <= i; j++)
                out[i * f + j] += side->factors[r * f + i] * side->factors[r * f + j];
}

/* sum over all u, i of (x_u . y_i)^2 = sum of the products of X'X and Y'Y; and lambda's part. */
static double sum_of_squares(const struct nr_als *als)
{
    size_t f = als->factors;
    double sum = 0, *users = calloc(2 * f * f, sizeof *users), *items = users + f * f;
    if (!users)
        return NAN;
    add_squares(&als->users, f, users);
    add_squares(&als->items, f, items);
    for (size_t i = 0; i < f; i++)
        for (size_t j = 0; j <= i; j++)
            sum += (i == j ? 1 : 2) * users[i * f + j] * items[i * f + j];
    for (size_t i = 0; i < f; i++)
        sum += als->lambda * (users[i * f + i] + items[i * f + i]);
    free(users);
    return sum;
}

double nr_als_objective(const struct nr_als *als)
{
    double sum = sum_of_squares(als);
    size_t f = als->factors;
    for (size_t u = 0; u < als->users.rows; u++)
        for (size_t k = als->users.starts[u]; k < als->users.starts[u + 1]; k++) {
            const double *x = als->users.factors + u * f, *y = als->items.factors + als->users.columns[k] * f;
            double dot = 0, confidence = 1 + als->alpha * als->users.weights[k];
            for (size_t j = 0; j < f; j++)
                dot += x[j] * y[j];
            sum += confidence * (1 - dot) * (1 - dot) - dot * dot;
        }
    return sum;
}

static enum nr_status fill(struct nr_als *als, const struct nr_pairs *pairs, struct nr_error *err)
{
    size_t count = pairs->starts[pairs->user_count];
    enum nr_status status = nr_als_side_init(als, &als->users, pairs->user_count, count, err);
    if (!status)
        status = nr_als_side_init(als, &als->items, pairs->item_count, count, err);
    if (status)
        return status;
    memcpy(als->users.starts, pairs->starts, (pairs->user_count + 1) * sizeof *pairs->starts);
    for (size_t p = 0; p < count; p++) {
        als->users.columns[p] = pairs->pairs[p].item;
        als->users.weights[p] = pairs->pairs[p].weight;
        als->items.starts[pairs->pairs[p].item + 1]++;
    }
    for (size_t i = 0; i < pairs->item_count; i++)
        als->items.starts[i + 1] += als->items.starts[i];
    return nr_als_transpose(als, err);
}

enum nr_status nr_als_fit(const struct nr_ials_params *params, const struct nr_pairs *pairs, unsigned threads,
                          struct nr_als *out, struct nr_error *err)
{
    *out = (struct nr_als){.factors = params->factors,
                           .iterations = params->iterations,
                           .cg_steps = params->cg_steps,
                           .alpha = params->alpha,
                           .lambda = params->lambda,
                           .name = "ials",
                           .options = "--ials"};
    enum nr_status status = fill(out, pairs, err);
    for (size_t i = 0; i < pairs->item_count && !status; i++)
        nr_als_start(out, i, pairs->items[i]);
    return status ? status : nr_als_iterate(out, threads, err);
}

void nr_als_release(struct nr_als *als)
{
    nr_arena_release(&als->mem);
}
