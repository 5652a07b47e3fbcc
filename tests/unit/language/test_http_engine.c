/* test_http_engine.c - descriptions by an endpoint that answers, talks nonsense,
 * fails, is slow, says too much, or is not there. */
#include <math.h>
#include <unistd.h>

#include "support/http_server.h"
#include "support/support.h"

#include "nightreel/feature.h"
#include "nightreel/io.h"
#include "nightreel/language.h"

enum { ITEMS = 4 };

/* What the server does: by the number of the request, the model list being 0. */
struct script {
    const char *chat[8]; /* the model's message in each chat reply; the last one goes on */
    int chat_code, models_code;
    int fail_from; /* chat requests from this number on get HTTP 500; -1: none */
    double delay;
    size_t fill;
    char last_body[65536], last_head[4096];
    int chats;
    struct nr_buf body;
};

static void put_chat(struct nr_buf *out, const char *message, const char *finish)
{
    nr_buf_clear(out);
    nr_buf_puts(out, "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":");
    nr_json_put_string(out, message);
    nr_buf_printf(out, "},\"finish_reason\":\"%s\"}]}", finish);
}

static void handle(void *ctx, const struct nr_http_received *request, struct nr_http_answer *answer)
{
    struct script *script = ctx;
    if (strcmp(request->path, "/v1/models") == 0) {
        answer->code = script->models_code;
        answer->body = "{\"data\":[{\"id\":\"test-model\"}]}";
        return;
    }
    snprintf(script->last_body, sizeof script->last_body, "%s", request->body);
    snprintf(script->last_head, sizeof script->last_head, "%s", request->head);
    int number = script->chats++, last = 0;
    while (last + 1 < (int)NR_COUNT(script->chat) && script->chat[last + 1])
        last++;
    const char *message = script->chat[number < last ? number : last];
    bool cut = message && strcmp(message, "CUT") == 0;
    put_chat(&script->body, message ? message : "", cut ? "length" : "stop");
    answer->body = script->body.data;
    answer->code = script->fail_from >= 0 && number >= script->fail_from ? 500 : script->chat_code;
    if (message && strcmp(message, "RAW") == 0)
        answer->body = "<html>not JSON</html>";
    answer->delay = script->delay;
    answer->fill = script->fill;
}

static const char good[] = "```json\n{\"summary\": \"Debris destroys a shuttle above the Earth.\", \"topics\": "
                           "[\"sci-fi\", \"space\"], \"keywords\": [\"shuttle\", \"unicorn\"], \"sentiment\": "
                           "\"negative\"}\n```";

struct outcome {
    enum nr_status status;
    struct nr_error err;
    struct nr_describe_tally tally;
    struct nr_item items[ITEMS];
    char problems[ITEMS][400];
    size_t done;
};

static enum nr_status on_done(void *ctx, size_t task, const char *problem, struct nr_error *err)
{
    struct outcome *outcome = ctx;
    (void)err;
    assert_int_equal(task, outcome->done++);
    snprintf(outcome->problems[task], sizeof outcome->problems[task], "%s", problem ? problem : "");
    return NR_OK;
}

static const char *tags[] = {"sci-fi", "drama"};

static void describe_at(const char *url, double timeout, size_t count, struct outcome *out)
{
    struct nr_describe_params params;
    struct nr_describe_plan plan;
    struct nr_describe_task tasks[ITEMS];
    memset(out, 0, sizeof *out);
    nr_describe_params_default(&params);
    params.llm = url;
    params.timeout = timeout;
    assert_int_equal(nr_describe_plan_make(&params, &plan, &out->err), NR_OK);
    assert_string_equal(plan.engine, "http");
    for (size_t i = 0; i < count; i++) {
        out->items[i] = (struct nr_item){.video_id = "v",
                                         .title = "Gravity",
                                         .language = "en",
                                         .tags = {tags, 2},
                                         .synopsis = "Debris destroys a shuttle and leaves two astronauts adrift "
                                                     "above the Earth."};
        tasks[i] = (struct nr_describe_task){.item = &out->items[i]};
    }
    struct nr_describe_job job = {.params = &params,
                                  .plan = &plan,
                                  .count_words = nr_words_count,
                                  .tasks = tasks,
                                  .count = count,
                                  .done = on_done,
                                  .ctx = out};
    out->status = nr_describe(&job, &out->tally, &out->err);
    nr_describe_plan_release(&plan);
}

static void release(struct outcome *out)
{
    for (size_t i = 0; i < ITEMS; i++)
        nr_arena_release(&out->items[i].mem);
}

static struct script *new_script(const char *message)
{
    static struct script script;
    nr_buf_release(&script.body);
    script = (struct script){.chat = {message}, .chat_code = 200, .models_code = 200, .fail_from = -1};
    return &script;
}

static void run(struct script *script, double timeout, size_t count, struct outcome *out)
{
    struct nr_http_server *server = nr_http_server_start(handle, script);
    assert_non_null(server);
    describe_at(nr_http_server_url(server), timeout, count, out);
    nr_http_server_stop(server);
}

static void test_good(void **state)
{
    (void)state;
    struct outcome out;
    struct script *script = new_script(good);
    setenv("NIGHTREEL_API_KEY", "secret-key", 1);
    run(script, 20, 2, &out);
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
    assert_non_null(d->prompt_hash);
    assert_string_equal(out.problems[1], "");
    assert_non_null(strstr(script->last_body, "\"json_schema\""));
    assert_non_null(strstr(script->last_body, "Title: \\\"Gravity\\\""));
    assert_non_null(strcasestr(script->last_head, "Authorization: Bearer secret-key"));
    release(&out);
}

static void test_second_try(void **state)
{
    (void)state;
    struct outcome out;
    struct script *script = new_script("sorry, I cannot");
    script->chat[1] = good;
    run(script, 20, 1, &out);
    assert_int_equal(out.status, NR_OK);
    assert_int_equal(out.tally.described, 1);
    assert_int_equal(out.tally.retried, 1);
    release(&out);
}

/* Nonsense twice: extractive, with the reason, so that another night tries again. */
static void test_nonsense(void **state)
{
    (void)state;
    static const char *const messages[] = {"sorry, I cannot", "{\"summary\": 3}", "{\"summary\": ", "CUT", "RAW", ""};
    static const char *const reasons[] = {"no JSON object", "no summary", "no JSON object",
                                          "length",         "no JSON",    "no JSON object"};
    for (size_t i = 0; i < NR_COUNT(messages); i++) {
        struct outcome out;
        run(new_script(messages[i]), 20, 1, &out);
        assert_int_equal(out.status, NR_OK);
        assert_int_equal(out.tally.rejected, 1);
        assert_string_equal(out.items[0].description->engine, "extractive");
        if (!strstr(out.problems[0], reasons[i]))
            fail_msg("'%s' gave '%s'", messages[i], out.problems[0]);
        release(&out);
    }
}

static void test_lost_on_the_way(void **state)
{
    (void)state;
    struct outcome out;
    struct script *script = new_script(good);
    script->fail_from = 1; /* the first record is answered, then 500s */
    run(script, 20, 4, &out);
    assert_int_equal(out.status, NR_OK);
    assert_int_equal(out.done, 4);
    assert_int_equal(out.tally.described, 1);
    assert_int_equal(out.tally.lost, 3);
    assert_string_equal(out.items[0].description->engine, "http");
    assert_string_equal(out.items[3].description->engine, "extractive");
    assert_non_null(strstr(out.problems[1], "HTTP 500"));
    assert_non_null(strstr(out.problems[3], "given up"));
    assert_int_equal(script->chats, 5); /* 1, then two records twice; the last is not asked for */
    release(&out);
}

static void test_slow_and_huge(void **state)
{
    (void)state;
    struct outcome out;
    struct script *script = new_script(good);
    script->delay = 5;
    run(script, 0.2, 1, &out);
    assert_int_equal(out.status, NR_OK);
    assert_int_equal(out.tally.lost, 1);
    assert_non_null(strstr(out.problems[0], "0.2 s"));
    release(&out);
    script = new_script(good);
    script->fill = 3 << 20;
    run(script, 20, 1, &out);
    assert_int_equal(out.status, NR_OK);
    assert_int_equal(out.tally.rejected, 1);
    assert_non_null(strstr(out.problems[0], "larger"));
    release(&out);
}

static void test_refused_at_the_start(void **state)
{
    (void)state;
    struct outcome out;
    describe_at("http://127.0.0.1:1", 5, 1, &out);
    assert_int_equal(out.status, NR_ERR_UNAVAILABLE);
    assert_int_equal(out.done, 0);
    release(&out);
    struct script *script = new_script(good);
    script->models_code = 401;
    run(script, 5, 1, &out);
    assert_int_equal(out.status, NR_ERR_UNAVAILABLE);
    assert_non_null(strstr(out.err.text, "NIGHTREEL_API_KEY"));
    release(&out);
    script = new_script(good);
    script->models_code = 404; /* has no list, but may well work */
    run(script, 5, 1, &out);
    assert_int_equal(out.status, NR_OK);
    assert_string_equal(out.items[0].description->model, "default");
    release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),          cmocka_unit_test(test_second_try),
        cmocka_unit_test(test_nonsense),      cmocka_unit_test(test_lost_on_the_way),
        cmocka_unit_test(test_slow_and_huge), cmocka_unit_test(test_refused_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
