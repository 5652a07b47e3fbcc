/* CSV: quoting, line numbers, delimiters, encodings, ragged and hostile rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "nightreel/io.h"

static char path[] = "/tmp/nr-csv-XXXXXX";

static int setup(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
    (void)state;
    return unlink(path);
}

static void put_file(const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

/* The table as text: "[line] a|b|c" rows, header first. */
static enum nr_status read_table(const char *bytes, size_t length, struct nr_buf *out, struct nr_error *err)
{
    struct nr_csv *csv;
    struct nr_csv_row row;
    put_file(bytes, length);
    nr_buf_clear(out);
    enum nr_status status = nr_csv_open(path, &csv, err);
    if (status)
        return status;
    for (size_t i = 0; i < nr_csv_columns(csv); i++)
        nr_buf_printf(out, "%s%s", i ? "|" : "", nr_csv_header(csv, i));
    while ((status = nr_csv_next(csv, &row, err)) == NR_OK) {
        nr_buf_printf(out, " [%zu%s]", row.line, row.unreadable ? "!" : "");
        for (size_t i = 0; i < row.count; i++)
            nr_buf_printf(out, "%s%s", i ? "|" : "", row.fields[i]);
    }
    nr_csv_close(csv);
    return status == NR_END ? NR_OK : status;
}

static void missing_and_empty_files_say_so(void **state)
{
    struct nr_csv *csv;
    struct nr_error err;
    struct nr_buf out = {0};
    (void)state;
    assert_int_equal(nr_csv_open("/nowhere/a.csv", &csv, &err), NR_ERR_NOINPUT);
    assert_string_equal(err.text, "cannot open '/nowhere/a.csv': No such file or directory");
    assert_int_equal(nr_csv_open("/", &csv, &err), NR_ERR_NOINPUT);
    assert_int_equal(read_table("", 0, &out, &err), NR_ERR_DATA);
    assert_int_equal(read_table("\n\n", 2, &out, &err), NR_ERR_DATA);
    nr_buf_release(&out);
}

struct csv_case {
    const char *text, *expected;
    size_t length; /* 0: strlen */
};

static void reads_every_form(void **state)
{
    static const struct csv_case cases[] = {
        {"a,b\n1,2\n", "a|b [2]1|2", 0},
        {"a,b\r\n1,2\r\n3,4", "a|b [2]1|2 [3]3|4", 0},
        {"a,b\r1,2\r3,4\r", "a|b [2]1|2 [3]3|4", 0},
        {"a\tb\n1, 2\tx\n", "a|b [2]1, 2|x", 0},
        {"a\tb\tc\n1\t\t3\n\t\t\n", "a|b|c [2]1||3 [3]||", 0},
        {"a;b\n1;2,5\n", "a|b [2]1|2,5", 0},
        {"\n\na,b\n\n1,2\n\n", "a|b [5]1|2", 0},
        {"a,b\n\"x\ny\",2\n3,4\n", "a|b [2]x\ny|2 [4]3|4", 0},
        {"a,b\n\"x\"\"y\",\"\"\n", "a|b [2]x\"y|", 0},
        {"a,b\n1\n1,2,3\n", "a|b [2]1 [3]1|2|3", 0},
        {"a,b\n  1 , \" 2 \"\n", "a|b [2]1| 2 ", 0},
        {"\xef\xbb\xbf"
         "a,b\n1,2\n",
         "a|b [2]1|2", 0},
        {"a\n科幻科幻科幻科幻\n\xff\nok\n", "a [2]科幻科幻科幻科幻 [3!]\xff [4]ok", 0},
        {"a\nx\0y\nok\n", "a [2!]x [3]ok", 9},
        {"\xff\xfe"
         "a\0,\0b\0\n\0\xd1\x79,\0"
         "2\0\n\0",
         "a|b [2]\xe7\xa7\x91|2", 18},
        {"a,b\n\"never closed\n1,2\n", "a|b [2]never closed\n1,2\n", 0},
    };
    struct nr_buf out = {0};
    struct nr_error err = {""};
    (void)state;
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        size_t length = cases[i].length ? cases[i].length : strlen(cases[i].text);
        assert_int_equal(read_table(cases[i].text, length, &out, &err), NR_OK);
        if (strncmp(out.data, cases[i].expected, strlen(cases[i].expected)) != 0)
            fail_msg("case %zu: got '%s', expected '%s'", i, out.data, cases[i].expected);
    }
    nr_buf_release(&out);
}

/* "标题\n流浪地球\n科幻" in GBK, and "標題\n科幻電影" in Big5. */
static void chinese_encodings_are_found_in_short_files(void **state)
{
    static const char gbk[] = "\xb1\xea\xcc\xe2\n\xc1\xf7\xc0\xcb\xb5\xd8\xc7\xf2\n\xbf\xc6\xbb\xc3\n";
    struct nr_buf out = {0};
    struct nr_error err;
    (void)state;
    assert_int_equal(read_table(gbk, sizeof gbk - 1, &out, &err), NR_OK);
    assert_string_equal(out.data, "标题 [2]流浪地球 [3]科幻");
    nr_buf_release(&out);
}

/* An open quote costs the rows it swallows, at most 4 MiB, and never the run. */
static void a_huge_row_is_bounded(void **state)
{
    struct nr_buf text = {0};
    struct nr_csv *csv;
    struct nr_csv_row row;
    struct nr_error err;
    size_t bad = 0, good = 0;
    (void)state;
    nr_buf_puts(&text, "a,b\n\"open,2\n");
    while (text.length < ((size_t)9 << 20))
        nr_buf_puts(&text, "some,row\n");
    put_file(text.data, text.length);
    assert_int_equal(nr_csv_open(path, &csv, &err), NR_OK);
    while (nr_csv_next(csv, &row, &err) == NR_OK) {
        bad += row.unreadable;
        good += !row.unreadable;
    }
    assert_int_equal(bad, 1);
    assert_true(good > 500000 && good < 600000);
    nr_csv_close(csv);
    nr_buf_release(&text);
}

static void finds_columns_and_quotes_fields(void **state)
{
    struct nr_csv *csv;
    struct nr_error err;
    struct nr_buf out = {0};
    (void)state;
    put_file("User_ID, b ,c\n", 14);
    assert_int_equal(nr_csv_open(path, &csv, &err), NR_OK);
    assert_int_equal(nr_csv_find(csv, "user_id"), 0);
    assert_int_equal(nr_csv_find(csv, "B"), 1);
    assert_int_equal(nr_csv_find(csv, "d"), -1);
    assert_null(nr_csv_header(csv, 3));
    nr_csv_close(csv);
    nr_csv_put(&out, "plain");
    nr_csv_put(&out, "a,b");
    nr_csv_put(&out, "a\"b\n");
    nr_csv_put(&out, " x");
    assert_string_equal(out.data, "plain\"a,b\"\"a\"\"b\n\"\" x\"");
    nr_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_and_empty_files_say_so),
        cmocka_unit_test(reads_every_form),
        cmocka_unit_test(chinese_encodings_are_found_in_short_files),
        cmocka_unit_test(a_huge_row_is_bounded),
        cmocka_unit_test(finds_columns_and_quotes_fields),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
