/* test_blas.c - products and dots against sums written out. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/linalg.h"

static float noise(uint64_t index)
{
    return (float)((double)(nr_splitmix64(index) >> 11) * 0x1p-53 * 2 - 1);
}

static void product_equals_the_sums(void **state)
{
    enum { M = 7, N = 33, K = 50 };
    size_t stride = nr_row_stride(K), stride_c = nr_row_stride(N);
    float *a = nr_floats_new(M * stride), *b = nr_floats_new(N * stride), *c = nr_floats_new(M * stride_c);
    (void)state;
    assert_true(a && b && c);
    for (size_t row = 0; row < N; row++)
        for (size_t j = 0; j < K; j++) {
            b[row * stride + j] = noise(row * K + j);
            if (row < M)
                a[row * stride + j] = noise(100000 + row * K + j);
        }
    nr_sgemm_nt(M, N, K, a, stride, b, stride, c, stride_c);
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j < N; j++) {
            double exact = 0, size = 0;
            for (size_t d = 0; d < K; d++) {
                exact += (double)a[i * stride + d] * b[j * stride + d];
                size += fabs((double)a[i * stride + d] * b[j * stride + d]);
            }
            assert_true(fabs(c[i * stride_c + j] - exact) <= nr_dot_error(K) * size);
            assert_true(fabs(nr_dot(a + i * stride, b + j * stride, K) - exact) <= 1e-14 * size);
        }
    nr_floats_free(a);
    nr_floats_free(b);
    nr_floats_free(c);
}

static void no_columns_give_zero(void **state)
{
    float c[4] = {1, 2, 3, 4};
    (void)state;
    nr_sgemm_nt(2, 2, 0, NULL, 0, NULL, 0, c, 2);
    for (size_t i = 0; i < 4; i++)
        assert_true(c[i] == 0);
    nr_sgemm_nt(0, 2, 3, NULL, 3, NULL, 3, c, 2);
    assert_true(nr_dot(c, c, 0) == 0);
}

static void arrays_are_aligned_and_zeroed(void **state)
{
    (void)state;
    for (size_t count = 0; count < 40; count++) {
        float *values = nr_floats_new(count);
        assert_non_null(values);
        assert_int_equal((uintptr_t)values % NR_FLOAT_ALIGNMENT, 0);
        for (size_t i = 0; i < count; i++)
            assert_true(values[i] == 0);
        nr_floats_free(values);
    }
    assert_null(nr_floats_new(SIZE_MAX / 2));
    assert_int_equal(nr_row_stride(0), 0);
    assert_int_equal(nr_row_stride(1), 16);
    assert_int_equal(nr_row_stride(16), 16);
    assert_int_equal(nr_row_stride(17), 32);
}

static void error_bound_is_monotone(void **state)
{
    (void)state;
    assert_true(nr_dot_error(0) == 0);
    for (size_t k = 1; k < 100000000; k *= 10)
        assert_true(nr_dot_error(k) < nr_dot_error(10 * k) || nr_dot_error(k) == 1);
    assert_non_null(nr_linalg_kernel());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_equals_the_sums),
        cmocka_unit_test(no_columns_give_zero),
        cmocka_unit_test(arrays_are_aligned_and_zeroed),
        cmocka_unit_test(error_bound_is_monotone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
