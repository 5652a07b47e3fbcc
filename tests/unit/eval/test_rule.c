/* test_rule.c - the relevance rule: what it refuses, what it accepts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/eval.h"

static struct nr_event event(enum nr_action action, double value)
{
    return (struct nr_event){
        .user_id = "u", .video_id = "v", .action = action, .value = value, .time = 1000, .watch_seconds = NAN};
}

static bool passes(const char *text, struct nr_event what)
{
    struct nr_rule *rule;
    struct nr_error err;
    if (nr_rule_parse(text, &rule, &err) != NR_OK)
        fail_msg("%s", err.text);
    bool passed = nr_rule_passes(rule, &what);
    nr_rule_free(rule);
    return passed;
}

static void refusals(void **state)
{
    static const char *const wrong[] = {
        "",
        "action",
        "action <",
        "action < like",
        "action = nonsense",
        "rating > much",
        "rating",
        "rating > 3 and",
        "(rating > 3",
        "rating > 3)",
        "title = 'x'",
        "action in like",
        "rating in ()",
        "action in (like",
        "time > later",
        "rating > '3",
        "not",
        "rating > 3 rating < 5",
        "rating ! 3",
        "value >< 3",
    };
    struct nr_rule *rule;
    struct nr_error err;
    (void)state;
    for (size_t i = 0; i < NR_COUNT(wrong); i++) {
        if (nr_rule_parse(wrong[i], &rule, &err) != NR_ERR_USAGE)
            fail_msg("accepted: %s", wrong[i]);
        assert_true(strncmp(err.text, "rule '", 6) == 0);
    }
    char deep[400] = "";
    for (size_t i = 0; i < 100; i++)
        memcpy(deep + i, "(", 2);
    assert_int_equal(nr_rule_parse(deep, &rule, &err), NR_ERR_USAGE);
    nr_rule_free(NULL);
}

static void the_default(void **state)
{
    (void)state;
    assert_true(passes(NR_RULE_DEFAULT, event(NR_ACTION_VIEW, NAN)));
    assert_true(passes(NR_RULE_DEFAULT, event(NR_ACTION_VIEW, 0)));
    assert_false(passes(NR_RULE_DEFAULT, event(NR_ACTION_DISLIKE, 1)));
    assert_true(passes(NR_RULE_DEFAULT, event(NR_ACTION_RATING, 0.5)));
    assert_false(passes(NR_RULE_DEFAULT, event(NR_ACTION_RATING, 0)));
    assert_false(passes(NR_RULE_DEFAULT, event(NR_ACTION_RATING, NAN)));
}

static void comparisons(void **state)
{
    struct nr_event rated = event(NR_ACTION_RATING, 3), viewed = event(NR_ACTION_VIEW, 3);
    (void)state;
    assert_true(passes("rating = 3", rated) && passes("rating == 3", rated) && passes("rating >= 3", rated));
    assert_true(passes("rating <= 3.0", rated) && passes("rating < 4", rated) && passes("rating > 2", rated));
    assert_false(passes("rating != 3", rated) || passes("rating > 3", rated) || passes("rating < 3", rated));
    assert_true(passes("RATING IN (1, 3)", rated) && passes("rating not in (1,2)", rated));
    assert_false(passes("rating in (1)", viewed) || passes("rating not in (1)", viewed)); /* it has none */
    assert_false(passes("rating != 1", viewed));
    assert_true(passes("value > 2", viewed) && passes("action = VIEW", viewed) && passes("action = '观看'", viewed));
    assert_true(passes("action = 观看", viewed));
    assert_true(passes("action != like", viewed) && passes("action not in (like, share)", viewed));
    assert_false(passes("watch_seconds > 0", viewed) || passes("not action = view", viewed));
    assert_true(passes("time = 1", viewed) && passes("time < '2020-01-01T00:00:00Z'", viewed));
    viewed.watch_seconds = 30;
    assert_true(passes("watch_seconds >= 30", viewed));
}

static void joining(void **state)
{
    struct nr_event viewed = event(NR_ACTION_VIEW, 1);
    (void)state;
    assert_true(passes("action = view or action = like and value = 9", viewed)); /* and binds closer */
    assert_false(passes("(action = view or action = like) and value = 9", viewed));
    assert_true(passes("not (action = like or value = 9) and value = 1", viewed));
    assert_true(passes("not not value = 1", viewed));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals),
        cmocka_unit_test(the_default),
        cmocka_unit_test(comparisons),
        cmocka_unit_test(joining),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
