/* test_stream.c - events that go out as their rows come: the same as through a log in
 * memory, whatever is wrong with the rows. */
#include <math.h>

#include "support/cleaning.h"

enum { ROWS = 2500 }; /* more than one batch */

static void set_rules(struct nr_cleaning *cleaning, const char *const *rules)
{
    for (size_t i = 0; i < 4 && rules[i]; i++)
        assert_int_equal(nr_clean_params_set_rule(&cleaning->params, rules[i], NULL), NR_OK);
}

/* ---- when ------------------------------------------------------------------------------ */

struct when_case {
    const char *header, *row;
    const char *rules[4];
    bool streams;
};

/* More rows than wait for their turn: if any of them has gone out, the log is streamed. */
static void rules_that_need_the_log_hold_it(void **state)
{
    static const struct when_case cases[] = {
        {"user|video|action|time", "u%zu|v|view|1700000000", {0}, false},
        {"user|video|action|time", "u%zu|v|view|1700000000", {"repeated-view=keep"}, true},
        {"user|video|rating|time", "u%zu|v|3|1700000000", {0}, true},
        {"user|video|time|is_like", "u%zu|v|1700000000|1", {0}, true},
        {"user|video|time|is_click", "u%zu|v|1700000000|1", {0}, false},
        {"user|video|rating|time|watch", "u%zu|v|3|1700000000|9", {0}, false},
        {"user|video|rating|time|watch", "u%zu|v|3|1700000000|9", {"watch-outlier=keep"}, false},
        {"user|video|rating|time|watch", "u%zu|v|3|1700000000|9", {"watch-outlier=keep", "duplicate=reject"}, true},
        {"user|video|rating|time|watch", "u%zu|v|3|1700000000|9", {"watch-outlier=keep", "duplicate=keep"}, true},
        {"user|video|rating|time|watch", "u%zu|v|3|1700000000|9", {"duplicate=reject"}, false},
        {"user|video|rating", "u%zu|v|3", {"time=repair"}, true},
    };
    (void)state;
    for (size_t k = 0; k < NR_COUNT(cases); k++) {
        struct nr_arena mem = {0};
        struct nr_cleaning cleaning;
        const char *lines[3002] = {cases[k].header};
        for (size_t i = 1; i <= 3000; i++) {
            char row[96];
            const char *number = strstr(cases[k].row, "%zu");
            snprintf(row, sizeof row, "%.*s%zu%s", (int)(number - cases[k].row), cases[k].row, i, number + 3);
            lines[i] = nr_arena_strdup(&mem, row);
        }
        nr_cleaning_init(&cleaning);
        cleaning.stream = true;
        set_rules(&cleaning, cases[k].rules);
        assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
        assert_int_equal(cleaning.log.count, 3000);
        if ((cleaning.early > 0) != cases[k].streams)
            fail_msg("case %zu: %zu events before the end", k, cleaning.early);
        nr_cleaning_release(&cleaning);
        nr_arena_release(&mem);
    }
}

static void rows_without_a_time_wait_for_one(void **state)
{
    static const char *const lines[] = {"user|video|rating|time", "u|v|3|", "u|v|3|", "u|w|3|",
                                        "u|v|3|1700000000",       "u|x|3|", NULL};
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    cleaning.stream = true;
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.tally.rejected, 4);
    assert_int_equal(cleaning.tally.kept, 1);
    assert_string_equal(cleaning.log.events[0].video_id, "v");
    set_rules(&cleaning, (const char *const[4]){"time=repair"});
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.tally.repaired, 4);
    assert_int_equal(cleaning.tally.merged, 1);
    assert_int_equal(cleaning.tally.kept, 4);
    static const char *const untimed[] = {"user|video|rating|time", "u|v|3|", "u|w|3|", "u|v|3|", NULL};
    assert_int_equal(nr_cleaning_run(&cleaning, untimed), NR_OK);
    assert_int_equal(cleaning.tally.repaired, 0); /* a log without times lacks none */
    assert_int_equal(cleaning.tally.merged, 1);
    nr_cleaning_release(&cleaning);
}

static void the_first_of_equal_rows_stays_as_it_is(void **state)
{
    static const char *const lines[] = {NR_CLEANING_HEADER,
                                        "u|v|rating|0|1700000000||",
                                        "u|v|rating|-0|1700000000|7|",
                                        " u|v|rating|0.0|1700000000|5|",
                                        "u|v|rating|0|1700000000||so so",
                                        NULL};
    (void)state;
    for (int stream = 0; stream < 2; stream++) {
        struct nr_cleaning cleaning;
        nr_cleaning_init(&cleaning);
        cleaning.stream = stream;
        set_rules(&cleaning, (const char *const[4]){"duplicate=reject", "watch-outlier=keep", "repeated-view=keep"});
        assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
        assert_int_equal(cleaning.log.count, 2);
        assert_true(isnan(cleaning.log.events[0].watch_seconds));
        assert_int_equal(cleaning.tally.rejected, 2);
        assert_int_equal(cleaning.tally.merged, 0);
        assert_int_equal(cleaning.tally.repaired, 0); /* the one with the blank is no row any more */
        assert_int_equal(nr_cleaning_notes(&cleaning, NR_RULE_DUPLICATE, NR_CLEAN_REJECT), 2);
        nr_cleaning_release(&cleaning);
    }
}

/* ---- the same as in memory -------------------------------------------------------------- */

static const char *pick(struct nr_random *random, const char *const *from, size_t count)
{
    return from[nr_random_below(random, count)];
}

/* One field after a header's name: good more often than not. */
static const char *draw_field(struct nr_random *random, struct nr_arena *mem, const char *name, bool timed)
{
    static const char *const users[] = {"u1", "u2", "u3", "用户", "u2", " u1 ", ""};
    static const char *const videos[] = {"v1", "v1", "v2", "v3", "v2", ""};
    static const char *const actions[] = {"view", "like", "观看", "view", "LIKE", "rating", "search", "hover", ""};
    static const char *const values[] = {"1", "1", "", "4.5", "9", "-1", "x", "0", "-0"};
    static const char *const comments[] = {"", "", "", "nice", "nice ", "好"};
    static const char *const flags[] = {"0", "1", "true", "", "no", "0"};
    static const char *const watches[] = {"", "10", "10", "20.5", "-3", "1e9", "soon"};
    size_t fault = nr_random_below(random, 30);
    if (strcmp(name, "time") == 0)
        return !timed       ? ""
               : fault == 0 ? "never"
               : fault == 1 ? ""
               : fault == 2 ? "1"
                            : nr_arena_printf(mem, "%zu", 1700000000 + nr_random_below(random, 20));
    return strcmp(name, "user") == 0      ? pick(random, users, NR_COUNT(users))
           : strcmp(name, "video") == 0   ? pick(random, videos, NR_COUNT(videos))
           : strcmp(name, "action") == 0  ? pick(random, actions, NR_COUNT(actions))
           : strcmp(name, "comment") == 0 ? pick(random, comments, NR_COUNT(comments))
           : strcmp(name, "watch") == 0   ? pick(random, watches, NR_COUNT(watches))
           : strncmp(name, "is_", 3) == 0 ? pick(random, flags, NR_COUNT(flags))
                                          : pick(random, values, NR_COUNT(values));
}

/* Rows of which every third is one before again; the first ones may lack a time. */
static void draw_log(struct nr_random *random, struct nr_arena *mem, const char *header, const char **lines)
{
    size_t untimed = nr_random_below(random, 4) == 0 ? nr_random_below(random, ROWS + 1) : nr_random_below(random, 4);
    lines[0] = header;
    for (size_t i = 1; i <= ROWS; i++) {
        char *names = nr_arena_strdup(mem, header), *rest = NULL;
        const char *line = NULL;
        for (char *name = strtok_r(names, "|", &rest); name; name = strtok_r(NULL, "|", &rest)) {
            const char *field = draw_field(random, mem, name, i > untimed);
            line = line ? nr_arena_printf(mem, "%s|%s", line, field) : field;
        }
        bool again = i > 1 && nr_random_below(random, 3) == 0;
        lines[i] = again                              ? lines[1 + nr_random_below(random, i - 1)]
                   : nr_random_below(random, 40) == 0 ? nr_arena_printf(mem, "%s|more", line)
                                                      : line;
    }
    lines[ROWS + 1] = NULL;
}

static int compare_notes(const void *left, const void *right)
{
    const struct nr_cleaning_note *a = left, *b = right;
    if (a->line != b->line)
        return (a->line > b->line) - (a->line < b->line);
    return a->rule != b->rule ? (int)a->rule - (int)b->rule : strcmp(a->first, b->first);
}

static void assert_same(struct nr_cleaning *a, struct nr_cleaning *b)
{
    struct nr_arena mem = {0};
    assert_memory_equal(&a->tally, &b->tally, sizeof a->tally);
    assert_int_equal(a->tally.rows_in, a->tally.kept + a->tally.rejected + a->tally.merged);
    assert_int_equal(a->tally.events, a->log.count);
    assert_int_equal(a->log.count, b->log.count);
    for (size_t i = 0; i < a->log.count; i++)
        assert_string_equal(nr_cleaning_event(&a->log.events[i], &mem), nr_cleaning_event(&b->log.events[i], &mem));
    assert_int_equal(a->note_count, b->note_count);
    qsort(a->notes, a->note_count, sizeof *a->notes, compare_notes);
    qsort(b->notes, b->note_count, sizeof *b->notes, compare_notes);
    for (size_t i = 0; i < a->note_count; i++) {
        assert_int_equal(compare_notes(&a->notes[i], &b->notes[i]), 0);
        assert_int_equal(a->notes[i].verdict, b->notes[i].verdict);
    }
    nr_arena_release(&mem);
}

static void dirty_logs_come_out_the_same(void **state)
{
    static const struct {
        const char *header, *rules[4];
    } cases[] = {
        {"user|video|action|value|time|watch|comment",
         {"repeated-view=keep", "watch-outlier=keep", "duplicate=reject"}},
        {"user|video|action|value|time|watch|comment", {"repeated-view=keep", "watch-outlier=keep", "duplicate=keep"}},
        {"user|video|action|value|time|comment", {"repeated-view=keep"}},
        {"user|video|action|value|time|comment", {"repeated-view=keep", "time=repair", "columns=repair"}},
        {"user|video|action|value|time", {"repeated-view=keep", "duplicate=reject", "time=repair", "blanks=reject"}},
        {"user|video|rating|time|comment", {0}},
        {"user|video|time|is_like|is_share|is_comment|comment", {0}},
        {"user|video|time|is_like|is_share|is_click", {"repeated-view=keep", "duplicate=reject", "time=repair"}},
        {"user|video|time|is_like|is_share|is_click", {"time-range=repair", "repeated-view=keep", "time=repair"}},
        {"user|video|rating", {"time=repair"}},
        {"user|video|action|value|time|watch|comment", {0}}, /* needs the log: both ways through memory */
    };
    struct nr_random random = {17};
    size_t merged = 0, rejected = 0;
    (void)state;
    for (size_t round = 0; round < 8 * NR_COUNT(cases); round++) {
        size_t k = round % NR_COUNT(cases);
        struct nr_arena mem = {0};
        struct nr_cleaning memory, stream;
        const char *lines[ROWS + 2];
        draw_log(&random, &mem, cases[k].header, lines);
        nr_cleaning_init(&memory);
        nr_cleaning_init(&stream);
        set_rules(&memory, cases[k].rules);
        set_rules(&stream, cases[k].rules);
        stream.stream = true;
        assert_int_equal(nr_cleaning_run(&memory, lines), NR_OK);
        assert_int_equal(nr_cleaning_run(&stream, lines), NR_OK);
        assert_same(&memory, &stream);
        merged += nr_cleaning_notes(&stream, NR_RULE_DUPLICATE, NR_CLEAN_MERGE);
        rejected += nr_cleaning_notes(&stream, NR_RULE_DUPLICATE, NR_CLEAN_REJECT);
        stream.silent = true; /* and without notes, by one thread and by two */
        for (stream.threads = 1; stream.threads <= 2; stream.threads++) {
            memory.note_count = 0;
            assert_int_equal(nr_cleaning_run(&stream, lines), NR_OK);
            assert_same(&memory, &stream);
        }
        nr_cleaning_release(&memory);
        nr_cleaning_release(&stream);
        nr_arena_release(&mem);
    }
    assert_true(merged > 1000 && rejected > 1000); /* or this would prove little */
}

/* Notes of a streamed log that did not have to wait are in the order of its lines. */
static void notes_are_in_the_order_of_the_lines(void **state)
{
    struct nr_random random = {5};
    struct nr_arena mem = {0};
    struct nr_cleaning cleaning;
    const char *lines[ROWS + 2];
    (void)state;
    draw_log(&random, &mem, "user|video|rating|time|comment", lines);
    lines[1] = "u1|v1|3|1700000000|";
    nr_cleaning_init(&cleaning);
    cleaning.stream = true;
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_true(nr_cleaning_notes(&cleaning, NR_RULE_DUPLICATE, NR_CLEAN_MERGE) > 10);
    for (size_t i = 1; i < cleaning.note_count; i++)
        assert_true(cleaning.notes[i - 1].line <= cleaning.notes[i].line);
    nr_cleaning_release(&cleaning);
    nr_arena_release(&mem);
}

/* ---- many, and large ones ------------------------------------------------------------------ */

static enum nr_status count_event(void *ctx, const struct nr_event *event, struct nr_error *err)
{
    size_t *count = ctx;
    (void)event;
    (void)err;
    ++*count;
    return NR_OK;
}

/* Row i is of event i / 3, in an order that brings each back later: the tables grow many
 * times, and each event goes out once. */
static void tables_grow(void **state)
{
    enum { EVENTS = 300000 };
    static const char *const names[] = {"user", "video", "rating", "time"};
    struct nr_clean_params params;
    struct nr_cleaner *cleaner;
    struct nr_clean_tally tally;
    size_t count = 0;
    bool is_data;
    (void)state;
    nr_clean_params_default(&params);
    assert_int_equal(nr_cleaner_new(&params, NR_CLEANING_NOW, NULL, NULL, &cleaner, NULL), NR_OK);
    assert_int_equal(nr_cleaner_stream(cleaner, count_event, &count, 2, NULL), NR_OK);
    assert_int_equal(nr_cleaner_header(cleaner, names, 4, &is_data, NULL), NR_OK);
    for (size_t i = 0; i < 3 * EVENTS; i++) {
        char user[24], video[24];
        size_t event = i * 7919 % EVENTS; /* coprime: all of them, three times */
        snprintf(user, sizeof user, "user%zu", event / 10);
        snprintf(video, sizeof video, "video%zu", event % 10);
        assert_int_equal(
            nr_cleaner_row(cleaner, (const char *const[]){user, video, "3", "1700000000"}, 4, i + 2, false, NULL),
            NR_OK);
    }
    assert_int_equal(nr_cleaner_finish(cleaner, NULL, &tally, NULL), NR_OK);
    assert_int_equal(count, EVENTS);
    assert_int_equal(tally.merged, 2 * EVENTS);
    nr_cleaner_free(cleaner);
}

static void long_comments_are_told_apart(void **state)
{
    enum { LONG = 200000 };
    struct nr_arena mem = {0};
    struct nr_cleaning cleaning;
    char *text = nr_arena_alloc(&mem, LONG + 1, 1);
    const char *lines[10] = {"user|video|rating|time|comment"};
    (void)state;
    memset(text, 'x', LONG);
    for (size_t i = 1; i < 9; i++) { /* 0 1 2 0 1 2 0 1 */
        text[LONG - 1] = (char)('0' + (i - 1) % 3);
        lines[i] = nr_arena_printf(&mem, "u|v|3|1700000000|%s", i % 3 ? text : "short");
    }
    nr_cleaning_init(&cleaning);
    cleaning.stream = true;
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.log.count, 3);
    assert_int_equal(strlen(cleaning.log.events[0].comment), LONG);
    assert_string_equal(cleaning.log.events[2].comment, "short");
    assert_int_equal(cleaning.tally.merged, 5);
    nr_cleaning_release(&cleaning);
    nr_arena_release(&mem);
}

static enum nr_status refuse(void *ctx, const struct nr_event *event, struct nr_error *err)
{
    (void)ctx;
    (void)event;
    return nr_fail(err, NR_ERR_IO, "no more");
}

static void a_refusal_ends_it(void **state)
{
    static const char *const names[] = {"user", "video", "rating", "time"};
    struct nr_clean_params params;
    struct nr_cleaner *cleaner;
    struct nr_clean_tally tally;
    struct nr_error err;
    bool is_data;
    (void)state;
    nr_clean_params_default(&params);
    assert_int_equal(nr_cleaner_new(&params, NR_CLEANING_NOW, NULL, NULL, &cleaner, NULL), NR_OK);
    assert_int_equal(nr_cleaner_stream(cleaner, refuse, NULL, 2, NULL), NR_OK);
    assert_int_equal(nr_cleaner_header(cleaner, names, 4, &is_data, NULL), NR_OK);
    assert_int_equal(nr_cleaner_row(cleaner, (const char *const[]){"u", "v", "3", "1700000000"}, 4, 2, false, NULL),
                     NR_OK);
    assert_int_equal(nr_cleaner_finish(cleaner, NULL, &tally, &err), NR_ERR_IO);
    assert_string_equal(err.text, "no more");
    nr_cleaner_free(cleaner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_ends_it),
        cmocka_unit_test(rules_that_need_the_log_hold_it),
        cmocka_unit_test(rows_without_a_time_wait_for_one),
        cmocka_unit_test(the_first_of_equal_rows_stays_as_it_is),
        cmocka_unit_test(dirty_logs_come_out_the_same),
        cmocka_unit_test(notes_are_in_the_order_of_the_lines),
        cmocka_unit_test(tables_grow),
        cmocka_unit_test(long_comments_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
