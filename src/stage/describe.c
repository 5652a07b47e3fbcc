/* describe.c - per item: the description, by a language model or extractive.
 *
 * An endpoint that stops answering costs no description: the rest is extractive for
 * now, marked by a temporary error, and is done again by the next run. */
#include <stdlib.h>
#include <string.h>

#include "nightreel/stage.h"
#include "stage/describe_neighbours.h"

#include "core/banned.h"

struct describe_run {
    const struct nr_stage_env *env;
    struct nr_dataset *data;
    const size_t *todo;
    const struct nr_stage_sink *sink;
};

static bool is_file(const struct nr_describe_plan *plan)
{
    return strcmp(plan->engine, "llama") == 0;
}

static enum nr_status key(const struct nr_stage_env *env, const struct nr_item *item, struct nr_buf *out,
                          struct nr_error *err)
{
    struct nr_describe_plan plan;
    char digest[65];
    enum nr_status status = nr_describe_plan_make(&env->settings->describe, &plan, err);
    if (status)
        return status;
    if (is_file(&plan))
        status = env->file_digest(env->digest_ctx, plan.model, digest, err);
    if (!status && is_file(&plan))
        nr_buf_printf(out, "model %s\n", digest);
    if (!status)
        nr_describe_key(&env->settings->describe, &plan, item, out);
    nr_describe_plan_release(&plan);
    return status;
}

static enum nr_status on_done(void *ctx, size_t task, const char *problem, struct nr_error *err)
{
    struct describe_run *run = ctx;
    size_t index = run->todo[task];
    struct nr_item *item = &run->data->items.items[index];
    if (problem) {
        struct nr_buf reason = {.max = 1024};
        nr_buf_printf(&reason, NR_STAGE_TRANSIENT "%s", problem);
        enum nr_status status = nr_item_set_error(item, "describe", reason.data ? reason.data : problem, err);
        nr_buf_release(&reason);
        if (status)
            return status;
    }
    return run->sink->item_done(run->sink->ctx, index, err);
}

static enum nr_status make_tasks(const struct describe_run *run, size_t count, bool neighbours, struct nr_arena *mem,
                                 struct nr_describe_task **out, struct nr_error *err)
{
    struct nr_describe_task *tasks = nr_arena_alloc(mem, count, sizeof *tasks);
    struct nr_strings *rows = nr_arena_alloc(mem, count, sizeof *rows);
    *out = tasks;
    if (!tasks || !rows)
        return nr_fail_nomem(err, "descriptions");
    enum nr_status status = NR_OK;
    if (neighbours)
        status = nr_neighbours_find(&run->data->items, run->todo, count, run->env->settings->threads, mem, rows, err);
    for (size_t i = 0; i < count; i++)
        tasks[i] = (struct nr_describe_task){&run->data->items.items[run->todo[i]], rows[i]};
    return status;
}

static enum nr_status describe_all(const struct describe_run *run, const struct nr_describe_plan *plan, size_t count,
                                   struct nr_error *err)
{
    const struct nr_stage_env *env = run->env;
    struct nr_describe_params params = env->settings->describe;
    struct nr_describe_task *tasks = NULL;
    struct nr_describe_tally tally = {0};
    struct nr_arena mem = {0};
    char digest[65] = "";
    if (!params.threads)
        params.threads = env->settings->threads;
    enum nr_status status = make_tasks(run, count, plan->model != NULL, &mem, &tasks, err);
    if (!status && is_file(plan))
        status = env->file_digest(env->digest_ctx, plan->model, digest, err);
    if (!status)
        status = nr_describe(&params, plan, *digest ? digest : NULL, nr_words_count, tasks, count, on_done, (void *)run,
                             &tally, err);
    if (plan->model)
        nr_report(env->reporter, NR_LOG_INFO,
                  "describe: %zu by %s, %zu asked twice, %zu rejected, %zu without an answer", tally.described,
                  plan->model, tally.retried, tally.rejected, tally.lost);
    nr_arena_release(&mem);
    return status;
}

static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    struct describe_run self = {env, data, todo, sink};
    struct nr_describe_plan plan;
    enum nr_status status = nr_describe_plan_make(&env->settings->describe, &plan, err);
    if (status)
        return status;
    if (count && !plan.model && !env->settings->describe.llm)
        nr_report(env->reporter, NR_LOG_INFO,
                  "describe: no language model found (scripts/setup gets one); descriptions are extractive");
    if (count)
        status = describe_all(&self, &plan, count, err);
    nr_describe_plan_release(&plan);
    return status;
}

const struct nr_stage nr_stage_describe = {
    .name = "describe",
    .summary = "descriptions by a language model, or extractive",
    .makes = NR_PART_DESCRIPTION,
    .key = key,
    .run = run,
};
