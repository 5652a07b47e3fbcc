/* test_sentiment.c - what comments say, Chinese and English. */
#include "support/support.h"

#include "nightreel/feature.h"
#include "nightreel/language_sentiment.h"

static double sentiment_of(const char *text)
{
    struct nr_arena mem = {0};
    struct nr_strings words;
    assert_int_equal(nr_words_list(&text, 1, &mem, &words, NULL), NR_OK);
    double s = nr_words_sentiment(&words);
    nr_arena_release(&mem);
    return s;
}

static void nothing_said_is_neutral(void **state)
{
    static const char *const neutral[] = {"",       "12345", "!!!",          "It was okay", "中规中矩",
                                          "还行吧", "the",   "孩子看了三遍", "not",         "Not bad, not great"};
    struct nr_strings none = {NULL, 0};
    (void)state;
    assert_true(nr_words_sentiment(&none) == 0);
    for (size_t i = 0; i < NR_COUNT(neutral); i++)
        if (sentiment_of(neutral[i]) != 0)
            fail_msg("'%s' is %g", neutral[i], sentiment_of(neutral[i]));
}

static void praise_and_blame(void **state)
{
    static const char *const good[] = {"Brilliant!",
                                       "BEST explanation, very helpful",
                                       "I loved it",
                                       "Not boring at all",
                                       "拍得真美，太精彩了",
                                       "講得很清楚，推薦", /* traditional characters */
                                       "终于听懂了，谢谢老师",
                                       "一点都不无聊",
                                       "好看"};
    static const char *const bad[] = {"Boring voice",          "Clickbait, a waste of time",
                                      "This isn't good",       "Not funny at all",
                                      "don't waste your time", "剧情漏洞太多，失望",
                                      "太難聽了，浪費時間",    "一点都不好笑",
                                      "不喜欢这个视频",        "讲得太啰嗦"};
    (void)state;
    for (size_t i = 0; i < NR_COUNT(good); i++)
        if (!(sentiment_of(good[i]) > 0.5))
            fail_msg("'%s' is %g", good[i], sentiment_of(good[i]));
    for (size_t i = 0; i < NR_COUNT(bad); i++)
        if (!(sentiment_of(bad[i]) < -0.5))
            fail_msg("'%s' is %g", bad[i], sentiment_of(bad[i]));
}

/* (p - n) / (p + n + 1/2) */
static void the_formula(void **state)
{
    (void)state;
    nr_assert_near(sentiment_of("great"), 1 / 1.5, 1e-15);
    nr_assert_near(sentiment_of("great great"), 2 / 2.5, 1e-15);
    nr_assert_near(sentiment_of("great story, awful sound, awful end"), -1 / 3.5, 1e-15);
    nr_assert_near(sentiment_of("not a great one"), -1 / 1.5, 1e-15);     /* two words behind */
    nr_assert_near(sentiment_of("not one of its great"), 1 / 1.5, 1e-15); /* further off */
}

/* Found by bisection: each list's first and last words. */
static void lists_are_in_order(void **state)
{
    static const char *const good[] = {"accurate", "yummy", "一流", "高级"}, *const bad[] = {"amateur", "yawn", "不佳",
                                                                                             "鸡肋"};
    (void)state;
    for (size_t i = 0; i < NR_COUNT(good); i++) {
        struct nr_strings one = {(const char *[]){good[i]}, 1}, other = {(const char *[]){bad[i]}, 1};
        if (!(nr_words_sentiment(&one) > 0) || !(nr_words_sentiment(&other) < 0))
            fail_msg("'%s' %g, '%s' %g", good[i], nr_words_sentiment(&one), bad[i], nr_words_sentiment(&other));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_said_is_neutral),
        cmocka_unit_test(praise_and_blame),
        cmocka_unit_test(the_formula),
        cmocka_unit_test(lists_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
