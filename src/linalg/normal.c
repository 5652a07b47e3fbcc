/* normal.c - see nightreel/linalg_normal.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "linalg/normal_kernels.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

size_t nr_normal_kernels(const struct nr_normal_kernel *out[3])
{
    size_t count = 0;
    out[count++] = &nr_normal_plain;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        out[count++] = &nr_normal_avx2;
    if (__builtin_cpu_supports("avx512f"))
        out[count++] = &nr_normal_avx512;
#endif
    return count;
}

/* ---- Y'Y -------------------------------------------------------------------------------- */

enum { BLOCKS_MAX = 64, BLOCK_ROWS = 128, SPAN = 256 }; /* SPAN: rows that stay in cache */

struct gram_work {
    const struct nr_normal_kernel *kernel;
    const float *rows;
    size_t count, stride, block_rows;
    double *sums; /* a matrix for each block */
};

static void sum_block(void *ctx, size_t block, unsigned worker)
{
    const struct gram_work *work = ctx;
    size_t end = (block + 1) * work->block_rows;
    (void)worker;
    end = end < work->count ? end : work->count;
    for (size_t at = block * work->block_rows; at < end; at += SPAN)
        work->kernel->gram(work->rows + at * work->stride, end - at < SPAN ? end - at : SPAN, work->stride,
                           work->sums + block * work->stride * work->stride);
}

/* Y'Y + lambda I, its lower triangle, f x f; NULL: no memory. */
static double *make_gram(struct gram_work *work, size_t f, double lambda, unsigned threads)
{
    size_t blocks = (work->count + BLOCK_ROWS - 1) / BLOCK_ROWS, square = work->stride * work->stride;
    blocks = blocks < 1 ? 1 : blocks > BLOCKS_MAX ? BLOCKS_MAX : blocks;
    work->block_rows = (work->count + blocks - 1) / blocks;
    work->sums = calloc(blocks * square, sizeof *work->sums);
    if (!work->sums)
        return NULL;
    nr_parallel(threads, blocks, sum_block, work);
    for (size_t b = 1; b < blocks; b++)
        for (size_t i = 0; i < square; i++)
            work->sums[i] += work->sums[b * square + i];
    for (size_t i = 0; i < f; i++) /* in place: nothing is read behind where it is written */
        for (size_t j = 0; j < f; j++)
            work->sums[i * f + j] = work->sums[i * work->stride + j] + (i == j ? lambda : 0);
    return work->sums;
}

/* ---- the basis ------------------------------------------------------------------------------ */

/* L to L^-1, both lower triangles, f x f. */
static void invert_triangle(const double *lower, size_t f, double *out)
{
    for (size_t j = 0; j < f; j++)
        for (size_t i = j; i < f; i++) {
            double sum = i == j;
            for (size_t k = j; k < i; k++)
                sum -= lower[i * f + k] * out[k * f + j];
            out[i * f + j] = sum / lower[i * f + i];
        }
}

static bool fill_basis(const double *lower, size_t f, struct nr_normal_basis *out)
{
    size_t stride = out->stride;
    double *inverse = calloc(f * f, sizeof *inverse);
    if (!inverse)
        return false;
    invert_triangle(lower, f, inverse);
    for (size_t i = 0; i < f; i++)
        for (size_t j = 0; j <= i; j++) {
            out->to[i * stride + j] = (float)lower[i * f + j];
            out->back[i * stride + j] = out->rows[j * stride + i] = (float)inverse[i * f + j];
        }
    free(inverse);
    return true;
}

enum nr_status nr_normal_basis_make(const float *rows, size_t count, size_t f, size_t stride, double lambda,
                                    unsigned threads, struct nr_normal_basis *out, struct nr_error *err)
{
    const struct nr_normal_kernel *kernels[3];
    size_t square = stride * stride;
    *out = (struct nr_normal_basis){.stride = stride,
                                    .kernel = kernels[nr_normal_kernels(kernels) - 1],
                                    .to = nr_floats_new(square),
                                    .back = nr_floats_new(square),
                                    .rows = nr_floats_new(square)};
    struct gram_work work = {.kernel = out->kernel, .rows = rows, .count = count, .stride = stride};
    double *gram = make_gram(&work, f, lambda, threads);
    enum nr_status status = NR_OK;
    if (!gram || !out->to || !out->back || !out->rows)
        status = nr_fail_nomem(err, "normal equations");
    else if (!nr_factor_spd(gram, f))
        status = nr_fail(err, NR_ERR_DATA, "Y'Y + %g I is not positive definite", lambda);
    else if (!fill_basis(gram, f, out))
        status = nr_fail_nomem(err, "normal equations");
    free(gram);
    return status;
}

void nr_normal_basis_release(struct nr_normal_basis *basis)
{
    nr_floats_free(basis->to);
    nr_floats_free(basis->back);
    nr_floats_free(basis->rows);
    *basis = (struct nr_normal_basis){.stride = 0};
}

/* ---- conjugate gradients ----------------------------------------------------------------- */

bool nr_normal_improve(const struct nr_normal_kernel *kernel, const struct nr_normal_system *system, size_t steps,
                       float *z)
{
    size_t n = system->stride;
    float r[NR_NORMAL_STRIDE_MAX] __attribute__((aligned(64)));
    float p[NR_NORMAL_STRIDE_MAX] __attribute__((aligned(64)));
    float product[NR_NORMAL_STRIDE_MAX] __attribute__((aligned(64)));
    kernel->product(system, z, 1, -1, r);
    memcpy(p, r, n * sizeof *p);
    double left = nr_dot(r, r, n);
    for (size_t step = 0; step < steps && left > 0; step++) {
        kernel->product(system, p, 0, 1, product);
        double along = nr_dot(p, product, n);
        if (!isfinite(along))
            return false;
        if (along <= 0) /* nothing but rounding is left */
            break;
        float length = (float)(left / along);
        for (size_t i = 0; i < n; i++) {
            z[i] += length * p[i];
            r[i] -= length * product[i];
        }
        double now = nr_dot(r, r, n);
        float turn = (float)(now / left);
        for (size_t i = 0; i < n; i++)
            p[i] = r[i] + turn * p[i];
        left = now;
    }
    for (size_t i = 0; i < n; i++)
        if (!isfinite(z[i]))
            return false;
    return isfinite(left);
}
