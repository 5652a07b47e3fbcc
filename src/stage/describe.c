/* describe.c - per item: the description, by a language model or extractive.
 *
 * An endpoint that stops answering costs no description: the rest is extractive for
 * now, marked by a temporary error, and is done again by the next run. */
#include <stdlib.h>
#include <string.h>

#include "nightreel/stage.h"
#include "stage/describe_neighbours.h"
#include "stage/describe_topics.h"
#include "stage/describe_vectors.h"

#include "core/banned.h"

struct describe_run {
    const struct nr_stage_env *env;
    struct nr_dataset *data;
    const size_t *todo;
    const struct nr_stage_sink *sink;
};

static enum nr_status key(const struct nr_stage_env *env, const struct nr_item *item, struct nr_buf *out,
                          struct nr_error *err)
{
    struct nr_describe_plan plan;
    char digest[65];
    enum nr_status status = nr_describe_plan_make(&env->settings->describe, &plan, err);
    if (status)
        return status;
    if (plan.model_is_file)
        status = env->file_digest(env->digest_ctx, plan.model, digest, err);
    if (!status && plan.model_is_file)
        nr_buf_printf(out, "model %s\n", digest);
    if (!status && plan.lora)
        status = env->file_digest(env->digest_ctx, plan.lora, digest, err);
    if (!status && plan.lora)
        nr_buf_printf(out, "lora %s scale %g\n", digest, plan.lora_scale);
    if (!status)
        nr_describe_key(&env->settings->describe, &plan, item, out);
    nr_describe_plan_release(&plan);
    return status;
}

static enum nr_status note_problem(struct nr_item *item, const char *problem, struct nr_error *err)
{
    struct nr_buf reason = {.max = 1024};
    bool postponed = strncmp(problem, NR_STAGE_POSTPONED, strlen(NR_STAGE_POSTPONED)) == 0;
    nr_buf_printf(&reason, "%s%s", postponed ? "" : NR_STAGE_TRANSIENT, problem);
    enum nr_status status = nr_item_set_error(item, "describe", reason.data ? reason.data : problem, err);
    nr_buf_release(&reason);
    return status;
}

static enum nr_status on_done(void *ctx, size_t task, const char *problem, struct nr_error *err)
{
    struct describe_run *run = ctx;
    size_t index = run->todo[task];
    enum nr_status status = problem ? note_problem(&run->data->items.items[index], problem, err) : NR_OK;
    return status ? status : run->sink->item_done(run->sink->ctx, index, err);
}

/* What a model is told besides the record itself: near titles, and topics. */
static enum nr_status find_surroundings(const struct describe_run *run, size_t count,
                                        const struct nr_topics *vocabulary, struct nr_arena *mem,
                                        struct nr_strings *near, struct nr_strings *topics, struct nr_error *err)
{
    struct nr_item_list *items = &run->data->items;
    struct nr_embedder *embedder = NULL;
    enum nr_status status = nr_neighbours_find(items, run->todo, count, run->env->settings->threads, mem, near, err);
    if (!status)
        status = nr_vectors_open(run->env, &embedder, err);
    if (!status)
        status = nr_topics_propose(embedder, items, run->todo, count, vocabulary, mem, topics, err);
    nr_embedder_close(embedder);
    return status;
}

static enum nr_status make_tasks(const struct describe_run *run, size_t count, bool model,
                                 const struct nr_topics *vocabulary, struct nr_arena *mem,
                                 struct nr_describe_task **out, struct nr_error *err)
{
    struct nr_describe_task *tasks = nr_arena_alloc(mem, count, sizeof *tasks);
    struct nr_strings *near = nr_arena_alloc(mem, count, sizeof *near);
    struct nr_strings *topics = nr_arena_alloc(mem, count, sizeof *topics);
    *out = tasks;
    if (!tasks || !near || !topics)
        return nr_fail_nomem(err, "descriptions");
    enum nr_status status = model ? find_surroundings(run, count, vocabulary, mem, near, topics, err) : NR_OK;
    for (size_t i = 0; i < count; i++)
        tasks[i] = (struct nr_describe_task){&run->data->items.items[run->todo[i]], near[i], topics[i]};
    return status;
}

static void report_tally(const struct nr_reporter *reporter, const struct nr_describe_tally *tally, const char *model)
{
    if (tally->postponed)
        nr_report(reporter, NR_LOG_WARNING,
                  "describe: the budget is used up; %zu videos have extractive descriptions until another run",
                  tally->postponed);
    nr_report(reporter, NR_LOG_INFO,
              "describe: %zu by %s, %zu asked twice, %zu rejected, %zu without an answer, %zu left for another run; "
              "%.1f s, %.0f tokens",
              tally->described, model, tally->retried, tally->rejected, tally->lost, tally->postponed, tally->seconds,
              tally->tokens);
}

static enum nr_status describe_all(const struct describe_run *run, const struct nr_describe_plan *plan, size_t count,
                                   struct nr_error *err)
{
    const struct nr_stage_env *env = run->env;
    struct nr_describe_params params = env->settings->describe;
    struct nr_describe_task *tasks = NULL;
    struct nr_describe_tally tally = {0};
    struct nr_topics vocabulary;
    struct nr_arena mem = {0};
    char digest[65] = "";
    if (!params.threads)
        params.threads = env->settings->threads;
    params.pictures = env->settings->decode.thumbnails;
    enum nr_status status = nr_topics_make(&run->data->items, &mem, &vocabulary, err);
    if (!status)
        status = make_tasks(run, count, plan->model != NULL, &vocabulary, &mem, &tasks, err);
    if (!status && plan->model_is_file)
        status = env->file_digest(env->digest_ctx, plan->model, digest, err);
    struct nr_describe_job job = {.params = &params,
                                  .plan = plan,
                                  .model_hash = *digest ? digest : NULL,
                                  .count_words = nr_words_count,
                                  .vocabulary = &vocabulary,
                                  .tasks = tasks,
                                  .count = count,
                                  .done = on_done,
                                  .ctx = (void *)run,
                                  .reporter = env->reporter};
    if (!status)
        status = nr_describe(&job, &tally, err);
    if (plan->model)
        report_tally(env->reporter, &tally, plan->model);
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
