/* Words of Chinese and English, folding, stop words, limits; languages by script. */
#include "support/support.h"

#include "nightreel/feature.h"

static struct nr_terms count(struct nr_arena *mem, const char *const *texts, size_t text_count)
{
    struct nr_terms terms;
    struct nr_error err;
    assert_int_equal(nr_words_count(texts, text_count, mem, &terms, &err), NR_OK);
    for (size_t i = 1; i < terms.count; i++)
        assert_true(strcmp(terms.items[i - 1].name, terms.items[i].name) < 0);
    return terms;
}

static double weight_of(const struct nr_terms *terms, const char *name)
{
    for (size_t i = 0; i < terms->count; i++)
        if (strcmp(terms->items[i].name, name) == 0)
            return terms->items[i].weight;
    return 0;
}

static double weight_in(const char *text, const char *name)
{
    struct nr_arena mem = {0};
    struct nr_terms terms = count(&mem, &text, 1);
    double weight = weight_of(&terms, name);
    nr_arena_release(&mem);
    return weight;
}

static void nothing_has_no_words(void **state)
{
    (void)state;
    static const char *const texts[] = {NULL, "", " \n\t", "!?。，…—— \xff\xfe", "12 3.14 99999", "的 the 和 and"};
    struct nr_arena mem = {0};
    for (size_t i = 0; i < NR_COUNT(texts); i++)
        assert_int_equal(count(&mem, &texts[i], 1).count, 0);
    assert_int_equal(count(&mem, NULL, 0).count, 0);
    nr_arena_release(&mem);
}

static void chinese_is_cut_by_its_dictionary(void **state)
{
    (void)state;
    assert_true(weight_in("一部科幻电影", "科幻") == 1);
    assert_true(weight_in("一部科幻电影", "电影") == 1);
    assert_true(weight_in("红烧肉的做法", "做法") == 1);
    assert_true(weight_in("红烧肉的做法", "的") == 0);
}

static void writing_does_not_matter(void **state)
{
    (void)state;
    assert_true(weight_in("電影", "电影") == 1);                 /* traditional */
    assert_true(weight_in("ＷＯＲＭＨＯＬＥ", "wormhole") == 1); /* full width */
    assert_true(weight_in("ﬁlm FILM Film", "film") == 3);        /* ligature, case */
    assert_true(weight_in("STRASSE straße", "strasse") == 2);
    assert_true(weight_in("cafe\xcc\x81 caf\xc3\xa9", "caf\xc3\xa9") == 2); /* composed */
    assert_true(weight_in("earth's Earth\xe2\x80\x99s", "earth") == 2);
}

static void years_count_and_other_numbers_do_not(void **state)
{
    (void)state;
    assert_true(weight_in("in 2014", "2014") == 1);
    assert_true(weight_in("take 15", "15") == 0);
    assert_true(weight_in("4k", "4k") == 1);
}

static void texts_are_counted_together(void **state)
{
    (void)state;
    static const char *const texts[] = {"wormhole station", NULL, "Wormhole"};
    struct nr_arena mem = {0};
    struct nr_terms terms = count(&mem, texts, NR_COUNT(texts));
    assert_int_equal(terms.count, 2);
    assert_true(weight_of(&terms, "wormhole") == 2);
    nr_arena_release(&mem);
}

/* Longer than any piece, and words longer than any word. */
static void long_texts_lose_nothing_but_monsters(void **state)
{
    (void)state;
    struct nr_buf text = {0};
    for (int i = 0; i < 20000; i++)
        nr_buf_puts(&text, "虫洞 wormhole\n");
    for (int i = 0; i < 200000; i++)
        nr_buf_putc(&text, 'x');
    assert_true(weight_in(text.data, "wormhole") == 20000);
    nr_buf_release(&text);
}

static void languages_are_told_by_script(void **state)
{
    (void)state;
    static const struct {
        const char *text, *language;
    } cases[] = {{"", ""},           {"123 !?", ""},       {"星际穿越", "zh"}, {"Interstellar", "en"},
                 {"映画です", "ja"}, {"영화", "ko"},       {"Звезда", "ru"},   {"看 Interstellar 这部电影吧", "zh"},
                 {"فيلم", "ar"},     {"A film: 星", "en"}, {"ταινία", "el"}};
    for (size_t i = 0; i < NR_COUNT(cases); i++)
        assert_string_equal(nr_language_detect(&cases[i].text, 1), cases[i].language);
    assert_string_equal(nr_language_detect(NULL, 0), "");
}

static void lists_keep_order_and_function_words(void **state)
{
    static const char *const texts[] = {"This ISN'T good, 不好看", NULL, "a a 1 2025"};
    struct nr_arena mem = {0};
    struct nr_strings words[3];
    (void)state;
    assert_int_equal(nr_words_list(texts, 3, &mem, words, NULL), NR_OK);
    static const char *const first[] = {"this", "isn't", "good", "不好", "看"}, *const last[] = {"a", "a", "2025"};
    assert_int_equal(words[0].count, NR_COUNT(first));
    for (size_t i = 0; i < NR_COUNT(first); i++)
        assert_string_equal(words[0].items[i], first[i]);
    assert_int_equal(words[1].count, 0);
    assert_int_equal(words[2].count, NR_COUNT(last));
    for (size_t i = 0; i < NR_COUNT(last); i++)
        assert_string_equal(words[2].items[i], last[i]);
    nr_arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_keep_order_and_function_words),  cmocka_unit_test(nothing_has_no_words),
        cmocka_unit_test(chinese_is_cut_by_its_dictionary),     cmocka_unit_test(writing_does_not_matter),
        cmocka_unit_test(years_count_and_other_numbers_do_not), cmocka_unit_test(texts_are_counted_together),
        cmocka_unit_test(long_texts_lose_nothing_but_monsters), cmocka_unit_test(languages_are_told_by_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
