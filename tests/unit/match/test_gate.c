/* test_gate.c - which videos may be recommended to anybody. */
#include "support/matching.h"

enum { DAY = 86400000 };

static void begin(struct nr_world *w)
{
    static const char *const ids[] = {"a", "b", "c", "d"};
    nr_world_init(w);
    for (size_t i = 0; i < NR_COUNT(ids); i++)
        nr_world_item(w, ids[i]);
    nr_world_user(w, "u");
    w->params.now = 10 * (int64_t)DAY;
}

static const char *list(struct nr_world *w)
{
    if (nr_world_rank(w, 1))
        fail_msg("%s", w->err.text);
    return nr_world_list(w, "u");
}

static void refuses(struct nr_world *w, const char *message)
{
    assert_int_equal(nr_world_rank(w, 1), NR_ERR_USAGE);
    if (!strstr(w->err.text, message))
        fail_msg("'%s' is said", w->err.text);
    assert_int_equal(nr_match_columns_check(&w->params, &w->items, &w->err), NR_ERR_USAGE); /* alike, beforehand */
    assert_non_null(strstr(w->err.text, message));
}

static void wrong(void **state)
{
    struct nr_world w;
    char text[16];
    (void)state;
    begin(&w);
    assert_int_equal(nr_match_params_add_filter(&w.params, "duration > x", &w.err), NR_ERR_USAGE);
    assert_int_equal(nr_match_params_add_filter(&w.params, "author = x", &w.err), NR_OK);
    refuses(&w, "filter 'author = x': expected a column (video_id, title, ");
    w.params.candidates.filter_count = 0;
    w.params.candidates.available_until = "until";
    refuses(&w, "--available-until: no column is called 'until'");
    w.params.candidates.available_until = "tags";
    refuses(&w, "--available-until: column 'tags' holds no times");
    w.params.candidates.available_until = NULL;
    w.params.candidates.viewer_age = 12;
    refuses(&w, "--viewer-age: no column is called 'age_rating'");
    for (size_t f = 0; f < NR_FILTERS_MAX; f++) {
        snprintf(text, sizeof text, "title != x%zu", f);
        assert_int_equal(nr_match_params_add_filter(&w.params, nr_arena_strdup(&w.items.items[0].mem, text), NULL),
                         NR_OK);
    }
    assert_int_equal(nr_match_params_add_filter(&w.params, "title != x0", NULL), NR_OK); /* it is there */
    assert_int_equal(nr_match_params_add_filter(&w.params, "title != y", &w.err), NR_ERR_USAGE);
    assert_string_equal(w.err.text, "more than 32 filters: join them by 'and'");
    w.params.candidates.viewer_age = -1;
    assert_non_null(strstr(nr_match_params_check(&w.params), "--viewer-age"));
    nr_world_release(&w);
}

static void lists(void **state)
{
    static const char *allowed[] = {"a", "c", "zz"}, *denied[] = {"c"};
    const struct nr_strings allow = {allowed, 3}, deny = {denied, 1}, none = {NULL, 0};
    struct nr_world w;
    (void)state;
    begin(&w);
    w.params.candidates.allow = &allow;
    assert_string_equal(list(&w), "a c");
    w.params.candidates.deny = &deny;
    assert_string_equal(list(&w), "a");
    assert_int_equal(w.tally.candidates, 1);
    assert_int_equal(w.tally.notes.left_out[NR_OUT_ALLOW], 2);
    assert_int_equal(w.tally.notes.left_out[NR_OUT_DENY], 1);
    w.params.candidates.allow = &none;
    assert_string_equal(list(&w), "");
    nr_world_release(&w);
}

static void windows(void **state)
{
    struct nr_world w;
    struct nr_item *items;
    (void)state;
    begin(&w);
    items = w.items.items;
    nr_set_extra(&items[0], "available_from", "1970-01-11"); /* now, to the ms */
    nr_set_extra(&items[1], "available_from", "1970-01-11T00:00:00.001Z");
    nr_set_extra(&items[2], "AVAILABLE_UNTIL", "1970-01-10");           /* all of that day */
    nr_set_extra(&items[3], "available_until", "1970-01-11T00:00:00Z"); /* now */
    assert_string_equal(list(&w), "a d");
    w.params.now -= 1;
    assert_string_equal(list(&w), "c d");
    nr_set_extra(&items[3], "available_from", "soon");
    assert_string_equal(list(&w), "c");
    assert_int_equal(w.tally.notes.doubts[NR_DOUBT_FROM].count, 1);
    assert_string_equal(w.tally.notes.doubts[NR_DOUBT_FROM].video_id, "d");
    assert_int_equal(w.tally.notes.left_out[NR_OUT_WINDOW], 3);
    w.params.now = NR_TIME_NONE; /* nobody knows what time it is */
    assert_string_equal(list(&w), "a b c d");
    w.params.now = 20 * (int64_t)DAY;
    nr_set_extra(&items[0], "gone", "1970-01-20");
    w.params.candidates.available_until = "gone";
    assert_string_equal(list(&w), "b c");
    nr_world_release(&w);
}

static void ages(void **state)
{
    struct nr_world w;
    (void)state;
    begin(&w);
    nr_set_extra(&w.items.items[0], "age_rating", "12");
    nr_set_extra(&w.items.items[1], "age_rating", "16+");
    nr_set_extra(&w.items.items[2], "age_rating", "PG");
    assert_string_equal(list(&w), "a b c d");
    w.params.candidates.viewer_age = 12;
    assert_string_equal(list(&w), "a d");
    w.params.candidates.viewer_age = 16;
    assert_string_equal(list(&w), "a b d");
    w.params.candidates.viewer_age = 11.5;
    assert_string_equal(list(&w), "d");
    assert_int_equal(w.tally.notes.doubts[NR_DOUBT_AGE].count, 1);
    assert_string_equal(w.tally.notes.doubts[NR_DOUBT_AGE].value, "PG");
    nr_world_release(&w);
}

static void languages(void **state)
{
    struct nr_world w;
    (void)state;
    begin(&w);
    w.items.items[0].language = "zh-CN";
    w.items.items[1].language = "ZH";
    w.items.items[2].language = "zhx";
    w.params.candidates.languages = "en, zh";
    assert_string_equal(list(&w), "a b");
    w.items.items[3].text = nr_arena_alloc(&w.items.items[3].mem, 1, sizeof *w.items.items[3].text);
    w.items.items[3].text->language = "en"; /* detected */
    assert_string_equal(list(&w), "a b d");
    w.params.candidates.languages = "zh-CN";
    assert_string_equal(list(&w), "a");
    nr_world_release(&w);
}

static void filters(void **state)
{
    static const char *tags[] = {"x"};
    struct nr_world w;
    struct nr_item *items;
    (void)state;
    begin(&w);
    items = w.items.items;
    items[0].tags = (struct nr_strings){tags, 1};
    items[0].published_at = 9 * (int64_t)DAY;
    items[1].duration = 60;
    items[1].title = "B";
    nr_set_extra(&items[1], "views", "100");
    nr_set_extra(&items[2], "views", " ");
    nr_set_extra(&items[2], "genre", "own"); /* a column of that name goes before ours */
    w.params.candidates.preset_filter = "video_id != d";
    assert_string_equal(list(&w), "a b c");
    static const struct {
        const char *filter, *left;
    } cases[] = {
        {"tags has x", "a"},
        {"published_at > now-2d", "a"},
        {"duration <= 60 and title = B and views >= 100", "b"},
        {"not views < 200", "a c d"},
        {"genre = own or actor has x", "c"},
        {"sentiment = positive or topics has x or audience = x or description has x or file has x", ""},
        {"not cast in (x)", "a b c d"},
    };
    for (size_t c = 0; c < NR_COUNT(cases); c++) {
        w.params.candidates.filter_count = 0;
        assert_int_equal(nr_match_params_add_filter(&w.params, cases[c].filter, NULL), NR_OK);
        assert_string_equal(list(&w), cases[c].left);
    }
    assert_int_equal(nr_match_params_add_filter(&w.params, "video_id in (b, c)", NULL), NR_OK);
    assert_string_equal(list(&w), "b c"); /* both hold */
    nr_world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong), cmocka_unit_test(lists),     cmocka_unit_test(windows),
        cmocka_unit_test(ages),  cmocka_unit_test(languages), cmocka_unit_test(filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
