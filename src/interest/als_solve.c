/* als_solve.c - see als_solve.h. */
#include "interest/als_solve.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/linalg.h"

#include "core/banned.h"

/* A half step in the works. */
struct half_step {
    const struct nr_als *als;
    const struct nr_als_side *from;
    struct nr_als_side *solved;
    size_t stride;
    struct nr_normal_basis basis; /* for conjugate gradients */
    double *gram;                 /* for Cholesky: Y'Y + lambda I, its lower triangle */
    double *matrices;             /* f x f for each worker */
    atomic_size_t first;          /* row that failed */
};

static void tell_failure(struct half_step *step, size_t row)
{
    size_t first = atomic_load(&step->first);
    while (row < first && !atomic_compare_exchange_weak(&step->first, &first, row))
        continue;
}

/* ---- conjugate gradients ------------------------------------------------------------------ */

/* Rows are changed to the basis and back in batches, for the sake of the cache. */
enum { BATCH = 64 };

static size_t batch_rows(const struct nr_als_side *side, size_t batch)
{
    size_t left = side->rows - batch * BATCH;
    return left < BATCH ? left : BATCH;
}

static void change_batch(void *ctx, size_t batch, unsigned worker)
{
    const struct half_step *step = ctx;
    size_t at = batch * BATCH * step->stride;
    (void)worker;
    step->basis.kernel->transform(step->from->vectors + at, batch_rows(step->from, batch), step->stride,
                                  step->basis.rows, step->from->changed + at);
}

static void improve_batch(void *ctx, size_t batch, unsigned worker)
{
    struct half_step *step = ctx;
    const struct nr_als_side *side = step->solved;
    size_t first = batch * BATCH, rows = batch_rows(side, batch);
    float *vectors = side->vectors + first * step->stride, *changed = side->changed + first * step->stride;
    (void)worker;
    step->basis.kernel->transform(vectors, rows, step->stride, step->basis.to, changed);
    for (size_t r = 0; r < rows; r++) {
        size_t start = side->starts[first + r];
        const struct nr_normal_system system = {.stride = step->stride,
                                                .rows = step->from->changed,
                                                .columns = side->columns + start,
                                                .weights = side->weights + start,
                                                .scale = step->als->alpha,
                                                .count = side->starts[first + r + 1] - start};
        if (!nr_normal_improve(step->basis.kernel, &system, step->als->cg_steps, changed + r * step->stride))
            tell_failure(step, first + r);
    }
    step->basis.kernel->transform(changed, rows, step->stride, step->basis.back, vectors);
}

static size_t batches(const struct nr_als_side *side)
{
    return (side->rows + BATCH - 1) / BATCH;
}

static enum nr_status improve(struct half_step *step, unsigned threads, struct nr_error *err)
{
    enum nr_status status = nr_normal_basis_make(step->from->vectors, step->from->rows, step->als->factors,
                                                 step->stride, step->als->lambda, threads, &step->basis, err);
    if (status == NR_ERR_DATA) { /* no row has a solution */
        tell_failure(step, 0);
        status = NR_OK;
    } else if (!status) {
        nr_parallel(threads, batches(step->from), change_batch, step);
        nr_parallel(threads, batches(step->solved), improve_batch, step);
    }
    nr_normal_basis_release(&step->basis);
    return status;
}

static bool begin_side(const struct nr_als *als, struct nr_als_side *side)
{
    size_t f = als->factors, stride = nr_row_stride(f), count;
    bool fits = nr_size_mul(side->rows, stride, &count);
    side->vectors = fits ? nr_floats_new(count) : NULL;
    side->changed = fits ? nr_floats_new(count) : NULL;
    for (size_t row = 0; side->vectors && row < side->rows; row++)
        for (size_t j = 0; j < f; j++)
            side->vectors[row * stride + j] = (float)side->factors[row * f + j];
    return side->vectors && side->changed;
}

static void end_side(const struct nr_als *als, struct nr_als_side *side)
{
    size_t f = als->factors, stride = nr_row_stride(f);
    for (size_t row = 0; side->vectors && row < side->rows; row++)
        for (size_t j = 0; j < f; j++)
            side->factors[row * f + j] = (double)side->vectors[row * stride + j];
    nr_floats_free(side->vectors);
    nr_floats_free(side->changed);
    side->vectors = side->changed = NULL;
}

enum nr_status nr_als_solve_begin(struct nr_als *als, struct nr_error *err)
{
    bool failed = als->cg_steps && (!begin_side(als, &als->users) || !begin_side(als, &als->items));
    return failed ? nr_fail_nomem(err, "item factors") : NR_OK;
}

void nr_als_solve_end(struct nr_als *als)
{
    end_side(als, &als->users);
    end_side(als, &als->items);
}

/* ---- Cholesky ------------------------------------------------------------------------------- */

/* Y'Y + lambda I, summed row by row. */
static void make_gram(struct half_step *step)
{
    size_t f = step->als->factors;
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
    struct half_step *step = ctx;
    size_t f = step->als->factors;
    double *matrix = step->matrices + worker * f * f, *x = step->solved->factors + row * f;
    memset(x, 0, f * sizeof *x);
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
        tell_failure(step, row);
}

static enum nr_status solve(struct half_step *step, unsigned threads, struct nr_error *err)
{
    size_t square = step->als->factors * step->als->factors;
    threads = threads ? threads : nr_cpu_count();
    step->gram = calloc(square, sizeof *step->gram);
    step->matrices = calloc(threads * square, sizeof *step->matrices);
    bool made = step->gram && step->matrices;
    if (made) {
        make_gram(step);
        nr_parallel(threads, step->solved->rows, solve_row, step);
    }
    free(step->gram);
    free(step->matrices);
    return made ? NR_OK : nr_fail_nomem(err, "item factors");
}

enum nr_status nr_als_solve(struct nr_als *als, const struct nr_als_side *from, struct nr_als_side *solved,
                            unsigned threads, size_t *failed, struct nr_error *err)
{
    struct half_step step = {.als = als, .from = from, .solved = solved, .stride = nr_row_stride(als->factors)};
    atomic_init(&step.first, SIZE_MAX);
    enum nr_status status = als->cg_steps ? improve(&step, threads, err) : solve(&step, threads, err);
    *failed = atomic_load(&step.first);
    return status;
}
