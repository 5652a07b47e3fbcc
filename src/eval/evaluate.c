/* evaluate.c - runs the measures over the users. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/evaluation.h"

#include "core/banned.h"

bool nr_evaluation_may_hit(const struct nr_evaluation *eval, uint32_t video)
{
    return !eval->view.relevant || eval->view.relevant[video];
}

bool nr_evaluation_in_catalogue(const struct nr_evaluation *eval, uint32_t video)
{
    return (!eval->view.listed || eval->view.listed[video]) &&
           (!eval->data->item_count || nr_eval_item(eval->data, video));
}

/* ---- setting up ------------------------------------------------------------------------ */

struct named_user {
    const char *name;
    uint32_t user;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct named_user *)a)->name, ((const struct named_user *)b)->name);
}

static bool has_relevant(const struct nr_evaluation *eval, size_t user)
{
    if (eval->view.users && !eval->view.users[user])
        return false;
    for (size_t i = eval->truth.starts[user]; i < eval->truth.starts[user + 1]; i++)
        if (eval->truth.entries[i].value > 0 && nr_evaluation_may_hit(eval, eval->truth.entries[i].video))
            return true;
    return false;
}

static enum nr_status find_judged(struct nr_evaluation *eval, struct nr_error *err)
{
    size_t users = eval->data->users.count, count = 0;
    struct named_user *order = malloc((users + 1) * sizeof *order);
    eval->judged = malloc((users + 1) * sizeof *eval->judged);
    eval->result->user_ids = malloc((users + 1) * sizeof *eval->result->user_ids);
    if (!order || !eval->judged || !eval->result->user_ids) {
        free(order);
        return nr_fail_nomem(err, "an evaluation's users");
    }
    for (size_t u = 0; u < users; u++)
        if (has_relevant(eval, u))
            order[count++] = (struct named_user){eval->data->users.names[u], (uint32_t)u};
    if (count)
        qsort(order, count, sizeof *order, compare_names);
    for (size_t i = 0; i < count; i++) {
        eval->judged[i] = order[i].user;
        eval->result->user_ids[i] = order[i].name;
    }
    free(order);
    eval->judged_count = eval->result->users = count;
    return count || eval->params->view ? NR_OK : nr_fail(err, NR_ERR_DATA, "no user of the truth has a relevant video");
}

static void count_watchers(struct nr_evaluation *eval)
{
    for (size_t u = 0; u < eval->data->users.count; u++) {
        size_t first = eval->train.starts[u], end = eval->train.starts[u + 1];
        eval->shared.train_users += end > first;
        for (size_t i = first; i < end; i++)
            eval->watchers[eval->train.entries[i].video]++;
    }
}

static enum nr_status make_scratch(struct nr_evaluation *eval, struct nr_error *err)
{
    size_t videos = eval->data->videos.count + 1, users = eval->data->users.count;
    size_t list = nr_spans_longest(&eval->run, users) + 1, truth = nr_spans_longest(&eval->truth, users) + 1;
    eval->watchers = calloc(videos, sizeof *eval->watchers);
    eval->named = calloc(users + 1, sizeof *eval->named);
    eval->gain_of = calloc(videos, sizeof *eval->gain_of);
    eval->seen_by = calloc(videos, sizeof *eval->seen_by);
    eval->had_by = calloc(videos, sizeof *eval->had_by);
    eval->list = malloc(list * sizeof *eval->list);
    eval->gains = malloc(list * sizeof *eval->gains);
    eval->videos = malloc(list * sizeof *eval->videos);
    eval->rejected = malloc(list * sizeof *eval->rejected);
    eval->candidate = malloc(list * sizeof *eval->candidate);
    eval->groups = malloc(list * sizeof *eval->groups);
    eval->ideal = malloc(truth * sizeof *eval->ideal);
    if (!eval->watchers || !eval->named || !eval->gain_of || !eval->seen_by || !eval->had_by || !eval->list ||
        !eval->gains || !eval->videos || !eval->rejected || !eval->candidate || !eval->groups || !eval->ideal)
        return nr_fail_nomem(err, "an evaluation");
    count_watchers(eval);
    for (size_t v = 0; v < eval->data->videos.count; v++)
        eval->catalogue += nr_evaluation_in_catalogue(eval, (uint32_t)v);
    eval->shared.data = eval->data;
    eval->shared.watchers = eval->watchers;
    return NR_OK;
}

static enum nr_status make_values(struct nr_evaluation *eval, struct nr_error *err)
{
    struct nr_eval_result *result = eval->result;
    enum nr_status status = nr_measures_choose(eval->data, eval->params, &result->values, &result->count, err);
    eval->exposure = calloc(result->count + 1, sizeof *eval->exposure);
    bool there = eval->exposure != NULL;
    for (size_t o = 0; o < NR_ORDER_COUNT && !status; o++) {
        eval->sums[o] = calloc(result->count + 1, sizeof **eval->sums);
        eval->totals[o] = calloc(result->count + 1, sizeof **eval->totals);
        there = there && eval->sums[o] && eval->totals[o];
    }
    for (size_t v = 0; v < result->count && !status && there; v++) {
        const struct nr_measure *measure = result->values[v].measure;
        if (measure->of_user)
            there = (result->values[v].per_user = malloc((eval->judged_count + 1) * sizeof(double))) != NULL;
        else if (!measure->correctness)
            there = (eval->exposure[v] = calloc(eval->data->videos.count + 1, sizeof(double))) != NULL;
    }
    return status || there ? status : nr_fail_nomem(err, "the measures' values");
}

static void count_lists(struct nr_evaluation *eval, const struct nr_eval_run *run)
{
    struct nr_eval_result *result = eval->result;
    for (size_t i = 0; i < run->lists.count; i++)
        eval->named[run->lists.entries[i].user] = true;
    for (size_t u = 0; u < eval->data->users.count; u++) {
        bool listed = eval->run.starts[u + 1] > eval->run.starts[u];
        bool judged = has_relevant(eval, u), within = !eval->view.users || eval->view.users[u];
        result->unjudged += (listed || eval->named[u]) && within && !judged;
        result->missing += judged && !listed && !eval->named[u];
        result->empty += judged && !listed && eval->named[u];
    }
}

/* ---- all users ----------------------------------------------------------------------------- */

static int compare_rising(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* How often each video of the catalogue was listed, rising. */
static void sort_exposure(const struct nr_evaluation *eval, double *exposure)
{
    size_t count = 0;
    for (size_t v = 0; v < eval->data->videos.count; v++)
        if (nr_evaluation_in_catalogue(eval, (uint32_t)v))
            exposure[count++] = exposure[v];
    if (count)
        qsort(exposure, count, sizeof *exposure, compare_rising);
}

static double finish_order(struct nr_evaluation *eval, size_t v, int order)
{
    const struct nr_eval_value *value = &eval->result->values[v];
    if (order != NR_ORDER_GIVEN && !value->measure->correctness)
        return NAN;
    if (value->measure->of_user) {
        bool zero = eval->params->undefined == NR_UNDEFINED_ZERO;
        size_t counted = eval->judged_count - (zero ? 0 : value->undefined);
        return counted ? eval->totals[order][v] / (double)counted : NAN;
    }
    eval->sums[order][v].exposure = eval->exposure[v];
    eval->sums[order][v].catalogue = eval->catalogue;
    return eval->judged_count ? value->measure->of_run(&eval->sums[order][v]) : NAN;
}

static void finish_values(struct nr_evaluation *eval)
{
    for (size_t v = 0; v < eval->result->count; v++) {
        struct nr_eval_value *value = &eval->result->values[v];
        if (eval->exposure[v])
            sort_exposure(eval, eval->exposure[v]);
        value->value = finish_order(eval, v, NR_ORDER_GIVEN);
        value->best = finish_order(eval, v, NR_ORDER_BEST);
        value->worst = finish_order(eval, v, NR_ORDER_WORST);
    }
    eval->result->tie_rate = eval->listed ? (double)eval->tied / (double)eval->listed : 0;
}

static void evaluation_release(struct nr_evaluation *eval)
{
    nr_spans_release(&eval->truth);
    nr_spans_release(&eval->train);
    nr_spans_release(&eval->run);
    for (size_t v = 0; v < eval->result->count && eval->exposure; v++)
        free(eval->exposure[v]);
    for (size_t o = 0; o < NR_ORDER_COUNT; o++) {
        free(eval->sums[o]);
        free(eval->totals[o]);
    }
    free(eval->exposure);
    free(eval->watchers);
    free(eval->named);
    free(eval->judged);
    free(eval->gain_of);
    free(eval->seen_by);
    free(eval->had_by);
    free(eval->list);
    free(eval->gains);
    free(eval->ideal);
    free(eval->videos);
    free(eval->rejected);
    free(eval->candidate);
    free(eval->groups);
}

static enum nr_status prepare(struct nr_evaluation *eval, const struct nr_eval_run *run, struct nr_error *err)
{
    size_t users = eval->data->users.count;
    enum nr_status status = nr_spans_init(&eval->truth, &eval->data->truth, users, err);
    if (!status)
        status = nr_spans_init(&eval->train, &eval->data->train, users, err);
    if (!status)
        status = nr_spans_init(&eval->run, &run->entries, users, err);
    if (status)
        return status;
    nr_spans_reduce(&eval->truth, users);
    nr_spans_reduce(&eval->train, users);
    status = find_judged(eval, err);
    if (!status)
        status = make_scratch(eval, err);
    return status ? status : make_values(eval, err);
}

enum nr_status nr_eval_measure(struct nr_eval_data *data, struct nr_eval_run *run, const struct nr_eval_params *params,
                               struct nr_eval_result *result, struct nr_error *err)
{
    struct nr_evaluation eval = {.data = data, .params = params, .result = result};
    if (params->view)
        eval.view = *params->view;
    *result = (struct nr_eval_result){.run = run->name};
    enum nr_status status = prepare(&eval, run, err);
    if (!status)
        count_lists(&eval, run);
    for (size_t i = 0; i < eval.judged_count && !status; i++)
        status = nr_evaluation_add_user(&eval, i, err);
    if (!status)
        finish_values(&eval);
    evaluation_release(&eval);
    if (status)
        nr_eval_result_release(result);
    return status;
}

void nr_eval_result_release(struct nr_eval_result *result)
{
    if (!result)
        return;
    for (size_t v = 0; v < result->count; v++)
        free(result->values[v].per_user);
    free(result->values);
    free(result->user_ids);
    *result = (struct nr_eval_result){.run = NULL};
}
