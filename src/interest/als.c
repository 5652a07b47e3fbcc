/* als.c - see als.h. */
#include "interest/als.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/linalg.h"

#include "core/banned.h"

enum nr_status nr_als_side_init(struct nr_als *als, struct nr_als_side *side, size_t rows, size_t entries,
                                struct nr_error *err)
{
    side->rows = rows;
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
            als->items.columns[at] = u;
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
        als->items.factors[row * f + j] = (uniform - 0.5) / sqrt((double)f);
    }
}

/* A half step in the works. */
struct half_step {
    const struct nr_als *als;
    const struct nr_als_side *from;
    struct nr_als_side *solved;
    double *gram; /* Y'Y + lambda I */
};

/* Y'Y + lambda I, summed row by row. */
static void make_gram(struct half_step *step)
{
    size_t f = step->als->factors;
    memset(step->gram, 0, f * f * sizeof *step->gram);
    for (size_t r = 0; r < step->from->rows; r++) {
        const double *y = step->from->factors + r * f;
        for (size_t i = 0; i < f; i++)
            for (size_t j = 0; j <= i; j++)
                step->gram[i * f + j] += y[i] * y[j];
    }
    for (size_t i = 0; i < f; i++)
        step->gram[i * f + i] += step->als->lambda;
}

/* (Y'Y + lambda I + sum alpha r y y') x = sum (1 + alpha r) y */
static void solve_row(void *ctx, size_t row, unsigned worker)
{
    const struct half_step *step = ctx;
    size_t f = step->als->factors;
    double a[NR_ALS_FACTORS_MAX * 8], *matrix = f * f <= NR_COUNT(a) ? a : malloc(f * f * sizeof *matrix);
    double *x = step->solved->factors + row * f;
    (void)worker;
    memset(x, 0, f * sizeof *x);
    if (!matrix)
        return; /* a row of zeros: no block */
    memcpy(matrix, step->gram, f * f * sizeof *matrix);
    for (size_t k = step->solved->starts[row]; k < step->solved->starts[row + 1]; k++) {
        const double *y = step->from->factors + step->solved->columns[k] * f;
        double confidence = step->als->alpha * step->solved->weights[k];
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

enum nr_status nr_als_iterate(struct nr_als *als, unsigned threads, struct nr_error *err)
{
    struct half_step step = {.als = als,
                             .gram = nr_arena_alloc(&als->mem, als->factors * als->factors, sizeof(double))};
    if (!step.gram)
        return nr_fail_nomem(err, "item factors");
    for (size_t half = 0; half < 2 * als->iterations; half++) {
        step.from = half % 2 ? &als->users : &als->items;
        step.solved = half % 2 ? &als->items : &als->users;
        make_gram(&step);
        nr_parallel(threads, step.solved->rows, solve_row, &step);
        if (nr_interrupted())
            return NR_ERR_INTERRUPTED;
    }
    return NR_OK;
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
    *out = (struct nr_als){
        .factors = params->factors, .iterations = params->iterations, .alpha = params->alpha, .lambda = params->lambda};
    enum nr_status status = fill(out, pairs, err);
    for (size_t i = 0; i < pairs->item_count && !status; i++)
        nr_als_start(out, i, pairs->items[i]);
    return status ? status : nr_als_iterate(out, threads, err);
}

void nr_als_release(struct nr_als *als)
{
    nr_arena_release(&als->mem);
}
