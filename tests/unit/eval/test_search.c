/* test_search.c - a planted optimum is found, noise changes nothing, and a search that is
 * cut short goes on. */
#include "support/support.h"

#include "nightreel/eval_search.h"

enum { USERS = 400, CALLS_MAX = 4000 };

/* What the callback saw, and what it says. */
struct world {
    double (*value)(const double *point, size_t user);
    size_t calls, fail_at; /* 0: never */
    struct {
        double point[3];
        size_t from, to;
    } seen[CALLS_MAX];
};

static double unit(uint64_t hash)
{
    return (double)(nr_splitmix64(hash) >> 11) * 0x1p-53;
}

/* Every user is another one; what a point is worth is the same for all, less a little. */
static double planted(const double *point, size_t user)
{
    double a = log(point[0] / 8), b = point[1] - 0.25;
    return unit(user) - 0.1 * a * a - b * b + 0.02 * unit(nr_splitmix64(user) + (uint64_t)(1e6 * point[0]));
}

/* Nothing but luck, another one at every point. */
static double noise(const double *point, size_t user)
{
    uint64_t hash = nr_fnv1a(user, point, 3 * sizeof *point);
    return unit(nr_splitmix64(hash));
}

/* Only what the searched users like best, whoever they are: shares do not matter. */
static double flat(const double *point, size_t user)
{
    (void)point;
    return unit(user);
}

static enum nr_status measure(void *ctx, const struct nr_search_task *task, struct nr_error *err)
{
    struct world *world = ctx;
    if (world->fail_at && world->calls + 1 == world->fail_at)
        return nr_fail(err, NR_ERR_INTERRUPTED, "interrupted");
    assert_true(world->calls < CALLS_MAX);
    assert_true(task->from < task->to && task->to <= USERS);
    memcpy(world->seen[world->calls].point, task->point, sizeof world->seen[0].point);
    world->seen[world->calls].from = task->from;
    world->seen[world->calls++].to = task->to;
    for (size_t u = task->from; u < task->to; u++)
        task->out[u - task->from] = world->value(task->point, u);
    return NR_OK;
}

static enum nr_status measure_nothing(void *ctx, const struct nr_search_task *task, struct nr_error *err)
{
    (void)ctx;
    (void)err;
    memset(task->out, 0, (task->to - task->from) * sizeof *task->out);
    return NR_OK;
}

static const struct nr_search_range ranges[] = {
    {.low = 0.1, .high = 100, .logarithmic = true, .default_value = 1},
    {.low = 0, .high = 1, .default_value = 0.5},
    {.low = 1, .high = 9, .whole = true, .default_value = 3},
};

static void run(struct world *world, uint64_t seed, struct nr_search_result *out)
{
    struct nr_search_params params;
    nr_search_params_default(&params);
    params.users = USERS;
    params.seed = seed;
    world->calls = 0;
    assert_int_equal(nr_search_run(ranges, NR_COUNT(ranges), &params, measure, world, out, NULL), NR_OK);
}

static void wrong_parameters(void **state)
{
    (void)state;
    struct world *world = calloc(1, sizeof *world);
    struct nr_search_params params;
    struct nr_search_result result;
    struct nr_search_range bad[1];
    nr_search_params_default(&params);
    assert_non_null(nr_search_params_check(&params)); /* no users */
    params.users = USERS;
    params.trials = 0;
    assert_non_null(nr_search_params_check(&params));
    params.trials = 3;
    assert_null(nr_search_params_check(&params));
    const struct nr_search_range wrong[] = {
        {.low = 1, .high = 1, .default_value = 1},
        {.low = 2, .high = 1, .default_value = 1},
        {.low = NAN, .high = 1, .default_value = 1},
        {.low = 0, .high = 1, .default_value = INFINITY},
        {.low = 0, .high = 1, .logarithmic = true, .default_value = 1},
        {.low = -1, .high = 1, .logarithmic = true, .default_value = 1},
        {.low = -2, .high = -1, .share = true, .default_value = 1},
    };
    for (size_t i = 0; i < NR_COUNT(wrong); i++) {
        bad[0] = wrong[i];
        assert_int_equal(nr_search_run(bad, 1, &params, measure, world, &result, NULL), NR_ERR_USAGE);
        nr_search_result_release(&result);
    }
    assert_null(nr_search_ranges_check(ranges, NR_COUNT(ranges)));
    assert_non_null(nr_search_ranges_check(ranges, NR_SEARCH_PARAMETERS_MAX + 1));
    free(world);
}

static void paired_gains(void **state)
{
    (void)state;
    const double a[] = {3, 5, 10}, b[] = {2, 3, 7}; /* 1, 2, 3: mean 2, deviation 1 */
    struct nr_search_gain gain = nr_paired_gain(a, b, 3);
    nr_assert_near(gain.mean, 2, 1e-15);
    nr_assert_near(gain.error, 1 / sqrt(3), 1e-15);
    assert_true(isnan(nr_paired_gain(a, b, 1).error));
    assert_true(isnan(nr_paired_gain(a, b, 0).mean));
}

static void a_planted_optimum_is_found(void **state)
{
    (void)state;
    struct world *world = calloc(1, sizeof *world);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct nr_search_result result;
        world->value = planted;
        run(world, seed, &result);
        assert_false(result.reverted);
        assert_in_range(result.findings[0].value * 100, 500, 1300); /* 8 */
        nr_assert_near(result.findings[1].value, 0.25, 0.1);
        assert_true(result.findings[0].kept && result.findings[1].kept);
        assert_true(result.findings[0].gain.mean > result.findings[0].gain.error);
        assert_true(result.whole.mean > 0.3); /* 0.1 log(8)^2 */
        assert_int_equal(result.users, USERS);
        assert_int_equal(result.searched_users, USERS / 2);
        nr_search_result_release(&result);
    }
    free(world);
}

static void noise_changes_nothing(void **state)
{
    (void)state;
    struct world *world = calloc(1, sizeof *world);
    size_t changed = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct nr_search_result result;
        world->value = noise;
        run(world, seed, &result);
        for (size_t p = 0; p < result.count; p++)
            if (result.findings[p].kept) {
                changed++;
                break;
            }
        if (result.reverted)
            for (size_t p = 0; p < result.count; p++)
                assert_float_equal(result.findings[p].value, ranges[p].default_value, 0);
        nr_search_result_release(&result);
    }
    assert_in_range(changed, 0, 6); /* one in six by chance, before each change is judged: 6.4 of 40 */
    world->value = flat;
    struct nr_search_result result;
    run(world, 1, &result);
    for (size_t p = 0; p < result.count; p++)
        assert_false(result.findings[p].kept);
    nr_search_result_release(&result);
    free(world);
}

/* Only the ratio of the first two shares matters, and only a little beyond 2. */
static double ratio(const double *point, size_t user)
{
    double wanted = fmin(log(point[0] / point[1]), log(2));
    return unit(user) + 0.1 * wanted + 0.001 * unit(nr_fnv1a(user, point, 2 * sizeof *point));
}

static void shares_move_towards_equal(void **state)
{
    (void)state;
    static const struct nr_search_range shares[] = {
        {.low = 0.05, .high = 20, .logarithmic = true, .share = true, .default_value = 1},
        {.low = 0.05, .high = 20, .logarithmic = true, .share = true, .default_value = 1},
        {.low = 0.05, .high = 20, .logarithmic = true, .share = true, .default_value = 1},
    };
    struct world *world = calloc(1, sizeof *world);
    struct nr_search_params params;
    struct nr_search_result result;
    nr_search_params_default(&params);
    params.users = USERS;
    world->value = ratio;
    assert_int_equal(nr_search_run(shares, 3, &params, measure, world, &result, NULL), NR_OK);
    assert_true(result.towards_equal > 0 && result.towards_equal < 1);
    assert_true(fabs(log(result.findings[0].value)) <= fabs(log(result.findings[0].searched)));
    assert_true(log(result.findings[0].value / result.findings[1].value) > 0.6);
    assert_float_equal(result.findings[2].value, 1, 0); /* it bought nothing */
    nr_search_result_release(&result);
    free(world);
}

static void same_calls(const struct world *a, const struct world *b, size_t calls)
{
    for (size_t i = 0; i < calls; i++) {
        assert_memory_equal(a->seen[i].point, b->seen[i].point, sizeof a->seen[i].point);
        assert_int_equal(a->seen[i].from, b->seen[i].from);
        assert_int_equal(a->seen[i].to, b->seen[i].to);
    }
}

/* The same calls in the same order, so that what is kept of a run that stopped serves the
 * next; no point twice; another seed, another way. */
static void it_goes_the_same_way_again(void **state)
{
    (void)state;
    struct world *first = calloc(1, sizeof *first), *second = calloc(1, sizeof *second);
    struct nr_search_params params;
    struct nr_search_result a, b;
    struct nr_error err;
    first->value = second->value = planted;
    run(first, 7, &a);
    nr_search_params_default(&params);
    params.users = USERS;
    params.seed = 7;
    second->fail_at = 50;
    assert_int_equal(nr_search_run(ranges, NR_COUNT(ranges), &params, measure, second, &b, &err), NR_ERR_INTERRUPTED);
    assert_string_equal(err.text, "interrupted");
    assert_int_equal(second->calls, 49);
    same_calls(first, second, 49);
    nr_search_result_release(&b);
    second->fail_at = 0;
    run(second, 7, &b);
    assert_int_equal(first->calls, second->calls);
    same_calls(first, second, first->calls);
    for (size_t p = 0; p < a.count; p++)
        assert_memory_equal(&a.findings[p].value, &b.findings[p].value, sizeof(double));
    for (size_t i = 0; i < first->calls; i++)
        for (size_t j = 0; j < i; j++)
            assert_false(memcmp(first->seen[i].point, first->seen[j].point, sizeof first->seen[i].point) == 0 &&
                         first->seen[i].from == first->seen[j].from);
    nr_search_result_release(&b);
    run(second, 8, &b);
    assert_memory_not_equal(first->seen, second->seen, 40 * sizeof first->seen[0]);
    nr_search_result_release(&a);
    nr_search_result_release(&b);
    free(first);
    free(second);
}

static double broken(const double *point, size_t user)
{
    return user == 3 ? NAN : point[0];
}

static void nothing_to_tune_and_broken_values(void **state)
{
    (void)state;
    struct world *world = calloc(1, sizeof *world);
    struct nr_search_params params;
    struct nr_search_result result;
    nr_search_params_default(&params);
    params.users = USERS;
    world->value = broken;
    assert_int_equal(nr_search_run(ranges, 3, &params, measure, world, &result, NULL), NR_ERR_DATA);
    nr_search_result_release(&result);
    world->value = flat;
    static const struct nr_search_range none[1];
    assert_int_equal(nr_search_run(none, 0, &params, measure_nothing, NULL, &result, NULL), NR_OK);
    assert_int_equal(result.points, 1);
    nr_search_result_release(&result);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_parameters),
        cmocka_unit_test(paired_gains),
        cmocka_unit_test(a_planted_optimum_is_found),
        cmocka_unit_test(noise_changes_nothing),
        cmocka_unit_test(shares_move_towards_equal),
        cmocka_unit_test(it_goes_the_same_way_again),
        cmocka_unit_test(nothing_to_tune_and_broken_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
