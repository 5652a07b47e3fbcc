/* Encodings: the tests' texts are made by iconv(3), which is none of ours. */
#include "support/support.h"

#include <iconv.h>

#include "nightreel/io.h"

static const char zh_cn[] = "1\n00:00:01,000 --> 00:00:03,500\n地球的庄稼一年年枯死，前宇航员库珀告别女儿。\n\n"
                            "2\n00:00:04,000 --> 00:00:06,000\n去遥远的星系寻找人类的新家园。\n";
static const char zh_tw[] = "1\n00:00:01,000 --> 00:00:03,500\n地球的莊稼一年年枯死，前太空人庫珀告別女兒。\n\n"
                            "2\n00:00:04,000 --> 00:00:06,000\n去遙遠的星系尋找人類的新家園，這裡沒有別的路。\n";

static size_t encode(const char *text, const char *encoding, char *out, size_t room)
{
    iconv_t to = iconv_open(encoding, "UTF-8");
    char *in = (char *)(uintptr_t)text, *at = out;
    size_t left = strlen(text), space = room;
    assert_true(to != (iconv_t)-1);
    assert_int_equal(iconv(to, &in, &left, &at, &space), 0);
    iconv_close(to);
    return room - space;
}

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

static void chinese_encodings_are_told_apart(void **state)
{
    char bytes[4096];
    (void)state;
    assert_decodes(bytes, encode(zh_cn, "GBK", bytes, sizeof bytes), "GB18030", zh_cn);
    assert_decodes(bytes, encode(zh_cn, "GB18030", bytes, sizeof bytes), "GB18030", zh_cn);
    assert_decodes(bytes, encode(zh_tw, "BIG5", bytes, sizeof bytes), "Big5", zh_tw);
    assert_decodes(bytes, encode("你好世界", "GBK", bytes, sizeof bytes), "GB18030", "你好世界");
    assert_decodes(bytes, encode("a,b\n1,科幻、动作\n", "GBK", bytes, sizeof bytes), "GB18030", "a,b\n1,科幻、动作\n");
}

static void utf16_is_found_with_and_without_its_mark(void **state)
{
    char bytes[4096];
    (void)state;
    memcpy(bytes, "\xFF\xFE", 2);
    assert_decodes(bytes, 2 + encode(zh_cn, "UTF-16LE", bytes + 2, sizeof bytes - 2), "UTF-16LE", zh_cn);
    memcpy(bytes, "\xFE\xFF", 2);
    assert_decodes(bytes, 2 + encode(zh_cn, "UTF-16BE", bytes + 2, sizeof bytes - 2), "UTF-16BE", zh_cn);
    assert_decodes(bytes, encode(zh_cn, "UTF-16LE", bytes, sizeof bytes), "UTF-16LE", zh_cn);
    assert_decodes(bytes, encode(zh_cn, "UTF-16BE", bytes, sizeof bytes), "UTF-16BE", zh_cn);
    memcpy(bytes, "\xFF\xFE\0\0", 4);
    assert_decodes(bytes, 4 + encode(zh_cn, "UTF-32LE", bytes + 4, sizeof bytes - 4), "UTF-32LE", zh_cn);
}

static void other_languages_are_found(void **state)
{
    static const char ja[] = "東京の空はとても青くて、子供たちは公園で遊んでいます。カメラを持って出かけましょう。\n";
    static const char ko[] = "서울의 하늘은 아주 푸르고 아이들은 공원에서 놀고 있습니다. 카메라를 들고 나갑시다.\n";
    static const char fr[] = "L'été dernier, le garçon a mangé une crêpe à la crème près de la forêt enchantée.\n";
    static const char ru[] = "Прошлым летом мальчик гулял в лесу и снимал на камеру птиц, которые пели над рекой.\n";
    char bytes[1024];
    struct nr_buf out = {0};
    const char *found;
    (void)state;
    assert_decodes(bytes, encode(ja, "SHIFT_JIS", bytes, sizeof bytes), "Shift_JIS", ja);
    assert_decodes(bytes, encode(ja, "EUC-JP", bytes, sizeof bytes), "EUC-JP", ja);
    assert_decodes(bytes, encode(ko, "EUC-KR", bytes, sizeof bytes), "EUC-KR", ko);
    assert_decodes(bytes, encode(ru, "WINDOWS-1251", bytes, sizeof bytes), "windows-1251", ru);
    size_t length = encode(fr, "WINDOWS-1252", bytes, sizeof bytes); /* the name may be one of two */
    assert_int_equal(nr_charset_to_utf8(bytes, length, &out, &found, NULL), NR_OK);
    assert_string_equal(out.data, fr);
    nr_buf_release(&out);
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
