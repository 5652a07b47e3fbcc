/* test_models.c - pairs, and models of behaviour against closed forms. */
#include <math.h>

#include "support/support.h"

#include "nightreel/interest_models.h"

enum { DAY = 86400000 };

static const char *const ids[] = {"a", "b", "c", "d", "lonely"};

static void add(struct nr_event_log *log, const char *user, const char *video, int64_t time, enum nr_action action)
{
    const struct nr_event event = {
        .user_id = user, .video_id = video, .action = action, .value = NAN, .time = time, .watch_seconds = NAN};
    assert_int_equal(nr_event_log_add(log, &event, NULL), NR_OK);
}

/* u1: a b; u2: a b c; u3: b c; u4: d. In disorder, with repetitions and what does not count. */
static void make_log(struct nr_event_log *log)
{
    *log = (struct nr_event_log){0};
    add(log, "u3", "c", 3 * DAY, NR_ACTION_VIEW);
    add(log, "u1", "b", 2 * DAY, NR_ACTION_VIEW);
    add(log, "u2", "c", 9 * DAY, NR_ACTION_VIEW);
    add(log, "u2", "a", 1 * DAY, NR_ACTION_VIEW);
    add(log, "u2", "b", 1 * DAY, NR_ACTION_VIEW);
    add(log, "u1", "a", 4 * DAY, NR_ACTION_VIEW);
    add(log, "u1", "b", 8 * DAY, NR_ACTION_LIKE); /* again: the earlier one counts */
    add(log, "u3", "b", 1 * DAY, NR_ACTION_VIEW);
    add(log, "u4", "d", 5 * DAY, NR_ACTION_VIEW);
    add(log, "u4", "a", 5 * DAY, NR_ACTION_DISLIKE);
    add(log, "u4", "unknown", 5 * DAY, NR_ACTION_VIEW);
    add(log, "u4", "", 5 * DAY, NR_ACTION_SEARCH);
}

static bool is_no_dislike(const void *ctx, const struct nr_event *event)
{
    (void)ctx;
    return event->action != NR_ACTION_DISLIKE;
}

static void make_pairs(struct nr_pairs *pairs)
{
    struct nr_event_log log;
    make_log(&log);
    assert_int_equal(nr_pairs_make(&log, is_no_dislike, NULL, ids, NR_COUNT(ids), pairs, NULL), NR_OK);
    nr_event_log_release(&log); /* ids are copied */
}

static void test_pairs(void **state)
{
    (void)state;
    struct nr_pairs pairs;
    make_pairs(&pairs);
    assert_int_equal(pairs.user_count, 4);
    assert_int_equal(pairs.item_count, 5);
    assert_string_equal(pairs.users[3], "u4");
    assert_string_equal(pairs.items[4], "lonely");
    assert_int_equal(pairs.starts[4], 8);
    assert_int_equal(pairs.starts[3] - pairs.starts[2], 2);
    const struct nr_pair *first = &pairs.pairs[0]; /* u1 by time: b on day 2, a on day 4 */
    assert_int_equal(first[0].item, 1);
    assert_int_equal(first[0].time, 2 * DAY);
    assert_int_equal(first[1].item, 0);
    assert_int_equal(pairs.pairs[pairs.starts[1]].item, 0); /* u2: a and b at once, by id */
    assert_int_equal(pairs.last_time, 9 * DAY);
    assert_int_equal(nr_id_find(pairs.users, 4, "u3"), 2);
    assert_int_equal(nr_id_find(pairs.users, 4, "u5"), SIZE_MAX);
    nr_pairs_release(&pairs);
}

static void test_no_pairs(void **state)
{
    (void)state;
    struct nr_event_log log = {0};
    struct nr_pairs pairs;
    struct nr_model_params params;
    nr_model_params_default(&params);
    assert_int_equal(nr_pairs_make(&log, NULL, NULL, ids, NR_COUNT(ids), &pairs, NULL), NR_OK);
    assert_int_equal(pairs.user_count, 0);
    for (size_t m = 0; m < nr_model_count; m++) {
        void *model = NULL;
        enum nr_status status = nr_models[m]->fit(&params, &pairs, 2, &model, NULL);
        assert_true(status == NR_OK || status == (nr_models[m]->needs_records ? NR_ERR_USAGE : NR_ERR_DATA));
        nr_models[m]->free(model);
    }
    nr_pairs_release(&pairs);
}

static void score(const char *name, const struct nr_model_params *params, unsigned threads, size_t user,
                  double out[NR_COUNT(ids)])
{
    struct nr_pairs pairs;
    void *model = NULL;
    const struct nr_model *found = nr_model_find(name, strlen(name));
    assert_non_null(found);
    make_pairs(&pairs);
    assert_int_equal(found->fit(params, &pairs, threads, &model, NULL), NR_OK);
    double *scratch = calloc(found->scratch ? found->scratch(model) + 1 : 1, sizeof *scratch);
    found->score(model, user, out, scratch);
    free(scratch);
    found->free(model);
    nr_pairs_release(&pairs);
}

static void test_popularity(void **state)
{
    (void)state;
    struct nr_model_params params;
    double s[NR_COUNT(ids)];
    nr_model_params_default(&params);
    score("popularity", &params, 1, 0, s);
    assert_float_equal(s[0], 2, 0);
    assert_float_equal(s[1], 3, 0);
    assert_float_equal(s[2], 2, 0);
    assert_float_equal(s[4], 0, 0);
    params.popularity.half_life_days = 2; /* a: day 4 and day 1 of 9 */
    score("popularity", &params, 1, 0, s);
    assert_float_equal(s[0], exp2(-2.5) + exp2(-4), 1e-12);
    assert_float_equal(s[2], 1 + exp2(-3), 1e-12);
}

static void test_item_knn(void **state)
{
    (void)state;
    struct nr_model_params params;
    double s[NR_COUNT(ids)], again[NR_COUNT(ids)];
    nr_model_params_default(&params);
    params.item_knn.shrink = 1;
    /* |a|=2 |b|=3 |c|=2, common: ab 2, ac 1, bc 2 */
    const double ab = 2 / (sqrt(6) + 1), ac = 1 / (2.0 + 1), bc = 2 / (sqrt(6) + 1);
    score("item-knn", &params, 1, 0, s); /* u1 has a and b */
    assert_float_equal(s[2], ac + bc, 1e-6);
    assert_float_equal(s[0], ab, 1e-6);
    assert_true(s[3] == NR_NO_SCORE && s[4] == NR_NO_SCORE);
    score("item-knn", &params, 2, 0, again);
    assert_memory_equal(s, again, sizeof s);
    params.item_knn.neighbours = 1; /* c's nearest is b alone */
    score("item-knn", &params, 1, 0, s);
    assert_float_equal(s[2], bc, 1e-6);
    score("item-knn", &params, 1, 3, s); /* u4 has what nobody else has */
    assert_true(s[0] == NR_NO_SCORE && s[3] == NR_NO_SCORE);
}

/* ---- ease ------------------------------------------------------------------------------- */

enum { SMALL = 16 };

/* Gauss and Jordan, slowly. */
static void invert(double a[SMALL][SMALL], size_t n)
{
    double wide[SMALL][2 * SMALL] = {{0}};
    for (size_t i = 0; i < n; i++) {
        memcpy(wide[i], a[i], n * sizeof **a);
        wide[i][n + i] = 1;
    }
    for (size_t c = 0; c < n; c++)
        for (size_t r = 0; r < n; r++) {
            double factor = r == c ? 1 - 1 / wide[c][c] : wide[r][c] / wide[c][c];
            for (size_t k = 0; k < 2 * n; k++)
                wide[r][k] -= factor * wide[c][k];
        }
    for (size_t i = 0; i < n; i++)
        memcpy(a[i], wide[i] + n, n * sizeof **a);
}

/* w B from the definition. */
static void ease_by_definition(const struct nr_pairs *pairs, double lambda, double half_life, size_t user, double *out)
{
    double p[SMALL][SMALL] = {{0}}, w[SMALL] = {0};
    size_t n = pairs->item_count;
    for (size_t u = 0; u < pairs->user_count; u++)
        for (size_t a = pairs->starts[u]; a < pairs->starts[u + 1]; a++)
            for (size_t b = pairs->starts[u]; b < pairs->starts[u + 1]; b++)
                p[pairs->pairs[a].item][pairs->pairs[b].item] += 1;
    for (size_t i = 0; i < n; i++)
        p[i][i] += lambda;
    invert(p, n);
    for (size_t a = pairs->starts[user]; a < pairs->starts[user + 1]; a++)
        w[pairs->pairs[a].item] = half_life > 0 ? exp2(-(double)(pairs->starts[user + 1] - 1 - a) / half_life) : 1;
    for (size_t i = 0; i < n; i++) {
        out[i] = 0;
        for (size_t j = 0; j < n; j++)
            out[i] += w[j] * (i == j ? 0 : -p[j][i] / p[i][i]);
    }
}

/* `users` people, each watching one in `share` of `items` videos. */
static void make_some(struct nr_pairs *pairs, int users, int items, uint64_t share)
{
    static const char *const names[SMALL] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o"};
    struct nr_event_log log = {0};
    char user[16];
    for (int u = 0; u < users; u++)
        for (int i = 0; i < items; i++) {
            snprintf(user, sizeof user, "u%d", u);
            if (nr_splitmix64((uint64_t)(u * 64 + i)) % share == 0)
                add(&log, user, names[i], (int64_t)(nr_splitmix64((uint64_t)(i * 64 + u)) % 1000), NR_ACTION_VIEW);
        }
    assert_int_equal(nr_pairs_make(&log, NULL, NULL, names, (size_t)items, pairs, NULL), NR_OK);
    nr_event_log_release(&log);
}

static void make_random(struct nr_pairs *pairs, int users, int items)
{
    make_some(pairs, users, items, 3);
}

/* Everybody has watched everything: all rows and columns are the same. */
static void make_alike(struct nr_pairs *pairs, int users, int items)
{
    make_some(pairs, users, items, 1);
}

/* What a user's videos are owed adds up to the score of each one that they have not. */
static void check_owed(const struct nr_model *model, const void *learned, const struct nr_pairs *pairs, size_t user,
                       const double *scores)
{
    for (size_t i = 0; i < pairs->item_count; i++) {
        double sum = 0;
        bool has = false;
        for (size_t p = pairs->starts[user]; p < pairs->starts[user + 1]; p++) {
            sum += model->owed(learned, user, p, (uint32_t)i);
            has |= pairs->pairs[p].item == i;
        }
        if (!has)
            assert_float_equal(sum, scores[i] > NR_NO_SCORE ? scores[i] : 0, 1e-6);
    }
}

static void test_owed(void **state)
{
    (void)state;
    static const char *const names[] = {"ease", "ease-recent", "item-knn", "transitions"};
    for (size_t n = 0; n < 2 * NR_COUNT(names); n++) {
        struct nr_pairs pairs;
        struct nr_model_params params;
        const struct nr_model *model = nr_model_find(names[n / 2], strlen(names[n / 2]));
        void *learned = NULL;
        double scores[SMALL];
        nr_model_params_default(&params);
        make_random(&pairs, n % 2 ? 14 : 6, n % 2 ? 6 : 14);
        assert_int_equal(model->fit(&params, &pairs, 2, &learned, NULL), NR_OK);
        double *scratch = calloc(model->scratch ? model->scratch(learned) + 1 : 1, sizeof *scratch);
        for (size_t u = 0; u < pairs.user_count; u++) {
            model->score(learned, u, scores, scratch);
            check_owed(model, learned, &pairs, u, scores);
        }
        free(scratch);
        model->free(learned);
        nr_pairs_release(&pairs);
    }
}

static void check_ease(int users, int items, const char *name)
{
    struct nr_pairs pairs;
    struct nr_model_params params;
    const struct nr_model *model = nr_model_find(name, strlen(name));
    void *learned = NULL;
    nr_model_params_default(&params);
    params.ease.lambda = params.ease_recent.lambda = 1.5;
    params.ease_recent.half_life = 3;
    make_random(&pairs, users, items);
    assert_int_equal(model->fit(&params, &pairs, 2, &learned, NULL), NR_OK);
    double *scratch = calloc(model->scratch(learned), sizeof *scratch);
    for (size_t u = 0; u < pairs.user_count; u++) {
        double want[SMALL], got[SMALL];
        ease_by_definition(&pairs, 1.5, strcmp(name, "ease") == 0 ? 0 : 3, u, want);
        model->score(learned, u, got, scratch);
        for (int i = 0; i < items; i++)
            assert_float_equal(got[i], want[i], 1e-10);
    }
    free(scratch);
    model->free(learned);
    nr_pairs_release(&pairs);
}

static void test_ease(void **state)
{
    (void)state;
    check_ease(14, 6, "ease"); /* by videos */
    check_ease(6, 14, "ease"); /* by users */
    check_ease(14, 6, "ease-recent");
    check_ease(6, 14, "ease-recent");
}

static void test_transitions(void **state)
{
    (void)state;
    struct nr_model_params params;
    double s[NR_COUNT(ids)];
    nr_model_params_default(&params);
    params.transitions = (struct nr_transition_params){.window = 10, .half_life = 1, .out_damping = 1, .in_damping = 0};
    /* u1: b a; u2: a b c; u3: b c. T(b, a) = 1, T(a, b) = 1, T(a, c) = 1/2, T(b, c) = 2 */
    score("transitions", &params, 1, 0, s); /* u1: a last, b before */
    assert_float_equal(s[2], 0.5 / 2 + 0.5 * 2 / 3, 1e-6);
    assert_float_equal(s[1], 1.0 / 2, 1e-6);
    assert_true(s[3] == NR_NO_SCORE);
    params.transitions.window = 1;
    score("transitions", &params, 1, 0, s);
    assert_float_equal(s[2], 0.5 * 2 / 3, 1e-6);
}

/* What cannot be solved says which system it is and what to change. */
static void test_singular(void **state)
{
    (void)state;
    static const struct {
        int users, items;
        const char *model, *said;
    } cases[] = {
        {14, 6, "ease",
         "ease: the system of 6 videos cannot be solved with lambda 1e-300: give a greater --ease-lambda"},
        {6, 14, "ease-recent",
         "ease-recent: the system of 6 users cannot be solved with lambda 1e-300: give a greater --ease-recent-lambda"},
    };
    for (size_t c = 0; c < NR_COUNT(cases); c++) {
        struct nr_pairs pairs;
        struct nr_error err = {""};
        struct nr_model_params params;
        const struct nr_model *model = nr_model_find(cases[c].model, strlen(cases[c].model));
        void *learned = NULL;
        nr_model_params_default(&params);
        params.ease.lambda = params.ease_recent.lambda = 1e-300;
        make_alike(&pairs, cases[c].users, cases[c].items);
        assert_int_equal(model->fit(&params, &pairs, 2, &learned, &err), NR_ERR_DATA);
        assert_string_equal(err.text, cases[c].said);
        model->free(learned);
        nr_pairs_release(&pairs);
    }
}

static void test_ials_overflow(void **state)
{
    (void)state;
    for (size_t steps = 0; steps <= 3; steps += 3) {
        struct nr_pairs pairs;
        struct nr_error err = {""};
        struct nr_model_params params;
        const struct nr_model *model = nr_model_find("ials", 4);
        void *learned = NULL;
        nr_model_params_default(&params);
        params.ials.alpha = 1e305;
        params.ials.cg_steps = steps;
        make_random(&pairs, 14, 6);
        assert_int_equal(model->fit(&params, &pairs, 2, &learned, &err), NR_ERR_DATA);
        assert_non_null(strstr(err.text,
                               "ials: the vector of user 1 cannot be found with alpha 1e+305 and lambda 30: give "
                               "a greater --ials-lambda or a smaller --ials-alpha"));
        model->free(learned);
        nr_pairs_release(&pairs);
    }
}

static void test_params(void **state)
{
    (void)state;
    struct nr_model_params params;
    nr_model_params_default(&params);
    assert_null(nr_model_params_check(&params));
    params.item_knn.neighbours = 0;
    assert_non_null(strstr(nr_model_params_check(&params), "--knn-neighbours"));
    nr_model_params_default(&params);
    params.item_knn.shrink = NAN;
    assert_non_null(strstr(nr_model_params_check(&params), "--knn-shrink"));
    nr_model_params_default(&params);
    params.ials.cg_steps = 101;
    assert_non_null(strstr(nr_model_params_check(&params), "--ials-cg-steps"));
    nr_model_params_default(&params);
    params.popularity.half_life_days = -1;
    assert_non_null(strstr(nr_model_params_check(&params), "half-life"));
    assert_null(nr_model_find("nobody", 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_params),        cmocka_unit_test(test_pairs),    cmocka_unit_test(test_no_pairs),
        cmocka_unit_test(test_popularity),    cmocka_unit_test(test_item_knn), cmocka_unit_test(test_ease),
        cmocka_unit_test(test_transitions),   cmocka_unit_test(test_owed),     cmocka_unit_test(test_singular),
        cmocka_unit_test(test_ials_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
