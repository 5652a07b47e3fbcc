/* factors.c - implicit alternating least squares over items. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/interest.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

enum { FACTORS_MAX = 256 };

void nr_factor_params_default(struct nr_factor_params *params)
{
    *params = (struct nr_factor_params){.factors = 32,
                                        .iterations = 10,
                                        .alpha = 2,
                                        .lambda = 5,
                                        .min_item_users = 5,
                                        .min_users = 100,
                                        .min_items = 50};
}

const char *nr_factor_params_check(const struct nr_factor_params *params)
{
    if (params->factors < 1 || params->factors > FACTORS_MAX)
        return "--factors must be from 1 to 256";
    if (!(params->alpha >= 0) || !isfinite(params->alpha))
        return "--factor-alpha must be finite and at least 0";
    if (!(params->lambda > 0) || !isfinite(params->lambda))
        return "--factor-lambda must be finite and above 0";
    return NULL;
}

/* One side's view of the interactions: row r holds entries starts[r]..starts[r + 1). */
struct side {
    size_t rows;
    size_t *starts, *columns;
    double *weights;
    double *factors; /* rows x f */
};

/* Both sides; users and items without enough company are left out. */
struct als {
    const struct nr_factor_params *params;
    struct side users, items;
    size_t *item_row; /* row of each of the caller's items; SIZE_MAX: none */
    struct nr_arena mem;
    /* the half step in the works */
    const struct side *solved_from;
    struct side *solved;
    const double *gram; /* Y'Y + lambda I */
};

/* Counts of users for each item; those with enough get a row. */
static enum nr_status choose_items(struct als *als, const struct nr_interaction *all, size_t count, size_t items,
                                   struct nr_error *err)
{
    size_t *seen = nr_arena_alloc(&als->mem, items, sizeof *seen);
    als->item_row = nr_arena_alloc(&als->mem, items, sizeof *als->item_row);
    if (als->mem.failed)
        return nr_fail_nomem(err, "item factors");
    for (size_t k = 0; k < count; k++)
        seen[all[k].item]++;
    for (size_t i = 0; i < items; i++)
        als->item_row[i] = seen[i] >= als->params->min_item_users ? als->items.rows++ : SIZE_MAX;
    return NR_OK;
}

static enum nr_status side_alloc(struct als *als, struct side *side, size_t rows, size_t entries, struct nr_error *err)
{
    side->rows = rows;
    side->starts = nr_arena_alloc(&als->mem, rows + 1, sizeof *side->starts);
    side->columns = nr_arena_alloc(&als->mem, entries, sizeof *side->columns);
    side->weights = nr_arena_alloc(&als->mem, entries, sizeof *side->weights);
    side->factors = nr_arena_alloc(&als->mem, rows * als->params->factors, sizeof *side->factors);
    return als->mem.failed ? nr_fail_nomem(err, "item factors") : NR_OK;
}

/* The users' side from the sorted interactions, then the items' side by transposing. */
static enum nr_status fill_sides(struct als *als, const struct nr_interaction *all, size_t count, struct nr_error *err)
{
    size_t users = 0, entries = 0, last = SIZE_MAX;
    for (size_t k = 0; k < count; k++) {
        if (als->item_row[all[k].item] == SIZE_MAX)
            continue;
        users += all[k].user != last;
        last = all[k].user;
        entries++;
    }
    enum nr_status status = side_alloc(als, &als->users, users, entries, err);
    if (!status)
        status = side_alloc(als, &als->items, als->items.rows, entries, err);
    if (status)
        return status;
    size_t row = 0, at = 0;
    last = SIZE_MAX;
    for (size_t k = 0; k < count; k++) {
        if (als->item_row[all[k].item] == SIZE_MAX)
            continue;
        if (all[k].user != last)
            als->users.starts[row++] = at;
        last = all[k].user;
        als->users.columns[at] = als->item_row[all[k].item];
        als->users.weights[at++] = all[k].weight;
        als->items.starts[als->item_row[all[k].item] + 1]++;
    }
    als->users.starts[users] = at;
    for (size_t i = 0; i < als->items.rows; i++)
        als->items.starts[i + 1] += als->items.starts[i];
    return NR_OK;
}

static enum nr_status transpose(struct als *als, struct nr_error *err)
{
    size_t *next = malloc((als->items.rows + 1) * sizeof *next);
    if (!next)
        return nr_fail_nomem(err, "item factors");
    memcpy(next, als->items.starts, (als->items.rows + 1) * sizeof *next);
    for (size_t u = 0; u < als->users.rows; u++)
        for (size_t k = als->users.starts[u]; k < als->users.starts[u + 1]; k++) {
            size_t at = next[als->users.columns[k]]++;
            als->items.columns[at] = u;
            als->items.weights[at] = als->users.weights[k];
        }
    free(next);
    return NR_OK;
}

/* Uniform in -1/2..1/2 over sqrt(f), from the id and the place alone. */
static void start_values(struct als *als, const char *const *ids, size_t items)
{
    size_t f = als->params->factors;
    for (size_t i = 0; i < items; i++) {
        if (als->item_row[i] == SIZE_MAX)
            continue;
        uint64_t seed = nr_fnv1a(NR_FNV1A_SEED, ids[i], strlen(ids[i]));
        for (size_t j = 0; j < f; j++) {
            double uniform = (double)(nr_splitmix64(seed + j) >> 11) * 0x1p-53;
            als->items.factors[als->item_row[i] * f + j] = (uniform - 0.5) / sqrt((double)f);
        }
    }
}

/* Y'Y + lambda I, summed row by row. */
static void make_gram(const struct side *side, size_t f, double lambda, double *gram)
{
    memset(gram, 0, f * f * sizeof *gram);
    for (size_t r = 0; r < side->rows; r++) {
        const double *y = side->factors + r * f;
        for (size_t i = 0; i < f; i++)
            for (size_t j = 0; j <= i; j++)
                gram[i * f + j] += y[i] * y[j];
    }
    for (size_t i = 0; i < f; i++)
        gram[i * f + i] += lambda;
}

/* (Y'Y + lambda I + sum alpha r y y') x = sum (1 + alpha r) y */
static void solve_row(void *ctx, size_t row, unsigned worker)
{
    const struct als *als = ctx;
    size_t f = als->params->factors;
    double a[FACTORS_MAX * 8], *matrix = f * f <= NR_COUNT(a) ? a : malloc(f * f * sizeof *matrix);
    double *x = als->solved->factors + row * f;
    (void)worker;
    memset(x, 0, f * sizeof *x);
    if (!matrix)
        return; /* a row of zeros: no block */
    memcpy(matrix, als->gram, f * f * sizeof *matrix);
    for (size_t k = als->solved->starts[row]; k < als->solved->starts[row + 1]; k++) {
        const double *y = als->solved_from->factors + als->solved->columns[k] * f;
        double confidence = als->params->alpha * als->solved->weights[k];
        for (size_t i = 0; i < f; i++) {
            x[i] += (1 + confidence) * y[i];
            for (size_t j = 0; j <= i; j++)
                matrix[i * f + j] += confidence * y[i] * y[j];
        }
    }
    if (!nr_solve_spd(matrix, x, f))
        memset(x, 0, f * sizeof *x);
    if (matrix != a)
        free(matrix);
}

static enum nr_status iterate(struct als *als, unsigned threads, struct nr_error *err)
{
    size_t f = als->params->factors;
    double *gram = nr_arena_alloc(&als->mem, f * f, sizeof *gram);
    if (!gram)
        return nr_fail_nomem(err, "item factors");
    als->gram = gram;
    for (size_t step = 0; step < 2 * als->params->iterations; step++) {
        als->solved_from = step % 2 ? &als->users : &als->items;
        als->solved = step % 2 ? &als->items : &als->users;
        make_gram(als->solved_from, f, als->params->lambda, gram);
        nr_parallel(threads, als->solved->rows, solve_row, als);
        if (nr_interrupted())
            return NR_ERR_INTERRUPTED;
    }
    return NR_OK;
}

static enum nr_status take_rows(const struct als *als, size_t items, struct nr_arena *mem, float **rows,
                                struct nr_error *err)
{
    size_t f = als->params->factors;
    for (size_t i = 0; i < items; i++) {
        if (als->item_row[i] == SIZE_MAX)
            continue;
        rows[i] = nr_arena_alloc(mem, f, sizeof **rows);
        for (size_t j = 0; j < f && rows[i]; j++)
            rows[i][j] = (float)als->items.factors[als->item_row[i] * f + j];
    }
    return mem->failed ? nr_fail_nomem(err, "item factors") : NR_OK;
}

enum nr_status nr_item_factors_fit(const struct nr_factor_params *params, const struct nr_interaction *interactions,
                                   size_t count, const char *const *ids, size_t items, unsigned threads,
                                   struct nr_arena *mem, float **rows, struct nr_error *err)
{
    struct als als = {.params = params};
    memset(rows, 0, items * sizeof *rows);
    const char *wrong = nr_factor_params_check(params);
    if (wrong)
        return nr_fail(err, NR_ERR_USAGE, "%s", wrong);
    enum nr_status status = choose_items(&als, interactions, count, items, err);
    if (!status)
        status = fill_sides(&als, interactions, count, err);
    bool enough = als.users.rows >= params->min_users && als.items.rows >= params->min_items;
    if (!status && enough)
        status = transpose(&als, err);
    if (!status && enough) {
        start_values(&als, ids, items);
        status = iterate(&als, threads, err);
    }
    if (!status && enough)
        status = take_rows(&als, items, mem, rows, err);
    nr_arena_release(&als.mem);
    return status;
}
