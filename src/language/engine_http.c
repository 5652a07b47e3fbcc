/* engine_http.c - an OpenAI-compatible endpoint (llama-server, vLLM, Ollama, a cloud):
 * several requests in flight, patience with one that is busy, an end to it with one that
 * is gone. What is said and understood is in chat.c. The key, where one is needed, comes
 * from NIGHTREEL_API_KEY and goes to that host alone: redirects are not followed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language/chat.h"
#include "language/endpoint.h"
#include "nightreel/io.h"

#include "core/banned.h"

enum {
    REPLY_BYTES_MAX = 1 << 20,
    LOST_IN_A_ROW = 2, /* then the endpoint counts as gone for this run */
    GROUPS = 3,        /* a group has so many times what is in flight, lest its end stall */
    LATE_TRIES = 2,    /* of a request that brings nothing in time */
};
#define BACKOFF_SECONDS 0.5 /* doubled with each try of a request */
#define BACKOFF_MOST    20.0
#define WAIT_MOST       600.0 /* an endpoint that asks for more is gone for this run */

struct remote {
    const struct nr_describe_params *params;
    struct nr_endpoint endpoint;
    struct nr_http_pool *pool;
    char *url;
    enum nr_chat_form form; /* what the endpoint is known to take, so far */
    bool form_proven;
    double paused;  /* nothing is sent before this (nr_clock_seconds()): the endpoint asked for it */
    unsigned lost;  /* records without an answer, in a row */
    char gone[256]; /* why nobody is asked any more; "": go on */
};

static void remote_close(void *state)
{
    struct remote *r = state;
    if (!r)
        return;
    nr_http_pool_close(r->pool);
    nr_endpoint_release(&r->endpoint);
    free(r->url);
    free(r);
}

static enum nr_status remote_open(const struct nr_describe_params *params, const struct nr_describe_plan *plan,
                                  void **state, struct nr_engine_info *info, struct nr_error *err)
{
    struct remote *r = calloc(1, sizeof *r);
    *state = r;
    if (!r)
        return nr_fail_nomem(err, "an endpoint");
    r->params = params;
    enum nr_status status = nr_endpoint_open(&r->endpoint, plan->model, params->llm_model, params->timeout, err);
    if (!status)
        status = nr_endpoint_url(&r->endpoint, "/chat/completions", &r->url, err);
    if (!status)
        status = nr_http_pool_open(&r->pool, err);
    *info = (struct nr_engine_info){.width = params->requests, .group = GROUPS * params->requests};
    snprintf(info->model, sizeof info->model, "%s", r->endpoint.model);
    return status;
}

/* ---- a group of requests ------------------------------------------------------------------ */

/* One prompt on its way. */
struct flight {
    const struct nr_prompt *prompt;
    struct nr_draft *draft;
    struct nr_buf body;
    enum nr_chat_form form;
    unsigned tries;
    double next; /* not sent before this */
    bool sent, done;
};

struct group {
    struct remote *remote;
    struct flight flights[NR_GROUP_MAX];
    size_t count, in_flight;
    bool again;
    const struct nr_limits *limits;
};

static void end_flight(struct group *g, struct flight *f, enum nr_draft_state state, const char *why)
{
    f->done = true;
    f->draft->state = state;
    if (why)
        snprintf(f->draft->why, sizeof f->draft->why, "%.255s", why);
    nr_buf_release(&f->body);
    if (state == NR_DRAFT_LOST && ++g->remote->lost >= LOST_IN_A_ROW && !g->remote->gone[0])
        snprintf(g->remote->gone, sizeof g->remote->gone, "'%.150s' was given up after failing before", g->remote->url);
    else if (state == NR_DRAFT_MADE || state == NR_DRAFT_BROKEN)
        g->remote->lost = 0;
}

/* The whole endpoint is of no use to this run, and this is why. */
static void give_up(struct group *g, struct flight *f, const char *why)
{
    struct remote *r = g->remote;
    if (!r->gone[0])
        snprintf(r->gone, sizeof r->gone, "%.255s", why);
    end_flight(g, f, NR_DRAFT_LOST, why);
}

static void try_again(struct group *g, struct flight *f, double wait, const char *why, unsigned tries)
{
    if (f->tries > tries || g->remote->gone[0])
        end_flight(g, f, NR_DRAFT_LOST, why);
    else
        f->next = nr_clock_seconds() + wait;
}

static double backoff(unsigned tries)
{
    return fmin(BACKOFF_MOST, ldexp(BACKOFF_SECONDS, (int)tries - 1));
}

/* ---- what came back ------------------------------------------------------------------------ */

/* Busy (429) or broken (5xx): again, when it says or later and later. */
static void on_busy(struct group *g, struct flight *f, const struct nr_http_reply *reply, const char *why)
{
    double wait = isnan(reply->retry_after) ? backoff(f->tries) : reply->retry_after;
    double now = nr_clock_seconds();
    char text[300];
    if (!isnan(reply->retry_after))
        g->remote->paused = fmax(g->remote->paused, now + wait);
    if (wait > WAIT_MOST) {
        snprintf(text, sizeof text, "%.200s and asks to wait for %.0f s", why, wait);
        give_up(g, f, text);
        return;
    }
    try_again(g, f, wait, why, g->remote->params->retries);
}

/* A request that the endpoint does not understand may ask for the reply's form in a
 * way that it does not know; else it is this record's matter. */
static void on_refusal(struct group *g, struct flight *f, const char *why)
{
    struct remote *r = g->remote;
    if (r->form_proven || f->form == NR_CHAT_PLAIN) {
        end_flight(g, f, NR_DRAFT_BROKEN, why);
        return;
    }
    r->form = r->form > f->form ? r->form : f->form + 1;
    nr_buf_release(&f->body);
    f->tries--;
}

static void on_reply(struct group *g, struct flight *f, const struct nr_http_reply *reply)
{
    struct remote *r = g->remote;
    char why[256], said[100];
    nr_chat_take_refusal(&reply->body, said, sizeof said);
    snprintf(why, sizeof why, "'%.110s' answered with HTTP %ld%s%s", r->url, reply->code, *said ? ": " : "", said);
    if (reply->code == 200) {
        nr_chat_take_reply(&reply->body, f->draft);
        r->form_proven |= f->draft->state == NR_DRAFT_MADE;
        end_flight(g, f, f->draft->state, NULL);
    } else if (reply->code == 429 || reply->code == 408 || reply->code >= 500) {
        on_busy(g, f, reply, why);
    } else if (reply->code >= 300 && reply->code < 400) {
        snprintf(why, sizeof why, "'%.90s' redirects to '%.110s' (HTTP %ld): name that", r->url, reply->redirect,
                 reply->code);
        give_up(g, f, why);
    } else if (reply->code == 400 || reply->code == 413 || reply->code == 422) {
        on_refusal(g, f, why);
    } else {
        give_up(g, f, why);
    }
}

static bool is_over(const struct nr_limits *limits)
{
    return nr_clock_seconds() >= limits->until;
}

static void tell(const struct group *g)
{
    size_t answered = 0;
    for (size_t i = 0; i < g->count; i++)
        answered += g->flights[i].done;
    if (!g->again)
        nr_draft_progress(g->limits, answered);
}

static enum nr_status on_done(struct group *g, struct nr_http_done *done, struct nr_error *err)
{
    struct flight *f = &g->flights[done->ticket];
    enum nr_status status = NR_OK;
    f->sent = false;
    g->in_flight--;
    if (done->status == NR_ERR_NOMEM)
        status = nr_fail(err, done->status, "%s", done->err.text);
    else if (done->status == NR_ERR_INTERRUPTED)
        end_flight(g, f, NR_DRAFT_POSTPONED, "interrupted");
    else if (done->status == NR_ERR_DATA) /* too large: an answer, but not one of ours */
        end_flight(g, f, NR_DRAFT_BROKEN, done->err.text);
    else if (done->status && is_over(g->limits))
        end_flight(g, f, NR_DRAFT_POSTPONED, g->limits->why);
    else if (done->status)
        try_again(g, f, backoff(f->tries), done->err.text,
                  g->remote->params->retries < LATE_TRIES ? g->remote->params->retries : LATE_TRIES);
    else
        on_reply(g, f, &done->reply);
    nr_buf_release(&done->reply.body);
    tell(g);
    return status;
}

/* ---- sending --------------------------------------------------------------------------------- */

static double tokens_used(const struct group *g)
{
    double used = 0;
    for (size_t i = 0; i < g->count; i++)
        used += (double)g->flights[i].draft->tokens;
    return used;
}

static enum nr_status make_body(struct group *g, struct flight *f, struct nr_error *err)
{
    const struct nr_chat_request request = {g->remote->endpoint.model, g->remote->params, f->prompt, g->again,
                                            g->remote->form};
    struct nr_error failure = {.text = ""};
    if (f->body.length)
        return NR_OK;
    f->form = request.form;
    enum nr_status status = nr_chat_put_request(&request, &f->body, &failure);
    if (status == NR_ERR_NOINPUT) { /* a picture is missing: nobody's fault but the record's */
        end_flight(g, f, NR_DRAFT_BROKEN, failure.text);
        return NR_OK;
    }
    return status ? nr_fail(err, status, "%s", failure.text) : NR_OK;
}

static enum nr_status send_one(struct group *g, size_t index, struct nr_error *err)
{
    struct flight *f = &g->flights[index];
    struct remote *r = g->remote;
    enum nr_status status = make_body(g, f, err);
    if (status || f->done)
        return status;
    double left = g->limits->until - nr_clock_seconds();
    const struct nr_http_request request = {.url = r->url,
                                            .bearer = nr_endpoint_key(),
                                            .body = f->body.data,
                                            .seconds = fmax(0.01, fmin(r->params->timeout, left)),
                                            .max_bytes = REPLY_BYTES_MAX};
    f->tries++;
    f->sent = true;
    g->in_flight++;
    return nr_http_pool_send(r->pool, &request, index, err);
}

/* Sends what may be sent; ends what nobody will be asked any more. *wait: until the
 * next request may be sent, s. */
static enum nr_status send_ready(struct group *g, double *wait, struct nr_error *err)
{
    struct remote *r = g->remote;
    enum nr_status status = NR_OK;
    double now = nr_clock_seconds();
    bool spent = now >= g->limits->until || tokens_used(g) >= g->limits->tokens;
    *wait = WAIT_MOST;
    for (size_t i = 0; i < g->count && !status; i++) {
        struct flight *f = &g->flights[i];
        double from = fmax(f->next, r->paused);
        if (f->done || f->sent)
            continue;
        if (r->gone[0])
            end_flight(g, f, NR_DRAFT_LOST, r->gone);
        else if (nr_interrupted())
            end_flight(g, f, NR_DRAFT_POSTPONED, "interrupted");
        else if (spent || from >= g->limits->until)
            end_flight(g, f, NR_DRAFT_POSTPONED, g->limits->why);
        else if (from > now)
            *wait = fmin(*wait, from - now);
        else if (g->in_flight < r->params->requests)
            status = send_one(g, i, err);
    }
    return status;
}

static bool is_finished(const struct group *g)
{
    for (size_t i = 0; i < g->count; i++)
        if (!g->flights[i].done)
            return false;
    return true;
}

static enum nr_status fly(struct group *g, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    struct nr_http_done done;
    double wait;
    while (!status) {
        status = send_ready(g, &wait, err);
        if (status || is_finished(g))
            return status;
        status = nr_http_pool_wait(g->remote->pool, wait, &done, err);
        if (status == NR_OK)
            status = on_done(g, &done, err);
        else if (status == NR_END || status == NR_ERR_INTERRUPTED)
            status = NR_OK; /* interrupted: what is in flight ends at once, and nothing more is sent */
    }
    return status;
}

static enum nr_status remote_draft(void *state, const struct nr_prompt *prompts, size_t count, bool again,
                                   const struct nr_limits *limits, struct nr_draft *drafts, struct nr_error *err)
{
    struct group *g = calloc(1, sizeof *g);
    if (!g)
        return nr_fail_nomem(err, "requests");
    *g = (struct group){.remote = state, .count = count, .again = again, .limits = limits};
    for (size_t i = 0; i < count; i++)
        g->flights[i] = (struct flight){.prompt = &prompts[i], .draft = &drafts[i]};
    enum nr_status status = fly(g, err);
    for (size_t i = 0; i < count; i++)
        nr_buf_release(&g->flights[i].body);
    free(g);
    return status;
}

const struct nr_engine nr_engine_http = {
    .name = "http", .open = remote_open, .draft = remote_draft, .close = remote_close};
