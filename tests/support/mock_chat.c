/* mock_chat.c - see mock_chat.h. */
#include "support/mock_chat.h"

#include <stdio.h>
#include <string.h>

#include "nightreel/feature.h"
#include "support/support.h"

const char nr_mock_good[] = "```json\n{\"summary\": \"Debris destroys a shuttle above the Earth.\", \"topics\": "
                            "[\"sci-fi\", \"space\"], \"keywords\": [\"shuttle\", \"unicorn\"], \"sentiment\": "
                            "\"negative\"}\n```";

void nr_mock_script_init(struct nr_mock_script *script, const char *message)
{
    memset(script, 0, sizeof *script);
    script->chat[0] = message;
    script->chat_code = script->models_code = 200;
    script->fail_from = -1;
    script->fail_code = 500;
}

void nr_mock_script_release(struct nr_mock_script *script)
{
    nr_buf_release(&script->body);
}

static void put_chat(const struct nr_mock_script *script, const char *message, struct nr_buf *out)
{
    nr_buf_clear(out);
    nr_buf_puts(out, "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":");
    nr_json_put_string(out, message);
    nr_buf_printf(out, "},\"finish_reason\":\"%s\"}]", script->finish ? script->finish : "stop");
    if (script->tokens)
        nr_buf_printf(out, ",\"usage\":{\"total_tokens\":%zu}", script->tokens);
    nr_buf_puts(out, "}");
}

static bool fails(const struct nr_mock_script *script, int number)
{
    return number < script->fail_first || (script->fail_from >= 0 && number >= script->fail_from);
}

void nr_mock_chat(void *ctx, const struct nr_http_received *request, struct nr_http_answer *answer)
{
    struct nr_mock_script *script = ctx;
    if (strcmp(request->path, "/v1/models") == 0) {
        answer->code = script->models_code;
        answer->extra = script->models_code >= 300 ? script->extra : NULL;
        answer->body = "{\"data\":[{\"id\":\"test-model\"}]}";
        return;
    }
    snprintf(script->last_body, sizeof script->last_body, "%s", request->body);
    snprintf(script->last_head, sizeof script->last_head, "%s", request->head);
    int number = script->chats++, last = 0;
    if (number < (int)NR_COUNT(script->times))
        script->times[number] = nr_clock_seconds();
    while (last + 1 < (int)NR_COUNT(script->chat) && script->chat[last + 1])
        last++;
    const char *message = script->chat[number < last ? number : last];
    put_chat(script, message ? message : "", &script->body);
    answer->body = script->raw ? script->raw : script->body.data;
    answer->code = script->chat_code;
    answer->delay = script->delay;
    answer->fill = script->fill;
    answer->hang_up = script->hang_up;
    if (fails(script, number)) {
        answer->code = script->fail_code;
        answer->extra = script->extra;
        answer->body = "{\"error\":{\"message\":\"no luck\"}}";
    }
    if (script->refused && strstr(request->body, script->refused))
        answer->code = 400;
}

/* ---- descriptions ---------------------------------------------------------------------------- */

static enum nr_status on_done(void *ctx, size_t task, const char *problem, struct nr_error *err)
{
    struct nr_mock_outcome *outcome = ctx;
    (void)err;
    assert_int_equal(task, outcome->done++);
    snprintf(outcome->problems[task], sizeof outcome->problems[task], "%s", problem ? problem : "");
    return NR_OK;
}

void nr_mock_params(struct nr_describe_params *params)
{
    nr_describe_params_default(params);
    params->timeout = 20;
    params->retries = 1;
    params->requests = 1;
}

void nr_mock_fill(struct nr_mock_outcome *out, size_t count)
{
    static const char *tags[] = {"sci-fi", "drama"};
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count; i++)
        out->items[i] = (struct nr_item){.video_id = "v",
                                         .title = "Gravity",
                                         .language = "en",
                                         .tags = {tags, 2},
                                         .synopsis = "Debris destroys a shuttle and leaves two astronauts adrift "
                                                     "above the Earth."};
}

void nr_mock_describe(const struct nr_describe_params *params, size_t count, struct nr_mock_outcome *out)
{
    struct nr_describe_plan plan;
    struct nr_describe_task tasks[NR_MOCK_ITEMS];
    double started = nr_clock_seconds();
    if (!out->items[0].video_id)
        nr_mock_fill(out, count);
    assert_int_equal(nr_describe_plan_make(params, &plan, &out->err), NR_OK);
    for (size_t i = 0; i < count; i++)
        tasks[i] = (struct nr_describe_task){.item = &out->items[i]};
    struct nr_describe_job job = {.params = params,
                                  .plan = &plan,
                                  .count_words = nr_words_count,
                                  .tasks = tasks,
                                  .count = count,
                                  .done = on_done,
                                  .ctx = out};
    out->status = nr_describe(&job, &out->tally, &out->err);
    out->seconds = nr_clock_seconds() - started;
    nr_describe_plan_release(&plan);
}

void nr_mock_run(struct nr_mock_script *script, struct nr_describe_params *params, size_t count,
                 struct nr_mock_outcome *out)
{
    struct nr_http_server *server = nr_http_server_start(nr_mock_chat, script);
    assert_non_null(server);
    params->llm = nr_http_server_url(server);
    nr_mock_describe(params, count, out);
    out->most_open = nr_http_server_most_asked(server);
    nr_http_server_stop(server);
}

void nr_mock_outcome_release(struct nr_mock_outcome *out)
{
    for (size_t i = 0; i < NR_MOCK_ITEMS; i++)
        nr_arena_release(&out->items[i].mem);
    memset(out, 0, sizeof *out);
}
