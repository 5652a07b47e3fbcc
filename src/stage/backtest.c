/* backtest.c - see nightreel/stage_backtest.h. */
#include "nightreel/stage_backtest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage/backtest_sides.h"
#include "stage/recommenders.h"

#include "core/banned.h"

enum { ROWS_MAX = 256, DEPTH_MAX = 100000 };

void nr_backtest_params_default(struct nr_backtest_params *params)
{
    *params = (struct nr_backtest_params){.positive = NR_RULE_DEFAULT, .depth = 200, .seed = 1};
    nr_split_params_default(&params->split);
    nr_eval_params_default(&params->eval);
    nr_model_params_default(&params->model);
    nr_significance_params_default(&params->significance);
    params->eval.cutoffs[0] = 10;
    params->eval.cutoff_count = 1;
    params->eval.measures = "ndcg@k,recall@k,precision@k,hit_rate@k,mrr,coverage@k";
}

const char *nr_backtest_params_check(const struct nr_backtest_params *params)
{
    const char *const wrong[] = {nr_split_params_check(&params->split), nr_eval_params_check(&params->eval),
                                 nr_model_params_check(&params->model),
                                 nr_significance_params_check(&params->significance)};
    for (size_t i = 0; i < NR_COUNT(wrong); i++)
        if (wrong[i])
            return wrong[i];
    if (params->depth < 1 || params->depth > DEPTH_MAX)
        return "--depth must be from 1 to 100000";
    return params->depth < params->eval.cutoffs[params->eval.cutoff_count - 1]
               ? "--depth must be at least the greatest cutoff of -k"
               : NULL;
}

void nr_backtest_list_models(struct nr_buf *out)
{
    for (size_t i = 0; i < nr_model_count; i++)
        nr_buf_printf(out, "%-16s %s\n", nr_models[i]->name, nr_models[i]->summary);
    for (size_t i = 0; i < nr_recommender_count; i++)
        nr_buf_printf(out, "%-16s %s\n", nr_recommenders[i]->name, nr_recommenders[i]->summary);
}

struct work {
    const struct nr_stage_env *env;
    const struct nr_backtest_params *params;
    struct nr_backtest *out;
    struct nr_item_list *items;
    struct nr_sides sides;
};

static enum nr_status prepare(struct work *w, const struct nr_event_log *log, struct nr_error *err)
{
    enum nr_status status =
        nr_sides_make(w->env, w->params->positive, &w->params->split, log, w->items, &w->sides, err);
    w->out->split = w->sides.tally;
    if (!status)
        status = nr_sides_judge(&w->sides, NULL, &w->out->data, err);
    return status || !w->sides.cold ? status : nr_sides_judge(&w->sides, w->sides.cold, &w->out->cold, err);
}

/* ---- one row --------------------------------------------------------------------------------- */

/* Ranks and measures; the blocks that a perturbation changed are put back. */
static enum nr_status run_row(struct work *w, const struct nr_perturbation *perturbation, struct nr_backtest_row *row,
                              struct nr_error *err)
{
    bool cold = strcmp(row->candidates, "cold") == 0;
    struct nr_eval_data *data = cold ? &w->out->cold : &w->out->data;
    struct nr_arena mem = {0};
    struct nr_item_list items;
    double started = nr_clock_seconds();
    nr_memory_peak_reset();
    enum nr_status status = nr_items_borrow(w->items, &items, err);
    if (!status && (perturbation->drop > 0 || perturbation->noise > 0 || perturbation->without))
        status = nr_perturb_items(perturbation, &items, &mem, err);
    struct nr_training training = {.env = w->env,
                                   .params = w->params,
                                   .log = &w->sides.train,
                                   .items = &items,
                                   .ids = w->sides.ids,
                                   .candidates = cold ? w->sides.cold : NULL,
                                   .pairs = &w->sides.pairs,
                                   .known = &w->sides.known,
                                   .users = &w->sides.users};
    if (!status)
        status = nr_recommend(&training, row->model, data, &row->run, err);
    row->seconds = nr_clock_seconds() - started;
    row->peak_bytes = nr_memory_peak();
    row->run.name = row->model;
    if (!status)
        status = nr_eval_measure(data, &row->run, &w->params->eval, &row->result, err);
    nr_arena_release(&mem);
    nr_items_return(&items);
    return status;
}

/* ---- all rows ---------------------------------------------------------------------------------- */

struct plan {
    struct nr_perturbation perturbations[ROWS_MAX];
    size_t count; /* of rows */
};

static enum nr_status add_row(struct work *w, struct plan *plan, const char *model, const char *candidates,
                              const struct nr_perturbation *perturbation, const char *label, struct nr_error *err)
{
    struct nr_backtest *out = w->out;
    if (out->count == ROWS_MAX)
        return nr_fail(err, NR_ERR_USAGE, "more than %d rows", ROWS_MAX);
    plan->perturbations[out->count] = *perturbation;
    struct nr_backtest_row *row = &out->rows[out->count++];
    *row = (struct nr_backtest_row){.model = model, .candidates = candidates, .peak_bytes = NAN};
    snprintf(row->perturb, sizeof row->perturb, "%s", label);
    return NR_OK;
}

static enum nr_status add_without(struct work *w, struct plan *plan, const char *model, enum nr_block_id block,
                                  struct nr_error *err)
{
    char label[40];
    snprintf(label, sizeof label, "without=%s", nr_block_defs[block].name);
    return add_row(w, plan, model, "all", &(struct nr_perturbation){.without = 1U << block}, label, err);
}

/* One value behind drop-block=, noise= or without=. */
static enum nr_status add_value(struct work *w, struct plan *plan, const char *model, const char *kind,
                                const char *value, size_t length, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    enum nr_block_id block;
    double p;
    char label[40];
    if (strcmp(kind, "without") == 0) {
        bool each = length == 4 && memcmp(value, "each", 4) == 0;
        if (!each && !nr_block_find(value, length, &block))
            return nr_fail(err, NR_ERR_USAGE, "--perturb: no block is called '%.*s'", (int)length, value);
        for (size_t b = 0; b < NR_BLOCK_COUNT && !status && each; b++)
            status = add_without(w, plan, model, (enum nr_block_id)b, err);
        return each ? status : add_without(w, plan, model, block, err);
    }
    if (!nr_parse_double(value, length, &p) || p < 0 || p > 1)
        return nr_fail(err, NR_ERR_USAGE, "--perturb: '%.*s' is no number from 0 to 1", (int)length, value);
    bool noise = strcmp(kind, "noise") == 0;
    snprintf(label, sizeof label, "%s=%g", kind, p);
    const struct nr_perturbation own = {.drop = noise ? 0 : p, .noise = noise ? p : 0, .seed = w->params->seed};
    return add_row(w, plan, model, "all", &own, label, err);
}

/* "drop-block=0.1:0.3,noise=0.2,without=each" */
static enum nr_status add_perturbed(struct work *w, struct plan *plan, const char *model, struct nr_error *err)
{
    static const char *const names[] = {"drop-block", "noise", "without"};
    enum nr_status status = NR_OK;
    for (const char *at = w->params->perturb; at && *at && !status;) {
        size_t length = strcspn(at, ","), name = strcspn(at, "="), which = 0;
        while (which < NR_COUNT(names) && (strlen(names[which]) != name || memcmp(names[which], at, name) != 0))
            which++;
        if (which == NR_COUNT(names) || name >= length)
            return nr_fail(err, NR_ERR_USAGE, "--perturb '%.*s' is none of drop-block=P, noise=P and without=BLOCK",
                           (int)length, at);
        for (size_t from = name + 1; from < length && !status;) {
            size_t own = strcspn(at + from, ":,");
            status = add_value(w, plan, model, names[which], at + from, own, err);
            from += own + 1;
        }
        at += length + (at[length] == ',');
    }
    return status;
}

static enum nr_status add_model(struct work *w, struct plan *plan, const char *name, struct nr_error *err)
{
    static const struct nr_perturbation none = {.seed = 0};
    const struct nr_recommender *recommender = nr_recommender_find(name);
    const struct nr_model *learned = nr_model_find(name, strlen(name));
    enum nr_status status = nr_recommender_check(name, w->items, err);
    if (!status)
        status = add_row(w, plan, name, "all", &none, "", err);
    if (!status && w->params->split.split == NR_SPLIT_COLD_ITEM)
        status = add_row(w, plan, name, "cold", &none, "", err);
    bool by_blocks = recommender || (learned && learned->looks_at_records);
    return status || !by_blocks ? status : add_perturbed(w, plan, name, err);
}

/* Every model that can be had, where none is named. */
static enum nr_status add_all(struct work *w, struct plan *plan, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < nr_model_count && !status; i++)
        if (!nr_models[i]->needs_records || w->items->count)
            status = add_model(w, plan, nr_models[i]->name, err);
    for (size_t i = 0; i < nr_recommender_count && !status; i++)
        if (!nr_recommenders[i]->needs_items || w->items->count)
            status = add_model(w, plan, nr_recommenders[i]->name, err);
    return status;
}

static enum nr_status make_plan(struct work *w, struct plan *plan, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    w->out->rows = calloc(ROWS_MAX, sizeof *w->out->rows);
    w->out->names = strdup(w->params->models ? w->params->models : "");
    if (!w->out->rows || !w->out->names)
        return nr_fail_nomem(err, "the models");
    if (!w->params->models)
        return add_all(w, plan, err);
    for (char *name = w->out->names; *name && !status;) {
        size_t length = strcspn(name, ",");
        bool more = name[length] == ',';
        name[length] = '\0';
        status = add_model(w, plan, name, err);
        name += length + more;
    }
    return !status && !w->out->count ? nr_fail(err, NR_ERR_USAGE, "--models names no model") : status;
}

static bool any_has(const struct nr_item_list *items, unsigned blocks)
{
    for (size_t i = 0; i < items->count; i++)
        for (size_t b = 0; b < NR_BLOCK_COUNT; b++)
            if ((blocks >> b & 1) && nr_block_present(&items->items[i].blocks[b]))
                return true;
    return false;
}

/* Rows without a block that no video has anyway: known once the blocks are fitted anew. */
static void drop_needless(struct work *w, struct plan *plan)
{
    size_t kept = 0;
    for (size_t r = 0; r < w->out->count; r++) {
        unsigned without = plan->perturbations[r].without;
        if (without && !any_has(w->items, without))
            continue;
        w->out->rows[kept] = w->out->rows[r];
        plan->perturbations[kept++] = plan->perturbations[r];
    }
    w->out->count = kept;
}

/* The rows with these candidates among one another. */
static enum nr_status compare_rows(struct work *w, const char *candidates, struct nr_error *err)
{
    struct nr_backtest *out = w->out;
    struct nr_significance_params params = w->params->significance;
    struct nr_eval_result *results = calloc(out->count + 1, sizeof *results);
    struct nr_eval_comparison *comparisons = calloc(out->count + 1, sizeof *comparisons);
    size_t count = 0, taken = 0;
    enum nr_status status = results && comparisons ? NR_OK : nr_fail_nomem(err, "a comparison");
    params.seed = w->params->seed;
    params.threads = w->env->settings->threads;
    for (size_t r = 0; r < out->count && !status; r++)
        if (strcmp(out->rows[r].candidates, candidates) == 0)
            results[count++] = out->rows[r].result; /* borrowed */
    if (!status && count)
        status = nr_eval_compare(results, count, w->params->eval.undefined, &params, comparisons, err);
    for (size_t r = 0; r < out->count && comparisons; r++)
        if (strcmp(out->rows[r].candidates, candidates) == 0)
            out->rows[r].comparison = comparisons[taken++];
    free(results);
    free(comparisons);
    return status;
}

static enum nr_status compare(struct work *w, struct nr_error *err)
{
    enum { USERS_LEAST = 100 };
    if (w->params->split.split == NR_SPLIT_GLOBAL_TIME && w->out->split.test_users < USERS_LEAST)
        return NR_OK;
    enum nr_status status = compare_rows(w, "all", err);
    return status ? status : compare_rows(w, "cold", err);
}

enum nr_status nr_backtest_run(const struct nr_stage_env *env, const struct nr_backtest_params *params,
                               const struct nr_event_log *log, struct nr_item_list *items, struct nr_backtest *out,
                               struct nr_error *err)
{
    struct work w = {.env = env, .params = params, .out = out, .items = items};
    struct plan *plan = calloc(1, sizeof *plan);
    *out = (struct nr_backtest){.count = 0};
    enum nr_status status = plan ? make_plan(&w, plan, err) : nr_fail_nomem(err, "the models");
    if (!status)
        status = prepare(&w, log, err);
    if (!status)
        drop_needless(&w, plan);
    for (size_t r = 0; r < out->count && !status; r++) {
        nr_report_progress(env->reporter, "backtest", r, out->count);
        status = run_row(&w, &plan->perturbations[r], &out->rows[r], err);
    }
    if (!status)
        status = compare(&w, err);
    if (!status)
        nr_report_progress(env->reporter, "backtest", out->count, out->count);
    nr_sides_release(&w.sides);
    free(plan);
    return status;
}

void nr_backtest_release(struct nr_backtest *backtest)
{
    for (size_t r = 0; r < backtest->count; r++) {
        nr_eval_run_release(&backtest->rows[r].run);
        nr_eval_result_release(&backtest->rows[r].result);
        nr_eval_comparison_release(&backtest->rows[r].comparison);
    }
    free(backtest->rows);
    free(backtest->names);
    nr_eval_data_release(&backtest->data);
    nr_eval_data_release(&backtest->cold);
    *backtest = (struct nr_backtest){.count = 0};
}
