/* descriptions.c - groups of records to an engine, its drafts held against the records,
 * a second try, and the extractive description for what is left. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language/engine.h"
#include "language/replies.h"
#include "nightreel/io.h"

#include "core/banned.h"

struct describing {
    const struct nr_describe_job *job;
    const struct nr_engine *engine;
    void *state;
    struct nr_engine_info info;
    struct nr_describe_tally *tally;
    struct nr_output *record; /* --record-replies; NULL: none */
    double started;           /* s */
    size_t finished;          /* records of the groups before */
};

/* One record of the group on its way. */
struct attempt {
    const struct nr_describe_task *task;
    struct nr_buf text; /* its block of the prompt */
    bool settled, lost, postponed;
    const struct nr_description *labels; /* of a reply whose summary was rejected */
    char why[256];
};

static bool copy_strings(struct nr_arena *mem, const struct nr_strings *from, struct nr_strings *to)
{
    to->items = nr_arena_alloc(mem, from->count ? from->count : 1, sizeof *to->items);
    for (to->count = 0; to->items && to->count < from->count; to->count++)
        to->items[to->count] = nr_arena_strdup(mem, from->items[to->count]);
    return !mem->failed;
}

/* score = P(positive) - P(negative); the label is the most likely one. An endpoint
 * names a label and no chances: that label has all of it. */
static void judge(const struct nr_draft *draft, const struct nr_reply_check *check, struct nr_description *out)
{
    int best = check->sentiment >= 0 ? check->sentiment : NR_SENTIMENT_NEUTRAL;
    out->sentiment_score = (best == NR_SENTIMENT_POSITIVE) - (best == NR_SENTIMENT_NEGATIVE);
    if (draft->judged) {
        best = NR_SENTIMENT_NEUTRAL;
        for (int i = 0; i < NR_SENTIMENT_COUNT; i++)
            if (draft->chances[i] > draft->chances[best])
                best = i;
        out->sentiment_score = draft->chances[NR_SENTIMENT_POSITIVE] - draft->chances[NR_SENTIMENT_NEGATIVE];
    }
    out->sentiment = nr_sentiment_names[best];
}

static enum nr_status sign(const struct describing *d, const struct nr_describe_task *task, struct nr_description *out,
                           struct nr_error *err)
{
    struct nr_arena *mem = &task->item->mem;
    out->engine = d->engine->name;
    out->model = nr_arena_strdup(mem, d->info.model);
    out->model_hash = d->job->model_hash ? nr_arena_strndup(mem, d->job->model_hash, 16) : NULL;
    out->batch_width = d->info.threads ? d->info.width : 0;
    out->threads = d->info.threads;
    out->prompt_hash = nr_arena_strdup(mem, d->job->plan->prompt_hash);
    out->pictures = (int64_t)nr_describe_pictures(d->job->params, task->item);
    if (!copy_strings(mem, &task->neighbours, &out->neighbours))
        return nr_fail_nomem(err, "a description");
    task->item->description = out;
    return NR_OK;
}

static struct nr_reply_form form_of(const struct describing *d, const struct nr_describe_task *task)
{
    const struct nr_describe_params *params = d->job->params;
    return (struct nr_reply_form){task->item, &task->topics, d->job->vocabulary, params->summary_tokens,
                                  nr_describe_pictures(params, task->item)};
}

static const struct nr_template *template_of(const struct describing *d, const struct nr_item *item)
{
    return &d->job->plan->templates[nr_prompt_language_of(item)];
}

static bool names_known(const struct nr_description *labels)
{
    return labels->topics.count > labels->new_topics.count;
}

static void copy_labels(const struct nr_description *from, struct nr_description *to)
{
    to->topics = from->topics;
    to->new_topics = from->new_topics;
    to->sentiment = from->sentiment;
    to->sentiment_score = from->sentiment_score;
    to->audience = from->audience;
}

/* Turns a draft into the item's description, or says why not. */
static enum nr_status settle(struct describing *d, struct attempt *attempt, const struct nr_draft *draft,
                             struct nr_error *err)
{
    struct nr_item *item = attempt->task->item;
    struct nr_reply_form form = form_of(d, attempt->task);
    struct nr_reply_check check = {.sentiment = -1};
    attempt->lost = draft->state == NR_DRAFT_LOST;
    attempt->postponed = draft->state == NR_DRAFT_POSTPONED;
    snprintf(attempt->why, sizeof attempt->why, "%s", draft->why);
    if (draft->state != NR_DRAFT_MADE)
        return NR_OK;
    struct nr_description *out = nr_arena_alloc(&item->mem, 1, sizeof *out);
    if (!out)
        return nr_fail_nomem(err, "a description");
    attempt->settled = nr_reply_accept(draft->reply.data ? draft->reply.data : "", draft->reply.length, &form,
                                       template_of(d, item), &item->mem, out, &check);
    snprintf(attempt->why, sizeof attempt->why, "%s", check.why);
    if (attempt->settled || check.labelled)
        judge(draft, &check, out);
    /* The first reply's labels are kept: what makes the second say something else makes
     * it choose less likely labels, too. Not where all its topics are its own invention. */
    bool labelled = attempt->labels && names_known(attempt->labels);
    if (attempt->settled && labelled)
        copy_labels(attempt->labels, out);
    else if (check.labelled && !labelled)
        attempt->labels = out;
    return attempt->settled ? sign(d, attempt->task, out, err) : NR_OK;
}

static void postpone(struct attempt *attempt, const char *why)
{
    attempt->postponed = true;
    snprintf(attempt->why, sizeof attempt->why, "%s", why);
}

/* What is left of the budgets; false where nothing is. */
static bool find_limits(struct describing *d, struct nr_limits *limits)
{
    const struct nr_describe_params *params = d->job->params;
    double now = nr_clock_seconds();
    d->tally->seconds = now - d->started;
    *limits = (struct nr_limits){.until = INFINITY,
                                 .tokens = INFINITY,
                                 .reporter = d->job->reporter,
                                 .before = d->finished,
                                 .total = d->job->count};
    if (params->budget_tokens > 0) {
        limits->tokens = params->budget_tokens - d->tally->tokens;
        snprintf(limits->why, sizeof limits->why,
                 NR_DESCRIBE_POSTPONED "the %.0f tokens of --llm-budget-tokens are used up", params->budget_tokens);
    }
    if (params->budget_seconds > 0) {
        limits->until = d->started + params->budget_seconds;
        if (limits->tokens > 0)
            snprintf(limits->why, sizeof limits->why,
                     NR_DESCRIBE_POSTPONED "the %g s of --llm-budget-seconds are used up", params->budget_seconds);
    }
    return limits->tokens > 0 && now < limits->until;
}

/* Asks the engine for all of the group that is not settled. */
static enum nr_status ask(struct describing *d, struct attempt *attempts, size_t count, bool again,
                          struct nr_error *err)
{
    struct nr_prompt prompts[NR_GROUP_MAX];
    struct nr_draft drafts[NR_GROUP_MAX];
    struct attempt *asked[NR_GROUP_MAX];
    struct nr_limits limits;
    bool spent = !find_limits(d, &limits) || nr_interrupted();
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct nr_item *item = attempts[i].task->item;
        if (attempts[i].settled || attempts[i].lost || attempts[i].postponed)
            continue;
        if (spent) {
            postpone(&attempts[i], nr_interrupted() ? NR_DESCRIBE_POSTPONED "interrupted" : limits.why);
            continue;
        }
        asked[n] = &attempts[i];
        drafts[n] = (struct nr_draft){.state = NR_DRAFT_MADE};
        prompts[n++] =
            (struct nr_prompt){template_of(d, item), nr_prompt_language_of(item),
                               attempts[i].text.data ? attempts[i].text.data : "", form_of(d, attempts[i].task)};
    }
    enum nr_status status = n ? d->engine->draft(d->state, prompts, n, again, &limits, drafts, err) : NR_OK;
    for (size_t i = 0; i < n; i++) {
        d->tally->tokens += (double)drafts[i].tokens;
        if (!status && d->record && drafts[i].state != NR_DRAFT_POSTPONED)
            status = nr_replies_write(d->record, &d->info, &prompts[i], again, &drafts[i], err);
        if (!status)
            status = settle(d, asked[i], &drafts[i], err);
        nr_buf_release(&drafts[i].reply);
    }
    if (again)
        d->tally->retried += n;
    return status;
}

static enum nr_status ask_twice(struct describing *d, struct attempt *attempts, size_t count, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < count && !status; i++) {
        const struct nr_describe_task *task = attempts[i].task;
        struct nr_prompt_source source = {.item = task->item,
                                          .neighbours = &task->neighbours,
                                          .topics = &task->topics,
                                          .count_words = d->job->count_words,
                                          .tokens = d->info.tokens,
                                          .subtitle_tokens = d->job->params->subtitle_tokens};
        status = nr_prompt_render(template_of(d, task->item), &source, &attempts[i].text, err);
    }
    if (!status)
        status = ask(d, attempts, count, false, err);
    if (!status)
        status = ask(d, attempts, count, true, err);
    return status;
}

/* What is not settled gets the extractive description. *problem: worth another night. */
static enum nr_status fall_back(struct describing *d, struct attempt *attempt, char problem[400], struct nr_error *err)
{
    problem[0] = '\0';
    if (attempt->settled) {
        d->tally->described++;
        return NR_OK;
    }
    if (d->engine->draft) {
        bool answered = !attempt->lost && !attempt->postponed;
        d->tally->postponed += attempt->postponed;
        d->tally->lost += attempt->lost;
        d->tally->rejected += answered;
        if (!answered || !d->info.repeatable)
            snprintf(problem, 400, "%s%s", answered ? "the model's reply was rejected: " : "", attempt->why);
    }
    enum nr_status status =
        nr_describe_extractive(attempt->task->item, d->job->params->summary_tokens, d->job->count_words, err);
    /* A summary that was rejected for good: the model's labels are better than those of
     * word lists all the same. */
    if (!status && attempt->labels && !problem[0]) {
        copy_labels(attempt->labels, attempt->task->item->description);
        attempt->task->item->description->labels_by = d->engine->name;
    }
    return status;
}

static enum nr_status describe_group(struct describing *d, size_t first, size_t count, struct nr_error *err)
{
    struct attempt attempts[NR_GROUP_MAX];
    enum nr_status status = NR_OK;
    memset(attempts, 0, sizeof attempts);
    for (size_t i = 0; i < count; i++)
        attempts[i].task = &d->job->tasks[first + i];
    if (d->engine->draft)
        status = ask_twice(d, attempts, count, err);
    for (size_t i = 0; i < count; i++) {
        char problem[400];
        if (!status)
            status = fall_back(d, &attempts[i], problem, err);
        if (!status)
            status = d->job->done(d->job->ctx, first + i, problem[0] ? problem : NULL, err);
        nr_buf_release(&attempts[i].text);
    }
    d->finished += count;
    if (!status && nr_interrupted())
        status = nr_fail(err, NR_ERR_INTERRUPTED, "interrupted");
    return status;
}

static enum nr_status describe_all(struct describing *d, struct nr_error *err)
{
    const struct nr_describe_job *job = d->job;
    enum nr_status status = NR_OK;
    d->started = nr_clock_seconds();
    if (d->engine->open)
        status = d->engine->open(job->params, job->plan, &d->state, &d->info, err);
    for (size_t at = 0; at < job->count && !status; at += d->info.group)
        status = describe_group(d, at, job->count - at < d->info.group ? job->count - at : d->info.group, err);
    if (d->engine->close)
        d->engine->close(d->state);
    d->tally->seconds = nr_clock_seconds() - d->started;
    return status;
}

enum nr_status nr_describe(const struct nr_describe_job *job, struct nr_describe_tally *tally, struct nr_error *err)
{
    struct describing d = {
        .job = job, .engine = nr_engine_find(job->plan->engine), .info = {.width = 1, .group = 1}, .tally = tally};
    enum nr_status status = NR_OK;
    *tally = (struct nr_describe_tally){0};
    if (!job->count)
        return NR_OK;
    if (job->params->record && d.engine->draft)
        status = nr_output_open(job->params->record, &d.record, err);
    if (status)
        return status;
    status = describe_all(&d, err);
    if (status || !d.record)
        nr_output_abandon(d.record);
    else
        status = nr_output_commit(d.record, err);
    return status;
}
