/* embed_http.c - sentence embeddings by an OpenAI-compatible endpoint: POST
 * .../embeddings with many windows at a time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language/embed_engine.h"
#include "language/endpoint.h"
#include "nightreel/io.h"
#include "nightreel/language_evidence.h"

#include "core/banned.h"

enum { INPUTS_MAX = 64, LENGTH_MAX = 16384, REPLY_BYTES_MAX = 64 << 20 };

struct remote {
    struct nr_endpoint endpoint;
    char *url, *prefix;
    size_t length, window;
    double timeout;
};

/* Windows of texts that wait for a request. */
struct batch {
    struct nr_buf body; /* the request up to and with the inputs */
    size_t text[INPUTS_MAX];
    size_t count;
};

static void begin_batch(const struct remote *r, struct batch *batch)
{
    batch->count = 0;
    nr_buf_clear(&batch->body);
    nr_json_open(&batch->body, '{');
    nr_json_put_key(&batch->body, "model");
    nr_json_put_string(&batch->body, r->endpoint.model);
    nr_json_put_key(&batch->body, "encoding_format");
    nr_json_put_string(&batch->body, "float");
    nr_json_put_key(&batch->body, "input");
    nr_json_open(&batch->body, '[');
}

/* One vector of the reply, checked, as floats. */
static bool take_vector(const struct nr_json_doc *doc, const struct nr_json *row, size_t length, float *out)
{
    size_t count = 0;
    const double *values = nr_json_vector(doc, nr_json_get(row, "embedding"), &count);
    bool good = values && count == length;
    for (size_t i = 0; i < length && good; i++) {
        out[i] = (float)values[i];
        good = isfinite(out[i]);
    }
    return good;
}

/* Adds the reply's vectors to the texts' sums. They come in any order, with their index. */
static enum nr_status take_reply(const struct remote *r, const struct nr_json_doc *doc, const struct batch *batch,
                                 double *sums, struct nr_error *err)
{
    bool seen[INPUTS_MAX] = {false};
    size_t taken = 0, at = 0;
    float *vector = malloc(r->length * sizeof *vector);
    if (!vector)
        return nr_fail_nomem(err, "an embedding");
    const struct nr_json *row = nr_json_first(nr_json_get(nr_json_root(doc), "data"));
    for (; row && at < INPUTS_MAX; row = nr_json_next(row), at++) {
        double index = nr_json_number(nr_json_get(row, "index"));
        size_t which = index >= 0 && index < INPUTS_MAX ? (size_t)index : at;
        if (which >= batch->count || seen[which] || !take_vector(doc, row, r->length, vector))
            break;
        seen[which] = true;
        taken++;
        nr_add_unit(vector, r->length, sums + batch->text[which] * r->length);
    }
    free(vector);
    return taken == batch->count && !row
               ? NR_OK
               : nr_fail(err, NR_ERR_IO, "'%s' answered %zu texts with other than %zu vectors of %zu numbers", r->url,
                         batch->count, batch->count, r->length);
}

static enum nr_status post(const struct remote *r, struct batch *batch, struct nr_json_doc **doc, struct nr_error *err)
{
    struct nr_http_reply reply;
    nr_json_close(&batch->body, ']');
    nr_json_close(&batch->body, '}');
    enum nr_status status = nr_buf_status(&batch->body, err);
    if (!status)
        status = nr_http_json(r->url, nr_endpoint_key(), batch->body.data, r->timeout, REPLY_BYTES_MAX, &reply, err);
    if (status)
        return status;
    struct nr_error failure;
    if (reply.code == 401 || reply.code == 403)
        status = nr_fail(err, NR_ERR_UNAVAILABLE, "'%s' refuses access (HTTP %ld): set NIGHTREEL_API_KEY", r->url,
                         reply.code);
    else if (reply.code != 200)
        status = nr_fail(err, NR_ERR_IO, "'%s' answered with HTTP %ld", r->url, reply.code);
    else if (nr_json_parse(reply.body.data ? reply.body.data : "", reply.body.length, doc, &failure))
        status = nr_fail(err, NR_ERR_IO, "the answer of '%s' is no JSON", r->url);
    nr_buf_release(&reply.body);
    return status;
}

static enum nr_status send_batch(const struct remote *r, struct batch *batch, double *sums, struct nr_error *err)
{
    struct nr_json_doc *doc = NULL;
    if (!batch->count)
        return NR_OK;
    enum nr_status status = post(r, batch, &doc, err);
    if (!status)
        status = take_reply(r, doc, batch, sums, err);
    nr_json_free(doc);
    begin_batch(r, batch);
    return status;
}

static size_t next_window(const struct remote *r, const char *text, size_t length)
{
    size_t end = nr_text_tokens_cut(text, length, r->window);
    while (!end || (end < length && ((unsigned char)text[end] & 0xC0) == 0x80))
        end++; /* a word of more than a window is cut anywhere */
    return end < length ? end : length;
}

static size_t count_windows(const struct remote *r, const char *text)
{
    size_t length = strlen(text), count = 0;
    for (size_t pos = 0; pos < length; count++)
        pos += next_window(r, text + pos, length - pos);
    return count;
}

static enum nr_status add_text(const struct remote *r, struct batch *batch, const char *text, size_t index,
                               double *sums, struct nr_error *err)
{
    size_t length = strlen(text), windows = count_windows(r, text), taken = nr_windows_taken(windows), next = 0;
    enum nr_status status = NR_OK;
    for (size_t pos = 0, i = 0; pos < length && !status; i++) {
        size_t size = next_window(r, text + pos, length - pos);
        if (next < taken && i == next * windows / taken) {
            struct nr_buf window = {0};
            nr_buf_puts(&window, r->prefix);
            nr_buf_append(&window, text + pos, size);
            status = nr_buf_status(&window, err);
            nr_json_put_string(&batch->body, window.data);
            nr_buf_release(&window);
            batch->text[batch->count++] = index;
            next++;
        }
        if (!status && batch->count == INPUTS_MAX)
            status = send_batch(r, batch, sums, err);
        pos += size;
    }
    return status;
}

static enum nr_status remote_encode(void *state, const char *const *texts, size_t count, double *sums,
                                    struct nr_error *err)
{
    struct batch batch = {.count = 0};
    enum nr_status status = NR_OK;
    begin_batch(state, &batch);
    for (size_t i = 0; i < count && !status; i++)
        status = add_text(state, &batch, texts[i], i, sums, err);
    if (!status)
        status = send_batch(state, &batch, sums, err);
    nr_buf_release(&batch.body);
    return status;
}

static void remote_close(void *state)
{
    struct remote *r = state;
    if (!r)
        return;
    nr_endpoint_release(&r->endpoint);
    free(r->url);
    free(r->prefix);
    free(r);
}

/* The length of a vector, by asking for one. */
static enum nr_status find_length(struct remote *r, struct nr_error *err)
{
    struct batch batch = {.count = 1};
    struct nr_json_doc *doc = NULL;
    size_t length = 0;
    begin_batch(r, &batch);
    nr_json_put_string(&batch.body, "nightreel");
    enum nr_status status = post(r, &batch, &doc, err);
    if (!status) {
        const struct nr_json *row = nr_json_first(nr_json_get(nr_json_root(doc), "data"));
        nr_json_vector(doc, nr_json_get(row, "embedding"), &length);
        if (!length || length > LENGTH_MAX)
            status = nr_fail(err, NR_ERR_UNAVAILABLE, "'%s' answers with no vectors", r->url);
    } else if (status != NR_ERR_INTERRUPTED && status != NR_ERR_NOMEM) {
        status = NR_ERR_UNAVAILABLE;
    }
    r->length = length;
    nr_json_free(doc);
    nr_buf_release(&batch.body);
    return status;
}

static enum nr_status remote_open(const struct nr_embed_plan *plan, unsigned threads, void **state, size_t *length,
                                  struct nr_error *err)
{
    struct remote *r = calloc(1, sizeof *r);
    (void)threads;
    *state = r;
    if (!r)
        return nr_fail_nomem(err, "an embedding endpoint");
    r->timeout = plan->timeout;
    r->window = plan->form.window;
    const char *guess = plan->name && strcasestr(plan->name, "e5") ? "passage: " : "";
    r->prefix = strdup(plan->form.prefix ? plan->form.prefix : guess);
    if (!r->prefix)
        return nr_fail_nomem(err, "an embedding endpoint");
    enum nr_status status = nr_endpoint_open(&r->endpoint, plan->model, plan->name, plan->timeout, err);
    if (!status)
        status = nr_endpoint_url(&r->endpoint, "/embeddings", &r->url, err);
    if (!status)
        status = find_length(r, err);
    *length = r->length;
    return status;
}

const struct nr_embed_engine nr_embed_http = {.open = remote_open, .encode = remote_encode, .close = remote_close};
