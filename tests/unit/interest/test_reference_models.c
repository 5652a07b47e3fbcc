/* test_reference_models.c - models of behaviour against numpy (scripts/fixtures/make_models.py). */
#include <math.h>

#include "support/support.h"

#include "nightreel/interest_models.h"

#include "fixtures/interest/models.h"

/* A log drawn with x and dots, and what numpy makes of it. */
struct reference {
    const char *const *log;
    size_t users, items;
    const double *ease[2], *knn, *ials;
    double ials_objective, ials_least; /* after ALS_STEPS, and when nothing changes any more */
};

#define REFERENCE(shape)                                                                                               \
    {                                                                                                                  \
        shape##_log, NR_COUNT(shape##_log), NR_COUNT(*shape##_knn), {*shape##_ease_0, *shape##_ease_1}, *shape##_knn,  \
            *shape##_ials, shape##_ials_objective, shape##_ials_least                                                  \
    }
static const struct reference references[] = {REFERENCE(tall), REFERENCE(wide)};

static void make_pairs(const struct reference *r, struct nr_pairs *pairs)
{
    struct nr_event_log log = {0};
    struct nr_arena mem = {0};
    const char *ids[64];
    for (size_t i = 0; i < r->items; i++)
        ids[i] = nr_arena_printf(&mem, "v%02zu", i);
    for (size_t u = 0; u < r->users; u++)
        for (size_t i = 0; i < r->items; i++) {
            const struct nr_event event = {.user_id = nr_arena_printf(&mem, "u%02zu", u),
                                           .video_id = ids[i],
                                           .action = NR_ACTION_VIEW,
                                           .value = NAN,
                                           .time = NR_TIME_NONE,
                                           .watch_seconds = NAN};
            if (r->log[u][i] == 'x')
                assert_int_equal(nr_event_log_add(&log, &event, NULL), NR_OK);
        }
    assert_int_equal(nr_pairs_make(&log, NULL, NULL, ids, r->items, pairs, NULL), NR_OK);
    assert_int_equal(pairs->user_count, r->users);
    nr_event_log_release(&log);
    nr_arena_release(&mem);
}

/* The greatest difference of all scores from numpy's; NAN there: no score here. */
static double greatest_difference(const struct nr_model *model, const void *learned, const struct nr_pairs *pairs,
                                  const double *want)
{
    double scores[64], *scratch = calloc(model->scratch ? model->scratch(learned) + 1 : 1, sizeof *scratch), most = 0;
    for (size_t u = 0; u < pairs->user_count; u++) {
        model->score(learned, u, scores, scratch);
        for (size_t i = 0; i < pairs->item_count; i++) {
            double expected = want[u * pairs->item_count + i];
            if (isnan(expected))
                assert_true(scores[i] == NR_NO_SCORE);
            else
                most = fmax(most, fabs(scores[i] - expected));
        }
    }
    free(scratch);
    return most;
}

static void check(const char *name, const struct nr_model_params *params, const struct reference *r, const double *want,
                  double within)
{
    struct nr_pairs pairs;
    void *learned = NULL;
    const struct nr_model *model = nr_model_find(name, strlen(name));
    make_pairs(r, &pairs);
    assert_int_equal(model->fit(params, &pairs, 2, &learned, NULL), NR_OK);
    double most = greatest_difference(model, learned, &pairs, want);
    print_message("%s, %zu users, %zu videos: %.2g from numpy at most\n", name, r->users, r->items, most);
    assert_true(most <= within);
    model->free(learned);
    nr_pairs_release(&pairs);
}

static void test_ease(void **state)
{
    (void)state;
    static const double lambdas[] = {0.5, 300};
    struct nr_model_params params;
    nr_model_params_default(&params);
    for (size_t r = 0; r < NR_COUNT(references); r++)
        for (size_t l = 0; l < NR_COUNT(lambdas); l++) {
            params.ease.lambda = lambdas[l];
            check("ease", &params, &references[r], references[r].ease[l], 1e-7); /* nine digits are written there */
        }
}

static void test_item_knn(void **state)
{
    (void)state;
    struct nr_model_params params;
    nr_model_params_default(&params);
    params.item_knn.neighbours = KNN_NEIGHBOURS;
    params.item_knn.shrink = KNN_SHRINK;
    for (size_t r = 0; r < NR_COUNT(references); r++)
        check("item-knn", &params, &references[r], references[r].knn, 1e-6); /* similarities are floats */
}

static void set_ials(struct nr_model_params *params, size_t iterations, size_t cg_steps)
{
    nr_model_params_default(params);
    params->ials = (struct nr_ials_params){.factors = ALS_FACTORS,
                                           .iterations = iterations,
                                           .cg_steps = cg_steps,
                                           .alpha = ALS_ALPHA,
                                           .lambda = ALS_LAMBDA};
}

static double ials_objective(const struct nr_model_params *params, const struct reference *r)
{
    struct nr_pairs pairs;
    void *learned = NULL;
    const struct nr_model *model = nr_model_find("ials", 4);
    make_pairs(r, &pairs);
    assert_int_equal(model->fit(params, &pairs, 2, &learned, NULL), NR_OK);
    double objective = nr_ials_objective(learned);
    model->free(learned);
    nr_pairs_release(&pairs);
    return objective;
}

/* The same start, the same steps: by Cholesky to the digits that are written there, by
 * conjugate gradients with as many steps as there are factors to a float's. */
static void test_ials_steps(void **state)
{
    (void)state;
    struct nr_model_params params;
    for (size_t r = 0; r < NR_COUNT(references); r++) {
        set_ials(&params, ALS_STEPS, 0);
        check("ials", &params, &references[r], references[r].ials, 1e-7);
        assert_float_equal(ials_objective(&params, &references[r]), references[r].ials_objective, 1e-6);
        set_ials(&params, ALS_STEPS, 2 * ALS_FACTORS);
        check("ials", &params, &references[r], references[r].ials, 1e-4);
    }
}

/* Run until nothing changes, whatever the solver: the least that numpy found from ten starts. */
static void test_ials_converges(void **state)
{
    (void)state;
    struct nr_model_params params;
    for (size_t r = 0; r < NR_COUNT(references); r++)
        for (size_t steps = 0; steps <= 3; steps++) {
            set_ials(&params, 1000, steps);
            double objective = ials_objective(&params, &references[r]);
            assert_float_equal(objective, references[r].ials_least, 1e-5 * references[r].ials_least);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ease),
        cmocka_unit_test(test_item_knn),
        cmocka_unit_test(test_ials_steps),
        cmocka_unit_test(test_ials_converges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
