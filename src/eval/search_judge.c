/* search_judge.c - what a search found has to pay on users whom it did not see. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/search_points.h"

#include "core/banned.h"

enum { SHRINK_STEPS = 10, EVERYBODY = NR_SEARCH_BOUNDS - 1 };

static enum nr_status get_measured(struct nr_search *search, const double *values, struct nr_search_point **out,
                                   struct nr_error *err)
{
    enum nr_status status = nr_search_point_get(search, values, out, err);
    return status ? status : nr_search_point_measure(search, *out, EVERYBODY, err);
}

/* ---- shares towards equal ---------------------------------------------------------------- */

/* w -> w^(1 - t): t = 0 as it is, t = 1 all the same. */
static bool shrink(const struct nr_search *search, const double *from, double t, double *values)
{
    bool changed = false;
    memcpy(values, from, search->count * sizeof *values);
    for (size_t p = 0; p < search->count; p++)
        if (search->ranges[p].share && from[p] > 0 && from[p] != 1) {
            values[p] = nr_search_round(&search->ranges[p], pow(from[p], 1 - t));
            changed = true;
        }
    return changed;
}

static enum nr_status move_shares(struct nr_search *search, struct nr_search_point **best, double *moved,
                                  struct nr_error *err)
{
    double values[NR_SEARCH_PARAMETERS_MAX];
    enum nr_status status = NR_OK;
    const struct nr_search_point *found = *best;
    *moved = 0;
    for (int step = SHRINK_STEPS; step > 0; step--) {
        double t = (double)step / SHRINK_STEPS;
        struct nr_search_point *point;
        if (!shrink(search, found->values, t, values))
            return NR_OK;
        status = get_measured(search, values, &point, err);
        if (status)
            return status;
        struct nr_search_gain loss = nr_search_point_gain(search, NR_JUDGED, found, point);
        if (loss.mean <= loss.error) {
            *best = point;
            *moved = t;
            return NR_OK;
        }
    }
    return status;
}

/* ---- changes that do not pay ---------------------------------------------------------------- */

/* No more than one standard error? Also where that is unknown. */
static bool is_noise(struct nr_search_gain gain)
{
    return !(gain.mean > gain.error);
}

/* In standard errors; no error at all is the surest. */
static double strength(struct nr_search_gain gain)
{
    if (gain.error > 0)
        return gain.mean / gain.error;
    return gain.mean > 0 ? INFINITY : -INFINITY;
}

/* The gain of each parameter that is not at its default; the weakest, or SIZE_MAX. */
static enum nr_status weigh_changes(struct nr_search *search, enum nr_search_half half,
                                    const struct nr_search_point *standard, const struct nr_search_point *at,
                                    struct nr_search_finding *findings, struct nr_search_point **without,
                                    size_t *weakest, struct nr_error *err)
{
    double values[NR_SEARCH_PARAMETERS_MAX];
    enum nr_status status = NR_OK;
    *weakest = SIZE_MAX;
    for (size_t p = 0; p < search->count && !status; p++) {
        struct nr_search_point *point;
        if (at->values[p] == standard->values[p])
            continue;
        memcpy(values, at->values, search->count * sizeof *values);
        values[p] = standard->values[p];
        status = get_measured(search, values, &point, err);
        if (status)
            return status;
        findings[p].gain = nr_search_point_gain(search, half, at, point);
        if (*weakest == SIZE_MAX || strength(findings[p].gain) < strength(findings[*weakest].gain)) {
            *weakest = p;
            *without = point;
        }
    }
    return status;
}

static enum nr_status take_back(struct nr_search *search, enum nr_search_half half,
                                const struct nr_search_point *standard, struct nr_search_point **best,
                                struct nr_search_finding *findings, struct nr_error *err)
{
    for (;;) {
        struct nr_search_point *without = NULL;
        size_t weakest;
        enum nr_status status = weigh_changes(search, half, standard, *best, findings, &without, &weakest, err);
        if (status || weakest == SIZE_MAX || !is_noise(findings[weakest].gain))
            return status;
        *best = without;
    }
}

/* ---- all of it ------------------------------------------------------------------------------------ */

static enum nr_status result_init(const struct nr_search *search, struct nr_search_result *out, struct nr_error *err)
{
    out->findings = calloc(search->count + 1, sizeof *out->findings);
    out->default_values = calloc(search->params.users, sizeof *out->default_values);
    out->values = calloc(search->params.users, sizeof *out->values);
    if (!out->findings || !out->default_values || !out->values)
        return nr_fail_nomem(err, "a search");
    out->count = search->count;
    out->users = search->params.users;
    out->searched_users = search->bounds[EVERYBODY - 1];
    for (size_t p = 0; p < search->count; p++)
        out->findings[p].gain = (struct nr_search_gain){NAN, NAN};
    return NR_OK;
}

enum nr_status nr_search_judge(struct nr_search *search, struct nr_search_point *standard, struct nr_search_point *best,
                               struct nr_search_result *out, struct nr_error *err)
{
    const struct nr_search_point *found = best;
    struct nr_search_point *unused = NULL;
    size_t weakest;
    enum nr_status status = result_init(search, out, err);
    if (!status)
        status = nr_search_point_measure(search, standard, EVERYBODY, err);
    if (!status)
        status = nr_search_point_measure(search, best, EVERYBODY, err);
    if (!status)
        status = take_back(search, NR_SEARCHED, standard, &best, out->findings, err);
    if (!status) /* for the report: what each is worth to those who did not choose it */
        status = weigh_changes(search, NR_JUDGED, standard, best, out->findings, &unused, &weakest, err);
    if (status)
        return status;
    out->whole = nr_search_point_gain(search, NR_JUDGED, best, standard);
    out->reverted = best != standard && is_noise(out->whole);
    if (out->reverted)
        best = standard;
    else
        status = move_shares(search, &best, &out->towards_equal, err);
    if (!status)
        status = take_back(search, NR_JUDGED, standard, &best, out->findings, err);
    if (status)
        return status;
    memcpy(out->default_values, standard->users, out->users * sizeof *out->values);
    memcpy(out->values, best->users, out->users * sizeof *out->values);
    for (size_t p = 0; p < search->count; p++) {
        out->findings[p].searched = found->values[p];
        out->findings[p].value = best->values[p];
        out->findings[p].kept = best->values[p] != standard->values[p];
    }
    return NR_OK;
}
