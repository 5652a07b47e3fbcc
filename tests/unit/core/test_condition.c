/* test_condition.c - conditions on records with columns of every kind. */
#include "support/support.h"

#include "nightreel/core_condition.h"

enum { NUMBER, WHEN, COLOUR, TITLE, TAGS, FREE, ALIAS, COLUMNS };

static bool find_colour(const char *name, int *out)
{
    *out = strcmp(name, "red") == 0 ? 1 : 2;
    return strcmp(name, "red") == 0 || strcmp(name, "blue") == 0;
}

static const struct nr_column columns[COLUMNS] = {
    [NUMBER] = {"number", NR_COLUMN_NUMBER, NULL, false},
    [WHEN] = {"when", NR_COLUMN_TIME, NULL, false},
    [COLOUR] = {"colour", NR_COLUMN_CHOICE, find_colour, false},
    [TITLE] = {"title", NR_COLUMN_TEXT, NULL, false},
    [TAGS] = {"tags", NR_COLUMN_LIST, NULL, false},
    [FREE] = {"自由 栏", NR_COLUMN_ANY, NULL, false},
    [ALIAS] = {"genre", NR_COLUMN_LIST, NULL, true},
};
static const struct nr_condition_syntax syntax = {"filter", columns, COLUMNS, false};

struct record {
    double number, when, colour;
    const char *title, *free;
    struct nr_strings tags;
};

static struct nr_column_value get(const void *ctx, const void *from, size_t column)
{
    const struct record *record = from;
    assert_string_equal(ctx, "context");
    const struct nr_column_value values[COLUMNS] = {
        [NUMBER] = {record->number, NULL, NULL}, [WHEN] = {record->when, NULL, NULL},
        [COLOUR] = {record->colour, NULL, NULL}, [TITLE] = {NAN, record->title, NULL},
        [TAGS] = {NAN, NULL, &record->tags},     [FREE] = {NAN, record->free, NULL},
        [ALIAS] = {NAN, NULL, &record->tags},
    };
    return values[column];
}

static const struct record nothing = {.number = NAN, .when = NAN, .colour = NAN};
static int64_t now = NR_TIME_NONE;

static bool holds(const char *text, const struct record *record)
{
    struct nr_condition *condition;
    struct nr_error err;
    if (nr_condition_parse(&syntax, text, &condition, &err))
        fail_msg("%s", err.text);
    bool held = nr_condition_holds(condition, now, get, "context", record);
    nr_condition_free(condition);
    return held;
}

#define assert_holds(text, record) assert_true(holds(text, record))
#define assert_not(text, record)   assert_false(holds(text, record))

/* ---- what is refused ---------------------------------------------------------------------- */

static void refusals(void **state)
{
    static const struct {
        const char *text, *message;
    } wrong[] = {
        {"", "filter '': expected a column (number, when, colour, title, tags, 自由 栏) at the end (character 1)"},
        {"size > 3", "at 'size' (character 1)"},
        {"tags has 科幻 and lenght > 3", "at 'lenght' (character 17)"},
        {"number", "expected a comparison (= != < <= > >= in has) at the end (character 7)"},
        {"number > much", "expected a number at 'much' (character 10)"},
        {"number >", "expected a number at the end (character 9)"},
        {"number > )", "expected a number at ')' (character 10)"},
        {"number has 3", "numbers and times are compared"},
        {"when has 3", "numbers and times are compared"},
        {"when > soon", "expected a time at 'soon'"},
        {"when > now-3", "expected now, or now-30d"},
        {"when > now-3y", "expected now, or now-30d"},
        {"when > now - month", "expected a span as 30d"},
        {"when > now +", "expected a span as 30d"},
        {"number > now", "expected a number at 'now'"},
        {"colour = green", "expected one of the column's values at 'green'"},
        {"colour < red", "the column's values have no order"},
        {"tags = x", "expected 'has' or 'in': the column holds a list at '='"},
        {"title not = x", "expected 'in' or 'has' at '='"},
        {"title = ", "expected a value at the end"},
        {"title in x", "expected '(' at 'x'"},
        {"title in ()", "expected a value at ')'"},
        {"title in (x", "expected ')' at the end"},
        {"title in (x y)", "expected ')' at 'y'"},
        {"title = 'x", "a quote without its end"},
        {"title = x title = y", "expected and, or, or the end at 'title' (character 11)"},
        {"(title = x", "expected ')'"},
        {"title = x)", "expected and, or, or the end"},
        {"not", "expected a column"},
        {"title = x and", "expected a column"},
        {"title >< x", "expected a value at '<'"},
    };
    struct nr_condition *condition;
    struct nr_error err;
    (void)state;
    for (size_t i = 0; i < NR_COUNT(wrong); i++) {
        if (nr_condition_parse(&syntax, wrong[i].text, &condition, &err) != NR_ERR_USAGE)
            fail_msg("accepted: %s", wrong[i].text);
        if (!strstr(err.text, wrong[i].message))
            fail_msg("'%s' is said of '%s'", err.text, wrong[i].text);
    }
    char deep[200];
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_int_equal(nr_condition_parse(&syntax, deep, &condition, &err), NR_ERR_USAGE);
    assert_non_null(strstr(err.text, "nested too deeply"));
    nr_condition_free(NULL);
}

/* What is written is checked before the columns are known. */
static void any_column(void **state)
{
    const struct nr_condition_syntax loose = {NULL, columns, COLUMNS, true};
    struct nr_condition *condition;
    struct nr_error err;
    (void)state;
    assert_int_equal(nr_condition_parse(&loose, "author = x and series > 3", &condition, NULL), NR_OK);
    nr_condition_free(condition);
    assert_int_equal(nr_condition_parse(&loose, "author = ", &condition, &err), NR_ERR_USAGE);
    assert_string_equal(err.text, "'author = ': expected a value at the end (character 10)");
    assert_int_equal(nr_condition_parse(&loose, "number = x", &condition, &err), NR_ERR_USAGE);
}

/* ---- kinds ---------------------------------------------------------------------------------- */

static void numbers_and_choices(void **state)
{
    struct record r = nothing;
    (void)state;
    r.number = 3;
    r.colour = 2;
    assert_holds("number = 3 and number == 3.0 and number >= 3 and number <= 3", &r);
    assert_holds("number > 2 and number < 4 and number != 4", &r);
    assert_holds("NUMBER IN (1, 3) and number not in (1, 2)", &r);
    assert_holds("number = '3'", &r);
    assert_not("number != 3 or number > 3 or number < 3 or number in (1, 2) or number not in (1,3)", &r);
    assert_holds("colour = blue and colour != red and colour in (red, blue) and colour not in (red)", &r);
    assert_not("colour = red or colour not in (blue)", &r);
}

static void times(void **state)
{
    struct record r = nothing;
    (void)state;
    r.when = 1.7e12; /* 2023-11-14T22:13:20Z */
    assert_holds("when > 2023-11-14 and when < '2023-11-15' and when = 1700000000", &r);
    assert_holds("when = 2023-11-14T22:13:20Z and when in (2020-01-01, 2023-11-14T22:13:20Z)", &r);
    assert_not("when < now or when > now or when != now or when in (now)", &r); /* it is not known */
    now = INT64_C(1700000000000) + 86400000;
    assert_holds("when < now and when = now-1d and when = now - 1d and when = now -24h", &r);
    assert_holds("when > now-1.1d and when >= now - 1440m and when < now + 1w and when > now-86401s", &r);
    assert_not("when > now - 1d", &r);
    now = NR_TIME_NONE;
}

static void texts_and_lists(void **state)
{
    static const char *tags[] = {"科幻", "动作 片"};
    struct record r = nothing;
    (void)state;
    r.title = "星际穿越";
    r.tags = (struct nr_strings){tags, 2};
    assert_holds("title = 星际穿越 and title has 穿越 and title not has 流浪 and title in (x, 星际穿越)", &r);
    assert_not("title = 星际 or title has '星 际' or title != 星际穿越 or title not in (星际穿越)", &r);
    assert_holds("title > a and title < \"星际穿越2\"", &r);
    assert_holds("tags has 科幻 and tags has '动作 片' and tags not has 爱情", &r);
    assert_not("tags has 科 or tags not has 科幻 or tags in (爱情, 剧情) or tags not in (爱情, 科幻)", &r);
    assert_holds("tags in (爱情, 科幻) and tags not in (爱情, 剧情) and GENRE has 科幻", &r);
    r.title = "x)y";
    assert_holds("title in ('x)y', 'z')", &r);
}

static void free_columns(void **state)
{
    struct record r = nothing;
    (void)state;
    r.free = "05";
    assert_holds("'自由 栏' = 5 and '自由 栏' < 10 and '自由 栏' in (4, 5) and '自由 栏' = '05'", &r);
    assert_not("'自由 栏' = '5' or '自由 栏' != 5 or '自由 栏' > 2024-01-01T00:00:00Z", &r);
    r.free = "2024-05-01";
    assert_holds("'自由 栏' >= 2024-05-01 and '自由 栏' < '2024-05-01T00:00:01' and '自由 栏' = 2024-05-01", &r);
    assert_not("'自由 栏' > 5 or '自由 栏' < 5 or '自由 栏' != 5", &r); /* no number */
    r.free = "李雷、韩梅梅";
    assert_holds("'自由 栏' has 李雷 and '自由 栏' has 韩梅梅 and '自由 栏' not has 李", &r);
    assert_holds("'自由 栏' = 李雷、韩梅梅 and '自由 栏' not in (x, 1)", &r);
    assert_not("'自由 栏' has 韩 or '自由 栏' not in (1, 2)", &r);
}

static void absent_columns(void **state)
{
    static const char *const columns_of[] = {"number", "when", "colour", "title", "'自由 栏'"};
    static const char *const tests[] = {"= %s", "!= %s", "in (%s)", "not in (%s)"};
    static const char *const values[] = {"1", "2020-01-01", "red", "x", "1"};
    char text[100];
    (void)state;
    for (size_t c = 0; c < NR_COUNT(columns_of); c++)
        for (size_t t = 0; t < NR_COUNT(tests); t++) {
            int at = snprintf(text, sizeof text, "%s ", columns_of[c]);
            const char *mark = strchr(tests[t], '%');
            snprintf(text + at, sizeof text - (size_t)at, "%.*s%s%s", (int)(mark - tests[t]), tests[t], values[c],
                     mark + 2);
            assert_not(text, &nothing);
        }
    assert_not("tags has x or tags not has x or tags in (x) or tags not in (x)", &nothing);
    assert_holds("not tags has x and not number = 3", &nothing);
}

static void joining(void **state)
{
    struct record r = nothing;
    (void)state;
    r.number = 1;
    r.title = "x";
    assert_holds("title = x or title = y and number = 9", &r); /* and binds closer */
    assert_not("(title = x or title = y) and number = 9", &r);
    assert_holds("not (title = y or number = 9) and number = 1", &r);
    assert_holds("not not number = 1", &r);
    assert_not("not number = 1 or not title = x", &r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals),       cmocka_unit_test(any_column),      cmocka_unit_test(numbers_and_choices),
        cmocka_unit_test(times),          cmocka_unit_test(texts_and_lists), cmocka_unit_test(free_columns),
        cmocka_unit_test(absent_columns), cmocka_unit_test(joining),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
