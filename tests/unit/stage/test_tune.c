/* test_tune.c - a block of noise loses its weight, the test side stays unseen, and a file of
 * trials that was cut short serves the next run. */
#include "support/support.h"

#include "nightreel/stage_tune.h"

enum { USERS = 96, VIDEOS = 80, TASTES = 4, TEXT = 1 }; /* too few users for a behaviour block */

static void add(struct nr_event_log *log, int user, int video, int64_t time)
{
    char names[2][16];
    snprintf(names[0], sizeof names[0], "u%d", user);
    snprintf(names[1], sizeof names[1], "v%02d", video);
    const struct nr_event event = {.user_id = names[0],
                                   .video_id = names[1],
                                   .action = NR_ACTION_VIEW,
                                   .value = NAN,
                                   .time = time,
                                   .watch_seconds = NAN};
    assert_int_equal(nr_event_log_add(log, &event, NULL), NR_OK);
}

/* People of four tastes, two videos in three of theirs. `last`: what they watch at the end
 * (the test side) is drawn by this. */
static void make_log(struct nr_event_log *log, uint64_t last)
{
    *log = (struct nr_event_log){.count = 0};
    for (int u = 0; u < USERS; u++) {
        bool seen[VIDEOS] = {false};
        for (int i = 0; i < 15; i++) {
            int v = (int)(nr_splitmix64((uint64_t)(u * 100 + i) + (i >= 12 ? last << 32 : 0)) % VIDEOS);
            v = i % 3 ? v - v % TASTES + u % TASTES : v;
            while (seen[v]) /* nothing twice: a fifth of the pairs is a fifth of the events */
                v = (v + TASTES) % VIDEOS;
            seen[v] = true;
            add(log, u, v, 86400000 * (int64_t)i);
        }
    }
}

/* Tags tell the taste; what is said to be text (one number, 1 or -1) tells nothing. */
static void make_items(struct nr_item_list *items)
{
    static const char *tags[TASTES] = {"north", "east", "south", "west"};
    struct nr_random random = {5};
    *items = (struct nr_item_list){0};
    for (int v = 0; v < VIDEOS; v++) {
        struct nr_item *item;
        assert_int_equal(nr_item_list_add(items, &item, NULL), NR_OK);
        item->video_id = nr_arena_printf(&item->mem, "v%02d", v);
        item->tags = (struct nr_strings){&tags[v % TASTES], 1};
        float *values = nr_arena_alloc(&item->mem, TEXT, sizeof *values);
        values[0] = nr_random_below(&random, 2) ? 1 : -1;
        item->blocks[NR_BLOCK_TEXT] = (struct nr_block){.values = values, .length = TEXT};
    }
}

static enum nr_status tune(const struct nr_tune_params *params, unsigned threads, uint64_t last, struct nr_tune *out,
                           struct nr_error *err)
{
    struct nr_settings settings;
    struct nr_reporter reporter = {NULL, NULL, NULL};
    struct nr_event_log log;
    struct nr_item_list items;
    nr_settings_default(&settings);
    settings.threads = threads;
    const struct nr_stage_env env = {.settings = &settings, .reporter = &reporter};
    make_log(&log, last);
    make_items(&items);
    enum nr_status status = nr_tune_run(&env, params, &log, &items, out, err);
    nr_item_list_release(&items);
    nr_event_log_release(&log);
    return status;
}

static void by_default(struct nr_tune_params *params)
{
    nr_tune_params_default(params);
    params->split.split = NR_SPLIT_USER_TIME;
    params->trials = 20;
}

static void refuse(const struct nr_tune_params *params, enum nr_status wanted, const char *words)
{
    struct nr_tune result;
    struct nr_error err = {.text = ""};
    assert_int_equal(tune(params, 1, 0, &result, &err), wanted);
    if (!strstr(err.text, words))
        fail_msg("'%s' says nothing of '%s'", err.text, words);
    nr_tune_release(&result);
}

static void wrong_parameters(void **state)
{
    (void)state;
    struct nr_tune_params params;
    by_default(&params);
    assert_null(nr_tune_params_check(&params));
    params.k = 0;
    assert_non_null(nr_tune_params_check(&params));
    by_default(&params);
    params.trials = 0;
    assert_non_null(nr_tune_params_check(&params));
    by_default(&params);
    params.model = "oracle";
    refuse(&params, NR_ERR_USAGE, "'oracle'");
    by_default(&params);
    params.measure = "beauty@k";
    refuse(&params, NR_ERR_USAGE, "'beauty@k'");
    params.measure = "coverage@k";
    refuse(&params, NR_ERR_USAGE, "'coverage@k'");
    by_default(&params);
    params.positive = "rating >";
    refuse(&params, NR_ERR_USAGE, "");
    params.positive = "action = share"; /* nobody shared */
    refuse(&params, NR_ERR_DATA, "no pair to test");
    by_default(&params);
    params.trials_file = nr_scratch_puts("log.csv", "user_id,video_id\nu1,v1\n");
    refuse(&params, NR_ERR_DATA, "holds no trials");
    params.trials_file = "/nowhere/trials";
    refuse(&params, NR_ERR_CANTCREATE, "'/nowhere/trials'");
}

static const struct nr_tune_finding *find(const struct nr_tune *tuned, const char *option, const char *key)
{
    for (size_t i = 0; i < tuned->count; i++)
        if (strcmp(tuned->findings[i].option, option) == 0 &&
            (!key || strcmp(tuned->findings[i].key ? tuned->findings[i].key : "", key) == 0))
            return &tuned->findings[i];
    return NULL;
}

static double value(const struct nr_tune *tuned, const char *option, const char *key)
{
    const struct nr_tune_finding *finding = find(tuned, option, key);
    if (!finding)
        fail_msg("'%s %s' was not tuned", option, key ? key : "");
    return finding->found.value;
}

static void noise_loses_its_weight(void **state)
{
    (void)state;
    struct nr_tune_params params;
    struct nr_tune result;
    struct nr_buf config = {0};
    by_default(&params);
    assert_int_equal(tune(&params, 1, 0, &result, NULL), NR_OK);
    assert_true(value(&result, "weights", "tags") > 1.5 * value(&result, "weights", "text"));
    assert_true(result.test.gain.mean > 2 * result.test.gain.error);
    assert_true(result.judged.gain.mean > 2 * result.judged.gain.error);
    assert_false(result.reverted);
    assert_null(find(&result, "action-weights", NULL)); /* there is but one action */
    assert_null(find(&result, "weights", "visual"));
    assert_true(result.beta.fitted);
    assert_int_equal(result.beta.end, NR_BETA_INSIDE);
    assert_true(result.beta.loss_tuned <= result.beta.loss_default);
    assert_true(result.beta.loss_tuned < log(VIDEOS));
    nr_tune_write_config(&result, &config);
    assert_non_null(strstr(config.data, "weights = text="));
    assert_non_null(strstr(config.data, "\nbeta = "));
    assert_int_equal(config.data[config.length - 1], '\n');
    nr_buf_release(&config);
    nr_tune_release(&result);
}

static void same_findings(const struct nr_tune *a, const struct nr_tune *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_memory_equal(&a->findings[i].found.value, &b->findings[i].found.value, sizeof(double));
        assert_memory_equal(&a->findings[i].found.searched, &b->findings[i].found.searched, sizeof(double));
        assert_memory_equal(&a->findings[i].found.gain.mean, &b->findings[i].found.gain.mean, sizeof(double));
    }
    assert_memory_equal(&a->beta.value, &b->beta.value, sizeof(double));
}

static void threads_and_the_test_side_change_nothing(void **state)
{
    (void)state;
    static const enum nr_split splits[] = {NR_SPLIT_USER_TIME, NR_SPLIT_LEAVE_LAST_N};
    struct nr_tune_params params;
    struct nr_tune first, second;
    by_default(&params);
    params.split.last = 2;
    for (size_t s = 0; s < NR_COUNT(splits); s++) {
        params.split.split = splits[s];
        params.trials = 8;
        assert_int_equal(tune(&params, 1, 0, &first, NULL), NR_OK);
        assert_int_equal(tune(&params, 3, 0, &second, NULL), NR_OK);
        same_findings(&first, &second);
        assert_string_equal(first.digest, second.digest);
        assert_memory_equal(&first.test.tuned_mean, &second.test.tuned_mean, sizeof(double));
        nr_tune_release(&second);
        nr_tune_release(&first);
    }
}

/* The log without its test side: the last fifth is other videos, by other chance. */
static void the_search_does_not_see_the_test_side(void **state)
{
    (void)state;
    struct nr_tune_params params;
    struct nr_tune first, second;
    by_default(&params);
    params.split.split = NR_SPLIT_USER_TIME;
    params.trials = 8;
    assert_int_equal(tune(&params, 1, 0, &first, NULL), NR_OK);
    assert_int_equal(tune(&params, 1, 77, &second, NULL), NR_OK);
    assert_string_not_equal(first.digest, second.digest);
    assert_true(first.test.default_mean != second.test.default_mean);
    same_findings(&first, &second);
    nr_tune_release(&first);
    nr_tune_release(&second);
}

static void every_split_leaves_something_to_tune_by(void **state)
{
    (void)state;
    for (int split = 0; split < NR_SPLIT_COUNT; split++) {
        struct nr_tune_params params;
        struct nr_tune result;
        struct nr_error err = {.text = ""};
        by_default(&params);
        params.split.split = (enum nr_split)split;
        params.trials = 2;
        if (tune(&params, 1, 0, &result, &err) != NR_OK)
            fail_msg("%s: %s", nr_split_names[split], err.text);
        assert_in_range(result.inner.test, 1, result.outer.train / 2);
        nr_tune_release(&result);
    }
}

static size_t lines(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == '\n';
    return count;
}

static void a_run_that_was_killed_goes_on(void **state)
{
    (void)state;
    struct nr_tune_params params;
    struct nr_tune whole, again;
    size_t length;
    by_default(&params);
    params.trials_file = nr_scratch_path("whole.trials");
    assert_int_equal(tune(&params, 1, 0, &whole, NULL), NR_OK);
    assert_int_equal(whole.reused, 0);
    char *text = nr_scratch_read(nr_scratch_path("whole.trials"), &length);
    assert_int_equal(lines(text), whole.measured + 1);
    /* cut in the middle of a line */
    params.trials_file = nr_scratch_write("cut.trials", text, length / 2);
    text[length / 2] = '\0';
    assert_int_not_equal(text[length / 2 - 1], '\n');
    size_t left = lines(text) - 1;
    assert_int_equal(tune(&params, 2, 0, &again, NULL), NR_OK);
    assert_int_equal(again.reused, left);
    assert_int_equal(again.measured, whole.measured - left);
    same_findings(&whole, &again);
    nr_tune_release(&again);
    assert_int_equal(tune(&params, 1, 0, &again, NULL), NR_OK);
    assert_int_equal(again.measured, 0);
    same_findings(&whole, &again);
    nr_tune_release(&again);
    params.seed = 2; /* other users are asked first: nothing can be reused but the test side's */
    assert_int_equal(tune(&params, 1, 0, &again, NULL), NR_OK);
    assert_int_equal(again.reused, 0);
    nr_tune_release(&again);
    nr_tune_release(&whole);
    free(text);
}

static void models_of_behaviour(void **state)
{
    (void)state;
    struct nr_tune_params params;
    struct nr_tune result;
    struct nr_buf config = {0};
    by_default(&params);
    params.model = "item-knn";
    params.measure = "mrr";
    assert_int_equal(tune(&params, 1, 0, &result, NULL), NR_OK);
    assert_int_equal(result.count, 2);
    assert_non_null(find(&result, "knn-neighbours", NULL));
    assert_non_null(find(&result, "knn-shrink", NULL));
    assert_string_equal(result.measure, "mrr");
    assert_false(result.beta.fitted);
    nr_tune_write_config(&result, &config);
    assert_non_null(strstr(config.data, "knn-neighbours = "));
    assert_null(strstr(config.data, "beta"));
    nr_buf_release(&config);
    nr_tune_release(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_parameters),
        cmocka_unit_test(noise_loses_its_weight),
        cmocka_unit_test(threads_and_the_test_side_change_nothing),
        cmocka_unit_test(the_search_does_not_see_the_test_side),
        cmocka_unit_test(every_split_leaves_something_to_tune_by),
        cmocka_unit_test(a_run_that_was_killed_goes_on),
        cmocka_unit_test(models_of_behaviour),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
