/* test_backtest.c - what a backtest must not let through: test pairs in training, and
 * what records know of behaviour. */
#include <math.h>

#include "support/support.h"

#include "nightreel/stage_backtest.h"

enum { USERS = 120, VIDEOS = 60 };

static void add(struct nr_event_log *log, const char *user, const char *video, int64_t time)
{
    const struct nr_event event = {
        .user_id = user, .video_id = video, .action = NR_ACTION_VIEW, .value = NAN, .time = time, .watch_seconds = NAN};
    assert_int_equal(nr_event_log_add(log, &event, NULL), NR_OK);
}

static void test_leak_guard(void **state)
{
    (void)state;
    struct nr_event_log train = {0}, test = {0};
    struct nr_error err;
    add(&train, "u1", "a", 1);
    add(&train, "u2", "b", 1);
    add(&test, "u1", "b", 2);
    add(&test, "u2", "a", 2);
    assert_int_equal(nr_backtest_check_leak(&train, &test, &err), NR_OK);
    add(&train, "u2", "a", 1); /* planted */
    assert_int_equal(nr_backtest_check_leak(&train, &test, &err), NR_ERR_INTERNAL);
    assert_non_null(strstr(err.text, "'u2'"));
    assert_non_null(strstr(err.text, "'a'"));
    nr_event_log_release(&train);
    nr_event_log_release(&test);
}

/* People of four tastes, each watching videos of theirs and some others. */
static void make_log(struct nr_event_log *log)
{
    char user[16], video[16];
    for (int u = 0; u < USERS; u++)
        for (int i = 0; i < 12; i++) {
            int v = (int)(nr_splitmix64((uint64_t)(u * 100 + i)) % VIDEOS);
            v = i % 4 ? v - v % 4 + u % 4 : v;
            snprintf(user, sizeof user, "u%d", u);
            snprintf(video, sizeof video, "v%d", v);
            add(log, user, video, 1000 * i);
        }
}

/* With `leak`, a block that says of every video who will watch it. */
static void make_items(struct nr_item_list *items, const struct nr_event_log *leak)
{
    static const char *tags[4] = {"north", "east", "south", "west"};
    for (int v = 0; v < VIDEOS; v++) {
        struct nr_item *item;
        assert_int_equal(nr_item_list_add(items, &item, NULL), NR_OK);
        item->video_id = nr_arena_printf(&item->mem, "v%d", v);
        item->tags = (struct nr_strings){&tags[v % 4], 1};
        if (!leak)
            continue;
        float *values = nr_arena_alloc(&item->mem, USERS, sizeof *values);
        double norm = 0;
        for (size_t e = 0; e < leak->count; e++)
            if (strcmp(leak->events[e].video_id, item->video_id) == 0)
                values[strtol(leak->events[e].user_id + 1, NULL, 10)] = 1;
        for (int u = 0; u < USERS; u++)
            norm += values[u];
        for (int u = 0; u < USERS; u++)
            values[u] = norm > 0 ? (float)(values[u] / sqrt(norm)) : 0;
        item->blocks[NR_BLOCK_BEHAVIOUR] = (struct nr_block){.values = values, .length = USERS};
        struct nr_term *terms = nr_arena_alloc(&item->mem, 1, sizeof *terms);
        *terms = (struct nr_term){item->video_id, 1};
        item->blocks[NR_BLOCK_TAGS] = (struct nr_block){.terms = {terms, 1}};
        item->description = nr_arena_alloc(&item->mem, 1, sizeof *item->description);
        item->description->neighbours = (struct nr_strings){&tags[0], 1};
    }
}

static void run(const struct nr_event_log *log, bool leaky, enum nr_split split, unsigned threads,
                struct nr_backtest *out, struct nr_item_list *items)
{
    struct nr_settings settings;
    struct nr_reporter silent = {0};
    struct nr_backtest_params params;
    struct nr_error err = {.text = ""};
    nr_settings_default(&settings);
    settings.threads = threads;
    const struct nr_stage_env env = {.settings = &settings, .reporter = &silent};
    nr_backtest_params_default(&params);
    params.split.split = split;
    params.depth = 20;
    params.model.trees.rounds = 5;
    params.model.trees.candidates = 20;
    params.model.ials.iterations = 3;
    params.perturb = "drop-block=1,without=each";
    make_items(items, leaky ? log : NULL);
    if (nr_backtest_run(&env, &params, log, items, out, &err) != NR_OK)
        fail_msg("%s", err.text);
}

static void test_planted_block(void **state)
{
    (void)state;
    for (int split = 0; split < NR_SPLIT_COUNT; split++) {
        struct nr_event_log log = {0};
        struct nr_item_list clean = {0}, leaky = {0};
        struct nr_backtest want, got;
        make_log(&log);
        run(&log, false, (enum nr_split)split, 1, &want, &clean);
        run(&log, true, (enum nr_split)split, 2, &got, &leaky);
        assert_int_equal(want.count, got.count);
        assert_true(want.count >= nr_model_count + 2); /* content, and content without blocks */
        for (size_t r = 0; r < want.count; r++)
            for (size_t v = 0; v < want.rows[r].result.count; v++)
                assert_float_equal(want.rows[r].result.values[v].value, got.rows[r].result.values[v].value, 0);
        assert_int_equal(leaky.items[0].description->neighbours.count, 0);
        nr_backtest_release(&want);
        nr_backtest_release(&got);
        nr_item_list_release(&clean);
        nr_item_list_release(&leaky);
        nr_event_log_release(&log);
    }
}

static double value(const struct nr_backtest *b, const char *model, const char *perturb, const char *measure)
{
    for (size_t r = 0; r < b->count; r++)
        for (size_t v = 0; v < b->rows[r].result.count; v++)
            if (strcmp(b->rows[r].model, model) == 0 && strcmp(b->rows[r].perturb, perturb) == 0 &&
                strcmp(b->rows[r].result.values[v].name, measure) == 0)
                return b->rows[r].result.values[v].value;
    fail_msg("no '%s' of '%s'", measure, model);
    return NAN;
}

/* Taste shows: models that see it are better than one that does not, and a model of
 * content without blocks is as good as popularity. */
static void test_models_learn(void **state)
{
    (void)state;
    struct nr_event_log log = {0};
    struct nr_item_list items = {0};
    struct nr_backtest b;
    make_log(&log);
    run(&log, false, NR_SPLIT_HASH, 2, &b, &items);
    double popular = value(&b, "popularity", "", "ndcg@10");
    assert_true(value(&b, "item-knn", "", "ndcg@10") > 1.3 * popular);
    assert_true(value(&b, "content", "", "ndcg@10") > 1.3 * popular);
    assert_float_equal(value(&b, "content", "drop-block=1", "ndcg@10"), popular, 1e-12);
    assert_true(value(&b, "content", "without=tags", "ndcg@10") != value(&b, "content", "", "ndcg@10"));
    nr_backtest_release(&b);
    nr_item_list_release(&items);
    nr_event_log_release(&log);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *models, *perturb, *why;
    } cases[] = {{"popularity,nobody", NULL, "no model is called 'nobody'"},
                 {"content", NULL, "needs a catalogue"},
                 {"", NULL, "names no model"},
                 {"tags-nb", "without=taste", "needs a catalogue"},
                 {NULL, NULL, NULL}};
    struct nr_event_log log = {0};
    make_log(&log);
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        struct nr_settings settings;
        struct nr_reporter silent = {0};
        struct nr_backtest_params params;
        struct nr_backtest b;
        struct nr_item_list none = {0};
        struct nr_error err = {.text = ""};
        nr_settings_default(&settings);
        const struct nr_stage_env env = {.settings = &settings, .reporter = &silent};
        nr_backtest_params_default(&params);
        params.models = cases[i].models;
        enum nr_status status = nr_backtest_run(&env, &params, &log, &none, &b, &err);
        assert_int_equal(status, cases[i].why ? NR_ERR_USAGE : NR_OK);
        if (cases[i].why && !strstr(err.text, cases[i].why))
            fail_msg("'%s' is not in '%s'", cases[i].why, err.text);
        nr_backtest_release(&b);
    }
    nr_event_log_release(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leak_guard),
        cmocka_unit_test(test_planted_block),
        cmocka_unit_test(test_models_learn),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
