/* test_weights.c - what an event is worth. */
#include <math.h>

#include "support/support.h"

#include "nightreel/behaviour.h"

static void wrong_parameters_are_named(void **state)
{
    struct nr_weight_params params;
    (void)state;
    nr_weight_params_default(&params);
    assert_null(nr_weight_params_check(&params));
    params.action[NR_ACTION_LIKE] = NAN;
    assert_non_null(nr_weight_params_check(&params));
    nr_weight_params_default(&params);
    params.rating_max = 0;
    assert_non_null(nr_weight_params_check(&params));
    nr_weight_params_default(&params);
    params.decay_days = -1;
    assert_non_null(nr_weight_params_check(&params));
    nr_weight_params_default(&params);
    params.decay_events = NAN;
    assert_non_null(nr_weight_params_check(&params));
}

static void wrong_texts_are_refused(void **state)
{
    static const char *const decays[] = {"",        "days",     "days=",   "days=0",   "days=-1", "days=x",
                                         "hours=3", "events=0", "events=", "days=inf", "None"};
    static const char *const actions[] = {"like", "like=", "hug=1", "like=x", "=2", "like=1,,share=2", ",like=1"};
    struct nr_weight_params params;
    struct nr_error err;
    (void)state;
    nr_weight_params_default(&params);
    for (size_t i = 0; i < NR_COUNT(decays); i++)
        if (nr_weight_params_set_decay(&params, decays[i], &err) != NR_ERR_USAGE)
            fail_msg("decay '%s'", decays[i]);
    assert_true(params.decay_days == 30 && params.decay_events == 0);
    for (size_t i = 0; i < NR_COUNT(actions); i++)
        if (nr_weight_params_set_actions(&params, actions[i], &err) != NR_ERR_USAGE)
            fail_msg("actions '%s'", actions[i]);
}

static void texts_are_taken(void **state)
{
    struct nr_weight_params params;
    (void)state;
    nr_weight_params_default(&params);
    assert_int_equal(nr_weight_params_set_decay(&params, "events=50", NULL), NR_OK);
    assert_true(params.decay_days == 0 && params.decay_events == 50);
    assert_int_equal(nr_weight_params_set_decay(&params, "days=7.5", NULL), NR_OK);
    assert_true(params.decay_days == 7.5 && params.decay_events == 0);
    assert_int_equal(nr_weight_params_set_decay(&params, "none", NULL), NR_OK);
    assert_true(params.decay_days == 0 && params.decay_events == 0);
    assert_int_equal(nr_weight_params_set_actions(&params, "like=7,分享=-1.5", NULL), NR_OK);
    assert_true(params.action[NR_ACTION_LIKE] == 7 && params.action[NR_ACTION_SHARE] == -1.5);
    assert_true(params.action[NR_ACTION_VIEW] == 1);
    assert_int_equal(nr_weight_params_set_actions(&params, "", NULL), NR_OK);
}

static double weight_of(enum nr_action action, double value, double watch, double duration)
{
    struct nr_weight_params params;
    struct nr_event event = {"u", "v", action, value, 0, watch, NULL, 0};
    nr_weight_params_default(&params);
    return nr_event_weight(&params, &event, duration);
}

static void views_weigh_by_the_share_that_was_watched(void **state)
{
    (void)state;
    assert_true(weight_of(NR_ACTION_VIEW, 1, 30, 120) == 0.25);
    assert_true(weight_of(NR_ACTION_VIEW, 1, 120, 120) == 1);
    assert_true(weight_of(NR_ACTION_VIEW, 1, 500, 120) == 1);
    assert_true(weight_of(NR_ACTION_VIEW, 1, 0, 120) == 0);
    assert_true(weight_of(NR_ACTION_VIEW, 1, 30, 0) == 1); /* absent where either is unknown */
    assert_true(weight_of(NR_ACTION_VIEW, 1, 30, NAN) == 1);
    assert_true(weight_of(NR_ACTION_VIEW, 1, NAN, 120) == 1);
    assert_true(weight_of(NR_ACTION_LIKE, 1, 30, 120) == 2); /* views only */
    assert_true(weight_of(NR_ACTION_DISLIKE, 1, NAN, NAN) == -3);
}

static double comment_weight(double sentiment, int mode)
{
    struct nr_weight_params params;
    struct nr_event event = {"u", "v", NR_ACTION_COMMENT, 1, 0, NAN, "text", sentiment};
    nr_weight_params_default(&params);
    params.comments = mode;
    return nr_event_weight(&params, &event, NAN);
}

static void comments_weigh_by_what_they_say(void **state)
{
    (void)state;
    assert_true(comment_weight(0, NR_COMMENTS_SENTIMENT) == 2); /* neutral: as is */
    assert_true(comment_weight(NAN, NR_COMMENTS_SENTIMENT) == 2);
    assert_true(comment_weight(1, NR_COMMENTS_SENTIMENT) == 4);
    assert_true(comment_weight(0.5, NR_COMMENTS_SENTIMENT) == 3);
    assert_true(comment_weight(-0.5, NR_COMMENTS_SENTIMENT) == 0);
    assert_true(comment_weight(-1, NR_COMMENTS_SENTIMENT) == -2);
    assert_true(comment_weight(-7, NR_COMMENTS_SENTIMENT) == -2);
    assert_true(comment_weight(-1, NR_COMMENTS_PLAIN) == 2);
    struct nr_weight_params params;
    struct nr_event rating = {"u", "v", NR_ACTION_RATING, 0, 0, NAN, "bad", -1};
    nr_weight_params_default(&params);
    assert_true(nr_event_weight(&params, &rating, NAN) == -3); /* a text changes comments only */
}

static void ratings_speak_for_or_against(void **state)
{
    (void)state;
    assert_true(weight_of(NR_ACTION_RATING, 5, NAN, NAN) == 3);
    assert_true(weight_of(NR_ACTION_RATING, 2.5, NAN, NAN) == 0);
    assert_true(weight_of(NR_ACTION_RATING, 0, NAN, NAN) == -3);
    nr_assert_near(weight_of(NR_ACTION_RATING, 4, NAN, NAN), 3 * 1.5 / 2.5, 1e-15);
    assert_true(weight_of(NR_ACTION_RATING, NAN, NAN, NAN) == 0);
}

static void decay_halves(void **state)
{
    enum { DAY = 86400000 };
    struct nr_weight_params params;
    (void)state;
    nr_weight_params_default(&params);
    assert_true(nr_event_decay(&params, 0, 99) == 1);
    assert_true(nr_event_decay(&params, (int64_t)30 * DAY, 1) == 0.5);
    nr_assert_near(nr_event_decay(&params, (int64_t)15 * DAY, 1), sqrt(0.5), 1e-15);
    assert_int_equal(nr_weight_params_set_decay(&params, "events=4", NULL), NR_OK);
    assert_true(nr_event_decay(&params, (int64_t)30 * DAY, 0) == 1);
    assert_true(nr_event_decay(&params, 0, 8) == 0.25);
    assert_int_equal(nr_weight_params_set_decay(&params, "none", NULL), NR_OK);
    assert_true(nr_event_decay(&params, (int64_t)900 * DAY, 900) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_parameters_are_named),
        cmocka_unit_test(wrong_texts_are_refused),
        cmocka_unit_test(texts_are_taken),
        cmocka_unit_test(views_weigh_by_the_share_that_was_watched),
        cmocka_unit_test(comments_weigh_by_what_they_say),
        cmocka_unit_test(ratings_speak_for_or_against),
        cmocka_unit_test(decay_halves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
