/* Symmetric systems by Cholesky. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>

#include "nightreel/linalg.h"

static void an_indefinite_matrix_is_refused(void **state)
{
    double a[] = {1, 0, 2, 1}, b[] = {1, 1}; /* lower triangle of [[1 2] [2 1]] */
    (void)state;
    assert_false(nr_solve_spd(a, b, 2));
}

static void what_is_not_finite_is_refused(void **state)
{
    double a[] = {1, NAN, NAN, 1}, b[] = {1, 1}, huge[] = {INFINITY}, c[] = {1};
    (void)state;
    assert_false(nr_solve_spd(a, b, 2));
    huge[0] *= 0;
    assert_false(nr_solve_spd(huge, c, 1));
}

/* A = M M' + I, b = A x: x comes back. */
static void random_systems_give_back_what_went_in(void **state)
{
    enum { N = 24 };
    static double m[N][N], a[N][N];
    double x[N], b[N];
    uint64_t draw = 7;
    (void)state;
    for (size_t i = 0; i < N; i++) {
        x[i] = (double)i / N - 0.5;
        for (size_t j = 0; j < N; j++)
            m[i][j] = (double)((draw = nr_splitmix64(draw)) >> 11) * 0x1p-53 - 0.5;
    }
    for (size_t i = 0; i < N; i++) {
        b[i] = 0;
        for (size_t j = 0; j < N; j++) {
            a[i][j] = i == j;
            for (size_t k = 0; k < N; k++)
                a[i][j] += m[i][k] * m[j][k];
            b[i] += a[i][j] * x[j];
        }
    }
    assert_true(nr_solve_spd(&a[0][0], b, N));
    for (size_t i = 0; i < N; i++)
        assert_true(fabs(b[i] - x[i]) < 1e-12);
}

/* [[4 2] [2 3]] x = [2 1]: x = [1/2 0]. The upper triangle is not looked at. */
static void two_by_two_in_closed_form(void **state)
{
    double a[] = {4, 99, 2, 3}, b[] = {2, 1};
    (void)state;
    assert_true(nr_solve_spd(a, b, 2));
    assert_true(fabs(b[0] - 0.5) < 1e-15 && fabs(b[1]) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_indefinite_matrix_is_refused),
        cmocka_unit_test(what_is_not_finite_is_refused),
        cmocka_unit_test(random_systems_give_back_what_went_in),
        cmocka_unit_test(two_by_two_in_closed_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
