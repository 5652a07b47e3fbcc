/* export.c - pairs for training: what a model is told of a video, and the description
 * that was accepted for it (JSON Lines in chat format). */
#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"
#include "nightreel/language_prompt.h"
#include "nightreel/language_reply.h"
#include "stage/describe_topics.h"
#include "stage/describe_vectors.h"

#include "core/banned.h"

struct export
{
    const struct nr_settings *settings;
    struct nr_item_list *items;
    size_t *order; /* of those with an accepted description, by video_id */
    struct nr_strings *topics;
    size_t count;
};

static bool is_accepted(const struct nr_item *item)
{
    const struct nr_description *d = item->description;
    return d && d->engine && d->summary && strcmp(d->engine, "extractive") != 0;
}

static enum nr_status choose_items(struct export *x, struct nr_arena *mem, struct nr_error *err)
{
    enum nr_status status = nr_item_list_order(x->items, &x->order, err);
    for (size_t i = 0; i < x->items->count && !status; i++)
        if (is_accepted(&x->items->items[x->order[i]]))
            x->order[x->count++] = x->order[i];
    x->topics = nr_arena_alloc(mem, x->count + 1, sizeof *x->topics);
    return !status && !x->topics ? nr_fail_nomem(err, "training pairs") : status;
}

static enum nr_status propose(struct export *x, const struct nr_stage_env *env, struct nr_arena *mem,
                              struct nr_error *err)
{
    struct nr_topics vocabulary;
    struct nr_embedder *embedder = NULL;
    enum nr_status status = nr_topics_make(x->items, mem, &vocabulary, err);
    if (!status)
        status = nr_vectors_open(env, &embedder, err);
    if (!status)
        status = nr_topics_propose(embedder, x->items, x->order, x->count, &vocabulary, mem, x->topics, err);
    nr_embedder_close(embedder);
    return status;
}

static void put_message(struct nr_buf *out, const char *role, const char *text)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "role");
    nr_json_put_string(out, role);
    nr_json_put_key(out, "content");
    nr_json_put_string(out, text);
    nr_json_close(out, '}');
}

/* Blanks stand where a model's reply has them (src/language/grammar.c); the JSON writer,
 * which sees what comes before, would put a comma of its own behind them. */
static void put_text(struct nr_buf *out, const char *before, const char *text)
{
    struct nr_buf quoted = {0};
    nr_json_put_string(&quoted, text);
    nr_buf_puts(out, before);
    nr_buf_append(out, quoted.data, quoted.length);
    out->failed |= quoted.failed;
    nr_buf_release(&quoted);
}

static void put_list(struct nr_buf *out, const char *before, const struct nr_strings *list)
{
    nr_buf_puts(out, before);
    for (size_t i = 0; i < list->count; i++)
        put_text(out, i ? ", " : "", list->items[i]);
    nr_buf_putc(out, ']');
}

/* The description as a model should have written it. */
static void put_answer(const struct nr_description *d, struct nr_buf *out)
{
    struct nr_buf reply = {0};
    put_text(&reply, "{\"summary\": ", d->summary);
    put_list(&reply, ", \"topics\": [", &d->topics);
    put_list(&reply, ", \"keywords\": [", &d->keywords);
    put_text(&reply, ", \"sentiment\": ", d->sentiment ? d->sentiment : nr_sentiment_names[NR_SENTIMENT_NEUTRAL]);
    put_text(&reply, ", \"audience\": ", d->audience ? d->audience : nr_audience_names[NR_AUDIENCE_GENERAL]);
    nr_buf_puts(&reply, "}");
    put_message(out, "assistant", reply.data);
    out->failed |= reply.failed;
    nr_buf_release(&reply);
}

static enum nr_status put_pair(const struct export *x, size_t index, const struct nr_template *templates,
                               struct nr_buf *out, struct nr_error *err)
{
    const struct nr_item *item = &x->items->items[x->order[index]];
    const struct nr_template *tmpl = &templates[nr_prompt_language_of(item)];
    struct nr_prompt_source source = {.item = item,
                                      .neighbours = &item->description->neighbours,
                                      .topics = &x->topics[index],
                                      .count_words = nr_words_count,
                                      .subtitle_tokens = x->settings->describe.subtitle_tokens};
    struct nr_buf prompt = {0};
    enum nr_status status = nr_prompt_render(tmpl, &source, &prompt, err);
    nr_json_open(out, '{');
    nr_json_put_key(out, "messages");
    nr_json_open(out, '[');
    for (size_t i = 0; i < tmpl->count; i++)
        if (strcmp(tmpl->messages[i].role, "system") == 0)
            put_message(out, "system", tmpl->messages[i].text);
    put_message(out, "user", prompt.data ? prompt.data : "");
    put_answer(item->description, out);
    nr_json_close(out, ']');
    nr_json_close(out, '}');
    nr_buf_putc(out, '\n');
    nr_buf_release(&prompt);
    return status ? status : nr_buf_status(out, err);
}

static enum nr_status write_pairs(const struct export *x, struct nr_arena *mem, struct nr_error *err)
{
    const struct nr_describe_params *params = &x->settings->describe;
    struct nr_template templates[NR_PROMPT_LANGUAGE_COUNT];
    struct nr_output *file = NULL;
    struct nr_buf line = {0};
    char hash[17];
    enum nr_status status = nr_templates_load(params->prompt, params->prompt_dir, mem, templates, hash, err);
    if (!status)
        status = nr_output_open(x->settings->training, &file, err);
    for (size_t i = 0; i < x->count && !status; i++) {
        nr_buf_clear(&line);
        status = put_pair(x, i, templates, &line, err);
        if (!status)
            status = nr_output_write(file, line.data, line.length, err);
    }
    nr_buf_release(&line);
    if (status) {
        nr_output_abandon(file);
        return status;
    }
    return nr_output_commit(file, err);
}

static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    struct export x = {.settings = env->settings, .items = &data->items};
    struct nr_arena mem = {0};
    (void)todo;
    (void)count;
    (void)sink;
    if (!env->settings->training)
        return NR_OK;
    enum nr_status status = choose_items(&x, &mem, err);
    if (!status)
        status = propose(&x, env, &mem, err);
    if (!status)
        status = write_pairs(&x, &mem, err);
    if (!status)
        nr_report(env->reporter, NR_LOG_INFO, "export: %zu pairs of evidence and accepted description", x.count);
    free(x.order);
    nr_arena_release(&mem);
    return status;
}

const struct nr_stage nr_stage_export = {
    .name = "export",
    .summary = "pairs for training a language model, where they are asked for",
    .run = run,
};
