/* CSV: quoting, line numbers, delimiters, encodings, ragged and hostile rows. */
#include "support/support.h"

#include "nightreel/io.h"

/* The table as text: "[line] a|b|c" rows, header first; "!" marks an unreadable row. */
static enum nr_status read_path(const char *path, struct nr_buf *out, struct nr_error *err)
{
    struct nr_csv *csv;
    struct nr_csv_row row;
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

static enum nr_status read_table(const char *bytes, size_t length, struct nr_buf *out, struct nr_error *err)
{
    return read_path(nr_scratch_write("table.csv", bytes, length), out, err);
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
        {"a,b\n\"never closed\n1,2\n", "a|b [2!]never closed [3]1|2", 0},
        {"a,b\n1,\"cut", "a|b [2!]1|cut", 0},
        {"a,b\n1,\"x\n\n2,\"\"y\n3,4", "a|b [2!]1|x [4!]2|\"y [5]3|4", 0},
        {"a,b\n\t \n1,2\n", "a|b [3]1|2", 0},
        {"a,b\n1,\"\"", "a|b [2]1|", 0},
    };
    struct nr_buf out = {0};
    struct nr_error err = {""};
    (void)state;
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        size_t length = cases[i].length ? cases[i].length : strlen(cases[i].text);
        assert_int_equal(read_table(cases[i].text, length, &out, &err), NR_OK);
        if (strcmp(out.data, cases[i].expected) != 0)
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

static enum nr_status count_rows(const struct nr_buf *text, size_t *good, size_t *bad, size_t *last_line)
{
    struct nr_csv *csv;
    struct nr_csv_row row;
    enum nr_status status;
    *good = *bad = 0;
    assert_int_equal(nr_csv_open(nr_scratch_write("table.csv", text->data, text->length), &csv, NULL), NR_OK);
    while ((status = nr_csv_next(csv, &row, NULL)) == NR_OK) {
        ++*(row.unreadable ? bad : good);
        *last_line = row.line;
    }
    nr_csv_close(csv);
    return status;
}

/* A quote that never closes costs the line it stands on. */
static void an_open_quote_costs_one_line(void **state)
{
    struct nr_buf text = {0};
    size_t good, bad, last, rows = 1;
    (void)state;
    nr_buf_puts(&text, "a,b\nx,\"open\n");
    for (; text.length < ((size_t)9 << 20); rows++)
        nr_buf_puts(&text, "some,row\n");
    assert_int_equal(count_rows(&text, &good, &bad, &last), NR_END);
    assert_int_equal(bad, 1);
    assert_int_equal(good, rows - 1);
    assert_int_equal(last, rows + 1);
    nr_buf_release(&text);
}

/* Lines that each open a quote and hold only doubled ones after it would be read
 * 4 MiB at a time each: the second look has a limit for the whole file. */
static void a_file_of_open_quotes_ends(void **state)
{
    struct nr_buf text = {0};
    size_t good, bad, last;
    (void)state;
    nr_buf_puts(&text, "a,b\n");
    while (text.length < ((size_t)6 << 20))
        nr_buf_puts(&text, "\"\"x\"\"\n");
    assert_int_equal(count_rows(&text, &good, &bad, &last), NR_END);
    assert_true(good + bad > 0);
    nr_buf_release(&text);
}

static void a_line_too_long_is_one_bad_row(void **state)
{
    struct nr_buf text = {0};
    size_t good, bad, last;
    (void)state;
    nr_buf_puts(&text, "a,b\n1,2\n");
    for (size_t i = 0; i < (size_t)6 << 20; i++)
        nr_buf_putc(&text, i % 1000 ? 'x' : ',');
    nr_buf_puts(&text, "\n3,4\n5,");
    for (size_t i = 0; i < ((size_t)1 << 20) + 1; i++)
        nr_buf_putc(&text, 'y');
    nr_buf_puts(&text, "\n6,7\n");
    assert_int_equal(count_rows(&text, &good, &bad, &last), NR_END);
    assert_int_equal(good, 3);
    assert_int_equal(bad, 2);
    assert_int_equal(last, 6);
    nr_buf_release(&text);
}

/* The sample that detection sees ends in the middle of a character; the bad byte
 * comes long after it. */
static void bad_bytes_far_behind_spoil_their_row_only(void **state)
{
    struct nr_buf text = {0};
    size_t good, bad, last;
    (void)state;
    nr_buf_puts(&text, "标题\n");
    while (text.length < 200000)
        nr_buf_puts(&text, "科幻动作\n");
    nr_buf_puts(&text, "\xb5\xe7\n爱情\n");
    assert_int_equal(count_rows(&text, &good, &bad, &last), NR_END);
    assert_int_equal(bad, 1);
    assert_true(good > 10000);
    nr_buf_release(&text);
}

/* A byte that GB 18030 does not know becomes U+FFFD, which marks the row. */
static void bad_bytes_spoil_a_row_of_another_encoding(void **state)
{
    static const char gbk[] =
        "\xb1\xea\xcc\xe2\n\xc1\xf7\xc0\xcb\xb5\xd8\xc7\xf2\n\xbf\xc6\xff\x30\n\xbf\xc6\xbb\xc3\n";
    struct nr_buf out = {0};
    (void)state;
    assert_int_equal(read_table(gbk, sizeof gbk - 1, &out, NULL), NR_OK);
    assert_non_null(strstr(out.data, "[3!]"));
    assert_non_null(strstr(out.data, "[4]科幻"));
    nr_buf_release(&out);
}

/* ---- lines without quotes ------------------------------------------------------------ */

/* A field of few kinds of bytes, those that matter more often than not; bad ones are rare,
 * or the file would be taken for one in another encoding. */
static void draw_bytes(struct nr_random *random, size_t most, struct nr_buf *out)
{
    static const char *const pieces[] = {" ", "\t", "x", "yz", "0123456789", "科", ",", ",", ";"};
    static const char *const bad[] = {"\xff", "\xe7\xa7"};
    for (size_t left = nr_random_below(random, most + 1); left; left--)
        nr_buf_puts(out, nr_random_below(random, 400) ? pieces[nr_random_below(random, NR_COUNT(pieces))]
                                                      : bad[nr_random_below(random, NR_COUNT(bad))]);
}

static bool is_blank_line(const char *line, char delimiter)
{
    for (; *line; line++)
        if ((*line != ' ' && *line != '\t') || *line == delimiter)
            return false;
    return true;
}

/* The same table twice: as it is, and with a quoted field behind each row, which goes to
 * the parser. */
static void compare_with_parser(const struct nr_buf *plain, const struct nr_buf *quoted, size_t *unreadable)
{
    struct nr_csv *fast, *slow;
    struct nr_csv_row a, b;
    struct nr_error err;
    enum nr_status status;
    assert_int_equal(nr_csv_open(nr_scratch_write("plain.csv", plain->data, plain->length), &fast, &err), NR_OK);
    assert_int_equal(nr_csv_open(nr_scratch_write("quoted.csv", quoted->data, quoted->length), &slow, &err), NR_OK);
    while ((status = nr_csv_next(fast, &a, &err)) == NR_OK) {
        assert_int_equal(nr_csv_next(slow, &b, &err), NR_OK);
        assert_int_equal(b.count, a.count + 1);
        assert_string_equal(b.fields[a.count], "q");
        for (size_t i = 0; i < a.count; i++)
            assert_string_equal(a.fields[i], b.fields[i]);
        assert_int_equal(a.unreadable, b.unreadable);
        assert_int_equal(a.line, b.line);
        *unreadable += a.unreadable;
    }
    assert_string_equal(nr_csv_encoding(fast), "UTF-8");
    assert_int_equal(status, NR_END);
    assert_int_equal(nr_csv_next(slow, &b, &err), NR_END);
    nr_csv_close(fast);
    nr_csv_close(slow);
}

static void plain_lines_have_the_parsers_fields(void **state)
{
    static const char delimiters[] = ",;\t";
    static const char *const ends[] = {"\n", "\n", "\r\n", "\r"};
    struct nr_random random = {23};
    struct nr_buf plain = {0}, quoted = {0}, line = {0};
    size_t unreadable = 0;
    (void)state;
    for (int round = 0; round < 60; round++) {
        char delimiter = delimiters[round % 3];
        nr_buf_clear(&plain);
        nr_buf_clear(&quoted);
        for (size_t i = 0; i < 2000; i++) {
            const char *end = ends[nr_random_below(&random, NR_COUNT(ends))];
            nr_buf_clear(&line);
            if (i == 0) /* a header that says what delimits */
                nr_buf_printf(&line, "科%c幻%cc%cd%ce", delimiter, delimiter, delimiter, delimiter);
            for (size_t f = i ? nr_random_below(&random, 7) : 0; f; f--) {
                draw_bytes(&random, f % 3 ? 3 : 30, &line);
                nr_buf_putc(&line, delimiter);
            }
            nr_buf_puts(&line, i && nr_random_below(&random, 2) ? "x" : "");
            bool blank = !line.data || is_blank_line(line.data, delimiter);
            nr_buf_printf(&plain, "%s%s", line.data ? line.data : "", end);
            nr_buf_puts(&quoted, line.data ? line.data : "");
            if (!blank)
                nr_buf_printf(&quoted, "%c\"q\"", delimiter);
            nr_buf_puts(&quoted, end);
        }
        compare_with_parser(&plain, &quoted, &unreadable);
    }
    assert_true(unreadable > 500); /* or this would prove little about them */
    nr_buf_release(&plain);
    nr_buf_release(&quoted);
    nr_buf_release(&line);
}

/* ---- others' samples ------------------------------------------------------------ */

/* The samples' copies differ in whether a newline inside quotes is LF or CR LF. */
static void assert_same_but_cr(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += *a == '\r';
        b += *b == '\r';
        assert_int_equal(*a, *b);
        if (!*a)
            return;
    }
}

/* csv-spectrum: each table stands beside its rows as a JSON array of objects. */
static void compare_with_json(const char *csv_path, const char *json_path)
{
    struct nr_csv *csv;
    struct nr_csv_row row;
    struct nr_json_doc *doc;
    size_t length;
    char *text = nr_scratch_read(json_path, &length);
    assert_int_equal(nr_json_parse(text, length, &doc, NULL), NR_OK);
    assert_int_equal(nr_csv_open(csv_path, &csv, NULL), NR_OK);
    const struct nr_json *expected = nr_json_first(nr_json_root(doc));
    for (; expected; expected = nr_json_next(expected)) {
        assert_int_equal(nr_csv_next(csv, &row, NULL), NR_OK);
        assert_false(row.unreadable);
        assert_int_equal(row.count, nr_csv_columns(csv));
        for (size_t i = 0; i < row.count; i++)
            assert_same_but_cr(row.fields[i], nr_json_string(nr_json_get(expected, nr_csv_header(csv, i))));
    }
    assert_int_equal(nr_csv_next(csv, &row, NULL), NR_END);
    nr_csv_close(csv);
    nr_json_free(doc);
    free(text);
}

static void csv_spectrum_is_read_as_its_authors_say(void **state)
{
    static const char *const names[] = {
        "comma_in_quotes", "empty",         "empty_crlf",          "escaped_quotes", "json",
        "newlines",        "newlines_crlf", "quotes_and_newlines", "simple",         "utf8"};
    (void)state;
    for (size_t i = 0; i < NR_COUNT(names); i++) {
        char csv[4096], name[128];
        snprintf(name, sizeof name, "csv/csv-spectrum/csvs/%s.csv", names[i]);
        const char *path = nr_shared_path(name);
        if (!path)
            skip();
        snprintf(csv, sizeof csv, "%s", path);
        snprintf(name, sizeof name, "csv/csv-spectrum/json/%s.json", names[i]);
        compare_with_json(csv, nr_shared_path(name));
    }
}

static void csvkits_samples_are_read(void **state)
{
    static const struct {
        const char *name, *expected;
    } cases[] = {
        {"test_utf16_big.csv", "a|b|c [2]1|2|3 [3]4|5|ʤ"},
        {"test_utf16_little.csv", "a|b|c [2]1|2|3 [3]4|5|ʤ"},
        {"test_utf8_bom.csv", "foo|bar|baz [2]1|2|3 [3]4|5|ʤ"},
        {"test_latin1.csv", "a|b|c [2]1|2|3 [3]4|5|©"},
        {"mac_newlines.csv", "a|b|c [2]1|2|3 [3]Once upon\ra time|5|6"},
        {"dummy.csv.gz", "a|b|c [2]1|2|3"},
        {"dummy.tsv", "a|b|c [2]1|2|3"},
        {"null_byte.csv", "a|b|c [2!]|2|3"},
        {"bad.csv",
         "column_a|column_b|column_c [2]1|27||I'm too long! [3]|I'm too short! [4]0|mixed types.... uh oh|17"},
    };
    struct nr_buf out = {0};
    (void)state;
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        char name[128];
        snprintf(name, sizeof name, "csv/csvkit/%s", cases[i].name);
        const char *path = nr_shared_path(name);
        if (!path)
            skip();
        assert_int_equal(read_path(path, &out, NULL), NR_OK);
        assert_string_equal(out.data, cases[i].expected);
    }
    nr_buf_release(&out);
}

static void finds_columns_and_quotes_fields(void **state)
{
    struct nr_csv *csv;
    struct nr_error err;
    struct nr_buf out = {0};
    (void)state;
    assert_int_equal(nr_csv_open(nr_scratch_puts("table.csv", "User_ID, b ,c\n"), &csv, &err), NR_OK);
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
        cmocka_unit_test(an_open_quote_costs_one_line),
        cmocka_unit_test(a_file_of_open_quotes_ends),
        cmocka_unit_test(a_line_too_long_is_one_bad_row),
        cmocka_unit_test(bad_bytes_far_behind_spoil_their_row_only),
        cmocka_unit_test(bad_bytes_spoil_a_row_of_another_encoding),
        cmocka_unit_test(plain_lines_have_the_parsers_fields),
        cmocka_unit_test(csv_spectrum_is_read_as_its_authors_say),
        cmocka_unit_test(csvkits_samples_are_read),
        cmocka_unit_test(finds_columns_and_quotes_fields),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
