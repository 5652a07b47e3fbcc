/* test_http_engine.c - descriptions by an endpoint that works: what it is told, several
 * requests at a time, patience, budgets, pictures. One that does not: test_http_trouble.c. */
#include <math.h>
#include <unistd.h>

#include "support/mock_chat.h"
#include "support/support.h"

static struct nr_mock_script script;
static struct nr_describe_params params;
static struct nr_mock_outcome out;

static int begin(void **state)
{
    (void)state;
    nr_mock_script_init(&script, nr_mock_good);
    nr_mock_params(&params);
    return 0;
}

static int end(void **state)
{
    (void)state;
    nr_mock_outcome_release(&out);
    nr_mock_script_release(&script);
    return 0;
}

static void test_good(void **state)
{
    (void)state;
    setenv("NIGHTREEL_API_KEY", "secret-key", 1);
    nr_mock_run(&script, &params, 2, &out);
    unsetenv("NIGHTREEL_API_KEY");
    assert_int_equal(out.status, NR_OK);
    assert_int_equal(out.tally.described, 2);
    const struct nr_description *d = out.items[1].description;
    assert_string_equal(d->engine, "http");
    assert_string_equal(d->model, "test-model");
    assert_string_equal(d->summary, "Debris destroys a shuttle above the Earth.");
    assert_int_equal(d->keywords.count, 1); /* no unicorn in the record */
    assert_string_equal(d->sentiment, "negative");
    assert_float_equal(d->sentiment_score, -1, 0);
    assert_int_equal(d->batch_width, 0);
    assert_int_equal(d->pictures, 0);
    assert_non_null(d->prompt_hash);
    assert_string_equal(out.problems[1], "");
    assert_non_null(strstr(script.last_body, "\"json_schema\""));
    assert_non_null(strstr(script.last_body, "Title: \\\"Gravity\\\""));
    assert_non_null(strcasestr(script.last_head, "Authorization: Bearer secret-key"));
}

static void test_second_try(void **state)
{
    (void)state;
    script.chat[0] = "sorry, I cannot";
    script.chat[1] = nr_mock_good;
    nr_mock_run(&script, &params, 1, &out);
    assert_int_equal(out.status, NR_OK);
    assert_int_equal(out.tally.described, 1);
    assert_int_equal(out.tally.retried, 1);
}

static void test_thinks_aloud(void **state)
{
    (void)state;
    struct nr_buf message = {0};
    nr_buf_printf(&message, "<think>An object {like this}?</think>%s", nr_mock_good);
    script.chat[0] = message.data;
    nr_mock_run(&script, &params, 1, &out);
    assert_int_equal(out.tally.described, 1);
    nr_buf_release(&message);
}

/* N at a time, no more; all are described, in order. */
static void test_in_flight(void **state)
{
    (void)state;
    params.requests = 3;
    script.delay = 0.2;
    nr_mock_run(&script, &params, 9, &out);
    assert_int_equal(out.status, NR_OK);
    assert_int_equal(out.tally.described, 9);
    assert_int_equal(out.done, 9);
    assert_int_equal(out.most_open, 3);
    assert_true(out.seconds < 9 * 0.2);
}

static void test_busy_then_well(void **state)
{
    (void)state;
    static const int codes[] = {429, 500, 502, 503};
    for (size_t i = 0; i < NR_COUNT(codes); i++) {
        begin(state);
        script.fail_first = 1;
        script.fail_code = codes[i];
        nr_mock_run(&script, &params, 1, &out);
        assert_int_equal(out.status, NR_OK);
        assert_int_equal(out.tally.described, 1);
        assert_int_equal(script.chats, 2);
        assert_true(script.times[1] - script.times[0] > 0.4);
        end(state);
    }
}

static void test_retry_after(void **state)
{
    (void)state;
    script.fail_first = 1;
    script.fail_code = 429;
    script.extra = "Retry-After: 2\r\n";
    params.requests = 2;
    nr_mock_run(&script, &params, 2, &out);
    assert_int_equal(out.tally.described, 2);
    assert_int_equal(script.chats, 3); /* one refused, another that was in flight already, one again */
    assert_true(script.times[2] - script.times[0] > 1.7);
}

/* A server that does not know json_schema is asked in the next simpler way. */
static void test_simpler_forms(void **state)
{
    (void)state;
    script.refused = "json_schema";
    nr_mock_run(&script, &params, 2, &out);
    assert_int_equal(out.tally.described, 2);
    assert_int_equal(script.chats, 3);
    assert_non_null(strstr(script.last_body, "json_object"));
    end(state);
    begin(state);
    script.refused = "response_format";
    nr_mock_run(&script, &params, 2, &out);
    assert_int_equal(out.tally.described, 2);
    assert_int_equal(script.chats, 4);
}

static void test_budget_of_tokens(void **state)
{
    (void)state;
    script.tokens = 400;
    params.budget_tokens = 1000;
    nr_mock_run(&script, &params, 5, &out);
    assert_int_equal(out.status, NR_OK);
    assert_int_equal(out.tally.described, 3); /* 400, 800, 1200 */
    assert_int_equal(out.tally.postponed, 2);
    assert_int_equal(script.chats, 3);
    assert_string_equal(out.items[4].description->engine, "extractive");
    assert_memory_equal(out.problems[4], NR_DESCRIBE_POSTPONED, strlen(NR_DESCRIBE_POSTPONED));
    assert_non_null(strstr(out.problems[4], "--llm-budget-tokens"));
}

static void test_budget_of_time(void **state)
{
    (void)state;
    script.delay = 0.5;
    params.budget_seconds = 1.2;
    nr_mock_run(&script, &params, 6, &out);
    assert_int_equal(out.status, NR_OK);
    assert_true(out.tally.described >= 1 && out.tally.described <= 2);
    assert_int_equal(out.tally.described + out.tally.postponed, 6);
    assert_true(out.seconds < 2.5); /* what is in flight is not waited for */
    assert_non_null(strstr(out.problems[5], "--llm-budget-seconds"));
}

/* ---- pictures ------------------------------------------------------------------------------- */

static void test_pictures(void **state)
{
    (void)state;
    static struct nr_thumbnail thumbnails[] = {{0, "a.jpg"}, {5, "b.jpg"}, {9, "c.jpg"}};
    static struct nr_visual visual = {.thumbnails = thumbnails, .thumbnail_count = 3};
    script.chat[0] = "{\"summary\": \"A red balloon floats over an empty field.\", \"topics\": [\"sci-fi\"], "
                     "\"keywords\": [\"shuttle\", \"balloon\"], \"sentiment\": \"neutral\"}";
    nr_scratch_puts("b.jpg", "second");
    params.vision = true;
    params.vision_pictures = 2;
    params.pictures = nr_scratch_puts("a.jpg", "first");
    *strrchr((char *)params.pictures, '/') = '\0';
    nr_mock_fill(&out, 1);
    out.items[0].visual = &visual;
    nr_mock_run(&script, &params, 1, &out);
    assert_int_equal(out.status, NR_OK);
    assert_int_equal(out.tally.described, 1);
    const struct nr_description *d = out.items[0].description;
    assert_int_equal(d->pictures, 2);
    assert_string_equal(d->summary, "A red balloon floats over an empty field.");   /* seen, not read */
    assert_int_equal(d->keywords.count, 1);                                         /* these are the record's words */
    assert_non_null(strstr(script.last_body, "data:image/jpeg;base64,Zmlyc3Q=\"")); /* 0 and 1 of 3 */
    assert_non_null(strstr(script.last_body, "data:image/jpeg;base64,c2Vjb25k\""));
    end(state);
    /* without pictures the same summary is an invention */
    begin(state);
    script.chat[0] = "{\"summary\": \"A red balloon floats over an empty field.\", \"topics\": [\"sci-fi\"]}";
    nr_mock_run(&script, &params, 1, &out);
    assert_int_equal(out.tally.described, 0);
}

static void test_missing_picture(void **state)
{
    (void)state;
    static const char *const names[] = {"gone.jpg", "../a.jpg"};
    for (size_t i = 0; i < NR_COUNT(names); i++) {
        begin(state);
        struct nr_thumbnail thumbnail = {0, names[i]};
        struct nr_visual visual = {.thumbnails = &thumbnail, .thumbnail_count = 1};
        params.vision = true;
        params.pictures = "/nonexistent";
        nr_mock_fill(&out, 2);
        out.items[0].visual = &visual;
        nr_mock_run(&script, &params, 2, &out);
        assert_int_equal(out.status, NR_OK);
        assert_int_equal(out.tally.described, 1); /* the other one */
        assert_string_equal(out.items[0].description->engine, "extractive");
        assert_non_null(strstr(out.problems[0], names[i]));
        end(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_good, begin, end),
        cmocka_unit_test_setup_teardown(test_second_try, begin, end),
        cmocka_unit_test_setup_teardown(test_thinks_aloud, begin, end),
        cmocka_unit_test_setup_teardown(test_in_flight, begin, end),
        cmocka_unit_test_setup_teardown(test_busy_then_well, begin, end),
        cmocka_unit_test_setup_teardown(test_retry_after, begin, end),
        cmocka_unit_test_setup_teardown(test_simpler_forms, begin, end),
        cmocka_unit_test_setup_teardown(test_budget_of_tokens, begin, end),
        cmocka_unit_test_setup_teardown(test_budget_of_time, begin, end),
        cmocka_unit_test_setup_teardown(test_pictures, begin, end),
        cmocka_unit_test_setup_teardown(test_missing_picture, begin, end),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
