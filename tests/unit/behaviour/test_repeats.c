/* test_repeats.c - repeats, outlying watch times, and what holds for every log: rows
 * add up, order stays, a clean log stays as it is. */
#include <math.h>

#include "support/cleaning.h"

static void duplicates_are_merged_into_the_first(void **state)
{
    static const char *const lines[] = {
        NR_CLEANING_HEADER,          "u|v|like|1|1700000000||",
        "u|v|share|1|1700000000||",  "u|v|like|1|1700000000|7|", /* the same: watch time is taken over */
        "u|v|like|1|1700000001||",                               /* later */
        "u|v|like|2|1700000000||",                               /* another value */
        "u|v|like|1|1700000000||hm",                             /* another comment */
        "w|v|like|1|1700000000||",                               /* someone else */
        "u|v|like|1|1700000000|3|",  NULL};
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.tally.merged, 2);
    assert_int_equal(cleaning.log.count, 6);
    assert_int_equal(cleaning.log.events[0].action, NR_ACTION_LIKE);
    assert_true(cleaning.log.events[0].watch_seconds == 7);
    assert_int_equal(cleaning.notes[0].line, 4);
    assert_int_equal(cleaning.notes[1].line, 9);
    assert_int_equal(nr_cleaning_notes(&cleaning, NR_RULE_DUPLICATE, NR_CLEAN_MERGE), 2);
    assert_int_equal(nr_clean_params_set_rule(&cleaning.params, "duplicate=keep", NULL), NR_OK);
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.log.count, 8);
    nr_cleaning_release(&cleaning);
}

static void repeated_views_keep_the_longest_watch(void **state)
{
    static const char *const lines[] = {NR_CLEANING_HEADER,
                                        "u|v|view|1|1700000000|4|",
                                        "u|v|view|1|1700000031|5|", /* a view of its own */
                                        "u|v|view|1|1700000030|9|", /* 30 s: the first one's */
                                        "u|v|view|1|1700000010||",
                                        "u|v|like|1|1700000010||", /* no view */
                                        "u|x|view|1|1700000010|1|",
                                        "u|v|view|1|1700000061|2|", /* 30 s after the second */
                                        NULL};
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.tally.merged, 3);
    assert_int_equal(cleaning.log.count, 4);
    assert_true(cleaning.log.events[0].watch_seconds == 9 && cleaning.log.events[0].time == 1700000000000);
    assert_true(cleaning.log.events[1].watch_seconds == 5 && cleaning.log.events[1].time == 1700000031000);
    cleaning.params.repeat_seconds = 9;
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.tally.merged, 1); /* 31 into 30 */
    assert_int_equal(nr_clean_params_set_rule(&cleaning.params, "repeated-view=keep", NULL), NR_OK);
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.log.count, 7);
    nr_cleaning_release(&cleaning);
}

/* Watch times of `count` users and one more of 3000 s. */
static void run_watches(struct nr_cleaning *cleaning, const double *seconds, size_t count)
{
    struct nr_arena mem = {0};
    const char *lines[32] = {NR_CLEANING_HEADER};
    for (size_t i = 0; i < count; i++)
        lines[i + 1] = nr_arena_printf(&mem, "u%zu|v|view|1|1700000000|%g|", i, seconds[i]);
    lines[count + 1] = "late|v|view|1|1700000000|3000|";
    lines[count + 2] = NULL;
    assert_int_equal(nr_cleaning_run(cleaning, lines), NR_OK);
    nr_arena_release(&mem);
}

/* log2 of the watch times: -2 -1 -1 0 0 0 0 0 1 1 2 (and the outlier): median 0 of
 * 12, deviations 0 x5, 1 x4, 2 x2, d: their median is (1 + 1) / 2 = 1 octave. */
static void outliers_are_cut_to_the_bound(void **state)
{
    static const double seconds[] = {10, 20, 20, 40, 40, 40, 40, 40, 80, 80, 160};
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    cleaning.params.outlier_mads = 2;
    run_watches(&cleaning, seconds, NR_COUNT(seconds));
    assert_int_equal(nr_cleaning_notes(&cleaning, NR_RULE_WATCH_OUTLIER, NR_CLEAN_REPAIR), 1);
    assert_int_equal(cleaning.tally.repaired, 1);
    nr_assert_near(cleaning.log.events[11].watch_seconds, 40 * pow(2, 2 * 1.4826), 1e-9);
    cleaning.params.outlier_mads = 1; /* 2^1.48 = 2.8: but never under 4 times the median */
    run_watches(&cleaning, seconds, NR_COUNT(seconds));
    nr_assert_near(cleaning.log.events[11].watch_seconds, 160, 1e-9);
    assert_int_equal(nr_clean_params_set_rule(&cleaning.params, "watch-outlier=keep", NULL), NR_OK);
    run_watches(&cleaning, seconds, NR_COUNT(seconds));
    assert_int_equal(cleaning.note_count, 0);
    assert_true(cleaning.log.events[11].watch_seconds == 3000);
    nr_cleaning_release(&cleaning);
}

static void few_watch_times_say_nothing(void **state)
{
    static const double seconds[] = {40, 40, 40, 40, 40, 40, 40, 40};
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    run_watches(&cleaning, seconds, NR_COUNT(seconds)); /* 9 with the outlier */
    assert_int_equal(cleaning.note_count, 0);
    nr_cleaning_release(&cleaning);
}

/* ---- what holds for every log ------------------------------------------------------- */

enum { ROWS = 400 };

static const char *pick(struct nr_random *random, const char *const *from, size_t count)
{
    return from[nr_random_below(random, count)];
}

/* Rows that are good more often than not, with every fault now and then. */
static void random_log(struct nr_random *random, struct nr_arena *mem, const char **lines)
{
    static const char *const users[] = {"u1", "u2", "u3", "u4", "u5", "用户", " u1 ", ""};
    static const char *const videos[] = {"v1", "v1", "v1", "v2", "v2", ""};
    static const char *const actions[] = {"view", "view", "观看", "view", "like", "rating", "search", "hover", ""};
    static const char *const values[] = {"1", "1", "", "4.5", "9", "-1", "x", "3"};
    static const char *const comments[] = {"", "", "", "nice", "nice ", "好"};
    static const char *const tails[] = {"", "", "", "", "", "", "", "", "|more"};
    lines[0] = NR_CLEANING_HEADER;
    for (size_t i = 0; i < ROWS; i++) {
        size_t fault = nr_random_below(random, 25);
        size_t seconds = 1700000000 + nr_random_below(random, 600);
        double watch = exp(3 + nr_random_unit(random) * (fault == 0 ? 8 : 1));
        const char *user = pick(random, users, NR_COUNT(users)), *video = pick(random, videos, NR_COUNT(videos));
        const char *action = pick(random, actions, NR_COUNT(actions)), *value = pick(random, values, NR_COUNT(values));
        const char *comment = pick(random, comments, NR_COUNT(comments)), *tail = pick(random, tails, NR_COUNT(tails));
        char when[32];
        snprintf(when, sizeof when, "%zu", fault == 3 ? seconds / 1000 : seconds);
        lines[i + 1] = nr_arena_printf(mem, "%s|%s|%s|%s|%s|%.3f|%s%s", user, video, action, value,
                                       fault == 1   ? ""
                                       : fault == 2 ? "never"
                                                    : when,
                                       fault == 4 ? -watch : watch, comment, tail);
    }
    lines[ROWS + 1] = NULL;
}

static void check_sums(const struct nr_cleaning *cleaning)
{
    const struct nr_clean_tally *tally = &cleaning->tally;
    size_t noted = 0;
    assert_int_equal(tally->rows_in, ROWS);
    assert_int_equal(tally->rows_in, tally->kept + tally->rejected + tally->merged);
    assert_int_equal(tally->events, cleaning->log.count);
    assert_int_equal(tally->kept, cleaning->log.count); /* no flags: a row is an event */
    for (int rule = 0; rule < NR_RULE_COUNT; rule++)
        noted += tally->per_rule[rule];
    assert_int_equal(noted, cleaning->note_count);
}

static void random_logs_add_up(void **state)
{
    struct nr_random random = {7};
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    for (int round = 0; round < 100; round++) {
        struct nr_arena mem = {0};
        const char *lines[ROWS + 2];
        size_t rejected = 0, merged = 0;
        random_log(&random, &mem, lines);
        assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
        check_sums(&cleaning);
        for (size_t i = 0; i < cleaning.note_count; i++) {
            rejected += cleaning.notes[i].verdict == NR_CLEAN_REJECT;
            merged += cleaning.notes[i].verdict == NR_CLEAN_MERGE;
        }
        assert_int_equal(rejected, cleaning.tally.rejected); /* each once: the first fault ends it */
        assert_int_equal(merged, cleaning.tally.merged);
        nr_arena_release(&mem);
    }
    nr_cleaning_release(&cleaning);
}

static void cleaning_twice_changes_nothing(void **state)
{
    struct nr_random random = {11};
    struct nr_cleaning once, again;
    (void)state;
    nr_cleaning_init(&once);
    nr_cleaning_init(&again);
    size_t cut = 0;
    for (int round = 0; round < 100; round++) {
        struct nr_arena mem = {0};
        const char *lines[ROWS + 2];
        random_log(&random, &mem, lines);
        assert_int_equal(nr_cleaning_run(&once, lines), NR_OK);
        for (size_t i = 0; i < once.log.count; i++)
            lines[i + 1] = nr_cleaning_event(&once.log.events[i], &mem);
        lines[once.log.count + 1] = NULL;
        assert_int_equal(nr_cleaning_run(&again, lines), NR_OK);
        assert_int_equal(again.note_count, 0);
        assert_int_equal(again.log.count, once.log.count);
        for (size_t i = 0; i < once.log.count; i++)
            assert_string_equal(nr_cleaning_event(&again.log.events[i], &mem), lines[i + 1]);
        cut += once.tally.per_rule[NR_RULE_WATCH_OUTLIER];
        nr_arena_release(&mem);
    }
    assert_true(cut > 100); /* or this would prove little */
    nr_cleaning_release(&once);
    nr_cleaning_release(&again);
}

static void order_of_the_rows_is_kept(void **state)
{
    struct nr_arena mem = {0};
    const char *lines[ROWS + 2] = {NR_CLEANING_HEADER};
    struct nr_random random = {3};
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    for (size_t i = 0; i < ROWS; i++) /* the value tells the row */
        lines[i + 1] =
            nr_arena_printf(&mem, "u%zu|v%zu|%s|%zu|%zu|9|", nr_random_below(&random, 9), nr_random_below(&random, 4),
                            i % 3 ? "view" : "like", i, 1700000000 + nr_random_below(&random, 3000));
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_true(cleaning.tally.merged > 0);
    for (size_t i = 1; i < cleaning.log.count; i++)
        assert_true(cleaning.log.events[i - 1].value < cleaning.log.events[i].value);
    nr_arena_release(&mem);
    nr_cleaning_release(&cleaning);
}

/* Events are appended behind those that a log holds already. */
static void finish_appends(void **state)
{
    static const char *const names[] = {"user_id", "video_id", "action", "time"};
    struct nr_clean_params params;
    struct nr_event_log log = {.count = 0};
    struct nr_clean_tally tally;
    bool is_data;
    (void)state;
    nr_clean_params_default(&params);
    for (int round = 0; round < 3; round++) {
        struct nr_cleaner *cleaner;
        char user[16];
        snprintf(user, sizeof user, "u%d", round);
        assert_int_equal(nr_cleaner_new(&params, NR_CLEANING_NOW, NULL, NULL, &cleaner, NULL), NR_OK);
        assert_int_equal(nr_cleaner_header(cleaner, names, 4, &is_data, NULL), NR_OK);
        assert_int_equal(
            nr_cleaner_row(cleaner, (const char *const[]){user, "v", "like", "1700000000"}, 4, 2, false, NULL), NR_OK);
        assert_int_equal(nr_cleaner_finish(cleaner, &log, &tally, NULL), NR_OK);
        nr_cleaner_free(cleaner);
    }
    assert_int_equal(log.count, 3);
    assert_string_equal(log.events[0].user_id, "u0");
    assert_string_equal(log.events[2].user_id, "u2");
    nr_event_log_release(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duplicates_are_merged_into_the_first),
        cmocka_unit_test(repeated_views_keep_the_longest_watch),
        cmocka_unit_test(outliers_are_cut_to_the_bound),
        cmocka_unit_test(few_watch_times_say_nothing),
        cmocka_unit_test(random_logs_add_up),
        cmocka_unit_test(cleaning_twice_changes_nothing),
        cmocka_unit_test(order_of_the_rows_is_kept),
        cmocka_unit_test(finish_appends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
