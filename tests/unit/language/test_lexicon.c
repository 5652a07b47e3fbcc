/* test_lexicon.c - the word lists are found by bisection: they must be in order. */
#include "support/support.h"

#include "nightreel/feature.h"
#include "nightreel/language.h"

/* Looked up through the description: a word out of order would not be found. */
static const char *sentiment_of(const char *text, const char *language)
{
    static struct nr_item item;
    struct nr_error err;
    nr_arena_release(&item.mem);
    item = (struct nr_item){.video_id = "1", .language = language, .synopsis = text};
    assert_int_equal(nr_describe_extractive(&item, 50, nr_words_count, &err), NR_OK);
    return item.description->sentiment;
}

static void test_first_and_last_words(void **state)
{
    (void)state;
    assert_string_equal(sentiment_of("amazing wonderful wins", "en"), "positive");
    assert_string_equal(sentiment_of("adrift worst alone violent", "en"), "negative");
    assert_string_equal(sentiment_of("快乐 美丽 温暖 幸福", "zh"), "positive");
    assert_string_equal(sentiment_of("战争 死亡 悲伤 绝望", "zh"), "negative");
    assert_string_equal(sentiment_of("the and with about", "en"), "neutral");
}

static void test_formats(void **state)
{
    (void)state;
    static const char *const formats[] = {"Vlog",      "4K",    "2024", "episode 41", "Part 3", "S4E2",
                                          "patch 3.2", "第3季", "预告", "第十二讲",   "HD",     "official trailer"};
    static const char *const subjects[] = {"",           "cooking", "3D printing",    "formula 1", "N4",     "s",
                                           "60 seconds", "季节",    "第二次世界大战", "科幻",      "summer", "part"};
    for (size_t i = 0; i < NR_COUNT(formats); i++)
        if (!nr_tag_is_format(formats[i]))
            fail_msg("'%s' is a format", formats[i]);
    for (size_t i = 0; i < NR_COUNT(subjects); i++)
        if (nr_tag_is_format(subjects[i]))
            fail_msg("'%s' is no format", subjects[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_first_and_last_words), cmocka_unit_test(test_formats)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
