/* evaluate.c - runs the measures over the users. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/measures.h"
#include "eval/spans.h"

#include "core/banned.h"

/* The order that ties stand in: as asked, and the luckiest and unluckiest one. */
enum { ORDER_GIVEN, ORDER_BEST, ORDER_WORST, ORDER_COUNT };

struct listed {
    double score, gain;
    uint32_t video;
    const char *video_id;
};

struct evaluation {
    struct nr_eval_data *data;
    const struct nr_eval_params *params;
    struct nr_eval_result *result;
    struct nr_spans truth, train, run;
    struct nr_eval_shared shared;
    double *watchers;
    bool *named;      /* by user: the run has a list */
    uint32_t *judged; /* users with something relevant, by user_id */
    size_t judged_count;
    double *gain_of;   /* by video, of the current user */
    uint32_t *seen_by; /* by video: the last user listed with it, + 1 */
    struct listed *list;
    double *gains, *ideal;
    uint32_t *videos;
    struct nr_eval_sums *sums[ORDER_COUNT]; /* by value: those of its cutoff */
    double *totals[ORDER_COUNT];            /* by value */
    double **exposure;                      /* by value, for measures that use it; by video */
    size_t tied, listed;
};

/* ---- setting up ------------------------------------------------------------------------ */

struct named_user {
    const char *name;
    uint32_t user;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct named_user *)a)->name, ((const struct named_user *)b)->name);
}

static bool has_relevant(const struct evaluation *eval, size_t user)
{
    for (size_t i = eval->truth.starts[user]; i < eval->truth.starts[user + 1]; i++)
        if (eval->truth.entries[i].value > 0)
            return true;
    return false;
}

static enum nr_status find_judged(struct evaluation *eval, struct nr_error *err)
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
    return count ? NR_OK : nr_fail(err, NR_ERR_DATA, "no user of the truth has a relevant video");
}

static void count_watchers(struct evaluation *eval)
{
    for (size_t u = 0; u < eval->data->users.count; u++) {
        size_t first = eval->train.starts[u], end = eval->train.starts[u + 1];
        eval->shared.train_users += end > first;
        for (size_t i = first; i < end; i++)
            eval->watchers[eval->train.entries[i].video]++;
    }
}

static enum nr_status make_scratch(struct evaluation *eval, struct nr_error *err)
{
    size_t videos = eval->data->videos.count + 1, users = eval->data->users.count;
    size_t list = nr_spans_longest(&eval->run, users) + 1, truth = nr_spans_longest(&eval->truth, users) + 1;
    eval->watchers = calloc(videos, sizeof *eval->watchers);
    eval->named = calloc(users + 1, sizeof *eval->named);
    eval->gain_of = calloc(videos, sizeof *eval->gain_of);
    eval->seen_by = calloc(videos, sizeof *eval->seen_by);
    eval->list = malloc(list * sizeof *eval->list);
    eval->gains = malloc(list * sizeof *eval->gains);
    eval->videos = malloc(list * sizeof *eval->videos);
    eval->ideal = malloc(truth * sizeof *eval->ideal);
    if (!eval->watchers || !eval->named || !eval->gain_of || !eval->seen_by || !eval->list || !eval->gains ||
        !eval->videos || !eval->ideal)
        return nr_fail_nomem(err, "an evaluation");
    count_watchers(eval);
    eval->shared.data = eval->data;
    eval->shared.watchers = eval->watchers;
    return NR_OK;
}

static enum nr_status make_values(struct evaluation *eval, struct nr_error *err)
{
    struct nr_eval_result *result = eval->result;
    enum nr_status status = nr_measures_choose(eval->data, eval->params, &result->values, &result->count, err);
    eval->exposure = calloc(result->count + 1, sizeof *eval->exposure);
    bool there = eval->exposure != NULL;
    for (size_t o = 0; o < ORDER_COUNT && !status; o++) {
        eval->sums[o] = calloc(result->count + 1, sizeof **eval->sums);
        eval->totals[o] = calloc(result->count + 1, sizeof **eval->totals);
        there = there && eval->sums[o] && eval->totals[o];
    }
    for (size_t v = 0; v < result->count && !status && there; v++) {
        const struct nr_measure *measure = result->values[v].measure;
        if (measure->of_user)
            there = (result->values[v].per_user = malloc(eval->judged_count * sizeof(double))) != NULL;
        else if (!measure->correctness)
            there = (eval->exposure[v] = calloc(eval->data->videos.count + 1, sizeof(double))) != NULL;
    }
    return status || there ? status : nr_fail_nomem(err, "the measures' values");
}

static void count_lists(struct evaluation *eval, const struct nr_eval_run *run)
{
    struct nr_eval_result *result = eval->result;
    for (size_t i = 0; i < run->lists.count; i++)
        eval->named[run->lists.entries[i].user] = true;
    for (size_t u = 0; u < eval->data->users.count; u++) {
        bool listed = eval->run.starts[u + 1] > eval->run.starts[u];
        bool judged = has_relevant(eval, u);
        result->unjudged += (listed || eval->named[u]) && !judged;
        result->missing += judged && !listed && !eval->named[u];
        result->empty += judged && !listed && eval->named[u];
    }
}

/* ---- one user ---------------------------------------------------------------------------- */

static int by_score(const struct listed *a, const struct listed *b)
{
    return (a->score < b->score) - (a->score > b->score);
}

static int compare_given(const void *a, const void *b)
{
    int order = by_score(a, b);
    return order ? order : strcmp(((const struct listed *)a)->video_id, ((const struct listed *)b)->video_id);
}

static int compare_trec(const void *a, const void *b)
{
    int order = by_score(a, b);
    return order ? order : strcmp(((const struct listed *)b)->video_id, ((const struct listed *)a)->video_id);
}

static int compare_best(const void *a, const void *b)
{
    const struct listed *left = a, *right = b;
    int order = by_score(a, b);
    if (!order)
        order = (left->gain < right->gain) - (left->gain > right->gain);
    return order ? order : strcmp(left->video_id, right->video_id);
}

static int compare_worst(const void *a, const void *b)
{
    const struct listed *left = a, *right = b;
    int order = by_score(a, b);
    if (!order)
        order = (left->gain > right->gain) - (left->gain < right->gain);
    return order ? order : strcmp(left->video_id, right->video_id);
}

static int compare_falling(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left < right) - (left > right);
}

/* The relevant videos' gains, for lookup and falling. */
static size_t set_gains(struct evaluation *eval, uint32_t user)
{
    size_t relevant = 0;
    for (size_t i = eval->truth.starts[user]; i < eval->truth.starts[user + 1]; i++)
        if (eval->truth.entries[i].value > 0) {
            eval->ideal[relevant++] = eval->truth.entries[i].value;
            eval->gain_of[eval->truth.entries[i].video] = eval->truth.entries[i].value;
        }
    qsort(eval->ideal, relevant, sizeof *eval->ideal, compare_falling);
    return relevant;
}

static void clear_gains(struct evaluation *eval, uint32_t user)
{
    for (size_t i = eval->truth.starts[user]; i < eval->truth.starts[user + 1]; i++)
        eval->gain_of[eval->truth.entries[i].video] = 0;
}

static enum nr_status take_list(struct evaluation *eval, uint32_t user, size_t *count, struct nr_error *err)
{
    bool trec = eval->params->ties == NR_TIES_TREC;
    *count = 0;
    for (size_t i = eval->run.starts[user]; i < eval->run.starts[user + 1]; i++) {
        const struct nr_judged *entry = &eval->run.entries[i];
        const char *video_id = eval->data->videos.names[entry->video];
        if (eval->seen_by[entry->video] == user + 1)
            return nr_fail(err, NR_ERR_DATA, "run '%s' lists video '%s' twice for user '%s'", eval->result->run,
                           video_id, eval->data->users.names[user]);
        eval->seen_by[entry->video] = user + 1;
        double score = trec ? (double)(float)entry->value : entry->value;
        eval->list[(*count)++] = (struct listed){score, eval->gain_of[entry->video], entry->video, video_id};
    }
    return NR_OK;
}

static size_t count_tied(const struct listed *list, size_t count)
{
    size_t tied = 0;
    for (size_t i = 0; i < count; i++)
        tied += (i && list[i].score == list[i - 1].score) || (i + 1 < count && list[i].score == list[i + 1].score);
    return tied;
}

static void add_exposure(double *exposure, const struct nr_eval_case *user, size_t k)
{
    for (size_t i = 0; i < user->listed && i < k; i++)
        exposure[user->videos[i]]++;
}

static void add_sums(struct nr_eval_sums *sums, const struct nr_eval_case *user, size_t k)
{
    double hits = 0;
    for (size_t i = 0; i < user->listed && i < k; i++)
        hits += user->gains[i] > 0;
    sums->k = k;
    sums->users++;
    sums->hits += hits;
    sums->relevant += (double)user->relevant;
    sums->precision += hits / (double)k;
    sums->recall += hits / (double)user->relevant;
}

/* `index` is the user's place in the result. */
static void add_case(struct evaluation *eval, const struct nr_eval_case *user, size_t index, int order)
{
    for (size_t v = 0; v < eval->result->count; v++) {
        struct nr_eval_value *value = &eval->result->values[v];
        if (!value->measure->of_user) {
            add_sums(&eval->sums[order][v], user, value->k);
            if (order == ORDER_GIVEN && eval->exposure[v])
                add_exposure(eval->exposure[v], user, value->k);
            continue;
        }
        double number = user->listed == 0 && value->measure->correctness ? 0 : value->measure->of_user(user, value->k);
        if (order == ORDER_GIVEN) {
            value->per_user[index] = number;
            value->undefined += isnan(number) != 0;
        }
        eval->totals[order][v] += isnan(number) ? 0 : number;
    }
}

static void order_list(struct evaluation *eval, size_t count, int order)
{
    int (*const given)(const void *, const void *) = eval->params->ties == NR_TIES_TREC ? compare_trec : compare_given;
    if (count > 1)
        qsort(eval->list, count, sizeof *eval->list,
              order == ORDER_GIVEN  ? given
              : order == ORDER_BEST ? compare_best
                                    : compare_worst);
    for (size_t i = 0; i < count; i++) {
        eval->gains[i] = eval->list[i].gain;
        eval->videos[i] = eval->list[i].video;
    }
}

static double candidates(const struct evaluation *eval, uint32_t user)
{
    const struct nr_eval_data *data = eval->data;
    size_t catalogue = data->item_count ? data->item_count : data->videos.count, watched = 0;
    for (size_t i = eval->train.starts[user]; i < eval->train.starts[user + 1]; i++)
        watched += !data->item_count || nr_eval_item(data, eval->train.entries[i].video);
    return (double)(catalogue - watched);
}

static enum nr_status measure_user(struct evaluation *eval, size_t index, struct nr_error *err)
{
    uint32_t number = eval->judged[index];
    struct nr_eval_case user = {.gains = eval->gains,
                                .videos = eval->videos,
                                .ideal = eval->ideal,
                                .relevant = set_gains(eval, number),
                                .candidates = candidates(eval, number),
                                .shared = &eval->shared};
    enum nr_status status = take_list(eval, number, &user.listed, err);
    clear_gains(eval, number);
    if (status)
        return status;
    order_list(eval, user.listed, ORDER_GIVEN);
    size_t tied = count_tied(eval->list, user.listed);
    eval->tied += tied;
    eval->listed += user.listed;
    for (int order = ORDER_GIVEN; order < ORDER_COUNT; order++) {
        if (tied && order != ORDER_GIVEN)
            order_list(eval, user.listed, order);
        add_case(eval, &user, index, order);
    }
    return NR_OK;
}

/* ---- all users ----------------------------------------------------------------------------- */

/* How often each video of the catalogue was listed, rising; returns the catalogue's size. */
static size_t sort_exposure(const struct evaluation *eval, double *exposure)
{
    size_t count = 0;
    for (size_t v = 0; v < eval->data->videos.count; v++)
        if (!eval->data->item_count || nr_eval_item(eval->data, (uint32_t)v))
            exposure[count++] = -exposure[v];
    if (count)
        qsort(exposure, count, sizeof *exposure, compare_falling);
    for (size_t i = 0; i < count; i++)
        exposure[i] = -exposure[i];
    return count;
}

static double finish_order(struct evaluation *eval, size_t v, int order, size_t catalogue)
{
    const struct nr_eval_value *value = &eval->result->values[v];
    if (value->measure->of_user) {
        size_t defined = eval->judged_count - value->undefined;
        return defined ? eval->totals[order][v] / (double)defined : NAN;
    }
    eval->sums[order][v].exposure = eval->exposure[v];
    eval->sums[order][v].catalogue = catalogue;
    return value->measure->of_run(&eval->sums[order][v]);
}

static void finish_values(struct evaluation *eval)
{
    for (size_t v = 0; v < eval->result->count; v++) {
        struct nr_eval_value *value = &eval->result->values[v];
        size_t catalogue = eval->exposure[v] ? sort_exposure(eval, eval->exposure[v]) : 0;
        value->value = finish_order(eval, v, ORDER_GIVEN, catalogue);
        value->best = finish_order(eval, v, ORDER_BEST, catalogue);
        value->worst = finish_order(eval, v, ORDER_WORST, catalogue);
    }
    eval->result->tie_rate = eval->listed ? (double)eval->tied / (double)eval->listed : 0;
}

static void evaluation_release(struct evaluation *eval)
{
    nr_spans_release(&eval->truth);
    nr_spans_release(&eval->train);
    nr_spans_release(&eval->run);
    for (size_t v = 0; v < eval->result->count && eval->exposure; v++)
        free(eval->exposure[v]);
    for (size_t o = 0; o < ORDER_COUNT; o++) {
        free(eval->sums[o]);
        free(eval->totals[o]);
    }
    free(eval->exposure);
    free(eval->watchers);
    free(eval->named);
    free(eval->judged);
    free(eval->gain_of);
    free(eval->seen_by);
    free(eval->list);
    free(eval->gains);
    free(eval->ideal);
    free(eval->videos);
}

static enum nr_status prepare(struct evaluation *eval, const struct nr_eval_run *run, struct nr_error *err)
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
    struct evaluation eval = {.data = data, .params = params, .result = result};
    *result = (struct nr_eval_result){.run = run->name};
    enum nr_status status = prepare(&eval, run, err);
    if (!status)
        count_lists(&eval, run);
    for (size_t i = 0; i < eval.judged_count && !status; i++)
        status = measure_user(&eval, i, err);
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
