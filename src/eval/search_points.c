/* search_points.c - see search_points.h. */
#include "eval/search_points.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

#define POINTS_MAX ((size_t)1 << 20)

/* ---- scales --------------------------------------------------------------------------- */

double nr_search_round(const struct nr_search_range *range, double value)
{
    char text[NR_NUMBER_MAX];
    double rounded = value;
    if (range->whole)
        return round(value);
    snprintf(text, sizeof text, "%.4g", value);
    return nr_parse_double(text, strlen(text), &rounded) ? rounded : value;
}

/* value = low (high / low)^place, or low + place (high - low) */
double nr_search_value(const struct nr_search_range *range, double place)
{
    double at = fmin(1, fmax(0, place));
    return nr_search_round(range, range->logarithmic ? range->low * exp(at * log(range->high / range->low))
                                                     : range->low + at * (range->high - range->low));
}

double nr_search_place(const struct nr_search_range *range, double value)
{
    double least = fmin(range->low, range->high), most = fmax(range->low, range->high);
    double inside = fmin(most, fmax(least, value));
    return range->logarithmic ? log(inside / range->low) / log(range->high / range->low)
                              : (inside - range->low) / (range->high - range->low);
}

/* ---- points --------------------------------------------------------------------------- */

enum nr_status nr_search_point_get(struct nr_search *search, const double *values, struct nr_search_point **out,
                                   struct nr_error *err)
{
    size_t bytes = search->count * sizeof *values;
    for (size_t i = 0; i < search->point_count; i++)
        if (!bytes || memcmp(search->points[i]->values, values, bytes) == 0) {
            *out = search->points[i];
            return NR_OK;
        }
    enum nr_status status = nr_array_reserve((void **)&search->points, &search->point_capacity, search->point_count + 1,
                                             sizeof(struct nr_search_point *), POINTS_MAX, err);
    struct nr_search_point *point = status ? NULL : nr_arena_alloc(&search->mem, 1, sizeof *point);
    if (point) {
        point->values = nr_arena_alloc(&search->mem, search->count + 1, sizeof *point->values);
        point->users = malloc((search->params.users + 1) * sizeof *point->users);
    }
    if (!status && (search->mem.failed || !point->users)) {
        free(point ? point->users : NULL);
        return nr_fail_nomem(err, "a search");
    }
    if (status)
        return status;
    memcpy(point->values, values, bytes);
    *out = search->points[search->point_count++] = point;
    return NR_OK;
}

enum nr_status nr_search_point_measure(struct nr_search *search, struct nr_search_point *point, size_t bound,
                                       struct nr_error *err)
{
    enum nr_status status = NR_OK;
    /* Always the same pieces: a value may depend on who else is measured with it. */
    for (; point->bound < bound && !status; point->bound += status == NR_OK) {
        size_t from = search->bounds[point->bound], to = search->bounds[point->bound + 1];
        if (from == to)
            continue;
        struct nr_search_task task = {point->values, from, to, search->calls++, search->expected, point->users + from};
        status = search->measure(search->ctx, &task, err);
        for (size_t u = from; u < to && !status; u++)
            if (!isfinite(point->users[u]))
                status = nr_fail(err, NR_ERR_DATA, "a measured value is not finite");
    }
    return status;
}

double nr_search_point_mean(const struct nr_search_point *point, size_t users)
{
    double sum = 0;
    for (size_t u = 0; u < users; u++)
        sum += point->users[u];
    return users ? sum / (double)users : 0;
}

struct nr_search_gain nr_paired_gain(const double *a, const double *b, size_t count)
{
    double sum = 0, squares = 0, n = (double)count;
    for (size_t i = 0; i < count; i++)
        sum += a[i] - b[i];
    double mean = count ? sum / n : NAN;
    for (size_t i = 0; i < count; i++)
        squares += (a[i] - b[i] - mean) * (a[i] - b[i] - mean);
    return (struct nr_search_gain){mean, count > 1 ? sqrt(squares / (n - 1) / n) : NAN};
}

struct nr_search_gain nr_search_point_gain(const struct nr_search *search, enum nr_search_half half,
                                           const struct nr_search_point *a, const struct nr_search_point *b)
{
    size_t cut = search->bounds[NR_SEARCH_BOUNDS - 2], from = half == NR_JUDGED ? cut : 0;
    size_t to = half == NR_JUDGED ? search->params.users : cut;
    return nr_paired_gain(a->users + from, b->users + from, to - from);
}

void nr_search_points_release(struct nr_search *search)
{
    for (size_t i = 0; i < search->point_count; i++)
        free(search->points[i]->users);
    free(search->points);
    nr_arena_release(&search->mem);
    search->points = NULL;
    search->point_count = search->point_capacity = 0;
}
