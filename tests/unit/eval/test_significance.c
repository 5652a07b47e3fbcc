/* test_significance.c - the randomisation test and the bootstrap against closed forms and
 * a loop that follows the header word by word. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/eval_significance.h"

static struct nr_significance_params usual(void)
{
    struct nr_significance_params params;
    nr_significance_params_default(&params);
    return params;
}

static double draw(uint64_t *state)
{
    *state = nr_splitmix64(*state);
    return (double)(*state >> 11) / 9007199254740992.0;
}

static void refusals(void **state)
{
    struct nr_significance_params params = usual();
    struct nr_significance out;
    struct nr_interval interval;
    const double values[] = {1, 2}, *const columns[] = {values};
    struct nr_error err;
    (void)state;
    assert_null(nr_significance_params_check(&params));
    params.permutations = 0;
    assert_int_equal(nr_significance(values, values, 2, &params, &out, &err), NR_ERR_USAGE);
    assert_string_equal(err.text, "permutations must be from 1 to 1000000");
    params = usual();
    params.resamples = NR_RESAMPLES_MAX + 1;
    assert_int_equal(nr_bootstrap(columns, 1, 2, &params, &interval, &err), NR_ERR_USAGE);
    params = usual();
    params.level = 1;
    assert_non_null(nr_significance_params_check(&params));
    params.level = NAN;
    assert_non_null(nr_significance_params_check(&params));
}

static void nothing_to_compare(void **state)
{
    struct nr_significance_params params = usual();
    struct nr_significance out;
    const double none[] = {NAN, 1}, other[] = {1, NAN};
    (void)state;
    assert_int_equal(nr_significance(none, other, 2, &params, &out, NULL), NR_OK);
    assert_int_equal(out.pairs, 0);
    assert_true(isnan(out.difference) && isnan(out.p) && isnan(out.interval.low) && isnan(out.interval.high));
    assert_int_equal(nr_significance(none, none, 2, &params, &out, NULL), NR_OK);
    assert_int_equal(out.pairs, 1);
    assert_true(out.difference == 0 && out.p == 1 && out.interval.low == 0 && out.interval.high == 0);
}

/* n users of whom all gain as much: 2 of the 2^n choices of signs are as great. */
static void p_of_equal_gains(void **state)
{
    struct nr_significance_params params = usual();
    double a[10] = {0}, b[10];
    (void)state;
    params.permutations = 200000;
    for (size_t n = 1; n <= 10; n++) {
        struct nr_significance out;
        for (size_t i = 0; i < n; i++)
            b[i] = 0.1; /* sums of it are not exact */
        double want = 2 / pow(2, (double)n);
        assert_int_equal(nr_significance(a, b, n, &params, &out, NULL), NR_OK);
        assert_true(fabs(out.difference - 0.1) < 1e-15);
        assert_true(fabs(out.p - want) < 5 * sqrt(want / 200000) + 1e-5);
    }
}

static double slow_p(const double *a, const double *b, size_t n, const struct nr_significance_params *params)
{
    size_t as_great = 0;
    double observed = 0, size = 0;
    for (size_t i = 0; i < n; i++) {
        observed += b[i] - a[i];
        size += fabs(b[i] - a[i]);
    }
    for (size_t j = 0; j < params->permutations; j++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            uint64_t bits = nr_splitmix64(nr_splitmix64(params->seed) + i / 64 * params->permutations + j);
            sum += bits >> i % 64 & 1 ? a[i] - b[i] : b[i] - a[i];
        }
        as_great += fabs(sum) >= fabs(observed) - 1e-12 * size;
    }
    return (1 + (double)as_great) / (1 + (double)params->permutations);
}

static int compare(const void *a, const void *b)
{
    return nr_double_compare(*(const double *)a, *(const double *)b);
}

static struct nr_interval slow_interval(const double *values, size_t n, const struct nr_significance_params *params)
{
    double *means = malloc(params->resamples * sizeof *means), ends[2];
    for (size_t j = 0; j < params->resamples; j++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            uint64_t bits = nr_splitmix64(nr_splitmix64(~params->seed) + j * ((n + 1) / 2) + i / 2);
            sum += values[((i % 2 ? bits >> 32 : bits & UINT32_MAX) * n) >> 32];
        }
        means[j] = sum / (double)n;
    }
    qsort(means, params->resamples, sizeof *means, compare);
    for (int end = 0; end < 2; end++) {
        double at = (1 + (end ? 1 : -1) * params->level) / 2 * (double)(params->resamples - 1);
        size_t below = (size_t)at;
        ends[end] = means[below] + (at - (double)below) * (means[below + 1] - means[below]);
    }
    free(means);
    return (struct nr_interval){ends[0], ends[1]};
}

static void equals_the_definition(void **state)
{
    uint64_t random = 7;
    (void)state;
    for (size_t n = 1; n <= 200; n = 3 * n - n / 2) {
        struct nr_significance_params params = usual();
        struct nr_significance out;
        double a[600], b[600], differences[600];
        params.permutations = params.resamples = 999;
        params.seed = n;
        for (size_t i = 0; i < n; i++) {
            a[i] = floor(4 * draw(&random)) / 3;
            b[i] = floor(4 * draw(&random)) / 3 + 0.1 * draw(&random);
            differences[i] = b[i] - a[i];
        }
        struct nr_interval want = slow_interval(differences, n, &params);
        assert_int_equal(nr_significance(a, b, n, &params, &out, NULL), NR_OK);
        assert_true(fabs(out.p - slow_p(a, b, n, &params)) < 1e-12);
        assert_true(fabs(out.interval.low - want.low) < 1e-12 && fabs(out.interval.high - want.high) < 1e-12);
    }
}

/* Where nothing differs but by chance, p is spread evenly; intervals of 95% hold the
 * mean 95 times in 100. */
static void chance_is_called_chance(void **state)
{
    enum { ROUNDS = 400, N = 100 };
    size_t below[2] = {0}, held = 0;
    uint64_t random = 3;
    (void)state;
    for (size_t round = 0; round < ROUNDS; round++) {
        struct nr_significance_params params = usual();
        struct nr_significance out;
        double a[N], b[N];
        params.permutations = params.resamples = 1000;
        for (size_t i = 0; i < N; i++) {
            a[i] = draw(&random);
            b[i] = draw(&random);
        }
        assert_int_equal(nr_significance(a, b, N, &params, &out, NULL), NR_OK);
        below[0] += out.p < 0.05;
        below[1] += out.p < 0.5;
        held += out.interval.low <= 0 && 0 <= out.interval.high;
    }
    assert_in_range(below[0], 20 - 18, 20 + 18); /* 4 standard deviations */
    assert_in_range(below[1], 200 - 40, 200 + 40);
    assert_in_range(held, 380 - 25, 380 + 18);
}

static void gaps_are_left_out(void **state)
{
    struct nr_significance_params params = usual();
    const double whole[] = {0.5, 0.5, 0.5, 0.5, 0.5}, gaps[] = {NAN, 2, 2, NAN, 2}, none[] = {NAN, NAN, NAN, NAN, NAN};
    const double *const columns[] = {gaps, whole, none};
    struct nr_interval out[3];
    (void)state;
    assert_int_equal(nr_bootstrap(columns, 3, 5, &params, out, NULL), NR_OK);
    assert_true(out[0].low == 2 && out[0].high == 2);
    assert_true(out[1].low == 0.5 && out[1].high == 0.5);
    assert_true(isnan(out[2].low) && isnan(out[2].high));
}

static void what_never_varies_has_no_width(void **state)
{
    struct nr_significance_params params = usual();
    double values[100], sum = 0;
    const double *const columns[] = {values};
    struct nr_interval out;
    (void)state;
    for (size_t i = 0; i < 100; i++)
        sum += values[i] = 0.1;
    assert_int_equal(nr_bootstrap(columns, 1, 100, &params, &out, NULL), NR_OK);
    assert_true(out.low == sum / 100 && out.high == sum / 100);
}

static void threads_change_nothing(void **state)
{
    enum { N = 333, COLUMNS = 19 };
    static double values[COLUMNS][N];
    const double *columns[COLUMNS];
    struct nr_interval first[COLUMNS], again[COLUMNS];
    uint64_t random = 1;
    (void)state;
    for (size_t c = 0; c < COLUMNS; c++) {
        for (size_t i = 0; i < N; i++)
            values[c][i] = draw(&random);
        columns[c] = values[c];
    }
    for (unsigned threads = 1; threads <= 5; threads++) {
        struct nr_significance_params params = usual();
        params.threads = threads;
        params.resamples = 1234;
        assert_int_equal(nr_bootstrap(columns, COLUMNS, N, &params, threads == 1 ? first : again, NULL), NR_OK);
        assert_true(threads == 1 || memcmp(first, again, sizeof first) == 0);
    }
}

/* Two runs with one user in three without a list. */
static void runs_against_the_first(void **state)
{
    struct nr_eval_value values[2][2] = {{{.name = "a"}, {.name = "b"}}, {{.name = "a"}, {.name = "b"}}};
    double first[] = {1, 0, 1, NAN}, second[] = {1, 1, NAN, 1};
    struct nr_eval_result results[2] = {{.users = 4, .values = values[0], .count = 2},
                                        {.users = 4, .values = values[1], .count = 2}};
    struct nr_eval_comparison out[2];
    struct nr_significance_params params = usual();
    (void)state;
    values[0][0].per_user = first;
    values[1][0].per_user = second;
    assert_int_equal(nr_eval_compare(results, 2, NR_UNDEFINED_SKIP, &params, out, NULL), NR_OK);
    assert_null(out[0].against);
    assert_int_equal(out[1].against[0].pairs, 2);
    assert_true(out[1].against[0].difference == 0.5 && out[1].intervals[0].low == 1);
    assert_true(isnan(out[1].against[1].p) && isnan(out[0].intervals[1].low));
    for (size_t r = 0; r < 2; r++)
        nr_eval_comparison_release(&out[r]);
    assert_int_equal(nr_eval_compare(results, 2, NR_UNDEFINED_ZERO, &params, out, NULL), NR_OK);
    assert_int_equal(out[1].against[0].pairs, 4);
    assert_true(out[1].against[0].difference == 0.25 && out[1].intervals[0].low < 1);
    struct nr_significance alone;
    double zeroed[] = {1, 0, 1, 0}, others[] = {1, 1, 0, 1};
    assert_int_equal(nr_significance(zeroed, others, 4, &params, &alone, NULL), NR_OK);
    assert_memory_equal(&alone.interval, &out[1].against[0].interval, sizeof alone.interval);
    assert_true(alone.p == out[1].against[0].p);
    for (size_t r = 0; r < 2; r++)
        nr_eval_comparison_release(&out[r]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals),
        cmocka_unit_test(nothing_to_compare),
        cmocka_unit_test(p_of_equal_gains),
        cmocka_unit_test(equals_the_definition),
        cmocka_unit_test(chance_is_called_chance),
        cmocka_unit_test(gaps_are_left_out),
        cmocka_unit_test(what_never_varies_has_no_width),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(runs_against_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
