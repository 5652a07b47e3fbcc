/* engine_replay.c - recorded replies instead of a model: for tests, for audits, and to
 * try new checks on old replies. See replies.h for the file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language/replies.h"

#include "core/banned.h"

static const char *const state_names[] = {
    [NR_DRAFT_MADE] = "made", [NR_DRAFT_BROKEN] = "broken", [NR_DRAFT_LOST] = "lost"};

enum nr_status nr_replies_write(struct nr_output *out, const struct nr_engine_info *info,
                                const struct nr_prompt *prompt, bool again, const struct nr_draft *draft,
                                struct nr_error *err)
{
    struct nr_buf line = {0};
    nr_json_open(&line, '{');
    nr_json_put_key(&line, "video_id");
    nr_json_put_string(&line, prompt->form.item->video_id);
    nr_json_put_key(&line, "again");
    nr_json_put_bool(&line, again);
    nr_json_put_key(&line, "model");
    nr_json_put_string(&line, info->model);
    nr_json_put_key(&line, "prompt");
    nr_json_put_string(&line, prompt->text);
    nr_json_put_key(&line, "state");
    nr_json_put_string(&line, state_names[draft->state]);
    nr_json_put_key(&line, "why");
    nr_json_put_string(&line, draft->why);
    nr_json_put_key(&line, "reply");
    nr_json_put_string(&line, draft->reply.data ? draft->reply.data : "");
    if (draft->judged) {
        nr_json_put_key(&line, "chances");
        nr_json_open(&line, '[');
        for (int i = 0; i < NR_SENTIMENT_COUNT; i++)
            nr_json_put_double(&line, draft->chances[i]);
        nr_json_close(&line, ']');
    }
    nr_json_put_key(&line, "tokens");
    nr_json_put_int(&line, (int64_t)draft->tokens);
    nr_json_close(&line, '}');
    nr_buf_putc(&line, '\n');
    enum nr_status status = nr_buf_status(&line, err);
    if (!status)
        status = nr_output_write(out, line.data, line.length, err);
    nr_buf_release(&line);
    return status;
}

/* ---- reading them ------------------------------------------------------------------------ */

struct recorded {
    const char *video_id, *reply, *why;
    bool again, judged;
    enum nr_draft_state state;
    double chances[NR_SENTIMENT_COUNT];
    size_t tokens, line;
};

struct replay {
    struct nr_arena mem;
    struct recorded *replies; /* by video_id, again, line */
    size_t count, capacity;
};

static int by_video(const void *a, const void *b)
{
    const struct recorded *left = a, *right = b;
    int order = nr_id_compare(left->video_id, right->video_id);
    if (!order)
        order = left->again - right->again;
    return order ? order : left->line < right->line ? -1 : left->line > right->line;
}

static void read_chances(const struct nr_json_doc *doc, const struct nr_json *value, struct recorded *out)
{
    size_t length = 0;
    const double *numbers = nr_json_vector(doc, value, &length);
    out->judged = numbers && length == NR_SENTIMENT_COUNT;
    for (int i = 0; i < NR_SENTIMENT_COUNT && out->judged; i++)
        out->judged = (out->chances[i] = numbers[i]) >= 0 && numbers[i] <= 1;
}

static bool read_reply(struct replay *r, const struct nr_json_doc *doc, struct recorded *out)
{
    const struct nr_json *root = nr_json_root(doc);
    const char *id = nr_json_string(nr_json_get(root, "video_id")), *reply = nr_json_string(nr_json_get(root, "reply"));
    const char *state = nr_json_string(nr_json_get(root, "state")), *why = nr_json_string(nr_json_get(root, "why"));
    double tokens = nr_json_number(nr_json_get(root, "tokens"));
    size_t which = 0;
    while (state && which < NR_COUNT(state_names) && strcmp(state_names[which], state) != 0)
        which++;
    if (!id || !reply || which == NR_COUNT(state_names))
        return false;
    *out = (struct recorded){.video_id = nr_arena_strdup(&r->mem, id),
                             .reply = nr_arena_strdup(&r->mem, reply),
                             .why = nr_arena_strdup(&r->mem, why ? why : ""),
                             .again = nr_json_bool(nr_json_get(root, "again")),
                             .state = (enum nr_draft_state)which,
                             .tokens = tokens >= 0 && tokens < 1e9 ? (size_t)tokens : 0};
    read_chances(doc, nr_json_get(root, "chances"), out);
    return !r->mem.failed;
}

static enum nr_status add_line(struct replay *r, const struct nr_input *in, const char *text, size_t length,
                               struct nr_engine_info *info, struct nr_error *err)
{
    struct nr_json_doc *doc = NULL;
    if (r->count == r->capacity) {
        size_t capacity = r->capacity ? 2 * r->capacity : 256;
        struct recorded *grown = realloc(r->replies, capacity * sizeof *grown);
        if (!grown)
            return nr_fail_nomem(err, "recorded replies");
        r->replies = grown;
        r->capacity = capacity;
    }
    struct nr_error failure = {.text = "it is no recorded reply"};
    enum nr_status status = nr_json_parse(text, length, &doc, &failure);
    if (status || !read_reply(r, doc, &r->replies[r->count]))
        status = nr_fail(err, NR_ERR_DATA, "%s:%zu: %s", nr_input_name(in), nr_input_line_number(in), failure.text);
    const char *model = status ? NULL : nr_json_string(nr_json_get(nr_json_root(doc), "model"));
    if (model && !r->count)
        snprintf(info->model, sizeof info->model, "%s", model);
    if (!status)
        r->replies[r->count++].line = nr_input_line_number(in);
    nr_json_free(doc);
    return status;
}

static void replay_close(void *state)
{
    struct replay *r = state;
    if (!r)
        return;
    nr_arena_release(&r->mem);
    free(r->replies);
    free(r);
}

static enum nr_status replay_open(const struct nr_describe_params *params, const struct nr_describe_plan *plan,
                                  void **state, struct nr_engine_info *info, struct nr_error *err)
{
    struct nr_input *in = NULL;
    const char *line;
    size_t length;
    struct replay *r = calloc(1, sizeof *r);
    *state = r;
    *info = (struct nr_engine_info){.width = params->batch_width, .group = params->batch_width, .repeatable = true};
    if (!r)
        return nr_fail_nomem(err, "recorded replies");
    enum nr_status status = nr_input_open(plan->model, &in, err);
    while (!status && (status = nr_input_line(in, &line, &length, err)) == NR_OK)
        if (length)
            status = add_line(r, in, line, length, info, err);
    nr_input_close(in);
    if (status != NR_END)
        return status;
    if (r->count)
        qsort(r->replies, r->count, sizeof *r->replies, by_video);
    return NR_OK;
}

/* The last reply that was recorded for the video at that try. */
static const struct recorded *find(const struct replay *r, const char *video_id, bool again)
{
    const struct recorded key = {.video_id = video_id, .again = again, .line = SIZE_MAX};
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_video(&r->replies[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct recorded *last = low ? &r->replies[low - 1] : NULL;
    return last && last->again == again && strcmp(last->video_id, video_id) == 0 ? last : NULL;
}

static enum nr_status replay_draft(void *state, const struct nr_prompt *prompts, size_t count, bool again,
                                   const struct nr_limits *limits, struct nr_draft *drafts, struct nr_error *err)
{
    (void)limits;
    for (size_t i = 0; i < count; i++) {
        struct nr_draft *draft = &drafts[i];
        const struct recorded *recorded = find(state, prompts[i].form.item->video_id, again);
        draft->state = recorded ? recorded->state : NR_DRAFT_BROKEN;
        snprintf(draft->why, sizeof draft->why, "%s", recorded ? recorded->why : "no reply is recorded for it");
        if (!recorded)
            continue;
        nr_buf_puts(&draft->reply, recorded->reply);
        draft->judged = recorded->judged;
        memcpy(draft->chances, recorded->chances, sizeof draft->chances);
        draft->tokens = recorded->tokens;
        enum nr_status status = nr_buf_status(&draft->reply, err);
        if (status)
            return status;
    }
    return NR_OK;
}

const struct nr_engine nr_engine_replay = {
    .name = "replay", .open = replay_open, .draft = replay_draft, .close = replay_close};
