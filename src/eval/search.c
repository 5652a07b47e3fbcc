/* search.c - see nightreel/eval_search.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/search_points.h"

#include "core/banned.h"

enum { TRIALS_MAX = 100000, QUARTER = 1, HALF = 2, SEARCHED = 3, EVERYBODY = 4 };
static const double STEPS[] = {1.0 / 8, 1.0 / 16, 1.0 / 32};

void nr_search_params_default(struct nr_search_params *params)
{
    *params = (struct nr_search_params){.trials = 40, .seed = 1};
}

const char *nr_search_params_check(const struct nr_search_params *params)
{
    if (params->trials < 1 || params->trials > TRIALS_MAX)
        return "--trials must be from 1 to 100000";
    return params->users < 4 ? "a search needs at least 4 users" : NULL;
}

const char *nr_search_ranges_check(const struct nr_search_range *ranges, size_t count)
{
    if (count > NR_SEARCH_PARAMETERS_MAX)
        return "at most 64 parameters can be searched at once";
    for (size_t i = 0; i < count; i++) {
        const struct nr_search_range *range = &ranges[i];
        if (!isfinite(range->low) || !isfinite(range->high) || !isfinite(range->default_value))
            return "a range and its default must be finite";
        if (!(range->low < range->high))
            return "a range must begin below its end";
        if (range->logarithmic && !(range->low * range->high > 0))
            return "a logarithmic range must not hold 0";
        if (range->share && !(range->low > 0))
            return "a share's range must be above 0";
    }
    return NULL;
}

/* ---- drawing ------------------------------------------------------------------------------ */

/* Uniform in [0, 1), the same for the same seed, trial, parameter and use. */
static double draw(uint64_t seed, size_t trial, size_t parameter, uint64_t use)
{
    uint64_t hash = nr_splitmix64(nr_splitmix64(nr_splitmix64(seed) + trial) + 2 * parameter + use);
    return (double)(hash >> 11) * 0x1p-53;
}

static void draw_point(const struct nr_search *search, size_t trial, double *values)
{
    for (size_t p = 0; p < search->count; p++) {
        const struct nr_search_range *range = &search->ranges[p];
        bool moved = draw(search->params.seed, trial, p, 0) < 0.5;
        values[p] = moved ? nr_search_value(range, draw(search->params.seed, trial, p, 1)) : range->default_value;
    }
}

/* ---- halving --------------------------------------------------------------------------------- */

struct entrant {
    struct nr_search_point *point;
    double mean;
    size_t order; /* of drawing: earlier ones win ties, the default is the first */
};

static int by_mean(const void *a, const void *b)
{
    const struct entrant *left = a, *right = b;
    if (left->mean != right->mean)
        return left->mean < right->mean ? 1 : -1;
    return left->order < right->order ? -1 : left->order > right->order;
}

/* The default and the points drawn, each once; entrants has room for one more than trials. */
static enum nr_status draw_entrants(struct nr_search *search, struct entrant *entrants, size_t *count,
                                    struct nr_error *err)
{
    double values[NR_SEARCH_PARAMETERS_MAX];
    enum nr_status status = NR_OK;
    *count = 0;
    for (size_t p = 0; p < search->count; p++)
        values[p] = search->ranges[p].default_value;
    for (size_t t = 0; t <= search->params.trials && !status; t++) {
        size_t before = search->point_count;
        struct nr_search_point *point;
        if (t > 0)
            draw_point(search, t, values);
        status = nr_search_point_get(search, values, &point, err);
        if (!status && search->point_count > before) {
            entrants[*count] = (struct entrant){point, 0, *count};
            ++*count;
        }
    }
    return status;
}

static enum nr_status halve(struct nr_search *search, struct entrant *entrants, size_t count,
                            struct nr_search_point **best, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t bound = QUARTER; bound <= SEARCHED && !status; bound++) {
        for (size_t i = 0; i < count && !status; i++) {
            status = nr_search_point_measure(search, entrants[i].point, bound, err);
            entrants[i].mean = nr_search_point_mean(entrants[i].point, search->bounds[bound]);
        }
        if (status)
            return status;
        qsort(entrants, count, sizeof *entrants, by_mean);
        if (bound < SEARCHED)
            count = (count + 1) / 2;
    }
    *best = entrants[0].point;
    return status;
}

/* ---- coordinate by coordinate -------------------------------------------------------------- */

static enum nr_status try_step(struct nr_search *search, size_t parameter, double step, struct nr_search_point **best,
                               bool *better, struct nr_error *err)
{
    double values[NR_SEARCH_PARAMETERS_MAX];
    size_t users = search->bounds[SEARCHED];
    struct nr_search_point *point;
    const struct nr_search_range *range = &search->ranges[parameter];
    *better = false;
    memcpy(values, (*best)->values, search->count * sizeof *values);
    values[parameter] = nr_search_value(range, nr_search_place(range, values[parameter]) + step);
    enum nr_status status = nr_search_point_get(search, values, &point, err);
    if (!status)
        status = nr_search_point_measure(search, point, SEARCHED, err);
    if (!status && nr_search_point_mean(point, users) > nr_search_point_mean(*best, users)) {
        *best = point;
        *better = true;
    }
    return status;
}

/* Up, and where that does not help, down. */
static enum nr_status refine(struct nr_search *search, struct nr_search_point **best, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t s = 0; s < NR_COUNT(STEPS); s++)
        for (size_t p = 0; p < search->count && !status; p++) {
            bool better;
            status = try_step(search, p, STEPS[s], best, &better, err);
            if (!status && !better)
                status = try_step(search, p, -STEPS[s], best, &better, err);
        }
    return status;
}

/* ---- all of it --------------------------------------------------------------------------------- */

static enum nr_status search_init(struct nr_search *search, struct nr_error *err)
{
    const char *wrong = nr_search_params_check(&search->params);
    if (!wrong)
        wrong = nr_search_ranges_check(search->ranges, search->count);
    if (wrong)
        return nr_fail(err, NR_ERR_USAGE, "%s", wrong);
    size_t users = search->params.users, searched = users / 2, trials = search->params.trials, p = search->count;
    search->bounds[QUARTER] = (searched + 3) / 4;
    search->bounds[HALF] = (searched + 1) / 2;
    search->bounds[SEARCHED] = searched;
    search->bounds[EVERYBODY] = users;
    search->expected = trials + trials / 2 + trials / 4 + 6 * p + p * (p + 1) / 2 + 12;
    return NR_OK;
}

enum nr_status nr_search_run(const struct nr_search_range *ranges, size_t count, const struct nr_search_params *params,
                             nr_search_measure measure, void *ctx, struct nr_search_result *out, struct nr_error *err)
{
    struct nr_search search = {.ranges = ranges, .count = count, .params = *params, .measure = measure, .ctx = ctx};
    struct nr_search_point *best = NULL;
    size_t entrant_count = 0;
    *out = (struct nr_search_result){.count = 0};
    enum nr_status status = search_init(&search, err);
    if (status)
        return status;
    struct entrant *entrants = calloc(params->trials + 1, sizeof *entrants);
    status = entrants ? draw_entrants(&search, entrants, &entrant_count, err) : nr_fail_nomem(err, "a search");
    struct nr_search_point *standard = status ? NULL : entrants[0].point;
    if (!status)
        status = halve(&search, entrants, entrant_count, &best, err);
    if (!status)
        status = refine(&search, &best, err);
    if (!status)
        status = nr_search_judge(&search, standard, best, out, err);
    out->points = search.point_count;
    free(entrants);
    nr_search_points_release(&search);
    return status;
}

void nr_search_result_release(struct nr_search_result *result)
{
    free(result->findings);
    free(result->default_values);
    free(result->values);
    *result = (struct nr_search_result){.count = 0};
}
