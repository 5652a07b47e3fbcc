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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_first_and_last_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
