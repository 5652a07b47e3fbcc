/* test_blocks.c - blocks against the formulas of their header. */
#include <math.h>

#include "support/support.h"

#include "nightreel/feature.h"

static void wrong_parameters_are_refused(void **state)
{
    const float row[1] = {1}, *rows[] = {row};
    struct nr_arena mem = {0};
    struct nr_block_stats stats;
    struct nr_fuse_params params;
    (void)state;
    assert_int_equal(nr_block_stats_fit(rows, 1, 1, NR_BLOCK_SPARSE, &mem, &stats, NULL), NR_ERR_USAGE);
    nr_fuse_params_default(&params);
    assert_null(nr_fuse_params_check(&params));
    params.stats = "";
    assert_non_null(nr_fuse_params_check(&params));
    nr_arena_release(&mem);
}

static double norm_of(const float *row, size_t length)
{
    double squares = 0;
    for (size_t j = 0; j < length; j++)
        squares += (double)row[j] * row[j];
    return sqrt(squares);
}

/* Half the rows at (1, 10), half at (3, 14): mean (2, 12), s^2 = (1, 4), m = 2.5,
 * n = 12: variances (12 + 75) / 42 and (48 + 75) / 42. */
static void standardised_by_shrunken_deviations(void **state)
{
    enum { N = 12 };
    float values[N][2];
    float *rows[N];
    (void)state;
    for (int i = 0; i < N; i++) {
        values[i][0] = i % 2 ? 3 : 1;
        values[i][1] = i % 2 ? 14 : 10;
        rows[i] = values[i];
    }
    struct nr_arena mem = {0};
    struct nr_block_stats stats;
    assert_int_equal(nr_block_stats_fit((const float *const *)rows, N, 2, NR_BLOCK_STANDARDISED, &mem, &stats, NULL),
                     NR_OK);
    assert_int_equal(stats.rows, N);
    nr_assert_near(stats.mean[0], 2, 1e-15);
    nr_assert_near(stats.mean[1], 12, 1e-15);
    nr_assert_near(stats.scale[0], sqrt(42.0 / 87), 1e-15);
    nr_assert_near(stats.scale[1], sqrt(42.0 / 123), 1e-15);
    assert_int_equal(nr_block_fit(rows, N, 2, NR_BLOCK_STANDARDISED, NULL), NR_OK);
    double a = sqrt(1 / 87.0), b = 2 * sqrt(1 / 123.0), norm = sqrt(a * a + b * b);
    for (int i = 0; i < N; i++) {
        nr_assert_near(values[i][0], (i % 2 ? a : -a) / norm, 1e-7);
        nr_assert_near(values[i][1], (i % 2 ? b : -b) / norm, 1e-7);
    }
    nr_arena_release(&mem);
}

static void few_rows_get_the_norm_alone(void **state)
{
    float values[9][2], *rows[10] = {NULL};
    (void)state;
    for (int i = 0; i < 9; i++) {
        values[i][0] = 3;
        values[i][1] = 4;
        rows[i + 1] = values[i]; /* 10 places, 9 rows */
    }
    assert_int_equal(nr_block_fit(rows, 10, 2, NR_BLOCK_STANDARDISED, NULL), NR_OK);
    for (int i = 0; i < 9; i++) {
        nr_assert_near(values[i][0], 0.6, 1e-7);
        nr_assert_near(values[i][1], 0.8, 1e-7);
    }
}

/* Centred: subtracts the mean however few there are, and scales nothing. */
static void centred_blocks_keep_their_scale(void **state)
{
    float a[2] = {1, 5}, b[2] = {5, 2}, *rows[] = {a, b}; /* mean (3, 3.5) */
    (void)state;
    assert_int_equal(nr_block_fit(rows, 2, 2, NR_BLOCK_CENTRED, NULL), NR_OK);
    nr_assert_near(a[0], -0.8, 1e-7);
    nr_assert_near(a[1], 0.6, 1e-7);
    nr_assert_near(b[0], 0.8, 1e-7);
    nr_assert_near(b[1], -0.6, 1e-7);
}

static void what_is_the_same_everywhere_becomes_zero(void **state)
{
    float values[10][3], *rows[10];
    (void)state;
    for (int i = 0; i < 10; i++) {
        for (int j = 0; j < 3; j++)
            values[i][j] = (float)j;
        rows[i] = values[i];
    }
    assert_int_equal(nr_block_fit(rows, 10, 3, NR_BLOCK_STANDARDISED, NULL), NR_OK);
    for (int i = 0; i < 10; i++)
        assert_true(norm_of(values[i], 3) == 0);
    float zero[3] = {0};
    assert_int_equal(nr_block_fit((float *[]){zero}, 1, 3, NR_BLOCK_STANDARDISED, NULL), NR_OK);
    assert_true(norm_of(zero, 3) == 0);
}

/* Random rows; those with a bit in `absent` are left out. */
enum { MANY = 40, WIDE = 7 };
static void random_rows(float values[MANY][WIDE], float **rows, uint64_t seed)
{
    struct nr_random random = {seed};
    for (int i = 0; i < MANY; i++) {
        for (int j = 0; j < WIDE; j++)
            values[i][j] = (float)((j + 1) * nr_random_unit(&random));
        rows[i] = values[i];
    }
}

/* A row that is not finite becomes zero and changes nothing about the others. */
static void bad_rows_touch_no_other(void **state)
{
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    float with[MANY][WIDE], without[MANY][WIDE], *rows[MANY], *fewer[MANY];
    (void)state;
    for (size_t b = 0; b < NR_COUNT(bad); b++) {
        random_rows(with, rows, 5);
        random_rows(without, fewer, 5);
        with[17][3] = bad[b];
        fewer[17] = NULL;
        assert_int_equal(nr_block_fit(rows, MANY, WIDE, NR_BLOCK_STANDARDISED, NULL), NR_OK);
        assert_int_equal(nr_block_fit(fewer, MANY, WIDE, NR_BLOCK_STANDARDISED, NULL), NR_OK);
        for (int i = 0; i < MANY; i++) {
            if (i == 17)
                assert_true(norm_of(with[i], WIDE) == 0);
            else
                assert_memory_equal(with[i], without[i], sizeof with[i]);
        }
    }
}

static void rows_have_norm_one(void **state)
{
    float values[MANY][WIDE], *rows[MANY];
    (void)state;
    random_rows(values, rows, 9);
    assert_int_equal(nr_block_fit(rows, MANY, WIDE, NR_BLOCK_STANDARDISED, NULL), NR_OK);
    for (int i = 0; i < MANY; i++)
        nr_assert_near(norm_of(values[i], WIDE), 1, 1e-6);
}

/* Sums run in the order of the rows: another order agrees to rounding, and statistics
 * fitted once give a row the same bits whatever else is there. */
static void statistics_are_of_the_set(void **state)
{
    float values[MANY][WIDE], *rows[MANY], one[WIDE];
    struct nr_arena mem = {0};
    struct nr_block_stats there, back;
    (void)state;
    random_rows(values, rows, 21);
    const float *reversed[MANY];
    for (int i = 0; i < MANY; i++)
        reversed[i] = rows[MANY - 1 - i];
    assert_int_equal(
        nr_block_stats_fit((const float *const *)rows, MANY, WIDE, NR_BLOCK_STANDARDISED, &mem, &there, NULL), NR_OK);
    assert_int_equal(nr_block_stats_fit(reversed, MANY, WIDE, NR_BLOCK_STANDARDISED, &mem, &back, NULL), NR_OK);
    for (int j = 0; j < WIDE; j++) {
        nr_assert_near(there.mean[j], back.mean[j], 1e-13);
        nr_assert_near(there.scale[j], back.scale[j], 1e-13);
    }
    memcpy(one, rows[4], sizeof one);
    nr_block_stats_apply(&there, one);
    assert_int_equal(nr_block_fit(rows, MANY, WIDE, NR_BLOCK_STANDARDISED, NULL), NR_OK);
    assert_memory_equal(one, rows[4], sizeof one);
    nr_arena_release(&mem);
}

static void terms_are_normalised(void **state)
{
    struct nr_term items[] = {{"a", 3}, {"b", -4}};
    struct nr_terms terms = {items, 2}, none = {NULL, 0};
    (void)state;
    nr_terms_normalise(&terms);
    nr_assert_near(items[0].weight, 0.6, 1e-15);
    nr_assert_near(items[1].weight, -0.8, 1e-15);
    items[0].weight = items[1].weight = 0;
    nr_terms_normalise(&terms);
    assert_true(items[0].weight == 0 && items[1].weight == 0);
    items[0].weight = NAN;
    nr_terms_normalise(&terms);
    assert_true(items[0].weight == 0);
    nr_terms_normalise(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_parameters_are_refused),
        cmocka_unit_test(standardised_by_shrunken_deviations),
        cmocka_unit_test(few_rows_get_the_norm_alone),
        cmocka_unit_test(centred_blocks_keep_their_scale),
        cmocka_unit_test(what_is_the_same_everywhere_becomes_zero),
        cmocka_unit_test(bad_rows_touch_no_other),
        cmocka_unit_test(rows_have_norm_one),
        cmocka_unit_test(statistics_are_of_the_set),
        cmocka_unit_test(terms_are_normalised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
