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
        cmocka_unit_test(two_by_two_in_closed_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
