/* chat.c - see chat.h. The API: POST .../chat/completions of OpenAI, as llama-server,
 * vLLM and Ollama speak it. */
#include "language/chat.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

enum { PICTURE_BYTES_MAX = 4 << 20 };

/* ---- the request ------------------------------------------------------------------------ */

static void put_member(struct nr_buf *out, const char *key, const char *text)
{
    nr_json_put_key(out, key);
    nr_json_put_string(out, text);
}

static void put_message(struct nr_buf *out, const char *role, const char *text)
{
    nr_json_open(out, '{');
    put_member(out, "role", role);
    put_member(out, "content", text);
    nr_json_close(out, '}');
}

static enum nr_status read_picture(const char *folder, const char *file, char **out, size_t *length,
                                   struct nr_error *err)
{
    struct nr_buf path = {.max = 4096};
    if (strchr(file, '/')) /* the record's word, not the command line's */
        return nr_fail(err, NR_ERR_NOINPUT, "the picture '%s' is no name in '%s'", file, folder);
    nr_buf_printf(&path, "%s/%s", folder, file);
    enum nr_status status = nr_buf_status(&path, err);
    if (!status)
        status = nr_file_read(path.data, PICTURE_BYTES_MAX, out, length, err);
    nr_buf_release(&path);
    return status == NR_OK || status == NR_ERR_NOMEM ? status : NR_ERR_NOINPUT;
}

static enum nr_status put_picture(struct nr_buf *out, const char *folder, const char *file, struct nr_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    enum nr_status status = read_picture(folder, file, &bytes, &length, err);
    if (!status) {
        nr_json_open(out, '{');
        put_member(out, "type", "image_url");
        nr_json_put_key(out, "image_url");
        nr_json_open(out, '{');
        nr_json_put_key(out, "url");
        nr_buf_puts(out, "\"data:image/jpeg;base64,");
        nr_base64_put(out, bytes, length);
        nr_buf_putc(out, '"');
        nr_json_close(out, '}');
        nr_json_close(out, '}');
    }
    free(bytes);
    return status;
}

/* The record's text, and its pictures spread over the video. */
static enum nr_status put_record(const struct nr_chat_request *r, struct nr_buf *out, struct nr_error *err)
{
    const struct nr_visual *visual = r->prompt->form.item->visual;
    size_t count = r->prompt->form.pictures;
    enum nr_status status = NR_OK;
    if (!count) {
        put_message(out, "user", r->prompt->text);
        return NR_OK;
    }
    nr_json_open(out, '{');
    put_member(out, "role", "user");
    nr_json_put_key(out, "content");
    nr_json_open(out, '[');
    nr_json_open(out, '{');
    put_member(out, "type", "text");
    put_member(out, "text", r->prompt->text);
    nr_json_close(out, '}');
    for (size_t i = 0; i < count && !status; i++)
        status =
            put_picture(out, r->params->pictures, visual->thumbnails[i * visual->thumbnail_count / count].file, err);
    nr_json_close(out, ']');
    nr_json_close(out, '}');
    return status;
}

static void put_form(const struct nr_chat_request *r, struct nr_buf *out)
{
    if (r->form == NR_CHAT_PLAIN)
        return;
    nr_json_put_key(out, "response_format");
    if (r->form == NR_CHAT_JSON) {
        nr_buf_puts(out, "{\"type\":\"json_object\"}");
        return;
    }
    nr_buf_puts(out, "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"description\",\"strict\":true,\"schema\":");
    nr_schema_write(&r->prompt->form, out);
    nr_buf_puts(out, "}}");
}

enum nr_status nr_chat_put_request(const struct nr_chat_request *r, struct nr_buf *out, struct nr_error *err)
{
    nr_json_open(out, '{');
    put_member(out, "model", r->model);
    nr_json_put_key(out, "messages");
    nr_json_open(out, '[');
    for (size_t i = 0; i < r->prompt->tmpl->count; i++)
        put_message(out, r->prompt->tmpl->messages[i].role, r->prompt->tmpl->messages[i].text);
    enum nr_status status = put_record(r, out, err);
    nr_json_close(out, ']');
    nr_json_put_key(out, "temperature");
    nr_json_put_double(out, r->again ? 0.7 : 0.0);
    nr_json_put_key(out, "max_tokens");
    nr_json_put_int(out, r->params->max_tokens);
    put_form(r, out);
    nr_json_close(out, '}');
    return status ? status : nr_buf_status(out, err);
}

/* ---- the answer -------------------------------------------------------------------------- */

/* The object inside what a model wrote: some think aloud first, and some put it between
 * fences all the same. */
static void take_object(const char *text, struct nr_buf *out)
{
    static const char thought[] = "</think>";
    const char *after = strstr(text, thought);
    text = after ? after + strlen(thought) : text;
    const char *open = strchr(text, '{'), *close = strrchr(text, '}');
    if (open && close && close > open)
        nr_buf_append(out, open, (size_t)(close - open) + 1);
}

static void take_usage(const struct nr_json *root, struct nr_draft *draft)
{
    double used = nr_json_number(nr_json_get(nr_json_get(root, "usage"), "total_tokens"));
    if (used > 0 && used < 1e9)
        draft->tokens += (size_t)used;
}

void nr_chat_take_reply(const struct nr_buf *body, struct nr_draft *draft)
{
    struct nr_json_doc *doc = NULL;
    struct nr_error err;
    draft->state = NR_DRAFT_BROKEN;
    draft->why[0] = '\0';
    nr_buf_clear(&draft->reply);
    if (nr_json_parse(body->data ? body->data : "", body->length, &doc, &err)) {
        snprintf(draft->why, sizeof draft->why, "the endpoint's answer is no JSON");
        return;
    }
    const struct nr_json *choice = nr_json_first(nr_json_get(nr_json_root(doc), "choices"));
    const char *text = nr_json_string(nr_json_get(nr_json_get(choice, "message"), "content"));
    const char *finish = nr_json_string(nr_json_get(choice, "finish_reason"));
    take_usage(nr_json_root(doc), draft);
    if (!text)
        snprintf(draft->why, sizeof draft->why, "the endpoint's answer has no message");
    else if (finish && strcmp(finish, "length") == 0)
        snprintf(draft->why, sizeof draft->why, "the endpoint's answer was cut off by its length (--llm-max-tokens)");
    else
        take_object(text, &draft->reply);
    if (draft->reply.length)
        draft->state = NR_DRAFT_MADE;
    else if (!draft->why[0])
        snprintf(draft->why, sizeof draft->why, "the endpoint's message has no JSON object");
    nr_json_free(doc);
}

void nr_chat_take_refusal(const struct nr_buf *body, char *out, size_t size)
{
    struct nr_json_doc *doc = NULL;
    struct nr_error err;
    struct nr_buf quoted = {.max = size};
    out[0] = '\0';
    if (!body->data || nr_json_parse(body->data, body->length, &doc, &err))
        return;
    const struct nr_json *error = nr_json_get(nr_json_root(doc), "error");
    const char *message = nr_json_string(error);
    if (!message)
        message = nr_json_string(nr_json_get(error, "message"));
    if (message)
        nr_text_quote(message, strlen(message), size - 4, &quoted);
    if (quoted.data)
        snprintf(out, size, "%s", quoted.data);
    nr_buf_release(&quoted);
    nr_json_free(doc);
}
