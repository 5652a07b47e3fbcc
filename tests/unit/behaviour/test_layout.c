/* test_layout.c - what the columns of a log mean: by name, by --map, by their looks. */
#include <math.h>

#include "support/cleaning.h"

static void wrong_headers_are_refused(void **state)
{
    static const struct {
        const char *header, *map;
        enum nr_status status;
        const char *says;
    } cases[] = {
        {"a|b|c", NULL, NR_ERR_DATA, "found: a, b, c; say which with --map"},
        {"user_id|when", NULL, NR_ERR_DATA, "found: user_id, when"},
        {"", NULL, NR_ERR_DATA, "no column for: user, video, action, time; found: ;"},
        {"1|2|3", NULL, NR_ERR_DATA, "found: 1, 2, 3"}, /* three numbers are no u.data */
        {"a|b", "user=a,video=c", NR_ERR_DATA, "'c', which the log does not have"},
        {"a|b", "user=a", NR_ERR_DATA, "no column for: video, action, time"},
        {"user|item|when", "time=when", NR_ERR_DATA, "no column for: action; found: user, item, when; say which"},
        {"user|item|value|time", NULL, NR_ERR_DATA, "no column for: action"}, /* a value of what? */
        {"user|item|action", NULL, NR_ERR_DATA, "say which with --map time=COLUMN"},
        {"a|b", "who=a,video=b", NR_ERR_USAGE, "not 'who=a'"},
        {"a|b", "user", NR_ERR_USAGE, "not 'user'"},
        {"a|b", "user=a,,video=b", NR_ERR_USAGE, "not ''"},
        {"a|b", "user=,video=b", NR_ERR_DATA, "names the column ''"},
    };
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        cleaning.params.map = cases[i].map;
        assert_int_equal(nr_cleaning_run(&cleaning, (const char *const[]){cases[i].header, NULL}), cases[i].status);
        if (!strstr(cleaning.err.text, cases[i].says))
            fail_msg("case %zu: '%s' does not say '%s'", i, cleaning.err.text, cases[i].says);
    }
    nr_cleaning_release(&cleaning);
}

struct layout_case {
    const char *header, *map, *row;
    struct nr_event event;
};

#define AT(seconds) ((int64_t)(seconds)*1000)

static const struct layout_case cases[] = {
    /* our own, in another order and case, with blanks */
    {NR_CLEANING_HEADER,
     NULL,
     "u1|v1|like|1|1700000000|12.5|so good",
     {"u1", "v1", NR_ACTION_LIKE, 1, AT(1700000000), 12.5, "so good", 0}},
    {"Timestamp | VIDEO_ID|Action|User_ID",
     NULL,
     "2023-11-14T22:13:20Z|v1|VIEW|u1",
     {"u1", "v1", NR_ACTION_VIEW, NAN, AT(1700000000), NAN, NULL, 0}},
    /* watch times and no action: views */
    {"user|item|watch_seconds", NULL, "u1|v1|3", {"u1", "v1", NR_ACTION_VIEW, NAN, NR_TIME_NONE, 3, NULL, 0}},
    /* MovieLens */
    {"userId|movieId|rating|timestamp",
     NULL,
     "1|307|3.5|1256677221",
     {"1", "307", NR_ACTION_RATING, 3.5, AT(1256677221), NAN, NULL, 0}},
    /* RecBole's atomic files */
    {"user_id:token|item_id:token|rating:float|timestamp:float",
     NULL,
     "7|42|4|1256677221.5",
     {"7", "42", NR_ACTION_RATING, 4, INT64_C(1256677221500), NAN, NULL, 0}},
    {"user_id:token|item_id:token|play_time_ms:float",
     NULL,
     "7|42|1500",
     {"7", "42", NR_ACTION_VIEW, NAN, NR_TIME_NONE, 1.5, NULL, 0}},
    /* one column for each action, milliseconds */
    {"user_id|video_id|time_ms|is_click|is_like|is_hate|long_view|play_time_ms|rating",
     NULL,
     "3|9|1649581149287|0|0|1|0|46186|",
     {"3", "9", NR_ACTION_DISLIKE, NAN, INT64_C(1649581149287), NAN, NULL, 0}},
    {"user_id|video_id|time_ms|is_click|is_like|play_time_ms",
     NULL,
     "3|9|1649581149287|1|0|46186",
     {"3", "9", NR_ACTION_VIEW, NAN, INT64_C(1649581149287), 46.186, NULL, 0}},
    /* Chinese */
    {"用户ID|视频ID|行为|值|时间|观看时长|评论内容",
     NULL,
     "张三|片一|点赞|1|1700000000|3|好看",
     {"张三", "片一", NR_ACTION_LIKE, 1, AT(1700000000), 3, "好看", 0}},
    {"用户|视频|行为", NULL, "张三|片一|学完", {"张三", "片一", NR_ACTION_COMPLETE, NAN, NR_TIME_NONE, NAN, NULL, 0}},
    /* --map, over what names say, with a type, with another watch unit */
    {"who|what|stars_given|at",
     "user=who,video=what,value=stars_given,time=at",
     "u|v|2|1700000000",
     {"u", "v", NR_ACTION_RATING, 2, AT(1700000000), NAN, NULL, 0}},
    {"user_id|session|video_id|action",
     "user=session",
     "u|s|v|view",
     {"s", "v", NR_ACTION_VIEW, NAN, NR_TIME_NONE, NAN, NULL, 0}},
    {"a:token|b:token|user_id",
     "user=a:token,video=B",
     "u|v|x",
     {"u", "v", NR_ACTION_VIEW, NAN, NR_TIME_NONE, NAN, NULL, 0}},
    {"u|v|seen_ms",
     "user=u,video=v,watch=seen_ms",
     "a|b|2500",
     {"a", "b", NR_ACTION_VIEW, NAN, NR_TIME_NONE, 2.5, NULL, 0}},
    {"u|v|hearts|seen",
     "user=u,video=v,like=hearts,view=seen",
     "a|b|yes|0",
     {"a", "b", NR_ACTION_LIKE, NAN, NR_TIME_NONE, NAN, NULL, 0}},
    {"u|v|a", "user=u,video=v,action=a", "x|y|收藏", {"x", "y", NR_ACTION_FAVORITE, NAN, NR_TIME_NONE, NAN, NULL, 0}},
};

static void assert_same_number(double found, double wanted)
{
    if (isnan(wanted))
        assert_true(isnan(found));
    else
        assert_true(found == wanted);
}

static void assert_same_event(const struct nr_event *found, const struct nr_event *wanted)
{
    assert_string_equal(found->user_id, wanted->user_id);
    assert_string_equal(found->video_id, wanted->video_id);
    assert_string_equal(nr_action_names[found->action].name, nr_action_names[wanted->action].name);
    assert_same_number(found->value, wanted->value);
    assert_true(found->time == wanted->time);
    assert_same_number(found->watch_seconds, wanted->watch_seconds);
    assert_string_equal(found->comment ? found->comment : "-", wanted->comment ? wanted->comment : "-");
}

static void known_layouts_are_found(void **state)
{
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    cleaning.params.verdicts[NR_RULE_TIME] = NR_CLEAN_REPAIR; /* several have no times */
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        cleaning.params.map = cases[i].map;
        if (nr_cleaning_row(&cleaning, cases[i].header, cases[i].row) != NR_OK)
            fail_msg("case %zu: %s", i, cleaning.err.text);
        if (cleaning.log.count != 1)
            fail_msg("case %zu: %zu events", i, cleaning.log.count);
        assert_same_event(&cleaning.log.events[0], &cases[i].event);
        assert_int_equal(cleaning.tally.kept, 1);
    }
    nr_cleaning_release(&cleaning);
}

/* u.data: the first line is data already. */
static void four_numbers_are_a_log_without_header(void **state)
{
    static const char *const lines[] = {"196|242|3|881250949", "186|302|4|891717742", NULL};
    static const struct nr_event first = {"196", "242", NR_ACTION_RATING, 3, AT(881250949), NAN, NULL, 0};
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    cleaning.params.since = 0; /* it is from 1997 */
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.tally.rows_in, 2);
    assert_int_equal(cleaning.log.count, 2);
    assert_same_event(&cleaning.log.events[0], &first);
    nr_cleaning_release(&cleaning);
}

static void a_flagged_row_is_an_event_for_each_flag(void **state)
{
    static const char *const lines[] = {"user_id|video_id|is_click|is_like|is_comment|is_forward|is_follow|long_view",
                                        "u|v|1|1|1|1|1|1", "u|w|0|0|1|0||0", "u|x|0|0|0|0|0|0", NULL};
    static const enum nr_action wanted[] = {NR_ACTION_VIEW,     NR_ACTION_LIKE,     NR_ACTION_COMMENT, NR_ACTION_SHARE,
                                            NR_ACTION_FAVORITE, NR_ACTION_COMPLETE, NR_ACTION_COMMENT};
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    cleaning.params.verdicts[NR_RULE_TIME] = NR_CLEAN_REPAIR; /* it has no times */
    assert_int_equal(nr_cleaning_run(&cleaning, lines), NR_OK);
    assert_int_equal(cleaning.log.count, NR_COUNT(wanted));
    for (size_t i = 0; i < NR_COUNT(wanted); i++)
        assert_int_equal(cleaning.log.events[i].action, wanted[i]);
    assert_int_equal(cleaning.tally.kept, 2); /* rows */
    assert_int_equal(cleaning.tally.events, NR_COUNT(wanted));
    assert_int_equal(nr_cleaning_notes(&cleaning, NR_RULE_ACTION, NR_CLEAN_REJECT), 1);
    nr_cleaning_release(&cleaning);
}

static void a_log_of_a_header_alone_is_empty(void **state)
{
    struct nr_cleaning cleaning;
    (void)state;
    nr_cleaning_init(&cleaning);
    assert_int_equal(nr_cleaning_run(&cleaning, (const char *const[]){NR_CLEANING_HEADER, NULL}), NR_OK);
    assert_int_equal(cleaning.log.count + cleaning.tally.rows_in + cleaning.note_count, 0);
    nr_cleaning_release(&cleaning);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_headers_are_refused),
        cmocka_unit_test(known_layouts_are_found),
        cmocka_unit_test(four_numbers_are_a_log_without_header),
        cmocka_unit_test(a_flagged_row_is_an_event_for_each_flag),
        cmocka_unit_test(a_log_of_a_header_alone_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
