/* pipeline.c - see nightreel/pipeline.h for the whole flow. */
#include "nightreel/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

/* One stage over one dataset. */
struct stage_run {
    const struct nr_stage *stage;
    const struct nr_stage_env *env;
    struct nr_dataset *data;
    struct nr_store *store; /* may be NULL */
    struct nr_stage_tally *tally;
    char (*keys)[NR_DIGEST_HEX]; /* per item; "" where the result is not stored */
    size_t *todo, todo_count, total;
};

static enum nr_status plain_digest(void *ctx, const char *path, char out[65], struct nr_error *err)
{
    (void)ctx;
    return nr_digest_file(path, out, err);
}

static enum nr_status store_digest(void *ctx, const char *path, char out[65], struct nr_error *err)
{
    return nr_store_file_digest(ctx, path, out, err);
}

/* The digest under which this item's result is kept; "" for a result that is not. */
static enum nr_status item_key(const struct stage_run *run, const struct nr_item *item, char key[NR_DIGEST_HEX],
                               struct nr_error *err)
{
    struct nr_buf text = {0};
    key[0] = '\0';
    enum nr_status status = run->stage->key(run->env, item, &text, err);
    if (!status)
        status = nr_buf_status(&text, err);
    if (!status && text.length) {
        nr_buf_printf(&text, "\nstage %s record %s\n", run->stage->name, NR_VERSION);
        status = nr_buf_status(&text, err);
        if (!status)
            status = nr_digest_bytes(text.data, text.length, key, err);
    }
    nr_buf_release(&text);
    return status;
}

static bool begins_with(const char *text, const char *beginning)
{
    return text && strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool is_failure(const char *reason)
{
    return reason && !begins_with(reason, NR_STAGE_POSTPONED);
}

/* Only the error of this stage: a result never carries another one's. */
static void put_own_error(const struct nr_item *item, const char *stage, struct nr_buf *out)
{
    const char *reason = nr_item_error(item, stage);
    nr_json_open(out, '{');
    if (reason) {
        nr_json_put_key(out, "reason");
        nr_json_put_string(out, reason);
    }
    nr_json_close(out, '}');
}

/* A stored result is two lines: {"reason":...} and the item's parts. */
static enum nr_status restore_item(const struct stage_run *run, struct nr_item *item, const struct nr_buf *stored,
                                   struct nr_error *err)
{
    const char *newline = memchr(stored->data, '\n', stored->length);
    struct nr_json_doc *doc = NULL;
    if (!newline)
        return nr_fail(err, NR_ERR_DATA, "stored result of '%s' for video '%s' is damaged", run->stage->name,
                       item->video_id);
    size_t head = (size_t)(newline - stored->data);
    enum nr_status status = nr_json_parse(stored->data, head, &doc, err);
    const char *reason = status ? NULL : nr_json_string(nr_json_get(nr_json_root(doc), "reason"));
    if (!status)
        status = nr_item_read(item, newline + 1, stored->length - head - 1, run->stage->makes, err);
    if (!status && reason)
        status = nr_item_set_error(item, run->stage->name, reason, err);
    nr_json_free(doc);
    return status;
}

static enum nr_status keep_item(const struct stage_run *run, const struct nr_item *item, const char *key,
                                struct nr_error *err)
{
    struct nr_buf text = {0};
    const char *reason = nr_item_error(item, run->stage->name);
    put_own_error(item, run->stage->name, &text);
    nr_buf_putc(&text, '\n');
    nr_item_write(item, run->stage->makes, &text);
    enum nr_status status = nr_buf_status(&text, err);
    if (!status)
        status = nr_store_put(run->store, item->video_id, run->stage->name, key, text.data, text.length, reason, err);
    nr_buf_release(&text);
    return status;
}

/* Takes the item's result from the store where it has one; *found tells. */
static enum nr_status reuse_item(struct stage_run *run, size_t index, bool *found, struct nr_error *err)
{
    struct nr_item *item = &run->data->items.items[index];
    struct nr_buf stored = {0};
    *found = false;
    enum nr_status status = item_key(run, item, run->keys[index], err);
    if (!status && run->keys[index][0])
        status = nr_store_get(run->store, item->video_id, run->stage->name, run->keys[index], &stored, found, err);
    if (!status && *found)
        status = restore_item(run, item, &stored, err);
    if (!status && *found) {
        run->tally->reused++;
        run->tally->failed += is_failure(nr_item_error(item, run->stage->name));
    }
    nr_buf_release(&stored);
    return status;
}

/* Fills the todo list, in the order of video_id. */
static enum nr_status plan(struct stage_run *run, struct nr_error *err)
{
    size_t count = run->data->items.count;
    size_t *order = NULL;
    enum nr_status status = nr_item_list_order(&run->data->items, &order, err);
    run->todo = status ? NULL : malloc((count ? count : 1) * sizeof *run->todo);
    run->keys = status ? NULL : calloc(count ? count : 1, sizeof *run->keys);
    if (!status && (!run->todo || !run->keys))
        status = nr_fail_nomem(err, "the plan of a stage");
    for (size_t i = 0; i < count && !status; i++) {
        bool found = false;
        if (run->store)
            status = reuse_item(run, order[i], &found, err);
        if (!found)
            run->todo[run->todo_count++] = order[i];
    }
    run->total = run->todo_count;
    free(order);
    return status;
}

static enum nr_status item_done(void *ctx, size_t index, struct nr_error *err)
{
    struct stage_run *run = ctx;
    struct nr_item *item = &run->data->items.items[index];
    const char *reason = nr_item_error(item, run->stage->name);
    bool temporary = begins_with(reason, NR_STAGE_TRANSIENT) || begins_with(reason, NR_STAGE_POSTPONED);
    run->tally->made++;
    run->tally->failed += is_failure(reason);
    nr_report_progress(run->env->reporter, run->stage->name, run->tally->made, run->total);
    if (run->store && run->keys[index][0] && !temporary) {
        enum nr_status status = keep_item(run, item, run->keys[index], err);
        if (status)
            return status;
    }
    return nr_interrupted() ? NR_ERR_INTERRUPTED : NR_OK;
}

static enum nr_status run_per_item(struct stage_run *run, struct nr_error *err)
{
    struct nr_stage_sink sink = {item_done, run};
    enum nr_status status = plan(run, err);
    if (!status && run->todo_count)
        status = run->stage->run(run->env, run->data, run->todo, run->todo_count, &sink, err);
    free(run->todo);
    free(run->keys);
    return status;
}

/* Items in which one of these stages failed; what failed before is the business of
 * whoever ran that. */
static size_t count_failed(const struct nr_stage *const *stages, size_t count, const struct nr_item_list *items)
{
    size_t failed = 0;
    for (size_t i = 0; i < items->count; i++) {
        bool any = false;
        for (size_t s = 0; s < count; s++)
            any |= is_failure(nr_item_error(&items->items[i], stages[s]->name));
        failed += any;
    }
    return failed;
}

enum nr_status nr_pipeline_run(const struct nr_stage *const *stages, size_t count, struct nr_stage_env *env,
                               struct nr_dataset *data, struct nr_store *store, struct nr_pipeline_result *result,
                               struct nr_error *err)
{
    enum nr_status status = NR_OK;
    *result = (struct nr_pipeline_result){.stage_count = 0};
    if (count > NR_PIPELINE_STAGES_MAX)
        return nr_fail(err, NR_ERR_INTERNAL, "more than %d stages", NR_PIPELINE_STAGES_MAX);
    if (!env->file_digest) {
        env->file_digest = store ? store_digest : plain_digest;
        env->digest_ctx = store;
    }
    for (size_t i = 0; i < count && !status; i++) {
        double started = nr_clock_seconds();
        struct nr_stage_tally *tally = &result->stages[result->stage_count++];
        tally->stage = stages[i]->name;
        struct stage_run run = {.stage = stages[i], .env = env, .data = data, .store = store, .tally = tally};
        status = stages[i]->makes ? run_per_item(&run, err) : stages[i]->run(env, data, NULL, 0, NULL, err);
        tally->seconds = nr_clock_seconds() - started;
        if (!status && nr_interrupted())
            status = NR_ERR_INTERRUPTED;
        nr_report(env->reporter, NR_LOG_DEBUG, "stage %s: %zu made, %zu reused, %zu failed, %.2f s", tally->stage,
                  tally->made, tally->reused, tally->failed, tally->seconds);
    }
    result->failed_items = count_failed(stages, count, &data->items) + data->failed_rows;
    return status;
}
