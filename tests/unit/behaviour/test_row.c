/* test_row.c - the cleaning rules that need one row only, and their parameters. */
#include <math.h>

#include "support/cleaning.h"

static void wrong_parameters_are_named(void **state)
{
    struct nr_clean_params params;
    (void)state;
    nr_clean_params_default(&params);
    assert_null(nr_clean_params_check(&params));
    double *const positive[] = {&params.rating_max, &params.max_watch, &params.outlier_mads};
    for (size_t i = 0; i < NR_COUNT(positive); i++) {
        double before = *positive[i];
        *positive[i] = 0;
        assert_non_null(nr_clean_params_check(&params));
        *positive[i] = NAN;
        assert_non_null(nr_clean_params_check(&params));
        *positive[i] = before;
    }
    params.repeat_seconds = -1;
    assert_non_null(nr_clean_params_check(&params));
    params.repeat_seconds = 0;
    assert_null(nr_clean_params_check(&params));
    params.until = params.since - 1;
    assert_non_null(nr_clean_params_check(&params));
}

static void wrong_verdicts_are_refused(void **state)
{
    static const char *const wrong[] = {"",           "time",         "time=",       "=reject",      "time=drop",
                                        "user=keep",  "user=repair",  "rating=keep", "rating=merge", "duplicate=repair",
                                        "tim=reject", "times=reject", "time=Reject", "time=reject "};
    struct nr_clean_params params, before;
    struct nr_error err;
    (void)state;
    nr_clean_params_default(&params);
    before = params;
    for (size_t i = 0; i < NR_COUNT(wrong); i++) {
        assert_int_equal(nr_clean_params_set_rule(&params, wrong[i], &err), NR_ERR_USAGE);
        assert_memory_equal(params.verdicts, before.verdicts, sizeof params.verdicts);
    }
}

static void every_allowed_verdict_can_be_set(void **state)
{
    struct nr_clean_params params;
    char text[64];
    (void)state;
    nr_clean_params_default(&params);
    for (int rule = 0; rule < NR_RULE_COUNT; rule++) {
        const struct nr_clean_rule_def *def = &nr_clean_rules[rule];
        assert_true(def->allowed & 1u << def->verdict);
        assert_int_equal(params.verdicts[rule], def->verdict);
        for (int verdict = 0; verdict < 4; verdict++) {
            snprintf(text, sizeof text, "%s=%s", def->name, nr_clean_verdict_names[verdict]);
            enum nr_status status = nr_clean_params_set_rule(&params, text, NULL);
            assert_int_equal(status, def->allowed & 1u << verdict ? NR_OK : NR_ERR_USAGE);
            assert_true(status || params.verdicts[rule] == (enum nr_clean_verdict)verdict);
        }
    }
}

/* A row, the rule that catches it, what becomes of it; with `set`, a --rule. */
struct row_case {
    const char *row, *set;
    int rule; /* -1: none */
    enum nr_clean_verdict verdict;
};

#define GOOD "1700000000"

static const struct row_case cases[] = {
    {"u|v|view|1|" GOOD "|5|", NULL, -1, NR_CLEAN_KEEP},
    {"u|v|view|1|" GOOD "|5", NULL, NR_RULE_COLUMNS, NR_CLEAN_REJECT},
    {"u|v|view|1|" GOOD "|5|c|d", NULL, NR_RULE_COLUMNS, NR_CLEAN_REJECT},
    {"u|v|view|1|" GOOD, "columns=repair", NR_RULE_COLUMNS, NR_CLEAN_REPAIR},
    {"u|v|view|1|" GOOD "|5|c|d", "columns=repair", NR_RULE_COLUMNS, NR_CLEAN_REPAIR},
    {"|v|view|1|" GOOD "|5|", NULL, NR_RULE_USER, NR_CLEAN_REJECT},
    {" \t|v|view|1|" GOOD "|5|", NULL, NR_RULE_USER, NR_CLEAN_REJECT},
    {" u|v|view|1|" GOOD "|5|", NULL, NR_RULE_BLANKS, NR_CLEAN_REPAIR},
    {"u|v|view\t|1|" GOOD "|5|", NULL, NR_RULE_BLANKS, NR_CLEAN_REPAIR},
    {"u|v |view|1|" GOOD "|5|", "blanks=reject", NR_RULE_BLANKS, NR_CLEAN_REJECT},
    {NR_CLEANING_HEADER, NULL, NR_RULE_HEADER, NR_CLEAN_REJECT},
    {"u||view|1|" GOOD "|5|", NULL, NR_RULE_VIDEO, NR_CLEAN_REJECT},
    {"u||search|1|" GOOD "||what is this", NULL, -1, NR_CLEAN_KEEP},
    {"u|v||1|" GOOD "|5|", NULL, NR_RULE_ACTION, NR_CLEAN_REJECT},
    {"u|v|hover|1|" GOOD "|5|", NULL, NR_RULE_ACTION, NR_CLEAN_REJECT},
    {"u|v|弹幕|1|" GOOD "|5|", NULL, NR_RULE_ACTION, NR_CLEAN_REJECT},
    {"u|v|观看|1|" GOOD "|5|", NULL, -1, NR_CLEAN_KEEP},
    {"u|v|view|1|yesterday|5|", NULL, NR_RULE_TIME, NR_CLEAN_REJECT},
    {"u|v|view|1|yesterday|5|", "time=repair", NR_RULE_TIME, NR_CLEAN_REPAIR},
    {"u|v|view|1|0|5|", NULL, NR_RULE_TIME_RANGE, NR_CLEAN_REJECT},
    {"u|v|view|1|631151999|5|", NULL, NR_RULE_TIME_RANGE, NR_CLEAN_REJECT},
    {"u|v|view|1|631152000|5|", NULL, -1, NR_CLEAN_KEEP},
    {"u|v|view|1|2026-01-02T00:00:00Z|5|", NULL, -1, NR_CLEAN_KEEP}, /* a day after now */
    {"u|v|view|1|2026-01-02T00:00:00.001Z|5|", NULL, NR_RULE_TIME_RANGE, NR_CLEAN_REJECT},
    {"u|v|view|1|0|5|", "time-range=repair", NR_RULE_TIME_RANGE, NR_CLEAN_REPAIR},
    {"u|v|view|1|0|5|", "time-range=keep", -1, NR_CLEAN_KEEP},
    {"u|v|rating||" GOOD "||", NULL, NR_RULE_RATING, NR_CLEAN_REJECT},
    {"u|v|rating||" GOOD "||", "rating=repair", NR_RULE_RATING, NR_CLEAN_REJECT}, /* nothing to repair it with */
    {"u|v|rating|good|" GOOD "||", NULL, NR_RULE_RATING, NR_CLEAN_REJECT},
    {"u|v|rating|5.1|" GOOD "||", NULL, NR_RULE_RATING, NR_CLEAN_REJECT},
    {"u|v|rating|-0.5|" GOOD "||", NULL, NR_RULE_RATING, NR_CLEAN_REJECT},
    {"u|v|rating|11|" GOOD "||", "rating=repair", NR_RULE_RATING, NR_CLEAN_REPAIR},
    {"u|v|rating|0|" GOOD "||", NULL, -1, NR_CLEAN_KEEP},
    {"u|v|rating|5|" GOOD "||", NULL, -1, NR_CLEAN_KEEP},
    {"u|v|view|lots|" GOOD "||", NULL, NR_RULE_VALUE, NR_CLEAN_REPAIR},
    {"u|v|view|lots|" GOOD "||", "value=reject", NR_RULE_VALUE, NR_CLEAN_REJECT},
    {"u|v|view|nan|" GOOD "||", NULL, NR_RULE_VALUE, NR_CLEAN_REPAIR},
    {"u|v|view|1|" GOOD "|-3|", NULL, NR_RULE_WATCH, NR_CLEAN_REPAIR},
    {"u|v|view|1|" GOOD "|long|", NULL, NR_RULE_WATCH, NR_CLEAN_REPAIR},
    {"u|v|view|1|" GOOD "|86401|", NULL, NR_RULE_WATCH, NR_CLEAN_REPAIR},
    {"u|v|view|1|" GOOD "|86400|", NULL, -1, NR_CLEAN_KEEP},
    {"u|v|view|1|" GOOD "|inf|", "watch=reject", NR_RULE_WATCH, NR_CLEAN_REJECT},
};

static void check_case(const struct row_case *expected, size_t index)
{
    /* A good row first: this log has times. */
    const char *const lines[] = {NR_CLEANING_HEADER, "other|other|like||" GOOD "||", expected->row, NULL};
    struct nr_cleaning cleaning;
    nr_cleaning_init(&cleaning);
    if (expected->set)
        assert_int_equal(nr_clean_params_set_rule(&cleaning.params, expected->set, NULL), NR_OK);
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    bool rejected = expected->rule >= 0 && expected->verdict == NR_CLEAN_REJECT;
    bool repaired = expected->rule >= 0 && expected->verdict == NR_CLEAN_REPAIR;
    bool as_expected = cleaning.note_count == (expected->rule >= 0) && cleaning.tally.rows_in == 2 &&
                       cleaning.tally.rejected == rejected && cleaning.tally.repaired == repaired &&
                       cleaning.log.count == 2 - (size_t)rejected;
    if (as_expected && expected->rule >= 0)
        as_expected = (int)cleaning.notes[0].rule == expected->rule && cleaning.notes[0].line == 3 &&
                      cleaning.notes[0].verdict == expected->verdict && cleaning.tally.per_rule[expected->rule] == 1;
    if (!as_expected)
        fail_msg("case %zu, '%s': %zu notes, first of rule '%s'", index, expected->row, cleaning.note_count,
                 cleaning.note_count ? nr_clean_rules[cleaning.notes[0].rule].name : "-");
    nr_cleaning_release(&cleaning);
}

static void every_rule_catches_its_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < NR_COUNT(cases); i++)
        check_case(&cases[i], i);
}

static void repairs_do_what_they_say(void **state)
{
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    static const char *const sets[] = {"columns=repair", "time=repair", "time-range=repair", "rating=repair"};
    for (size_t i = 0; i < NR_COUNT(sets); i++)
        assert_int_equal(nr_clean_params_set_rule(&cleaning.params, sets[i], NULL), NR_OK);
    static const char *const lines[] = {NR_CLEANING_HEADER,         "u|1|rating|11|" GOOD "|-1|", "u|2|rating|-4|0||",
                                        "u|3|view|x|soon||c|extra", "u|4|view|1|" GOOD,           NULL};
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.log.count, 4);
    const struct nr_event *events = cleaning.log.events;
    assert_true(events[0].value == 5 && isnan(events[0].watch_seconds));
    assert_true(events[1].value == 0 && events[1].time == NR_TIME_NONE);
    assert_true(isnan(events[2].value) && events[2].time == NR_TIME_NONE);
    assert_string_equal(events[2].comment, "c");
    assert_true(isnan(events[3].watch_seconds) && !events[3].comment);
    assert_int_equal(cleaning.tally.repaired, 4); /* rows, though 8 faults */
    assert_int_equal(cleaning.note_count, 8);
    nr_cleaning_release(&cleaning);
}

/* "a row without a time" is a fault where the log has times, wherever the row stands. */
static void missing_times_are_a_fault_in_a_log_with_times(void **state)
{
    static const char *const lines[] = {NR_CLEANING_HEADER,     "a|v|view|||-1|", "b|v|view||||",
                                        "c|v|view||" GOOD "||", "d|v|view||||",   NULL};
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.tally.rejected, 3);
    assert_int_equal(cleaning.tally.repaired, 0); /* the repaired row was rejected after all */
    assert_int_equal(cleaning.log.count, 1);
    assert_int_equal(nr_cleaning_notes(&cleaning, NR_RULE_TIME, NR_CLEAN_REJECT), 3);
    assert_int_equal(nr_clean_params_set_rule(&cleaning.params, "time=repair", NULL), NR_OK);
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.log.count, 4);
    assert_int_equal(cleaning.tally.repaired, 3);
    nr_cleaning_release(&cleaning);
}

static void a_log_without_any_time_is_whole(void **state)
{
    static const char *const lines[] = {NR_CLEANING_HEADER, "a|v|view||||", "b|v|like||||", "b|v|like||||", NULL};
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.tally.kept, 2);
    assert_int_equal(cleaning.tally.merged, 1);
    assert_int_equal(cleaning.tally.rejected, 0);
    nr_cleaning_release(&cleaning);
}

static void ids_have_a_greatest_length(void **state)
{
    char row[1024], id[300];
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    for (int length = 255; length <= 257; length++)
        for (int which = 0; which < 2; which++) {
            memset(id, 'x', sizeof id);
            id[length] = '\0';
            snprintf(row, sizeof row, "%s|%s|view||" GOOD "||", which ? id : "u", which ? "v" : id);
            assert_int_equal(nr_cleaning_row(&cleaning, NR_CLEANING_HEADER, row), NR_OK);
            assert_int_equal(cleaning.tally.kept, length <= 256);
            assert_int_equal(nr_cleaning_notes(&cleaning, NR_RULE_ID_LENGTH, NR_CLEAN_REJECT), length > 256);
        }
    nr_cleaning_release(&cleaning);
}

static void unreadable_rows_are_rejected(void **state)
{
    static const char *const names[] = {"user_id", "video_id", "action", "time"}, *const row[] = {"u", "v", "view",
                                                                                                  GOOD};
    struct nr_clean_params params;
    struct nr_cleaner *cleaner;
    struct nr_event_log log = {.count = 0};
    struct nr_clean_tally tally;
    bool is_data;
    (void)state;
    nr_clean_params_default(&params);
    assert_int_equal(nr_cleaner_new(&params, NR_CLEANING_NOW, NULL, NULL, &cleaner, NULL), NR_OK);
    assert_int_equal(nr_cleaner_header(cleaner, names, 4, &is_data, NULL), NR_OK);
    assert_int_equal(nr_cleaner_row(cleaner, row, 4, 2, true, NULL), NR_OK);
    assert_int_equal(nr_cleaner_row(cleaner, row, 4, 3, false, NULL), NR_OK);
    assert_int_equal(nr_cleaner_finish(cleaner, &log, &tally, NULL), NR_OK);
    assert_int_equal(tally.per_rule[NR_RULE_UNREADABLE], 1);
    assert_int_equal(tally.rejected, 1);
    assert_int_equal(log.count, 1);
    nr_event_log_release(&log);
    nr_cleaner_free(cleaner);
    nr_cleaner_free(NULL);
}

static enum nr_status refuse(void *ctx, const struct nr_clean_note *note, struct nr_error *err)
{
    (void)ctx;
    (void)note;
    return nr_fail(err, NR_ERR_IO, "no room");
}

/* Where the rejects cannot be written, the run fails. */
static void a_failing_note_stops(void **state)
{
    static const char *const names[] = {"user_id", "video_id", "action", "time"};
    struct nr_clean_params params;
    struct nr_cleaner *cleaner;
    struct nr_error err;
    bool is_data;
    (void)state;
    nr_clean_params_default(&params);
    assert_int_equal(nr_cleaner_new(&params, NR_CLEANING_NOW, refuse, NULL, &cleaner, &err), NR_OK);
    assert_int_equal(nr_cleaner_header(cleaner, names, 4, &is_data, &err), NR_OK);
    assert_int_equal(nr_cleaner_row(cleaner, (const char *const[]){"", "v", "view", GOOD}, 4, 2, false, &err),
                     NR_ERR_IO);
    assert_string_equal(err.text, "no room");
    nr_cleaner_free(cleaner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_parameters_are_named),
        cmocka_unit_test(wrong_verdicts_are_refused),
        cmocka_unit_test(every_allowed_verdict_can_be_set),
        cmocka_unit_test(every_rule_catches_its_row),
        cmocka_unit_test(repairs_do_what_they_say),
        cmocka_unit_test(missing_times_are_a_fault_in_a_log_with_times),
        cmocka_unit_test(a_log_without_any_time_is_whole),
        cmocka_unit_test(ids_have_a_greatest_length),
        cmocka_unit_test(unreadable_rows_are_rejected),
        cmocka_unit_test(a_failing_note_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
