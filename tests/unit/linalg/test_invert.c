/* test_invert.c - inverses in tiles: several of them, any threads, what is singular. */
#include <math.h>

#include "support/support.h"

#include "nightreel/linalg.h"

/* 2 on the diagonal, -1 beside it: (A^-1)_ij = min(i, j) (n + 1 - max(i, j)) / (n + 1). */
static void fill_chain(double *a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            a[i * n + j] = j > i ? NAN : i == j ? 2 : i == j + 1 ? -1 : 0; /* the upper triangle is not read */
}

static void test_singular(void **state)
{
    (void)state;
    double twins[] = {1, 1, 1, 1}, indefinite[] = {1, 2, 2, 1}, lost[] = {1e9, 1e9, 1e9, 1e9 + 1e-7};
    double unknown[] = {NAN, 0, 0, 1};
    assert_false(nr_invert_spd(twins, 2));
    assert_false(nr_invert_spd(indefinite, 2));
    assert_false(nr_invert_spd(lost, 2));
    assert_false(nr_invert_spd(unknown, 2));
    assert_true(nr_invert_spd(NULL, 0));
    assert_null(nr_square_new(SIZE_MAX / 2));
}

static void check_chain(size_t n)
{
    double *a = nr_square_new(n), *b = nr_square_new(n), most = 0;
    assert_non_null(a);
    assert_non_null(b);
    fill_chain(a, n);
    fill_chain(b, n);
    assert_true(nr_invert_spd_threads(a, n, 1));
    assert_true(nr_invert_spd_threads(b, n, 3));
    assert_memory_equal(a, b, n * n * sizeof *a);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            size_t low = i < j ? i : j, high = i < j ? j : i;
            double want = (double)(low + 1) * (double)(n - high) / (double)(n + 1);
            most = fmax(most, fabs(a[i * n + j] - want) / (double)n);
        }
    print_message("n = %zu: %.2g n off at most\n", n, most);
    assert_true(most < 1e-10);
    free(a);
    free(b);
}

static void test_tiles(void **state)
{
    (void)state;
    check_chain(1);
    check_chain(65);
    check_chain(1536); /* one tile */
    check_chain(1537); /* and one row */
    check_chain(3200); /* three of them */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_singular),
        cmocka_unit_test(test_tiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
