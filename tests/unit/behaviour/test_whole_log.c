/* test_whole_log.c - the rules that need the whole log, over events from elsewhere. */
#include "support/support.h"

#include "nightreel/behaviour.h"

static void add(struct nr_event_log *log, const char *user, int64_t ms, double watch)
{
    struct nr_event event = {user, "v", NR_ACTION_VIEW, 1, ms, watch, NULL, 0};
    assert_int_equal(nr_event_log_add(log, &event, NULL), NR_OK);
}

static void repeats_and_outliers_are_found(void **state)
{
    struct nr_clean_params params;
    struct nr_event_log log = {.count = 0};
    bool gone[16];
    (void)state;
    nr_clean_params_default(&params);
    assert_int_equal(nr_clean_whole(&params, &log, gone, NULL), NR_OK); /* nothing */
    for (int i = 0; i < 10; i++)
        add(&log, (const char[]){(char)('a' + i), '\0'}, 1000, 10);
    add(&log, "z", 1000, 5);
    add(&log, "z", 20000, 12);   /* within 30 s: one view, of the longer time */
    add(&log, "y", 1000, 30000); /* cut to 4 times the median */
    assert_int_equal(nr_clean_whole(&params, &log, gone, NULL), NR_OK);
    assert_int_equal(log.count, 13);
    for (int i = 0; i < 13; i++)
        assert_true(gone[i] == (i == 11));
    assert_true(log.events[10].watch_seconds == 12);
    nr_assert_near(log.events[12].watch_seconds, 40, 1e-9);
    params.verdicts[NR_RULE_REPEATED_VIEW] = NR_CLEAN_KEEP;
    assert_int_equal(nr_clean_whole(&params, &log, gone, NULL), NR_OK);
    assert_false(gone[11]);
    nr_event_log_release(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(repeats_and_outliers_are_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
