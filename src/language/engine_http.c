/* engine_http.c - an OpenAI-compatible endpoint (llama-server, vLLM, Ollama, a cloud):
 * POST .../chat/completions with the reply's JSON schema. The key, where one is
 * needed, comes from NIGHTREEL_API_KEY and goes to that host alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language/engine.h"
#include "nightreel/io.h"

#include "core/banned.h"

enum {
    REPLY_BYTES_MAX = 1 << 20,
    LOST_IN_A_ROW = 2, /* then the endpoint counts as gone for this run */
};
#define PROBE_SECONDS 10.0

struct endpoint {
    const struct nr_describe_params *params;
    char *chat_url, *models_url;
    char model[128];
    unsigned lost; /* records without an answer, in a row */
};

/* URL/v1/chat/completions from a host, a base that ends in /v1, or the whole of it. */
static enum nr_status make_urls(struct endpoint *e, const char *url, struct nr_error *err)
{
    static const char tail[] = "/chat/completions";
    struct nr_buf base = {.max = 4096}, chat = {.max = 4096};
    size_t length = strlen(url);
    while (length && url[length - 1] == '/')
        length--;
    if (length >= strlen(tail) && memcmp(url + length - strlen(tail), tail, strlen(tail)) == 0)
        length -= strlen(tail);
    nr_buf_append(&base, url, length);
    const char *path = base.data ? strstr(base.data, "://") : NULL;
    if (path && !strchr(path + 3, '/'))
        nr_buf_puts(&base, "/v1");
    nr_buf_printf(&chat, "%s%s", base.data ? base.data : "", tail);
    nr_buf_puts(&base, "/models");
    enum nr_status status = nr_buf_status(&base, err);
    if (!status)
        status = nr_buf_status(&chat, err);
    e->chat_url = nr_buf_detach(&chat);
    e->models_url = nr_buf_detach(&base);
    return status;
}

static const char *api_key(void)
{
    const char *key = getenv("NIGHTREEL_API_KEY");
    return key && *key ? key : NULL;
}

static void take_first_model(struct endpoint *e, const struct nr_buf *body)
{
    struct nr_json_doc *doc = NULL;
    struct nr_error err;
    if (!body->data || nr_json_parse(body->data, body->length, &doc, &err))
        return;
    const char *id = nr_json_string(nr_json_get(nr_json_first(nr_json_get(nr_json_root(doc), "data")), "id"));
    if (id)
        snprintf(e->model, sizeof e->model, "%s", id);
    nr_json_free(doc);
}

/* Asks for the list of models: is anybody there, may we in, what is it called? Not
 * every server has the list, so that another refusal than of the key is none. */
static enum nr_status probe(struct endpoint *e, struct nr_error *err)
{
    struct nr_http_reply reply;
    double seconds = e->params->timeout < PROBE_SECONDS ? e->params->timeout : PROBE_SECONDS;
    enum nr_status status = nr_http_json(e->models_url, api_key(), NULL, seconds, REPLY_BYTES_MAX, &reply, err);
    if (status)
        return status == NR_ERR_INTERRUPTED ? status : NR_ERR_UNAVAILABLE;
    if (reply.code == 401 || reply.code == 403)
        status = nr_fail(err, NR_ERR_UNAVAILABLE, "'%s' refuses access (HTTP %ld): set NIGHTREEL_API_KEY",
                         e->models_url, reply.code);
    else if (reply.code >= 500)
        status = nr_fail(err, NR_ERR_UNAVAILABLE, "'%s' does not work (HTTP %ld)", e->models_url, reply.code);
    else if (!e->params->llm_model && reply.code == 200)
        take_first_model(e, &reply.body);
    nr_buf_release(&reply.body);
    return status;
}

static void endpoint_close(void *state)
{
    struct endpoint *e = state;
    if (!e)
        return;
    free(e->chat_url);
    free(e->models_url);
    free(e);
}

static enum nr_status endpoint_open(const struct nr_describe_params *params, const struct nr_describe_plan *plan,
                                    void **state, struct nr_engine_info *info, struct nr_error *err)
{
    struct endpoint *e = calloc(1, sizeof *e);
    *state = e;
    if (!e)
        return nr_fail_nomem(err, "an endpoint");
    e->params = params;
    snprintf(e->model, sizeof e->model, "%s", params->llm_model ? params->llm_model : "default");
    enum nr_status status = make_urls(e, plan->model, err);
    if (!status)
        status = probe(e, err);
    *info = (struct nr_engine_info){.width = 1, .group = 1};
    snprintf(info->model, sizeof info->model, "%s", e->model);
    return status;
}

/* ---- one request ------------------------------------------------------------------------ */

static void put_message(struct nr_buf *out, const char *role, const char *text)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "role");
    nr_json_put_string(out, role);
    nr_json_put_key(out, "content");
    nr_json_put_string(out, text);
    nr_json_close(out, '}');
}

static void put_request(const struct endpoint *e, const struct nr_prompt *prompt, bool again, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "model");
    nr_json_put_string(out, e->model);
    nr_json_put_key(out, "messages");
    nr_json_open(out, '[');
    for (size_t i = 0; i < prompt->tmpl->count; i++)
        put_message(out, prompt->tmpl->messages[i].role, prompt->tmpl->messages[i].text);
    put_message(out, "user", prompt->text);
    nr_json_close(out, ']');
    nr_json_put_key(out, "temperature");
    nr_json_put_double(out, again ? 0.7 : 0.0);
    nr_json_put_key(out, "max_tokens");
    nr_json_put_int(out, e->params->max_tokens);
    nr_json_put_key(out, "response_format");
    nr_buf_puts(out, "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"description\",\"strict\":true,\"schema\":");
    nr_schema_write(&prompt->form, out);
    nr_buf_puts(out, "}}");
    nr_json_close(out, '}');
}

/* The object inside what a model wrote: some put it between fences all the same. */
static void take_object(const char *text, struct nr_buf *out)
{
    const char *open = strchr(text, '{'), *close = strrchr(text, '}');
    if (open && close && close > open)
        nr_buf_append(out, open, (size_t)(close - open) + 1);
}

static void take_reply(const struct nr_buf *body, struct nr_draft *draft)
{
    struct nr_json_doc *doc = NULL;
    struct nr_error err;
    draft->state = NR_DRAFT_BROKEN;
    if (nr_json_parse(body->data ? body->data : "", body->length, &doc, &err)) {
        snprintf(draft->why, sizeof draft->why, "the endpoint's answer is no JSON");
        return;
    }
    const struct nr_json *choice = nr_json_first(nr_json_get(nr_json_root(doc), "choices"));
    const char *text = nr_json_string(nr_json_get(nr_json_get(choice, "message"), "content"));
    const char *finish = nr_json_string(nr_json_get(choice, "finish_reason"));
    if (!text)
        snprintf(draft->why, sizeof draft->why, "the endpoint's answer has no message");
    else if (finish && strcmp(finish, "length") == 0)
        snprintf(draft->why, sizeof draft->why, "the endpoint's answer was cut off by its length");
    else
        take_object(text, &draft->reply);
    if (draft->reply.length)
        draft->state = NR_DRAFT_MADE;
    else if (!draft->why[0])
        snprintf(draft->why, sizeof draft->why, "the endpoint's message has no JSON object");
    nr_json_free(doc);
}

static enum nr_status post(const struct endpoint *e, const struct nr_prompt *prompt, bool again, struct nr_draft *draft,
                           struct nr_error *err)
{
    struct nr_buf body = {0};
    struct nr_http_reply reply;
    struct nr_error failure = {.text = ""};
    put_request(e, prompt, again, &body);
    enum nr_status status = nr_buf_status(&body, err);
    if (status) {
        nr_buf_release(&body);
        return status;
    }
    status = nr_http_json(e->chat_url, api_key(), body.data, e->params->timeout, REPLY_BYTES_MAX, &reply, &failure);
    nr_buf_release(&body);
    draft->state = NR_DRAFT_LOST;
    if (status == NR_ERR_INTERRUPTED || status == NR_ERR_NOMEM)
        return nr_fail(err, status, "%s", failure.text);
    if (status == NR_ERR_DATA) { /* too large: an answer, but not one of ours */
        draft->state = NR_DRAFT_BROKEN;
        snprintf(draft->why, sizeof draft->why, "%.*s", (int)sizeof draft->why - 1, failure.text);
        return NR_OK;
    }
    if (status) {
        snprintf(draft->why, sizeof draft->why, "%.*s", (int)sizeof draft->why - 1, failure.text);
        return NR_OK;
    }
    if (reply.code == 200)
        take_reply(&reply.body, draft);
    else
        snprintf(draft->why, sizeof draft->why, "'%.150s' answered with HTTP %ld", e->chat_url, reply.code);
    nr_buf_release(&reply.body);
    return NR_OK;
}

/* Twice, since a busy server may merely have dropped one. */
static enum nr_status post_twice(struct endpoint *e, const struct nr_prompt *prompt, bool again, struct nr_draft *draft,
                                 struct nr_error *err)
{
    if (e->lost >= LOST_IN_A_ROW) {
        draft->state = NR_DRAFT_LOST;
        snprintf(draft->why, sizeof draft->why, "'%.150s' was given up after failing before", e->chat_url);
        return NR_OK;
    }
    enum nr_status status = post(e, prompt, again, draft, err);
    if (!status && draft->state == NR_DRAFT_LOST)
        status = post(e, prompt, again, draft, err);
    e->lost = draft->state == NR_DRAFT_LOST ? e->lost + 1 : 0;
    return status;
}

static enum nr_status endpoint_draft(void *state, const struct nr_prompt *prompts, size_t count, bool again,
                                     struct nr_draft *drafts, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < count && !status; i++)
        status = post_twice(state, &prompts[i], again, &drafts[i], err);
    return status;
}

const struct nr_engine nr_engine_http = {
    .name = "http", .open = endpoint_open, .draft = endpoint_draft, .close = endpoint_close};
