/* Configuration files. */
#include "support/support.h"

#include "nightreel/io.h"

static enum nr_status keep(void *ctx, const char *section, const char *key, const char *value, struct nr_error *err)
{
    if (strcmp(key, "refused") == 0)
        return nr_fail(err, NR_ERR_CONFIG, "'%s' is no setting", key);
    nr_buf_printf(ctx, "[%s]%s=%s;", section, key, value);
    return NR_OK;
}

static enum nr_status read_text(const char *text, struct nr_buf *out, struct nr_error *err)
{
    nr_buf_clear(out);
    return nr_config_read(nr_scratch_puts("a.ini", text), keep, out, err);
}

static void wrong_files_are_named_with_their_line(void **state)
{
    struct nr_buf out = {0}, text = {0};
    struct nr_error err;
    (void)state;
    assert_int_equal(nr_config_read("/nowhere/a.ini", keep, &out, &err), NR_ERR_NOINPUT);
    assert_int_equal(read_text("a=1\n\nnothing here\nb=2\n", &out, &err), NR_ERR_CONFIG);
    assert_non_null(strstr(err.text, "a.ini:3: expected 'name = value'"));
    assert_string_equal(out.data, "[]a=1;"); /* and stops there */
    assert_int_equal(read_text("a=1\nrefused = 2\nb=3\n", &out, &err), NR_ERR_CONFIG);
    assert_non_null(strstr(err.text, "a.ini:2: 'refused' is no setting"));
    nr_buf_puts(&text, "a=1\npath = ");
    for (int i = 0; i < 200; i++)
        nr_buf_putc(&text, 'p');
    assert_int_equal(read_text(text.data, &out, &err), NR_ERR_CONFIG);
    assert_non_null(strstr(err.text, "a.ini:2: a line of more than 198 bytes"));
    assert_int_equal(read_text("refused=1\n", &out, NULL), NR_ERR_CONFIG);
    nr_buf_release(&text);
    nr_buf_release(&out);
}

static void sections_comments_and_indentation(void **state)
{
    struct nr_buf out = {0}, text = {0};
    (void)state;
    assert_int_equal(
        read_text("\xEF\xBB\xBF k = 10 ; ten\n# c\n; d\n\n  beta=2\n[match]\r\n\tweights = visual=1,audio=0.5\r\n"
                  "[空]\n名 : 值\n",
                  &out, NULL),
        NR_OK);
    assert_string_equal(out.data, "[]k=10;[]beta=2;[match]weights=visual=1,audio=0.5;[空]名=值;");
    nr_buf_puts(&text, "# ");
    for (int i = 0; i < 500; i++)
        nr_buf_putc(&text, 'c');
    nr_buf_puts(&text, "\nk = 3\n");
    assert_int_equal(read_text(text.data, &out, NULL), NR_OK);
    assert_string_equal(out.data, "[]k=3;"); /* a comment may be long */
    nr_buf_release(&text);
    assert_int_equal(read_text("", &out, NULL), NR_OK);
    assert_string_equal(out.data, "");
    nr_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_files_are_named_with_their_line),
        cmocka_unit_test(sections_comments_and_indentation),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
