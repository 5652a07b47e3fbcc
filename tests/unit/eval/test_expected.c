/* test_expected.c - NR_TIES_EXPECTED: every measure against its mean over all orders of
 * equal scores, tried one by one; long groups against closed forms. */
#include "support/support.h"

#include "nightreel/eval.h"

enum { VIDEOS = 12, CUTOFFS = 8, WORLDS = 60, ORDERS_MAX = 1500, GROUP_MAX = 6 };

static const char *const users[] = {"a", "b", "c"}; /* a list with ties; one without; none */

struct world {
    struct nr_random random;
    struct nr_eval_data data;
    struct nr_eval_view view;
    struct nr_eval_params params;
    bool relevant[VIDEOS], in_lists[VIDEOS]; /* of the view: by number, which is that of the name */
    char names[VIDEOS][8];
    size_t listed[VIDEOS], count; /* a's list by place */
    size_t ends[VIDEOS];          /* by place: where its group ends */
};

static void add_entry(struct world *w, struct nr_eval_run *run, const char *user, size_t video, double score)
{
    const char *name = w->names[video];
    assert_int_equal(nr_eval_add_entry(&w->data, run, user, strlen(user), name, strlen(name), score, NULL), NR_OK);
}

static void shuffle(struct world *w, size_t *all, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = nr_random_below(&w->random, i), last = all[i - 1];
        all[i - 1] = all[other];
        all[other] = last;
    }
}

/* Grades 0 to 3, some videos not judged, some had already. */
static void add_truth(struct world *w)
{
    for (size_t v = 0; v < VIDEOS; v++) {
        snprintf(w->names[v], sizeof w->names[v], "v%zu", v);
        w->relevant[v] = w->in_lists[v] = true;
        assert_int_equal(nr_eval_add_truth(&w->data, "zz", w->names[v], 0, NULL), NR_OK);
    }
    for (size_t u = 0; u < NR_COUNT(users); u++) {
        assert_int_equal(nr_eval_add_truth(&w->data, users[u], w->names[u], 1, NULL), NR_OK);
        for (size_t v = NR_COUNT(users); v < VIDEOS; v++) {
            size_t grade = nr_random_below(&w->random, 6);
            if (grade < 4)
                assert_int_equal(nr_eval_add_truth(&w->data, users[u], w->names[v], (double)grade, NULL), NR_OK);
            if (nr_random_below(&w->random, 4) == 0)
                assert_int_equal(nr_eval_add_train(&w->data, users[u], w->names[v], NULL), NR_OK);
        }
    }
    w->data.has_train = true;
}

static void make_groups(struct world *w)
{
    size_t order[VIDEOS], orders = 1;
    for (size_t v = 0; v < VIDEOS; v++)
        order[v] = v;
    shuffle(w, order, VIDEOS);
    while (w->count < VIDEOS && nr_random_below(&w->random, 8)) {
        size_t first = w->count, size = 1;
        size_t wanted = first ? 1 + nr_random_below(&w->random, GROUP_MAX) : GROUP_MAX - nr_random_below(&w->random, 4);
        while (size < wanted && first + size < VIDEOS && orders * (size + 1) <= ORDERS_MAX)
            orders *= ++size;
        for (w->count = first + size; first < w->count; first++) {
            w->listed[first] = order[first];
            w->ends[first] = w->count;
        }
    }
}

static void world_init(struct world *w, uint64_t seed)
{
    *w = (struct world){.random = {seed * 7919 + 1}};
    add_truth(w);
    make_groups(w);
    nr_eval_params_default(&w->params);
    for (size_t k = 0; k < CUTOFFS; k++)
        w->params.cutoffs[k] = k + 1;
    w->params.cutoff_count = CUTOFFS;
    w->params.measures = "all";
    if (nr_random_below(&w->random, 3))
        return;
    for (size_t v = NR_COUNT(users); v < VIDEOS; v++) {
        w->relevant[v] = nr_random_below(&w->random, 3) > 0;
        w->in_lists[v] = nr_random_below(&w->random, 4) > 0;
    }
    w->view = (struct nr_eval_view){NULL, w->relevant, w->in_lists};
    w->params.view = &w->view;
}

/* Of a's list with these scores by place, its rows in this order; b's is always the same. */
static void measure(struct world *w, enum nr_ties ties, const double *scores, const size_t *rows,
                    struct nr_eval_result *out)
{
    struct nr_eval_run run = {.name = "run"};
    for (size_t i = 0; i < w->count; i++)
        add_entry(w, &run, "a", w->listed[rows ? rows[i] : i], scores[rows ? rows[i] : i]);
    for (size_t v = 0; v < VIDEOS; v += 2)
        add_entry(w, &run, "b", v, (double)(v * 5 % 7));
    w->params.ties = ties;
    assert_int_equal(nr_eval_measure(&w->data, &run, &w->params, out, NULL), NR_OK);
    nr_eval_run_release(&run);
}

struct sums {
    double *of_a, *of_all; /* by value */
    size_t orders;
};

/* All orders of the places from `at` on. */
static void try_orders(struct world *w, size_t at, struct sums *sums)
{
    if (at < w->count) {
        for (size_t other = at; other < w->ends[at]; other++) {
            size_t video = w->listed[other];
            w->listed[other] = w->listed[at];
            w->listed[at] = video;
            try_orders(w, at + 1, sums);
            w->listed[at] = w->listed[other];
            w->listed[other] = video;
        }
        return;
    }
    struct nr_eval_result result;
    double scores[VIDEOS];
    for (size_t i = 0; i < w->count; i++)
        scores[i] = -(double)i;
    measure(w, NR_TIES_ID, scores, NULL, &result);
    for (size_t v = 0; v < result.count; v++) {
        sums->of_a[v] += result.values[v].per_user ? result.values[v].per_user[0] : 0;
        sums->of_all[v] += result.values[v].value;
    }
    sums->orders++;
    nr_eval_result_release(&result);
}

static void check_near(double have, double want, const char *name)
{
    if (isnan(want) ? !isnan(have) : !(fabs(have - want) < 1e-12))
        fail_msg("%s is %.17g, not %.17g", name, have, want);
}

static void check_same(double have, double want, const char *name)
{
    if (isnan(want) ? !isnan(have) : memcmp(&have, &want, sizeof have) != 0)
        fail_msg("%s is %.17g, not %.17g", name, have, want);
}

static double value_of(const struct nr_eval_result *result, const char *base, size_t k)
{
    char name[40];
    snprintf(name, sizeof name, k ? "%s@%zu" : "%s", base, k);
    for (size_t v = 0; v < result->count; v++)
        if (strcmp(result->values[v].name, name) == 0)
            return result->values[v].value;
    fail_msg("no value is called %s", name);
    return NAN;
}

/* `strict`: of the same list, its ties by id. */
static void check_value(const struct nr_eval_result *result, const struct nr_eval_value *strict,
                        const struct sums *sums, size_t v)
{
    const struct nr_eval_value *value = &result->values[v];
    if (!value->measure->correctness) {
        check_same(value->value, strict->value, value->name);
        return;
    }
    check_same(value->best, strict->best, value->name);
    check_same(value->worst, strict->worst, value->name);
    assert_false(value->value > value->best + 1e-12 || value->value < value->worst - 1e-12);
    if (strncmp(value->name, "f1_avg", 6) == 0) {
        double p = value_of(result, "precision", value->k), r = value_of(result, "recall", value->k);
        check_near(value->value, p + r > 0 ? 2 * p * r / (p + r) : 0, value->name);
        return;
    }
    check_near(value->value, sums->of_all[v] / (double)sums->orders, value->name);
    if (!value->per_user)
        return;
    check_near(value->per_user[0], sums->of_a[v] / (double)sums->orders, value->name);
    check_same(value->per_user[1], strict->per_user[1], value->name);
    check_same(value->per_user[2], strict->per_user[2], value->name);
}

static void check_world(struct world *w)
{
    struct nr_eval_result result, again, strict;
    double scores[VIDEOS];
    size_t rows[VIDEOS];
    for (size_t i = 0; i < w->count; i++) {
        scores[i] = (double)(VIDEOS - w->ends[i]) / 3;
        rows[i] = i;
    }
    shuffle(w, rows, w->count);
    measure(w, NR_TIES_EXPECTED, scores, NULL, &result);
    measure(w, NR_TIES_EXPECTED, scores, rows, &again);
    measure(w, NR_TIES_ID, scores, NULL, &strict);
    struct sums sums = {calloc(result.count, sizeof(double)), calloc(result.count, sizeof(double)), 0};
    assert_non_null(sums.of_a);
    assert_non_null(sums.of_all);
    try_orders(w, 0, &sums);
    assert_int_equal(result.users, NR_COUNT(users));
    check_same(result.tie_rate, strict.tie_rate, "tie rate");
    for (size_t v = 0; v < result.count; v++) {
        check_value(&result, &strict.values[v], &sums, v);
        check_same(again.values[v].value, result.values[v].value, result.values[v].name);
    }
    free(sums.of_a);
    free(sums.of_all);
    nr_eval_result_release(&result);
    nr_eval_result_release(&again);
    nr_eval_result_release(&strict);
}

static void equals_the_mean_of_all_orders(void **state)
{
    (void)state;
    size_t largest = 0, tied = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        struct world w;
        world_init(&w, seed);
        for (size_t i = 0; i < w.count; i += w.ends[i] - i) {
            largest = w.ends[i] - i > largest ? w.ends[i] - i : largest;
            tied += w.ends[i] - i > 1;
        }
        check_world(&w);
        nr_eval_data_release(&w.data);
    }
    assert_int_equal(largest, GROUP_MAX);
    assert_true(tied > WORLDS);
}

static void distinct_scores_have_one_order(void **state)
{
    (void)state;
    struct world w;
    struct nr_eval_result result, strict;
    double scores[VIDEOS];
    world_init(&w, 1);
    for (size_t i = 0; i < w.count; i++)
        scores[i] = 1 / (double)(i + 3);
    measure(&w, NR_TIES_EXPECTED, scores, NULL, &result);
    measure(&w, NR_TIES_ID, scores, NULL, &strict);
    for (size_t v = 0; v < result.count; v++)
        check_same(result.values[v].value, strict.values[v].value, result.values[v].name);
    nr_eval_result_release(&result);
    nr_eval_result_release(&strict);
    nr_eval_data_release(&w.data);
}

/* A list of `count` videos with one score, of which the user likes the first ones. */
static void measure_group(size_t count, size_t liked, struct nr_eval_result *out)
{
    struct nr_eval_data data = {.has_train = false};
    struct nr_eval_run run = {.name = "run"};
    struct nr_eval_params params;
    char name[24];
    for (size_t v = 0; v < count; v++) {
        snprintf(name, sizeof name, "v%zu", v);
        if (v < liked)
            assert_int_equal(nr_eval_add_truth(&data, "u", name, 1, NULL), NR_OK);
        assert_int_equal(nr_eval_add_entry(&data, &run, "u", 1, name, strlen(name), 0.5, NULL), NR_OK);
    }
    nr_eval_params_default(&params);
    params.ties = NR_TIES_EXPECTED;
    params.measures = "all";
    assert_int_equal(nr_eval_measure(&data, &run, &params, out, NULL), NR_OK);
    nr_eval_run_release(&run);
    nr_eval_data_release(&data);
}

/* C(m - r, k) / C(m, k) */
static double chance_of_none(double m, double r, double k)
{
    return exp(lgamma(m - r + 1) - lgamma(m - r - k + 1) + lgamma(m - k + 1) - lgamma(m + 1));
}

static void long_groups(void **state)
{
    (void)state;
    struct nr_eval_result result;
    double harmonic = 0;
    for (int i = 1000; i > 0; i--)
        harmonic += 1.0 / i;
    measure_group(1000, 1, &result);
    nr_assert_near(value_of(&result, "mrr", 0), harmonic / 1000, 1e-15);
    nr_assert_near(value_of(&result, "map", 0), harmonic / 1000, 1e-15);
    nr_assert_near(value_of(&result, "hit_rate", 10), 0.01, 1e-15);
    nr_assert_near(value_of(&result, "bpref", 0), 1, 1e-15);
    assert_true(value_of(&result, "set_recall", 0) == 1);
    nr_eval_result_release(&result);
    measure_group(50000, 700, &result);
    nr_assert_near(value_of(&result, "hit_rate", 10), 1 - chance_of_none(50000, 700, 10), 1e-9); /* lgamma's error */
    nr_assert_near(value_of(&result, "precision", 20), 0.014, 1e-15);
    assert_true(value_of(&result, "mrr", 0) > 0.014 && value_of(&result, "mrr", 0) < 0.1);
    nr_eval_result_release(&result);
    measure_group(30, 21, &result); /* 9 others, so one of 10 is a hit, exactly */
    assert_true(value_of(&result, "hit_rate", 10) == 1);
    nr_assert_near(value_of(&result, "hit_rate", 5), 1 - chance_of_none(30, 21, 5), 1e-12);
    nr_eval_result_release(&result);
    measure_group(30, 30, &result);
    assert_true(value_of(&result, "mrr", 0) == 1);
    assert_true(value_of(&result, "hit_rate", 5) == 1);
    nr_assert_near(value_of(&result, "map", 0), 1, 1e-15);
    nr_assert_near(value_of(&result, "ndcg", 20), 1, 1e-15);
    nr_eval_result_release(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_the_mean_of_all_orders),
        cmocka_unit_test(distinct_scores_have_one_order),
        cmocka_unit_test(long_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
