/* test_evaluate.c - measures against closed forms; see test_measures_property.c, too. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/eval.h"

static void add(struct nr_eval_data *data, struct nr_eval_run *run, const char *user, const char *video, double score)
{
    assert_int_equal(nr_eval_add_entry(data, run, user, strlen(user), video, strlen(video), score, NULL), NR_OK);
}

static double value_of(const struct nr_eval_result *result, const char *name)
{
    for (size_t v = 0; v < result->count; v++)
        if (strcmp(result->values[v].name, name) == 0)
            return result->values[v].value;
    fail_msg("no value is called %s", name);
    return NAN;
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

/* ---- by hand ------------------------------------------------------------------------ */

/* u1: a* b c* d, relevant a c e; u2: not in the run; u3: an empty list. */
static void by_hand(struct nr_eval_data *data, struct nr_eval_run *run)
{
    static const char *const liked[][2] = {{"u1", "a"}, {"u1", "c"}, {"u1", "e"}, {"u2", "a"}, {"u3", "b"}};
    for (size_t i = 0; i < NR_COUNT(liked); i++)
        assert_int_equal(nr_eval_add_truth(data, liked[i][0], liked[i][1], 1, NULL), NR_OK);
    add(data, run, "u1", "a", 4);
    add(data, run, "u1", "c", 2);
    add(data, run, "u1", "b", 3);
    add(data, run, "u1", "d", 1);
    add(data, run, "nobody", "a", 1);
    assert_int_equal(nr_eval_add_list(data, run, "u3", NULL), NR_OK);
}

static void values_by_hand(void **state)
{
    struct nr_eval_data data = {.has_train = false};
    struct nr_eval_run run = {.name = "run"};
    struct nr_eval_params params;
    struct nr_eval_result result;
    (void)state;
    by_hand(&data, &run);
    nr_eval_params_default(&params);
    params.cutoffs[0] = 3;
    params.cutoff_count = 1;
    params.measures = "all";
    assert_int_equal(nr_eval_measure(&data, &run, &params, &result, NULL), NR_OK);
    assert_int_equal(result.users, 3);
    assert_int_equal(result.missing, 1);
    assert_int_equal(result.empty, 1);
    assert_int_equal(result.unjudged, 1);
    assert_true(result.tie_rate == 0);
    assert_true(near(value_of(&result, "precision@3"), 2.0 / 3 / 3));
    assert_true(near(value_of(&result, "recall@3"), 2.0 / 3 / 3));
    assert_true(near(value_of(&result, "f1@3"), 4.0 / 6 / 3));
    assert_true(near(value_of(&result, "f1_micro@3"), 4.0 / (9 + 5)));
    assert_true(near(value_of(&result, "f1_avg@3"), 2.0 / 9));
    assert_true(near(value_of(&result, "accuracy@3"), (2 + (5 - 3 - 3 + 2)) / 5.0 / 3)); /* a b c d e */
    double ideal = 1 + 1 / log2(3) + 0.5;
    assert_true(near(value_of(&result, "ndcg@3"), 1.5 / ideal / 3));
    assert_true(near(value_of(&result, "map@3"), (1 + 2.0 / 3) / 3 / 3));
    assert_true(near(value_of(&result, "mrr"), 1.0 / 3));
    assert_true(near(value_of(&result, "hit_rate@3"), 1.0 / 3));
    nr_eval_result_release(&result);
    nr_eval_run_release(&run);
    nr_eval_data_release(&data);
}

static void beyond_accuracy(void **state)
{
    struct nr_eval_data data = {.has_train = false};
    struct nr_eval_run run = {.name = "run"};
    struct nr_eval_params params;
    struct nr_eval_result result;
    (void)state;
    by_hand(&data, &run);
    nr_eval_params_default(&params);
    params.cutoffs[0] = 2;
    params.cutoff_count = 1;
    params.measures = "coverage";
    assert_int_equal(nr_eval_measure(&data, &run, &params, &result, NULL), NR_ERR_USAGE);
    assert_int_equal(nr_eval_add_train(&data, "u1", "f", NULL), NR_OK);
    assert_int_equal(nr_eval_add_train(&data, "u2", "a", NULL), NR_OK);
    assert_int_equal(nr_eval_add_train(&data, "u2", "a", NULL), NR_OK);
    params.measures = "coverage,gini@k,novelty";
    assert_int_equal(nr_eval_measure(&data, &run, &params, &result, NULL), NR_OK);
    assert_true(near(value_of(&result, "coverage@2"), 2.0 / 6)); /* a and b of a..f */
    assert_true(near(value_of(&result, "gini@2"), (3.0 + 5.0) / (6 * 2)));
    assert_true(near(value_of(&result, "novelty@2"), (log2(3.0 / 2) + log2(3.0)) / 2));
    assert_int_equal(result.values[2].undefined, 2); /* two users without a list */
    nr_eval_result_release(&result);
    nr_eval_run_release(&run);
    nr_eval_data_release(&data);
}

static void diversity_of_a_list(void **state)
{
    struct nr_item_list items = {0};
    struct nr_eval_data data = {.has_train = false};
    struct nr_eval_run run = {.name = "run"};
    struct nr_eval_params params;
    struct nr_eval_result result;
    static float vectors[3][2] = {{1, 0}, {0, 1}, {1, 0}};
    static const char *const names[] = {"a", "b", "c"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct nr_item *item;
        assert_int_equal(nr_item_list_add(&items, &item, NULL), NR_OK);
        item->video_id = names[i];
        item->blocks[NR_BLOCK_TEXT].values = vectors[i];
        item->blocks[NR_BLOCK_TEXT].length = 2;
    }
    by_hand(&data, &run);
    assert_int_equal(nr_eval_add_items(&data, &items, NULL), NR_OK);
    nr_eval_params_default(&params);
    params.cutoffs[0] = 4;
    params.cutoff_count = 1;
    params.measures = "diversity@k,accuracy";
    assert_int_equal(nr_eval_measure(&data, &run, &params, &result, NULL), NR_OK);
    assert_true(near(value_of(&result, "diversity@4"), 2.0 / 3)); /* d has no record */
    assert_true(near(value_of(&result, "accuracy@4"), 2.0 / 3 / 3));
    nr_eval_result_release(&result);
    nr_eval_run_release(&run);
    nr_eval_data_release(&data);
    nr_item_list_release(&items);
}

static void refusals(void **state)
{
    struct nr_eval_data data = {.has_train = false};
    struct nr_eval_run run = {.name = "run.jsonl"};
    struct nr_eval_params params;
    struct nr_eval_result result;
    struct nr_error err;
    (void)state;
    nr_eval_params_default(&params);
    assert_int_equal(nr_eval_measure(&data, &run, &params, &result, &err), NR_ERR_DATA);
    assert_string_equal(err.text, "no user of the truth has a relevant video");
    by_hand(&data, &run);
    assert_int_equal(nr_eval_add_entry(&data, &run, "u1", 2, "x", 1, NAN, &err), NR_ERR_DATA);
    params.measures = "ndcg,nonsense";
    assert_int_equal(nr_eval_measure(&data, &run, &params, &result, &err), NR_ERR_USAGE);
    params.measures = NULL;
    add(&data, &run, "u1", "b", 0);
    assert_int_equal(nr_eval_measure(&data, &run, &params, &result, &err), NR_ERR_DATA);
    assert_string_equal(err.text, "run 'run.jsonl' lists video 'b' twice for user 'u1'");
    nr_eval_run_release(&run);
    nr_eval_data_release(&data);
    params.cutoffs[1] = 5;
    assert_non_null(nr_eval_params_check(&params));
    params.cutoff_count = 0;
    assert_non_null(nr_eval_params_check(&params));
}

static void ties_have_a_best_and_a_worst(void **state)
{
    struct nr_eval_data data = {.has_train = false};
    struct nr_eval_run run = {.name = "run"};
    struct nr_eval_params params;
    struct nr_eval_result result;
    (void)state;
    assert_int_equal(nr_eval_add_truth(&data, "u", "b", 1, NULL), NR_OK);
    for (const char *video = "a\0b\0c\0"; *video; video += 2)
        add(&data, &run, "u", video, 1);
    add(&data, &run, "u", "z", 0);
    nr_eval_params_default(&params);
    params.measures = "mrr";
    assert_int_equal(nr_eval_measure(&data, &run, &params, &result, NULL), NR_OK);
    assert_true(near(result.values[0].value, 1.0 / 2) && near(result.values[0].best, 1) &&
                near(result.values[0].worst, 1.0 / 3));
    assert_true(near(result.tie_rate, 0.75));
    nr_eval_result_release(&result);
    nr_eval_run_release(&run);
    nr_eval_data_release(&data);
}

static void ids_are_found_again(void **state)
{
    struct nr_ids ids = {.count = 0};
    char name[16];
    uint32_t number;
    (void)state;
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            snprintf(name, sizeof name, "%u", i * 7);
            assert_int_equal(nr_ids_add(&ids, name, strlen(name), &number, NULL), NR_OK);
            assert_int_equal(number, i);
        }
    assert_int_equal(nr_ids_add(&ids, "70000", 2, &number, NULL), NR_OK); /* "70" */
    assert_int_equal(number, 10);
    assert_int_equal(ids.count, 5000);
    nr_ids_release(&ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals),
        cmocka_unit_test(values_by_hand),
        cmocka_unit_test(beyond_accuracy),
        cmocka_unit_test(diversity_of_a_list),
        cmocka_unit_test(ties_have_a_best_and_a_worst),
        cmocka_unit_test(ids_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
