/* label.c - topics and sentiment by what an editor's labels taught, in place of those
 * of the description. It costs a product per head and video, and so runs every time:
 * the descriptions in the store stay as the engine made them. */
#include <stdlib.h>
#include <string.h>

#include "nightreel/language_heads.h"
#include "nightreel/stage.h"
#include "nightreel/stage_labels.h"
#include "stage/describe_vectors.h"

#include "core/banned.h"

/* Every item's vector, made where it is missing, and the name of what makes them. */
static enum nr_status prepare(const struct nr_stage_env *env, struct nr_item_list *items, struct nr_buf *model,
                              struct nr_error *err)
{
    struct nr_embed_plan plan;
    struct nr_embedder *embedder = NULL;
    char digest[65] = "";
    size_t *all = malloc((items->count ? items->count : 1) * sizeof *all);
    enum nr_status status = all ? nr_embed_plan_make(&env->settings->embed, &plan, err) : nr_fail_nomem(err, "heads");
    if (status) {
        free(all);
        return status;
    }
    if (!plan.model)
        status = nr_fail(err, NR_ERR_UNAVAILABLE, "heads need a sentence-embedding model (--embed): none was found");
    if (!status && plan.is_file)
        status = env->file_digest(env->digest_ctx, plan.model, digest, err);
    nr_buf_puts(model, plan.is_file ? digest : plan.model ? plan.model : "");
    for (size_t i = 0; i < items->count; i++)
        all[i] = i;
    if (!status)
        status = nr_vectors_open(env, &embedder, err);
    if (!status)
        status = nr_vectors_ensure_text(embedder, items, all, items->count, err);
    nr_embedder_close(embedder);
    nr_embed_plan_release(&plan);
    free(all);
    return status ? status : nr_buf_status(model, err);
}

static void report_training(const struct nr_reporter *reporter, const struct nr_heads *heads)
{
    if (heads->topics.count)
        nr_report(reporter, NR_LOG_WARNING,
                  "heads: %zu topics from %zu videos; cross-validated F1 %.3f (precision %.3f, recall %.3f)",
                  heads->topics.count, heads->topics.records, heads->topics.f1, heads->topics.precision,
                  heads->topics.recall);
    if (heads->sentiment.count)
        nr_report(reporter, NR_LOG_WARNING,
                  "heads: sentiment from %zu videos; cross-validated accuracy %.3f (always the commonest: %.3f)",
                  heads->sentiment.records, heads->sentiment.accuracy, heads->sentiment.baseline);
}

static enum nr_status train(const struct nr_stage_env *env, const struct nr_item_list *items, const char *model,
                            struct nr_heads *heads, struct nr_error *err)
{
    const struct nr_label_params *params = &env->settings->label;
    struct nr_arena mem = {0};
    struct nr_label_list labels;
    size_t count = 0, length = 0;
    struct nr_head_example *examples = malloc((items->count ? items->count : 1) * sizeof *examples);
    enum nr_status status = examples ? nr_labels_read(params->train, &mem, &labels, err) : nr_fail_nomem(err, "heads");
    for (size_t i = 0; i < items->count && !status; i++) {
        const struct nr_item *item = &items->items[i];
        const struct nr_label *label = nr_label_find(&labels, item->video_id);
        if (!label || !item->raw_text.values || (length && item->raw_text.length != length))
            continue;
        length = item->raw_text.length;
        examples[count++] = (struct nr_head_example){label, item->raw_text.values};
    }
    if (!status)
        status = nr_heads_train(examples, count, length, model, env->settings->threads, heads, err);
    if (!status && params->heads)
        status = nr_heads_write(heads, params->heads, err);
    if (!status)
        report_training(env->reporter, heads);
    free(examples);
    nr_arena_release(&mem);
    return status;
}

static enum nr_status load(const struct nr_stage_env *env, const char *model, struct nr_heads *heads,
                           struct nr_error *err)
{
    const char *path = env->settings->label.heads;
    enum nr_status status = nr_heads_read(path, heads, err);
    if (!status && strcmp(heads->model, model) != 0)
        status = nr_fail(err, NR_ERR_DATA, "'%s' was learned over another embedding model: train it anew", path);
    return status;
}

static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    const struct nr_label_params *params = &env->settings->label;
    struct nr_heads heads = {.length = 0};
    struct nr_buf model = {0};
    (void)todo;
    (void)count;
    (void)sink;
    if (!params->train && !params->heads)
        return NR_OK;
    enum nr_status status = prepare(env, &data->items, &model, err);
    if (!status)
        status = params->train ? train(env, &data->items, model.data, &heads, err) : load(env, model.data, &heads, err);
    for (size_t i = 0; i < data->items.count && !status; i++) {
        struct nr_item *item = &data->items.items[i];
        if (item->description && item->raw_text.values && item->raw_text.length == heads.length)
            status = nr_heads_apply(&heads, item->raw_text.values, item, err);
    }
    nr_heads_release(&heads);
    nr_buf_release(&model);
    return status;
}

const struct nr_stage nr_stage_label = {
    .name = "label",
    .summary = "topics and sentiment by an editor's labels, where there are any",
    .run = run,
};
