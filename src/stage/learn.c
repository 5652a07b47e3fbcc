/* learn.c - see nightreel/stage_learn.h. */
#include "nightreel/stage_learn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/eval.h"

#include "core/banned.h"

#define CONTENT "content"

static enum nr_status check_name(const char *model, struct nr_error *err)
{
    if (!model || strcmp(model, CONTENT) == 0 || nr_model_find(model, strlen(model)))
        return NR_OK;
    return nr_fail(err, NR_ERR_USAGE, "no model is called '%s' (see 'nightreel profile --list-models')", model);
}

enum nr_status nr_learn_check(const struct nr_learn_params *params, struct nr_error *err)
{
    struct nr_rule *rule = NULL;
    enum nr_status status = check_name(params->model, err);
    if (!status)
        status = check_name(params->fallback, err);
    if (!status)
        status = nr_rule_parse(params->positive ? params->positive : NR_RULE_DEFAULT, &rule, err);
    nr_rule_free(rule);
    return status;
}

/* ---- learning --------------------------------------------------------------------------- */

static bool is_liked(const void *rule, const struct nr_event *event)
{
    return nr_rule_passes(rule, event);
}

static enum nr_status make_pairs(const struct nr_learn_params *params, const struct nr_dataset *data,
                                 struct nr_pairs *pairs, struct nr_error *err)
{
    struct nr_rule *rule = NULL;
    size_t *order = NULL;
    const char **ids = malloc((data->items.count + 1) * sizeof *ids);
    enum nr_status status = ids ? NR_OK : nr_fail_nomem(err, "the catalogue");
    *pairs = (struct nr_pairs){.user_count = 0};
    if (!status)
        status = nr_rule_parse(params->positive ? params->positive : NR_RULE_DEFAULT, &rule, err);
    if (!status)
        status = nr_item_list_order(&data->items, &order, err);
    for (size_t i = 0; i < data->items.count && !status; i++)
        ids[i] = data->items.items[order[i]].video_id;
    if (!status)
        status = nr_pairs_make(&data->events, is_liked, rule, ids, data->items.count, pairs, err);
    nr_rule_free(rule);
    free(order);
    free(ids);
    return status;
}

static enum nr_status fit(const struct nr_stage_env *env, const char *name, const struct nr_dataset *data,
                          struct nr_trained **out, struct nr_error *err)
{
    const struct nr_settings *settings = env->settings;
    const struct nr_model *model = nr_model_find(name, strlen(name));
    struct nr_pairs pairs;
    if (!model)
        return check_name(name, err);
    enum nr_status status = make_pairs(&settings->learn, data, &pairs, err);
    if (status) {
        nr_pairs_release(&pairs);
        return status;
    }
    return nr_trained_fit(model, &settings->models, &pairs, &data->items, settings->threads, out, err);
}

enum nr_status nr_learn(const struct nr_stage_env *env, const struct nr_dataset *data, struct nr_trained **out,
                        struct nr_error *err)
{
    const struct nr_learn_params *params = &env->settings->learn;
    const char *name = params->model;
    struct nr_error cause;
    *out = NULL;
    if (params->file)
        return nr_trained_read(params->file, &data->items, env->settings->threads, out, err);
    if (!name || strcmp(name, CONTENT) == 0)
        return NR_OK;
    enum nr_status status = fit(env, name, data, out, &cause);
    if (status == NR_ERR_DATA && params->fallback) {
        nr_report(env->reporter, NR_LOG_WARNING, "%s; '%s' takes its place", cause.text, params->fallback);
        nr_trained_free(*out);
        *out = NULL;
        return strcmp(params->fallback, CONTENT) == 0 ? NR_OK : fit(env, params->fallback, data, out, err);
    }
    if (status && err)
        *err = cause;
    return status;
}

/* ---- a source of scores ----------------------------------------------------------------------- */

static size_t find_user(const struct nr_learned_source *learned, const char *user_id)
{
    const struct nr_pairs *pairs = &learned->trained->pairs;
    return nr_id_find(pairs->users, pairs->user_count, user_id);
}

static bool knows(const void *ctx, const char *user_id)
{
    const struct nr_pairs *pairs = &((const struct nr_learned_source *)ctx)->trained->pairs;
    size_t user = find_user(ctx, user_id);
    return user != SIZE_MAX && pairs->starts[user + 1] > pairs->starts[user];
}

/* In scratch: a score of each of the model's items, then what the model works in. */
static void score(const void *ctx, const char *user_id, double *scores, double *scratch)
{
    const struct nr_learned_source *learned = ctx;
    const struct nr_trained *t = learned->trained;
    t->model->score(t->state, find_user(learned, user_id), scratch, scratch + t->pairs.item_count);
    for (size_t i = 0; i < learned->count; i++)
        scores[i] = learned->numbers[i] == SIZE_MAX ? NR_NO_SCORE : scratch[learned->numbers[i]];
}

static enum nr_status copy_parts(const struct nr_model_parts *parts, struct nr_arena *mem, struct nr_ranked *entry,
                                 struct nr_error *err)
{
    entry->parts = nr_arena_alloc(mem, parts->count + 1, sizeof *entry->parts);
    for (size_t p = 0; p < parts->count && entry->parts; p++)
        entry->parts[entry->part_count++] =
            (struct nr_part){nr_arena_strdup(mem, parts->items[p].name), parts->items[p].value};
    return mem->failed ? nr_fail_nomem(err, "parts") : NR_OK;
}

static enum nr_status parts(const void *ctx, const char *user_id, const size_t *items, size_t count, double *scratch,
                            struct nr_arena *mem, struct nr_ranked *out, struct nr_error *err)
{
    const struct nr_learned_source *learned = ctx;
    const struct nr_trained *t = learned->trained;
    uint32_t *numbers = nr_arena_alloc(mem, count + 1, sizeof *numbers);
    struct nr_model_parts *found = nr_arena_alloc(mem, count + 1, sizeof *found);
    if (!numbers || !found)
        return nr_fail_nomem(err, "parts");
    for (size_t i = 0; i < count; i++)
        numbers[i] = (uint32_t)learned->numbers[items[i]];
    enum nr_status status =
        t->model->parts(t->state, find_user(learned, user_id), numbers, count, scratch, mem, found, err);
    for (size_t i = 0; i < count && !status; i++)
        status = copy_parts(&found[i], mem, &out[i], err);
    return status;
}

/* Of a video that the model knows the user by; others have no part in its scores. */
static double owed(const void *ctx, const char *user_id, const char *watched_id, double weight, size_t item)
{
    const struct nr_learned_source *learned = ctx;
    const struct nr_pairs *pairs = &learned->trained->pairs;
    size_t user = find_user(learned, user_id), watched = nr_id_find(pairs->items, pairs->item_count, watched_id);
    (void)weight; /* the model weighs pairs its own way */
    for (size_t p = pairs->starts[user]; watched != SIZE_MAX && p < pairs->starts[user + 1]; p++)
        if (pairs->pairs[p].item == watched)
            return learned->trained->model->owed(learned->trained->state, user, p, (uint32_t)learned->numbers[item]);
    return 0;
}

enum nr_status nr_learned_source_init(struct nr_learned_source *learned, const struct nr_trained *trained,
                                      const struct nr_item_list *items, struct nr_error *err)
{
    const struct nr_model *model = trained->model;
    size_t scratch = trained->pairs.item_count + (model->scratch ? model->scratch(trained->state) : 0);
    *learned = (struct nr_learned_source){.trained = trained,
                                          .count = items->count,
                                          .source = {.model = model->name,
                                                     .ctx = learned,
                                                     .scratch = scratch,
                                                     .knows = knows,
                                                     .score = score,
                                                     .parts = model->parts ? parts : NULL,
                                                     .owed = model->owed ? owed : NULL}};
    learned->numbers = malloc((items->count + 1) * sizeof *learned->numbers);
    for (size_t i = 0; i < items->count && learned->numbers; i++)
        learned->numbers[i] = nr_id_find(trained->pairs.items, trained->pairs.item_count, items->items[i].video_id);
    return learned->numbers ? NR_OK : nr_fail_nomem(err, "a model's videos");
}

void nr_learned_source_release(struct nr_learned_source *learned)
{
    free(learned->numbers);
    learned->numbers = NULL;
}
