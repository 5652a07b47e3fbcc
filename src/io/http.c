/* http.c - JSON requests over HTTP through libcurl, one or several at a time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "nightreel/io.h"

#include "core/banned.h"

enum { CONNECT_SECONDS = 10 };

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    struct nr_buf *body = user;
    nr_buf_append(body, data, size * count);
    return body->failed ? 0 : size * count; /* 0 ends the transfer */
}

static int on_progress(void *user, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now)
{
    (void)user;
    (void)total;
    (void)now;
    (void)up_total;
    (void)up_now;
    return nr_interrupted() != 0;
}

/* A proxy of the environment is for the world outside, not for this machine. */
static bool is_loopback(const char *url)
{
    bool loopback = false;
    char *host = NULL;
    CURLU *parts = curl_url();
    if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK)
        loopback = strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0;
    curl_free(host);
    curl_url_cleanup(parts);
    return loopback;
}

static struct curl_slist *make_headers(const char *bearer)
{
    struct nr_buf line = {.max = 4096};
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (headers && bearer && *bearer) {
        nr_buf_printf(&line, "Authorization: Bearer %s", bearer);
        struct curl_slist *more = line.failed ? NULL : curl_slist_append(headers, line.data);
        if (!more)
            curl_slist_free_all(headers);
        headers = more;
    }
    nr_buf_release(&line);
    return headers;
}

/* What the caller can do about it: nobody there, too late, too much, broken. */
static enum nr_status transfer_failed(CURLcode code, bool connected, const char *url, double seconds,
                                      const struct nr_buf *body, const char *detail, struct nr_error *err)
{
    if (nr_interrupted())
        return nr_fail(err, NR_ERR_INTERRUPTED, "request to '%s' was interrupted", url);
    if (body->failed)
        return nr_fail(err, NR_ERR_DATA, "reply of '%s' is larger than %zu bytes", url, body->max);
    if (code == CURLE_OPERATION_TIMEDOUT && connected)
        return nr_fail(err, NR_ERR_IO, "no complete reply from '%s' within %g s", url, seconds);
    bool nobody = code == CURLE_OPERATION_TIMEDOUT || code == CURLE_COULDNT_CONNECT ||
                  code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_UNSUPPORTED_PROTOCOL ||
                  code == CURLE_URL_MALFORMAT || code == CURLE_SSL_CONNECT_ERROR ||
                  code == CURLE_PEER_FAILED_VERIFICATION;
    return nr_fail(err, nobody ? NR_ERR_UNAVAILABLE : NR_ERR_IO, "cannot reach '%s': %s", url,
                   *detail ? detail : curl_easy_strerror(code));
}

/* One request on its way. */
struct transfer {
    CURL *curl;
    struct curl_slist *headers;
    struct nr_http_request request;
    struct nr_http_reply reply;
    char detail[CURL_ERROR_SIZE];
    size_t ticket;
    struct transfer *next; /* in the pool */
};

static void set_options(struct transfer *t)
{
    const struct nr_http_request *request = &t->request;
    curl_easy_setopt(t->curl, CURLOPT_URL, request->url);
    curl_easy_setopt(t->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, (long)(request->seconds * 1000));
    curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->detail);
    curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, &t->reply.body);
    curl_easy_setopt(t->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(t->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->headers);
    curl_easy_setopt(t->curl, CURLOPT_PRIVATE, t);
    const char *authorities = getenv("SSL_CERT_FILE"); /* as OpenSSL's own programs have it */
    if (authorities && *authorities)
        curl_easy_setopt(t->curl, CURLOPT_CAINFO, authorities);
    if (is_loopback(request->url))
        curl_easy_setopt(t->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(t->curl, CURLOPT_USERAGENT, "nightreel/" NR_VERSION);
    if (request->body) {
        curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, request->body);
        curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(request->body));
    }
}

static void transfer_free(struct transfer *t)
{
    if (!t)
        return;
    curl_easy_cleanup(t->curl);
    curl_slist_free_all(t->headers);
    nr_buf_release(&t->reply.body);
    free(t);
}

static enum nr_status transfer_new(const struct nr_http_request *request, size_t ticket, struct transfer **out,
                                   struct nr_error *err)
{
    struct transfer *t = calloc(1, sizeof *t);
    *out = NULL;
    if (!t)
        return nr_fail_nomem(err, "an HTTP request");
    t->request = *request;
    t->ticket = ticket;
    t->reply = (struct nr_http_reply){.body = {.max = request->max_bytes}, .retry_after = NAN};
    if (request->bearer && strpbrk(request->bearer, "\r\n")) { /* it would begin a header of its own */
        transfer_free(t);
        return nr_fail(err, NR_ERR_USAGE, "the key for '%s' holds a newline", request->url);
    }
    t->curl = curl_easy_init();
    t->headers = make_headers(request->bearer);
    if (!t->curl || !t->headers) {
        transfer_free(t);
        return nr_fail_nomem(err, "an HTTP request");
    }
    set_options(t);
    *out = t;
    return NR_OK;
}

/* What came of it; the body goes over to *reply. */
static enum nr_status transfer_end(struct transfer *t, CURLcode code, struct nr_http_reply *reply, struct nr_error *err)
{
    curl_off_t connect_time = 0, wait = 0;
    const char *redirect = NULL;
    enum nr_status status = NR_OK;
    curl_easy_getinfo(t->curl, CURLINFO_CONNECT_TIME_T, &connect_time);
    if (code != CURLE_OK) {
        status =
            transfer_failed(code, connect_time > 0, t->request.url, t->request.seconds, &t->reply.body, t->detail, err);
        nr_buf_release(&t->reply.body);
    } else {
        curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &t->reply.code);
        curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &wait);
        curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL, &redirect);
        t->reply.retry_after = wait > 0 ? (double)wait : NAN;
        snprintf(t->reply.redirect, sizeof t->reply.redirect, "%s", redirect ? redirect : "");
    }
    *reply = t->reply;
    t->reply.body = (struct nr_buf){0};
    return status;
}

enum nr_status nr_http_json(const char *url, const char *bearer, const char *body, double seconds, size_t max_bytes,
                            struct nr_http_reply *reply, struct nr_error *err)
{
    const struct nr_http_request request = {url, bearer, body, seconds, max_bytes};
    struct transfer *t;
    *reply = (struct nr_http_reply){.retry_after = NAN};
    enum nr_status status = transfer_new(&request, 0, &t, err);
    if (status)
        return status;
    status = transfer_end(t, curl_easy_perform(t->curl), reply, err);
    transfer_free(t);
    return status;
}

/* ---- several at a time ------------------------------------------------------------------ */

enum { POLL_MS = 200 }; /* between looks at an interruption */

struct nr_http_pool {
    CURLM *multi;
    struct transfer *flying;
};

enum nr_status nr_http_pool_open(struct nr_http_pool **out, struct nr_error *err)
{
    struct nr_http_pool *pool = calloc(1, sizeof *pool);
    *out = NULL;
    if (pool)
        pool->multi = curl_multi_init();
    if (!pool || !pool->multi) {
        free(pool);
        return nr_fail_nomem(err, "HTTP requests");
    }
    *out = pool;
    return NR_OK;
}

void nr_http_pool_close(struct nr_http_pool *pool)
{
    if (!pool)
        return;
    for (struct transfer *t = pool->flying, *next; t; t = next) {
        next = t->next;
        curl_multi_remove_handle(pool->multi, t->curl);
        transfer_free(t);
    }
    curl_multi_cleanup(pool->multi);
    free(pool);
}

enum nr_status nr_http_pool_send(struct nr_http_pool *pool, const struct nr_http_request *request, size_t ticket,
                                 struct nr_error *err)
{
    struct transfer *t;
    enum nr_status status = transfer_new(request, ticket, &t, err);
    if (status)
        return status;
    if (curl_multi_add_handle(pool->multi, t->curl) != CURLM_OK) {
        transfer_free(t);
        return nr_fail_nomem(err, "an HTTP request");
    }
    t->next = pool->flying;
    pool->flying = t;
    return NR_OK;
}

static void take_out(struct nr_http_pool *pool, struct transfer *t)
{
    struct transfer **at = &pool->flying;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    curl_multi_remove_handle(pool->multi, t->curl);
}

static bool take_done(struct nr_http_pool *pool, struct nr_http_done *done)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(pool->multi, &left));) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result;
        char *own = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &own);
        struct transfer *t = (struct transfer *)(void *)own;
        *done = (struct nr_http_done){.ticket = t->ticket};
        done->status = transfer_end(t, code, &done->reply, &done->err);
        take_out(pool, t);
        transfer_free(t);
        return true;
    }
    return false;
}

enum nr_status nr_http_pool_wait(struct nr_http_pool *pool, double seconds, struct nr_http_done *done,
                                 struct nr_error *err)
{
    double until = nr_clock_seconds() + seconds;
    for (;;) {
        int running;
        if (curl_multi_perform(pool->multi, &running) != CURLM_OK)
            return nr_fail(err, NR_ERR_INTERNAL, "the HTTP library failed");
        if (take_done(pool, done))
            return NR_OK;
        double left = until - nr_clock_seconds();
        if (nr_interrupted())
            return nr_fail(err, NR_ERR_INTERRUPTED, "interrupted");
        if (left <= 0)
            return NR_END;
        curl_multi_poll(pool->multi, NULL, 0, left * 1000 < POLL_MS ? (int)(left * 1000) + 1 : POLL_MS, NULL);
    }
}
