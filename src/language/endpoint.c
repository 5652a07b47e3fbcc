/* endpoint.c - see endpoint.h. */
#include "language/endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

enum { LIST_BYTES_MAX = 1 << 20 };
#define PROBE_SECONDS 10.0

const char *nr_endpoint_key(void)
{
    const char *key = getenv("NIGHTREEL_API_KEY");
    return key && *key ? key : NULL;
}

static enum nr_status make_base(struct nr_endpoint *endpoint, const char *url, struct nr_error *err)
{
    static const char *const tails[] = {"/chat/completions", "/embeddings"};
    struct nr_buf base = {.max = 4096};
    size_t length = strlen(url);
    while (length && url[length - 1] == '/')
        length--;
    for (size_t i = 0; i < NR_COUNT(tails); i++) {
        size_t tail = strlen(tails[i]);
        if (length >= tail && memcmp(url + length - tail, tails[i], tail) == 0)
            length -= tail;
    }
    nr_buf_append(&base, url, length);
    const char *path = base.data ? strstr(base.data, "://") : NULL;
    if (path && !strchr(path + 3, '/'))
        nr_buf_puts(&base, "/v1");
    enum nr_status status = nr_buf_status(&base, err);
    endpoint->base = nr_buf_detach(&base);
    return status;
}

enum nr_status nr_endpoint_url(const struct nr_endpoint *endpoint, const char *path, char **out, struct nr_error *err)
{
    struct nr_buf url = {0};
    nr_buf_printf(&url, "%s%s", endpoint->base, path);
    enum nr_status status = nr_buf_status(&url, err);
    *out = nr_buf_detach(&url);
    return status;
}

static void take_first_model(struct nr_endpoint *endpoint, const struct nr_buf *body)
{
    struct nr_json_doc *doc = NULL;
    struct nr_error err;
    if (!body->data || nr_json_parse(body->data, body->length, &doc, &err))
        return;
    const char *id = nr_json_string(nr_json_get(nr_json_first(nr_json_get(nr_json_root(doc), "data")), "id"));
    if (id)
        snprintf(endpoint->model, sizeof endpoint->model, "%s", id);
    nr_json_free(doc);
}

static enum nr_status probe(struct nr_endpoint *endpoint, const char *url, bool named, double seconds,
                            struct nr_error *err)
{
    struct nr_http_reply reply;
    double wait = seconds < PROBE_SECONDS ? seconds : PROBE_SECONDS;
    enum nr_status status = nr_http_json(url, nr_endpoint_key(), NULL, wait, LIST_BYTES_MAX, &reply, err);
    if (status)
        return status == NR_ERR_INTERRUPTED ? status : NR_ERR_UNAVAILABLE;
    if (reply.code == 401 || reply.code == 403)
        status =
            nr_fail(err, NR_ERR_UNAVAILABLE, "'%s' refuses access (HTTP %ld): set NIGHTREEL_API_KEY", url, reply.code);
    else if (reply.code >= 300 && reply.code < 400)
        status = nr_fail(err, NR_ERR_UNAVAILABLE, "'%s' redirects to '%s' (HTTP %ld): name that", url, reply.redirect,
                         reply.code);
    else if (reply.code >= 500)
        status = nr_fail(err, NR_ERR_UNAVAILABLE, "'%s' does not work (HTTP %ld)", url, reply.code);
    else if (!named && reply.code == 200)
        take_first_model(endpoint, &reply.body);
    nr_buf_release(&reply.body);
    return status;
}

enum nr_status nr_endpoint_open(struct nr_endpoint *endpoint, const char *url, const char *model, double seconds,
                                struct nr_error *err)
{
    char *list = NULL;
    *endpoint = (struct nr_endpoint){.base = NULL};
    snprintf(endpoint->model, sizeof endpoint->model, "%s", model ? model : "default");
    enum nr_status status = make_base(endpoint, url, err);
    if (!status)
        status = nr_endpoint_url(endpoint, "/models", &list, err);
    if (!status)
        status = probe(endpoint, list, model != NULL, seconds, err);
    free(list);
    return status;
}

void nr_endpoint_release(struct nr_endpoint *endpoint)
{
    free(endpoint->base);
    endpoint->base = NULL;
}
