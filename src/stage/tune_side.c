/* tune_side.c - see tune_side.h. */
#include "stage/tune_side.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stage/fuse_behaviour.h"
#include "stage/recommenders.h"

#include "core/banned.h"

/* ---- users ------------------------------------------------------------------------------------- */

struct drawn {
    uint64_t place;
    const char *id;
};

static int by_place(const void *a, const void *b)
{
    const struct drawn *left = a, *right = b;
    if (left->place != right->place)
        return left->place < right->place ? -1 : 1;
    return strcmp(left->id, right->id);
}

static enum nr_status draw_order(struct nr_tune_side *side, struct nr_error *err)
{
    const struct nr_strings *users = &side->sides.users;
    struct drawn *drawn = malloc((users->count + 1) * sizeof *drawn);
    side->order = malloc((users->count + 1) * sizeof *side->order);
    if (!drawn || !side->order) {
        free(drawn);
        return nr_fail_nomem(err, "the users");
    }
    for (size_t u = 0; u < users->count; u++) {
        uint64_t name = nr_fnv1a(NR_FNV1A_SEED, users->items[u], strlen(users->items[u]));
        drawn[u] = (struct drawn){nr_splitmix64(nr_splitmix64(side->tuner->params->seed) ^ name), users->items[u]};
    }
    qsort(drawn, users->count, sizeof *drawn, by_place);
    for (size_t u = 0; u < users->count; u++)
        side->order[u] = drawn[u].id;
    side->count = users->count;
    free(drawn);
    return NR_OK;
}

enum nr_status nr_tune_side_users(const struct nr_tune_side *side, size_t from, size_t to, struct nr_strings *out,
                                  struct nr_error *err)
{
    *out = (struct nr_strings){malloc((to - from + 1) * sizeof *out->items), to - from};
    if (!out->items)
        return nr_fail_nomem(err, "the users");
    memcpy(out->items, side->order + from, out->count * sizeof *out->items);
    qsort(out->items, out->count, sizeof *out->items, nr_id_order);
    return NR_OK;
}

enum nr_status nr_tune_side_events(const struct nr_tune_side *side, const struct nr_strings *users,
                                   struct nr_event_log *out, struct nr_error *err)
{
    const struct nr_event_log *log = &side->sides.train;
    *out = (struct nr_event_log){.events = malloc((log->count + 1) * sizeof *out->events)};
    if (!out->events)
        return nr_fail_nomem(err, "the users' events");
    for (size_t i = 0; i < log->count; i++)
        if (nr_id_find(users->items, users->count, log->events[i].user_id) != SIZE_MAX)
            out->events[out->count++] = log->events[i];
    return NR_OK;
}

/* ---- the side ------------------------------------------------------------------------------------ */

enum nr_status nr_tune_side_make(struct nr_tuner *tuner, const char *name, const struct nr_split_params *split,
                                 const struct nr_event_log *log, const struct nr_item_list *items,
                                 struct nr_tune_side *out, struct nr_error *err)
{
    *out = (struct nr_tune_side){.tuner = tuner, .name = name};
    enum nr_status status = nr_items_borrow(items, &out->items, err);
    if (!status)
        status = nr_sides_make(tuner->env, tuner->params->positive, split, log, &out->items, &out->sides, err);
    if (!status)
        status = nr_sides_judge(&out->sides, NULL, &out->data, err);
    if (!status)
        status = draw_order(out, err);
    return status;
}

void nr_tune_side_release(struct nr_tune_side *side)
{
    nr_items_return(&side->fitted);
    nr_buf_release(&side->fitted_for);
    nr_eval_data_release(&side->data);
    nr_sides_release(&side->sides);
    nr_items_return(&side->items);
    free(side->order);
    *side = (struct nr_tune_side){.count = 0};
}

/* ---- measuring --------------------------------------------------------------------------------------- */

static enum nr_status refit(struct nr_tune_side *side, const struct nr_tune_point *point, struct nr_error *err)
{
    struct nr_stage_env env = *side->tuner->env;
    env.settings = &point->settings;
    nr_items_return(&side->fitted);
    enum nr_status status = nr_items_borrow(&side->items, &side->fitted, err);
    struct nr_item **order = status ? NULL : malloc((side->fitted.count + 1) * sizeof(struct nr_item *));
    if (!status && !order)
        status = nr_fail_nomem(err, "the catalogue");
    for (size_t i = 0; i < side->fitted.count && !status; i++)
        order[i] = &side->fitted.items[i];
    if (!status)
        status = nr_fuse_behaviour(&env, &side->sides.train, order, side->fitted.count, err);
    free(order);
    return status;
}

enum nr_status nr_tune_side_fit(struct nr_tune_side *side, const struct nr_tune_point *point, struct nr_error *err)
{
    struct nr_buf wanted = {0};
    nr_tune_describe_factors(point, &wanted);
    enum nr_status status = nr_buf_status(&wanted, err);
    if (!status && side->fitted_for.length == wanted.length &&
        memcmp(side->fitted_for.data, wanted.data, wanted.length) == 0) {
        nr_buf_release(&wanted);
        return NR_OK;
    }
    nr_buf_release(&side->fitted_for);
    if (!status)
        status = refit(side, point, err);
    if (!status)
        side->fitted_for = wanted;
    else
        nr_buf_release(&wanted);
    return status;
}

static enum nr_status take_values(const struct nr_tune_side *side, const struct nr_eval_result *result, size_t from,
                                  size_t to, double *out, struct nr_error *err)
{
    const double *values = result->count == 1 ? result->values[0].per_user : NULL;
    if (!values)
        return nr_fail(err, NR_ERR_USAGE, "'%s' is no measure that every user has one of",
                       side->tuner->params->measure);
    for (size_t u = from; u < to; u++) {
        size_t at = nr_id_find(result->user_ids, result->users, side->order[u]);
        out[u - from] = at == SIZE_MAX || isnan(values[at]) ? 0 : values[at];
    }
    return NR_OK;
}

static enum nr_status list_and_measure(struct nr_tune_side *side, const struct nr_training *training, size_t from,
                                       size_t to, double *out, struct nr_error *err)
{
    const struct nr_tune_params *params = side->tuner->params;
    struct nr_eval_run run = {.name = params->model};
    struct nr_eval_result result = {.count = 0};
    struct nr_eval_params eval;
    nr_eval_params_default(&eval);
    eval.cutoffs[0] = params->k;
    eval.cutoff_count = 1;
    eval.measures = params->measure;
    enum nr_status status = nr_recommend(training, params->model, &side->data, &run, err);
    if (!status)
        status = nr_eval_measure(&side->data, &run, &eval, &result, err);
    if (!status)
        status = take_values(side, &result, from, to, out, err);
    nr_eval_run_release(&run);
    nr_eval_result_release(&result);
    return status;
}

/* A list needs only its own user's events, but for one: a user with no block gets what most
 * of those who are listed with them watched. So everybody is listed together wherever
 * everybody is asked for, as a backtest does. */
static enum nr_status measure(struct nr_tune_side *side, const struct nr_tune_point *point, size_t from, size_t to,
                              double *out, struct nr_error *err)
{
    struct nr_sides *sides = &side->sides;
    struct nr_stage_env env = *side->tuner->env;
    struct nr_strings users = {NULL, 0};
    struct nr_event_log some = {.count = 0};
    bool content = nr_recommender_find(side->tuner->params->model) != NULL, all = from == 0 && to == side->count;
    struct nr_backtest_params backtest = {.depth = side->tuner->depth, .model = point->model, .split = sides->split};
    env.settings = &point->settings;
    enum nr_status status = nr_tune_side_users(side, from, to, &users, err);
    if (!status && content)
        status = nr_tune_side_fit(side, point, err);
    if (!status && content && !all)
        status = nr_tune_side_events(side, &users, &some, err);
    struct nr_training training = {.env = &env,
                                   .params = &backtest,
                                   .log = content && !all ? &some : &sides->train,
                                   .items = content ? &side->fitted : &side->items,
                                   .ids = sides->ids,
                                   .pairs = &sides->pairs,
                                   .known = &sides->known,
                                   .users = &users};
    if (!status)
        status = list_and_measure(side, &training, from, to, out, err);
    free(some.events);
    free(users.items);
    return status;
}

enum nr_status nr_tune_side_key(const struct nr_tune_side *side, const struct nr_tune_point *point, size_t from,
                                size_t to, const char *what, char key[NR_DIGEST_HEX], struct nr_error *err)
{
    const struct nr_tuner *tuner = side->tuner;
    const struct nr_tune_params *params = tuner->params;
    struct nr_buf text = {0};
    nr_buf_printf(&text, "nightreel %s\ndata %s\nside %s\nsplit %d %zu %d\npositive %s\n", NR_VERSION, tuner->digest,
                  side->name, (int)params->split.split, params->split.last, (int)params->split.all_events,
                  params->positive);
    nr_buf_printf(&text, "k %zu\nseed %zu\nusers %zu %zu of %zu\n%s\n", params->k, params->seed, from, to, side->count,
                  what);
    nr_tune_describe(point, params->model, &text);
    enum nr_status status = nr_buf_status(&text, err);
    if (!status)
        status = nr_digest_bytes(text.data, text.length, key, err);
    nr_buf_release(&text);
    if (!status)
        key[NR_TRIAL_KEY - 1] = '\0';
    return status;
}

enum nr_status nr_tune_side_measure(struct nr_tune_side *side, const struct nr_tune_point *point, size_t from,
                                    size_t to, double *out, struct nr_error *err)
{
    char key[NR_DIGEST_HEX];
    struct nr_tuner *tuner = side->tuner;
    if (nr_interrupted())
        return nr_fail(err, NR_ERR_INTERRUPTED, "interrupted");
    enum nr_status status = nr_tune_side_key(side, point, from, to, side->tuner->params->measure, key, err);
    const double *known = status ? NULL : nr_trials_find(tuner->trials, key, to - from);
    if (known) {
        memcpy(out, known, (to - from) * sizeof *out);
        tuner->reused++;
        return NR_OK;
    }
    if (!status)
        status = measure(side, point, from, to, out, err);
    tuner->measured++;
    return status ? status : nr_trials_add(tuner->trials, key, side->name, from, out, to - from, err);
}
