/* Encodings: tests/fixtures/charset holds TEXT.ENCODING.txt beside TEXT.utf-8.txt. */
#include "support/support.h"

#include "nightreel/io.h"

static void assert_decodes(const char *bytes, size_t length, const char *encoding, const char *expected)
{
    struct nr_buf out = {0};
    const char *found = NULL;
    assert_int_equal(nr_charset_to_utf8(bytes, length, &out, &found, NULL), NR_OK);
    if (strcmp(found, encoding) != 0)
        fail_msg("found %s, expected %s", found, encoding);
    assert_string_equal(out.data ? out.data : "", expected);
    nr_buf_release(&out);
}

static void nothing_and_ascii_are_utf8(void **state)
{
    (void)state;
    assert_decodes("", 0, "UTF-8", "");
    assert_decodes("plain, text\n", 12, "UTF-8", "plain, text\n");
    assert_decodes("科幻", 6, "UTF-8", "科幻");
    assert_decodes("\xEF\xBB\xBF科", 6, "UTF-8", "科");
}

static void assert_fixture(const char *text, const char *file_encoding, const char *encoding)
{
    char path[512];
    size_t length;
    snprintf(path, sizeof path, "%s/charset/%s.utf-8.txt", NR_TEST_DATA, text);
    char *expected = nr_scratch_read(path, NULL);
    snprintf(path, sizeof path, "%s/charset/%s.%s.txt", NR_TEST_DATA, text, file_encoding);
    char *bytes = nr_scratch_read(path, &length);
    assert_decodes(bytes, length, encoding, expected);
    free(bytes);
    free(expected);
}

static void chinese_encodings_are_told_apart(void **state)
{
    (void)state;
    assert_fixture("zh_cn", "gbk", "GB18030");
    assert_fixture("zh_cn", "gb18030", "GB18030");
    assert_fixture("zh_tw", "big5", "Big5");
    assert_decodes("\xC4\xE3\xBA\xC3\xCA\xC0\xBD\xE7", 8, "GB18030", "你好世界"); /* however short */
}

static void utf16_is_found_with_and_without_its_mark(void **state)
{
    (void)state;
    assert_fixture("zh_cn", "utf-16-le-bom", "UTF-16LE");
    assert_fixture("zh_cn", "utf-16-be-bom", "UTF-16BE");
    assert_fixture("zh_cn", "utf-16-le", "UTF-16LE");
    assert_fixture("zh_cn", "utf-16-be", "UTF-16BE");
    assert_fixture("zh_cn", "utf-32-le", "UTF-32LE");
}

static void other_languages_are_found(void **state)
{
    (void)state;
    assert_fixture("ja", "shift_jis", "Shift_JIS");
    assert_fixture("ja", "euc-jp", "EUC-JP");
    assert_fixture("ko", "euc-kr", "EUC-KR");
    assert_fixture("ru", "cp1251", "windows-1251");
    assert_fixture("fr", "cp1252", "ISO-8859-1"); /* the same for all that this text has */
}

static void stray_bytes_leave_utf8_what_it_is(void **state)
{
    (void)state;
    assert_decodes("科幻科幻科幻科幻\xff!", 26, "UTF-8", "科幻科幻科幻科幻\xEF\xBF\xBD!");
}

static void any_bytes_become_valid_utf8(void **state)
{
    struct nr_random random = {11};
    char bytes[300];
    (void)state;
    for (int i = 0; i < 500; i++) {
        struct nr_buf out = {0};
        const char *found = NULL;
        size_t length = nr_random_below(&random, sizeof bytes);
        for (size_t k = 0; k < length; k++)
            bytes[k] = (char)nr_random_next(&random);
        assert_int_equal(nr_charset_to_utf8(bytes, length, &out, &found, NULL), NR_OK);
        assert_non_null(found);
        assert_true(nr_utf8_valid(out.data ? out.data : "", out.length));
        nr_buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_and_ascii_are_utf8),
        cmocka_unit_test(chinese_encodings_are_told_apart),
        cmocka_unit_test(utf16_is_found_with_and_without_its_mark),
        cmocka_unit_test(other_languages_are_found),
        cmocka_unit_test(stray_bytes_leave_utf8_what_it_is),
        cmocka_unit_test(any_bytes_become_valid_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
