/* Item factors: groups come apart, nothing depends on threads, too little is nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "nightreel/interest.h"

enum { USERS = 120, ITEMS = 60, GROUPS = 3 };

static char names[ITEMS][8];
static const char *ids[ITEMS];
static struct nr_interaction pairs[USERS * ITEMS];
static size_t pair_count;

/* Users and items fall into groups; a user watches two thirds of their own group's items. */
static int setup(void **state)
{
    (void)state;
    pair_count = 0;
    for (size_t i = 0; i < ITEMS; i++) {
        snprintf(names[i], sizeof names[i], "v%02zu", i);
        ids[i] = names[i];
    }
    for (size_t u = 0; u < USERS; u++)
        for (size_t i = 0; i < ITEMS; i++)
            if (u % GROUPS == i % GROUPS && nr_splitmix64(u * ITEMS + i) % 3)
                pairs[pair_count++] = (struct nr_interaction){u, i, 1};
    return 0;
}

static float cosine(const float *a, const float *b, size_t length)
{
    double dot = 0, left = 0, right = 0;
    for (size_t j = 0; j < length; j++) {
        dot += (double)a[j] * (double)b[j];
        left += (double)a[j] * (double)a[j];
        right += (double)b[j] * (double)b[j];
    }
    return (float)(dot / sqrt(left * right));
}

static void wrong_parameters_are_refused(void **state)
{
    struct nr_factor_params params;
    struct nr_arena mem = {0};
    struct nr_error err;
    float *rows[ITEMS];
    (void)state;
    nr_factor_params_default(&params);
    params.factors = 0;
    assert_int_equal(nr_item_factors_fit(&params, pairs, pair_count, ids, ITEMS, 1, &mem, rows, &err), NR_ERR_USAGE);
    assert_non_null(strstr(nr_factor_params_check(&params), "--factors"));
    nr_factor_params_default(&params);
    assert_null(nr_factor_params_check(&params));
    params.alpha = -1;
    assert_non_null(strstr(nr_factor_params_check(&params), "--factor-alpha"));
    nr_factor_params_default(&params);
    params.lambda = 0;
    assert_non_null(strstr(nr_factor_params_check(&params), "--factor-lambda"));
    params.factors = 100000;
    assert_int_equal(nr_item_factors_fit(&params, pairs, pair_count, ids, ITEMS, 1, &mem, rows, &err), NR_ERR_USAGE);
    nr_arena_release(&mem);
}

static void little_behaviour_gives_nothing(void **state)
{
    struct nr_factor_params params;
    struct nr_arena mem = {0};
    struct nr_error err;
    float *rows[ITEMS];
    size_t half = pair_count / 2; /* 60 users */
    (void)state;
    nr_factor_params_default(&params);
    assert_int_equal(nr_item_factors_fit(&params, pairs, half, ids, ITEMS, 1, &mem, rows, &err), NR_OK);
    for (size_t i = 0; i < ITEMS; i++)
        assert_null(rows[i]);
    assert_int_equal(nr_item_factors_fit(&params, pairs, 0, ids, ITEMS, 1, &mem, rows, &err), NR_OK);
    nr_arena_release(&mem);
}

static void what_the_same_people_watch_is_near(void **state)
{
    struct nr_factor_params params;
    struct nr_arena mem = {0};
    struct nr_error err;
    float *rows[ITEMS];
    (void)state;
    nr_factor_params_default(&params);
    assert_int_equal(nr_item_factors_fit(&params, pairs, pair_count, ids, ITEMS, 1, &mem, rows, &err), NR_OK);
    float within = 2, across = -2; /* the least within a group, the greatest across */
    for (size_t i = 0; i < ITEMS; i++)
        for (size_t k = 0; k < i; k++) {
            float near = cosine(rows[i], rows[k], params.factors);
            if (i % GROUPS == k % GROUPS)
                within = fminf(within, near);
            else
                across = fmaxf(across, near);
        }
    print_message("cosine within a group at least %.3f, across at most %.3f\n", (double)within, (double)across);
    assert_true(within > 0.2F && across < 0.1F && within > across + 0.1F);
    nr_arena_release(&mem);
}

static void threads_change_no_bit(void **state)
{
    struct nr_factor_params params;
    struct nr_arena mem = {0};
    struct nr_error err;
    float *one[ITEMS], *four[ITEMS];
    (void)state;
    nr_factor_params_default(&params);
    assert_int_equal(nr_item_factors_fit(&params, pairs, pair_count, ids, ITEMS, 1, &mem, one, &err), NR_OK);
    assert_int_equal(nr_item_factors_fit(&params, pairs, pair_count, ids, ITEMS, 4, &mem, four, &err), NR_OK);
    for (size_t i = 0; i < ITEMS; i++)
        assert_memory_equal(one[i], four[i], params.factors * sizeof(float));
    nr_arena_release(&mem);
}

/* One factor, one iteration, lambda 0: the last half step is a weighted mean,
 * y_i = sum_u (1 + a r) x_u / (sum_u x_u^2 + a r sum over watchers x_u^2), which for
 * equal x_u and everybody watching is y = (1 + a) / ((1 + a) x). All items that all
 * users watch equally get the same value. */
static void equal_items_get_equal_factors(void **state)
{
    struct nr_factor_params params;
    struct nr_arena mem = {0};
    struct nr_error err;
    float *rows[ITEMS];
    size_t count = 0;
    (void)state;
    nr_factor_params_default(&params);
    params.factors = 1;
    for (size_t u = 0; u < USERS; u++)
        for (size_t i = 0; i < ITEMS; i++)
            pairs[count++] = (struct nr_interaction){u, i, 2};
    assert_int_equal(nr_item_factors_fit(&params, pairs, count, ids, ITEMS, 1, &mem, rows, &err), NR_OK);
    for (size_t i = 0; i < ITEMS; i++)
        assert_true(fabsf(rows[i][0] - rows[0][0]) <= 1e-6F * fabsf(rows[0][0]) && rows[i][0] != 0);
    nr_arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(wrong_parameters_are_refused, setup),
        cmocka_unit_test_setup(little_behaviour_gives_nothing, setup),
        cmocka_unit_test_setup(what_the_same_people_watch_is_near, setup),
        cmocka_unit_test_setup(threads_change_no_bit, setup),
        cmocka_unit_test_setup(equal_items_get_equal_factors, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
