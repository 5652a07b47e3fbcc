/* plan.c - parameters: their defaults, what is wrong with them, what they mean. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "language/engine.h"
#include "language/models.h"

#include "core/banned.h"

/* Raised whenever prompts, grammar, checks or the extractive rules change so that the
 * same record would get another text. */
#define DESCRIBE_RECIPE 3

/* Far beyond use; much greater scales overflow in the model, and it writes nothing. */
#define LORA_SCALE_MAX 100

void nr_describe_params_default(struct nr_describe_params *params)
{
    *params = (struct nr_describe_params){.batch_width = 8,
                                          .max_tokens = 200,
                                          .summary_tokens = 50,
                                          .subtitle_tokens = 250,
                                          .timeout = 120,
                                          .requests = 4,
                                          .retries = 4,
                                          .vision_pictures = 4};
}

const char *nr_describe_params_check(const struct nr_describe_params *params)
{
    if (params->llm && !*params->llm)
        return "--llm must name a GGUF file or a URL, or be 'none'";
    if (params->batch_width < 1 || params->batch_width > NR_DESCRIBE_WIDTH_MAX)
        return "--llm-batch must be from 1 to 32";
    if (params->max_tokens < 40 || params->max_tokens > 2000)
        return "--llm-max-tokens must be from 40 to 2000";
    if (params->summary_tokens < 10 || params->summary_tokens > 500)
        return "--max-tokens must be from 10 to 500";
    if (params->subtitle_tokens > 900)
        return "--subtitle-tokens must be at most 900";
    if (params->prompt && params->prompt_dir)
        return "--prompt and --prompt-dir cannot be given together";
    if (!isfinite(params->budget_seconds) || params->budget_seconds < 0 || !isfinite(params->budget_tokens) ||
        params->budget_tokens < 0)
        return "--llm-budget-seconds and --llm-budget-tokens must be 0 (no limit) or more";
    if (params->requests < 1 || params->requests > NR_DESCRIBE_WIDTH_MAX)
        return "--llm-requests must be from 1 to 32";
    if (params->retries > 20)
        return "--llm-retries must be at most 20";
    if (params->vision_pictures < 1 || params->vision_pictures > 64)
        return "--vision-pictures must be from 1 to 64";
    if (params->vision && !(params->llm && nr_is_url(params->llm)))
        return "--vision needs a model behind an endpoint (--llm URL)";
    if (!isfinite(params->timeout) || params->timeout <= 0 || params->timeout > 3600)
        return "--llm-timeout must be more than 0 and at most 3600 seconds";
    return NULL;
}

static const char *replies_file(const char *llm)
{
    static const char prefix[] = "replay:";
    return strncmp(llm, prefix, strlen(prefix)) == 0 ? llm + strlen(prefix) : NULL;
}

/* FILE, or FILE:SCALE where what follows the last colon is a number. */
static enum nr_status choose_adapter(const struct nr_describe_params *params, struct nr_describe_plan *plan,
                                     struct nr_error *err)
{
    plan->lora_scale = 1;
    if (!params->lora)
        return NR_OK;
    const char *colon = strrchr(params->lora, ':');
    bool scaled = colon && nr_parse_double(colon + 1, strlen(colon + 1), &plan->lora_scale);
    if (!scaled)
        plan->lora_scale = 1;
    if (fabs(plan->lora_scale) > LORA_SCALE_MAX)
        return nr_fail(err, NR_ERR_USAGE, "--lora FILE:SCALE: the scale must be from -%d to %d, not %g", LORA_SCALE_MAX,
                       LORA_SCALE_MAX, plan->lora_scale);
    plan->lora =
        nr_arena_strndup(&plan->mem, params->lora, scaled ? (size_t)(colon - params->lora) : strlen(params->lora));
    if (!plan->lora)
        return nr_fail_nomem(err, "a path");
    if (strcmp(plan->engine, nr_engine_llama.name) != 0)
        return nr_fail(err, NR_ERR_USAGE, "--lora needs a language model in process (--llm MODEL.gguf)");
    return nr_model_file_check(plan->lora, "--lora", err);
}

static enum nr_status choose_engine(const struct nr_describe_params *params, struct nr_describe_plan *plan,
                                    struct nr_error *err)
{
    struct nr_buf path = {0};
    enum nr_status status = NR_OK;
    plan->engine = nr_engine_extractive.name;
    if (!params->llm) {
        if (nr_known_model_find(NR_MODEL_DESCRIBE, &path)) {
            plan->engine = nr_engine_llama.name;
            plan->model = nr_arena_strdup(&plan->mem, path.data);
        }
    } else if (replies_file(params->llm)) {
        plan->engine = nr_engine_replay.name;
        plan->model = nr_arena_strdup(&plan->mem, replies_file(params->llm));
        status = access(plan->model ? plan->model : "", R_OK) == 0
                     ? NR_OK
                     : nr_fail(err, NR_ERR_NOINPUT, "cannot open '%s' (--llm): %s", params->llm, strerror(errno));
    } else if (nr_is_url(params->llm)) {
        plan->engine = nr_engine_http.name;
        plan->model = nr_arena_strdup(&plan->mem, params->llm);
    } else if (strcmp(params->llm, "none") != 0) {
        plan->engine = nr_engine_llama.name;
        plan->model = nr_arena_strdup(&plan->mem, params->llm);
        status = nr_model_file_check(params->llm, "--llm", err);
    }
    if (!status)
        status = choose_adapter(params, plan, err);
    plan->model_is_file = plan->model && strcmp(plan->engine, nr_engine_http.name) != 0;
    nr_buf_release(&path);
    return status;
}

enum nr_status nr_describe_plan_make(const struct nr_describe_params *params, struct nr_describe_plan *plan,
                                     struct nr_error *err)
{
    char hash[17];
    *plan = (struct nr_describe_plan){.engine = NULL};
    enum nr_status status = choose_engine(params, plan, err);
    if (!status && plan->model) {
        plan->templates = nr_arena_alloc(&plan->mem, NR_PROMPT_LANGUAGE_COUNT, sizeof *plan->templates);
        status = plan->templates
                     ? nr_templates_load(params->prompt, params->prompt_dir, &plan->mem, plan->templates, hash, err)
                     : nr_fail_nomem(err, "the prompts");
        plan->prompt_hash = status ? NULL : nr_arena_strdup(&plan->mem, hash);
    }
    if (!status && plan->mem.failed)
        status = nr_fail_nomem(err, "the prompts");
    if (status)
        nr_describe_plan_release(plan);
    return status;
}

void nr_describe_plan_release(struct nr_describe_plan *plan)
{
    nr_arena_release(&plan->mem);
    *plan = (struct nr_describe_plan){.engine = NULL};
}

/* ---- what a description depends on ------------------------------------------------------ */

static void put_text(struct nr_buf *key, const char *name, const char *text)
{
    /* With its length, so that no text can look like two. */
    nr_buf_printf(key, "%s %zu %s\n", name, text ? strlen(text) : 0, text ? text : "");
}

static void put_list(struct nr_buf *key, const char *name, const struct nr_strings *list)
{
    for (size_t i = 0; list && i < list->count; i++)
        put_text(key, name, list->items[i]);
}

size_t nr_describe_pictures(const struct nr_describe_params *params, const struct nr_item *item)
{
    size_t count = params->vision && item->visual ? item->visual->thumbnail_count : 0;
    return count < params->vision_pictures ? count : params->vision_pictures;
}

void nr_describe_key(const struct nr_describe_params *params, const struct nr_describe_plan *plan,
                     const struct nr_item *item, struct nr_buf *key)
{
    nr_buf_printf(key, "describe %d engine %s\n", DESCRIBE_RECIPE, plan->engine);
    if (plan->model) {
        nr_buf_printf(key, "prompt %s tokens %u subtitles %u\n", plan->prompt_hash, params->max_tokens,
                      params->subtitle_tokens);
        put_list(key, "picture", item->visual ? &item->visual->words : NULL);
        put_list(key, "sound", item->audio ? &item->audio->words : NULL);
    }
    if (strcmp(plan->engine, nr_engine_http.name) == 0) {
        put_text(key, "url", plan->model);
        put_text(key, "name", params->llm_model);
        nr_buf_printf(key, "pictures %zu\n", nr_describe_pictures(params, item));
        for (size_t i = 0; params->vision && item->visual && i < item->visual->thumbnail_count; i++)
            put_text(key, "picture", item->visual->thumbnails[i].file);
    }
    nr_buf_printf(key, "summary %u\n", params->summary_tokens);
    put_text(key, "language", nr_item_language(item));
    put_text(key, "title", item->title);
    put_text(key, "synopsis", item->synopsis);
    put_text(key, "subtitles", item->text ? item->text->subtitles : NULL);
    put_list(key, "tag", &item->tags);
    put_list(key, "actor", &item->actors);
    put_list(key, "director", &item->directors);
}
