/* test_normal.c - normal equations: every kernel the same bits, conjugate gradients against Cholesky. */
#include <math.h>

#include "support/support.h"

#include "nightreel/linalg.h"
#include "nightreel/linalg_normal.h"

enum { ROWS = 700, F_MAX = 100 };

static float *rows;
static uint32_t columns[ROWS];
static double weights[ROWS];

static double uniform(uint64_t seed)
{
    return (double)(nr_splitmix64(seed) >> 11) * 0x1p-53 - 0.5;
}

/* Rows of f numbers and zeros behind them; of the entries 1, 9, 700, ... are looked at. */
static void fill(size_t f)
{
    size_t stride = nr_row_stride(f);
    nr_floats_free(rows);
    rows = nr_floats_new(ROWS * stride);
    assert_non_null(rows);
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t j = 0; j < f; j++)
            rows[r * stride + j] = (float)uniform(r * F_MAX + j);
        columns[r] = (uint32_t)(r * 271 % ROWS);
        weights[r] = 1 + uniform(1000000 + r);
    }
}

static int release(void **state)
{
    (void)state;
    nr_floats_free(rows);
    rows = NULL;
    return 0;
}

static void test_not_definite(void **state)
{
    (void)state;
    struct nr_normal_basis basis;
    struct nr_error err = {""};
    fill(5);
    rows[3] = NAN;
    assert_int_equal(nr_normal_basis_make(rows, ROWS, 5, 16, 1, 1, &basis, &err), NR_ERR_DATA);
    assert_non_null(strstr(err.text, "not positive definite"));
    nr_normal_basis_release(&basis);
    assert_int_equal(nr_normal_basis_make(rows, 0, 5, 16, 0, 1, &basis, &err), NR_ERR_DATA); /* nothing and no lambda */
    nr_normal_basis_release(&basis);
}

static void test_not_finite(void **state)
{
    (void)state;
    const struct nr_normal_kernel *kernels[3];
    size_t count = nr_normal_kernels(kernels);
    float *z = nr_floats_new(16);
    fill(5);
    const struct nr_normal_system system = {16, rows, columns, weights, 1e38, 9};
    for (size_t k = 0; k < count; k++)
        assert_false(nr_normal_improve(kernels[k], &system, 3, z));
    nr_floats_free(z);
}

static void check_kernel(const struct nr_normal_kernel *kernel, size_t f)
{
    const struct nr_normal_kernel *kernels[3];
    size_t stride = nr_row_stride(f), square = stride * stride;
    float *out = nr_floats_new(2 * stride), *moved = nr_floats_new(2 * ROWS * stride), *matrix = nr_floats_new(square);
    double *grams = calloc(2 * square, sizeof *grams);
    nr_normal_kernels(kernels);
    for (size_t count = 0; count <= ROWS; count = count < 20 ? count + 1 : count * 2 + 3) {
        const struct nr_normal_system system = {stride, rows, columns, weights, 3, count};
        for (int what = 0; what < 2; what++) {
            kernels[0]->product(&system, rows + stride, (float)what, what ? -1 : 1, out);
            kernel->product(&system, rows + stride, (float)what, what ? -1 : 1, out + stride);
            assert_memory_equal(out, out + stride, stride * sizeof *out);
        }
    }
    for (size_t i = 0; i < square; i++)
        matrix[i] = (float)uniform(i);
    kernels[0]->transform(rows, ROWS, stride, matrix, moved);
    kernel->transform(rows, ROWS, stride, matrix, moved + ROWS * stride);
    assert_memory_equal(moved, moved + ROWS * stride, ROWS * stride * sizeof *moved);
    kernels[0]->gram(rows, ROWS, stride, grams);
    kernel->gram(rows, ROWS, stride, grams + square);
    for (size_t i = 0; i < stride; i++)
        assert_memory_equal(grams + i * stride, grams + square + i * stride, (i + 1) * sizeof *grams);
    nr_floats_free(out);
    nr_floats_free(moved);
    nr_floats_free(matrix);
    free(grams);
}

static void test_kernels_agree(void **state)
{
    (void)state;
    const struct nr_normal_kernel *kernels[3];
    size_t count = nr_normal_kernels(kernels);
    static const size_t lengths[] = {1, 16, 17, 33, 64, F_MAX};
    for (size_t l = 0; l < NR_COUNT(lengths); l++) {
        fill(lengths[l]);
        for (size_t k = 1; k < count; k++)
            check_kernel(kernels[k], lengths[l]);
    }
    print_message("%zu kernels, the best is %s\n", count, kernels[count - 1]->name);
}

/* (G + sum w y y') x = sum (1 + w) y in double. */
static void solve_exactly(size_t f, double lambda, double scale, size_t count, double *x)
{
    static double a[F_MAX * F_MAX];
    size_t stride = nr_row_stride(f);
    memset(a, 0, sizeof a);
    memset(x, 0, f * sizeof *x);
    for (size_t r = 0; r < ROWS + count; r++) {
        const float *y = rows + (r < ROWS ? r : columns[r - ROWS]) * stride;
        double w = r < ROWS ? 1 : scale * weights[r - ROWS];
        for (size_t i = 0; i < f; i++) {
            for (size_t j = 0; j <= i; j++)
                a[i * f + j] += w * (double)y[i] * (double)y[j];
            x[i] += r < ROWS ? 0 : (1 + w) * (double)y[i];
        }
    }
    for (size_t i = 0; i < f; i++)
        a[i * f + i] += lambda;
    assert_true(nr_solve_spd(a, x, f));
}

static double distance_after(size_t steps, size_t f, size_t count, const double *want, unsigned threads)
{
    size_t stride = nr_row_stride(f);
    struct nr_normal_basis basis;
    float *v = nr_floats_new(ROWS * stride), *z = nr_floats_new(stride), *x = nr_floats_new(stride);
    double most = 0;
    assert_int_equal(nr_normal_basis_make(rows, ROWS, f, stride, 2, threads, &basis, NULL), NR_OK);
    basis.kernel->transform(rows, ROWS, stride, basis.rows, v);
    basis.kernel->transform(x, 1, stride, basis.to, z);
    const struct nr_normal_system system = {stride, v, columns, weights, 5, count};
    assert_true(nr_normal_improve(basis.kernel, &system, steps, z));
    basis.kernel->transform(z, 1, stride, basis.back, x);
    for (size_t i = 0; i < f; i++)
        most = fmax(most, fabs((double)x[i] - want[i]));
    nr_normal_basis_release(&basis);
    nr_floats_free(v);
    nr_floats_free(z);
    nr_floats_free(x);
    return most;
}

/* Eigenvalues of 1 to 1 + max w: the error falls by (sqrt(k) - 1) / (sqrt(k) + 1) a step at
 * least, k = 1 + 7.5; in practice a few steps are enough. */
static void test_conjugate_gradients(void **state)
{
    (void)state;
    double want[F_MAX];
    fill(F_MAX);
    for (size_t count = 1; count <= ROWS; count = 4 * count + 7) {
        solve_exactly(F_MAX, 2, 5, count, want);
        double three = distance_after(3, F_MAX, count, want, 1), many = distance_after(30, F_MAX, count, want, 2);
        double length = 0;
        for (size_t i = 0; i < F_MAX; i++)
            length = fmax(length, fabs(want[i]));
        print_message("%zu entries, x up to %.2g: %.2g off after 3 steps, %.2g after 30\n", count, length, three, many);
        assert_true(three < 0.1 * length && many < 1e-5 * length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_not_definite, release),
        cmocka_unit_test_teardown(test_not_finite, release),
        cmocka_unit_test_teardown(test_kernels_agree, release),
        cmocka_unit_test_teardown(test_conjugate_gradients, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
