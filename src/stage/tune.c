/* tune.c - see nightreel/stage_tune.h. */
#include "nightreel/stage_tune.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage/recommenders.h"
#include "stage/tune_side.h"

#include "core/banned.h"

enum { DEPTH_MAX = 100000, UNCUT = 200 }; /* videos in a list, where the measure has no cutoff */

/* The second cut must not be the first one again. */
static const uint64_t INNER_SALT = UINT64_C(0x9E3779B97F4A7C15);

void nr_tune_params_default(struct nr_tune_params *params)
{
    struct nr_search_params search;
    nr_search_params_default(&search);
    *params = (struct nr_tune_params){.model = "content",
                                      .positive = NR_RULE_DEFAULT,
                                      .measure = "ndcg@k",
                                      .k = 10,
                                      .trials = search.trials,
                                      .seed = (size_t)search.seed};
    nr_split_params_default(&params->split);
    nr_model_params_default(&params->model_params);
}

const char *nr_tune_params_check(const struct nr_tune_params *params)
{
    const struct nr_search_params search = {params->trials, params->seed, SIZE_MAX};
    const struct nr_eval_params eval = {.cutoffs = {params->k}, .cutoff_count = 1};
    const char *const wrong[] = {nr_split_params_check(&params->split), nr_eval_params_check(&eval),
                                 nr_model_params_check(&params->model_params), nr_search_params_check(&search)};
    for (size_t i = 0; i < NR_COUNT(wrong); i++)
        if (wrong[i])
            return wrong[i];
    return params->k > DEPTH_MAX ? "k must be at most 100000" : NULL;
}

/* ---- what was given -------------------------------------------------------------------------- */

/* digest = H(digest so far, text), so that nothing has to be in memory at once. */
static enum nr_status add_to_digest(char digest[NR_DIGEST_HEX], struct nr_buf *text, struct nr_error *err)
{
    nr_buf_puts(text, digest);
    enum nr_status status = nr_buf_status(text, err);
    if (!status)
        status = nr_digest_bytes(text->data, text->length, digest, err);
    nr_buf_clear(text);
    return status;
}

static void put_event(const struct nr_event *event, struct nr_buf *out)
{
    nr_buf_printf(out, "%s\t%s\t%d\t%lld\t", event->user_id, event->video_id ? event->video_id : "", (int)event->action,
                  (long long)event->time);
    nr_buf_double(out, event->value);
    nr_buf_putc(out, '\t');
    nr_buf_double(out, event->watch_seconds);
    nr_buf_putc(out, '\n');
}

/* Over the clean events and the items in the order given. */
static enum nr_status make_digest(const struct nr_event_log *log, const struct nr_item_list *items,
                                  char digest[NR_DIGEST_HEX], struct nr_error *err)
{
    enum { AT_ONCE = 1000 };
    struct nr_buf text = {0};
    enum nr_status status = NR_OK;
    digest[0] = '\0';
    for (size_t i = 0; i < log->count && !status; i++) {
        put_event(&log->events[i], &text);
        if ((i + 1) % AT_ONCE == 0)
            status = add_to_digest(digest, &text, err);
    }
    for (size_t i = 0; i < items->count && !status; i++) {
        nr_item_write(&items->items[i], NR_PART_RECORD & ~(unsigned)NR_PART_ERRORS, &text);
        status = add_to_digest(digest, &text, err);
    }
    if (!status)
        status = add_to_digest(digest, &text, err);
    nr_buf_release(&text);
    return status;
}

struct work {
    struct nr_tuner tuner;
    struct nr_stage_env env; /* the caller's, with searches placed once for all points */
    struct nr_search_space *space;
    struct nr_tune *out;
    struct nr_tune_side validation, test;
    struct nr_tune_point base;
    const struct nr_tune_row *rows[NR_SEARCH_PARAMETERS_MAX];
    struct nr_search_range ranges[NR_SEARCH_PARAMETERS_MAX];
    size_t count;
};

static void find_facts(const struct work *w, struct nr_tune_facts *facts)
{
    const struct nr_tune_side *side = &w->validation;
    const struct nr_event_log *log = &side->sides.train;
    *facts = (struct nr_tune_facts){.model = w->tuner.params->model, .base = &w->base};
    for (size_t i = 0; i < side->items.count; i++)
        for (int b = 0; b < NR_BLOCK_COUNT; b++)
            facts->blocks[b] |= nr_block_present(&side->items.items[i].blocks[b]);
    for (size_t i = 0; i < log->count; i++) {
        facts->actions[log->events[i].action] |= *log->events[i].video_id != '\0';
        facts->timed |= log->events[i].time != NR_TIME_NONE;
    }
    for (int b = 0; b < NR_BLOCK_COUNT; b++)
        facts->block_count += facts->blocks[b];
    for (int a = 0; a < NR_ACTION_COUNT; a++)
        facts->action_count += facts->actions[a];
}

static void choose_rows(struct work *w)
{
    struct nr_tune_facts facts;
    w->base = (struct nr_tune_point){*w->tuner.env->settings, w->tuner.params->model_params};
    struct nr_match_params *match = &w->base.settings.match;
    for (int b = 0; b < NR_BLOCK_COUNT && match->mode == NR_MATCH_CONCAT; b++)
        match->weights[b] = 1;
    match->mode = NR_MATCH_WEIGHTED; /* with these weights it is the same */
    find_facts(w, &facts);
    w->count = nr_tune_choose(&facts, w->rows);
    for (size_t p = 0; p < w->count; p++)
        nr_tune_range(w->rows[p], &w->base, &w->ranges[p]);
}

/* ---- the search ---------------------------------------------------------------------------------- */

static void set_point(const struct work *w, const double *values, struct nr_tune_point *point)
{
    *point = w->base;
    for (size_t p = 0; p < w->count; p++)
        nr_tune_set(w->rows[p], values[p], point);
}

static enum nr_status measure_task(void *ctx, const struct nr_search_task *task, struct nr_error *err)
{
    struct work *w = ctx;
    struct nr_tune_point point;
    set_point(w, task->point, &point);
    nr_report_progress(w->tuner.env->reporter, "tune", task->number < task->expected ? task->number : task->expected,
                       task->expected);
    return nr_tune_side_measure(&w->validation, &point, task->from, task->to, task->out, err);
}

static struct nr_tune_comparison compare(const double *tuned, const double *standard, size_t users)
{
    struct nr_tune_comparison out = {.users = users, .gain = nr_paired_gain(tuned, standard, users)};
    for (size_t u = 0; u < users; u++) {
        out.default_mean += standard[u] / (double)users;
        out.tuned_mean += tuned[u] / (double)users;
    }
    return out;
}

static enum nr_status take_findings(struct work *w, const struct nr_search_result *result, struct nr_error *err)
{
    struct nr_tune *out = w->out;
    size_t searched = result->searched_users;
    out->findings = calloc(w->count + 1, sizeof *out->findings);
    if (!out->findings)
        return nr_fail_nomem(err, "what was found");
    for (size_t p = 0; p < w->count; p++)
        out->findings[out->count++] = (struct nr_tune_finding){w->rows[p]->option, w->rows[p]->key,
                                                               w->ranges[p].default_value, result->findings[p]};
    out->towards_equal = result->towards_equal;
    out->whole = result->whole;
    out->reverted = result->reverted;
    out->points = result->points;
    out->searched = compare(result->values, result->default_values, searched);
    out->judged = compare(result->values + searched, result->default_values + searched, result->users - searched);
    return NR_OK;
}

static enum nr_status search(struct work *w, struct nr_error *err)
{
    struct nr_search_result result = {.count = 0};
    const struct nr_search_params params = {w->tuner.params->trials, w->tuner.params->seed, w->validation.count};
    if (params.users < 4)
        return nr_fail(err, NR_ERR_DATA, "%zu users have a held-out pair in the training side, a search needs 4",
                       params.users);
    enum nr_status status = nr_search_run(w->ranges, w->count, &params, measure_task, w, &result, err);
    if (!status)
        status = take_findings(w, &result, err);
    if (!status)
        nr_report_progress(w->tuner.env->reporter, "tune", 1, 1);
    nr_search_result_release(&result);
    return status;
}

/* ---- the test side, at the very end -------------------------------------------------------------------- */

static enum nr_status test(struct work *w, const struct nr_tune_point *tuned, struct nr_error *err)
{
    struct nr_tune_side *side = &w->test;
    double *values = calloc(2 * side->count + 1, sizeof *values);
    if (!values)
        return nr_fail_nomem(err, "the test side");
    enum nr_status status = nr_tune_side_measure(side, &w->base, 0, side->count, values, err);
    if (!status)
        status = nr_tune_side_measure(side, tuned, 0, side->count, values + side->count, err);
    if (!status)
        w->out->test = compare(values + side->count, values, side->count);
    free(values);
    return status;
}

static enum nr_status finish(struct work *w, struct nr_error *err)
{
    double values[NR_SEARCH_PARAMETERS_MAX];
    struct nr_tune_point point;
    bool content = nr_recommender_find(w->tuner.params->model) != NULL;
    for (size_t p = 0; p < w->count; p++)
        values[p] = w->out->findings[p].found.value;
    set_point(w, values, &point);
    w->out->beta.default_value = w->out->beta.value = w->base.settings.match.beta;
    enum nr_status status = content ? nr_tune_fit_beta(&w->validation, &point, &w->out->beta, err) : NR_OK;
    if (!status)
        status = test(w, &point, err);
    if (!status && w->out->beta.fitted)
        status = nr_tune_test_beta(&w->test, &point, &w->out->beta, err);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------------------- */

/* By its whole name, else by what stands before "@k", as nr_eval_params.measures. */
static const struct nr_measure *find_measure(const char *name)
{
    const struct nr_measure *found = NULL;
    for (size_t m = 0; m < nr_measure_count; m++) {
        size_t base = strcspn(nr_measures[m].name, "@");
        if (strcmp(nr_measures[m].name, name) == 0)
            return &nr_measures[m];
        if (!found && strlen(name) == base && memcmp(nr_measures[m].name, name, base) == 0)
            found = &nr_measures[m];
    }
    return found;
}

/* "ndcg@10" for "ndcg@k". */
static enum nr_status name_measure(const struct nr_tune_params *params, char *out, size_t size, struct nr_error *err)
{
    const struct nr_measure *measure = find_measure(params->measure);
    if (!measure)
        return nr_fail(err, NR_ERR_USAGE, "no measure is called '%s' (with a cutoff they are named as in 'ndcg@k')",
                       params->measure);
    if (!measure->of_user || !measure->correctness)
        return nr_fail(err, NR_ERR_USAGE, "'%s' is not a measure of how right a user's list is", params->measure);
    size_t base = strcspn(measure->name, "@");
    snprintf(out, size, "%.*s", (int)base, measure->name);
    if (measure->name[base])
        snprintf(out + base, size - base, "@%zu", params->k);
    return NR_OK;
}

static enum nr_status prepare_validation(struct work *w, const struct nr_item_list *items, struct nr_error *err)
{
    struct nr_split_params inner = w->tuner.params->split;
    inner.salt += INNER_SALT;
    enum nr_status status =
        nr_tune_side_make(&w->tuner, "validation", &inner, &w->test.sides.train, items, &w->validation, err);
    return status ? nr_fail_prefix(err, status, "the training side, cut again") : NR_OK;
}

static enum nr_status prepare(struct work *w, const struct nr_event_log *log, const struct nr_item_list *items,
                              struct nr_error *err)
{
    const struct nr_tune_params *params = w->tuner.params;
    enum nr_status status = nr_recommender_check(params->model, items, err);
    if (!status)
        status = name_measure(params, w->out->measure, sizeof w->out->measure, err);
    if (!status)
        status = make_digest(log, items, w->out->digest, err);
    if (!status)
        status = nr_tune_side_make(&w->tuner, "test", &params->split, log, items, &w->test, err);
    if (!status)
        status = prepare_validation(w, items, err);
    if (status)
        return status;
    w->tuner.depth = strchr(w->out->measure, '@') || params->k > UNCUT ? params->k : UNCUT;
    w->out->outer = w->test.sides.tally;
    w->out->inner = w->validation.sides.tally;
    choose_rows(w);
    return nr_trials_open(params->trials_file, &w->tuner.trials, err);
}

enum nr_status nr_tune_run(const struct nr_stage_env *env, const struct nr_tune_params *params,
                           const struct nr_event_log *log, struct nr_item_list *items, struct nr_tune *out,
                           struct nr_error *err)
{
    struct work *w = calloc(1, sizeof *w);
    *out = (struct nr_tune){.count = 0};
    if (!w)
        return nr_fail_nomem(err, "a search");
    w->env = *env;
    w->env.search_space = &w->space;
    w->tuner = (struct nr_tuner){.env = &w->env, .params = params, .digest = out->digest};
    w->out = out;
    enum nr_status status = prepare(w, log, items, err);
    if (!status)
        status = search(w, err);
    if (!status)
        status = finish(w, err);
    out->measured = w->tuner.measured;
    out->reused = w->tuner.reused;
    nr_trials_close(w->tuner.trials);
    nr_tune_side_release(&w->validation);
    nr_tune_side_release(&w->test);
    nr_search_space_drop(&w->space);
    free(w);
    return status;
}

void nr_tune_release(struct nr_tune *tune)
{
    free(tune->findings);
    *tune = (struct nr_tune){.count = 0};
}
