/* http.c - one JSON request over HTTP through libcurl. */
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

static void set_options(CURL *curl, const char *url, const char *body, double seconds, struct nr_buf *reply,
                        char *detail)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(seconds * 1000));
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    if (is_loopback(url))
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "nightreel/" NR_VERSION);
    if (body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
    }
}

enum nr_status nr_http_json(const char *url, const char *bearer, const char *body, double seconds, size_t max_bytes,
                            struct nr_http_reply *reply, struct nr_error *err)
{
    char detail[CURL_ERROR_SIZE] = "";
    *reply = (struct nr_http_reply){.body = {.max = max_bytes}};
    if (bearer && strpbrk(bearer, "\r\n")) /* it would begin a header of its own */
        return nr_fail(err, NR_ERR_USAGE, "the key for '%s' holds a newline", url);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = make_headers(bearer);
    enum nr_status status = NR_OK;
    if (!curl || !headers) {
        status = nr_fail_nomem(err, "an HTTP request");
    } else {
        set_options(curl, url, body, seconds, &reply->body, detail);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        CURLcode code = curl_easy_perform(curl);
        curl_off_t connect_time = 0;
        curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME_T, &connect_time);
        if (code != CURLE_OK)
            status = transfer_failed(code, connect_time > 0, url, seconds, &reply->body, detail, err);
        else
            curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->code);
    }
    if (status)
        nr_buf_release(&reply->body);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return status;
}
