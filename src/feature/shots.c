/* shots.c - transitions between shots, judged when they are over. */
#include "feature/shots.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

/* A transition longer than this is movement; its frames must fit into the ring. */
#define LONG_SECONDS 3.0
enum { RING = 256, SETTLED = 2, ENDS = 6 };

/* Whatever the deviations: distances below are noise, and no cut is less than this. */
#define SIGMA_FLOOR 0.0005
#define LOW_FLOOR   0.004
#define HIGH_FLOOR  0.015
/* Two shots lie at least this far apart, in pictures and in time. */
#define SHOT_DISTANCE 0.015
#define SHOT_SECONDS  0.2
/* A cut's own share of its transition, and how its change of the grid compares with those
 * of the frames around it. */
#define CUT_SHARE  0.6
#define CUT_CHANGE 2.0
/* A dissolve's way, and its share of the sum of steps: movement wanders. */
#define DISSOLVE_DISTANCE 0.10
#define STRAIGHT          0.4
#define BLACK             0.02
/* A picture that gets lighter by this much within RISE_FRAMES is fading in. */
#define RISE 0.004
enum { RISE_FRAMES = 5, AROUND = 2 };

struct look {
    float shares[NR_HISTOGRAM_BINS];
    uint8_t grid[NR_SHOT_GRID];
    double luma, change, time, step; /* change and step: from the look before, of the grid and of the histogram */
};

struct nr_shot_finder {
    struct look ring[RING];
    int64_t frames;
    float calm[NR_SHOT_WINDOW]; /* the last distances that were no transition */
    int64_t calm_count;
    int64_t first, last; /* frames of the open transition whose steps stand out; first < 0: none */
    double first_high;   /* the limit for cuts when it began */
    double last_black;   /* time of the last black frame */
    bool dawn;           /* nothing but black, or a fade out of it, so far */
    bool first_dawn;     /* the same when the transition began */
    double *boundaries;
    size_t count, capacity;
};

enum nr_status nr_shot_finder_new(struct nr_shot_finder **out, struct nr_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return nr_fail_nomem(err, "a shot finder");
    (*out)->first = -1;
    (*out)->dawn = true;
    (*out)->last_black = -INFINITY;
    return NR_OK;
}

void nr_shot_finder_free(struct nr_shot_finder *finder)
{
    if (finder)
        free(finder->boundaries);
    free(finder);
}

const double *nr_shot_finder_boundaries(const struct nr_shot_finder *finder)
{
    return finder->boundaries;
}

static const struct look *at(const struct nr_shot_finder *finder, int64_t frame)
{
    return &finder->ring[frame % RING];
}

static double distance(const struct look *a, const struct look *b)
{
    enum { BINS = NR_HISTOGRAM_BINS / 3 };
    double moved = 0;
    for (int channel = 0; channel < 3; channel++) {
        double above = 0; /* what must be carried over to the next bin */
        for (int bin = channel * BINS; bin < channel * BINS + BINS - 1; bin++) {
            above += (double)a->shares[bin] - b->shares[bin];
            moved += fabs(above);
        }
    }
    return moved / (3 * (BINS - 1));
}

static double change_between(const struct look *a, const struct look *b)
{
    int64_t change = 0;
    for (int i = 0; i < NR_SHOT_GRID; i++)
        change += abs(a->grid[i] - b->grid[i]);
    return (double)change / (255.0 * NR_SHOT_GRID);
}

/* ---- what stands out ---------------------------------------------------------------- */

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static double median(float *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_floats);
    return count % 2 ? values[count / 2] : ((double)values[count / 2 - 1] + values[count / 2]) / 2;
}

/* Distances above *low stand out, those above *high may be cuts. */
static void find_limits(const struct nr_shot_finder *finder, double *low, double *high)
{
    float values[NR_SHOT_WINDOW];
    size_t count = (size_t)(finder->calm_count < NR_SHOT_WINDOW ? finder->calm_count : NR_SHOT_WINDOW);
    double middle = 0, sigma = 0;
    if (count > 0) {
        memcpy(values, finder->calm, count * sizeof *values);
        middle = median(values, count);
        for (size_t i = 0; i < count; i++)
            values[i] = (float)fabs(finder->calm[i] - middle);
        sigma = 1.4826 * median(values, count);
    }
    sigma = fmax(sigma, SIGMA_FLOOR);
    *low = fmax(LOW_FLOOR, middle + NR_SHOT_LOW_MADS * sigma);
    *high = fmax(HIGH_FLOOR, middle + NR_SHOT_HIGH_MADS * sigma);
}

static void keep_calm(struct nr_shot_finder *finder, double step)
{
    finder->calm[finder->calm_count++ % NR_SHOT_WINDOW] = (float)step;
}

/* ---- judging a transition ----------------------------------------------------------------- */

struct transition {
    int64_t before, after; /* the frames around it, the later one when it has been calm */
    int64_t peak;          /* the greatest step leads to this frame */
    double way, steps;     /* distance from before to after; sum of the steps */
    int64_t darkest;       /* of them and the frames between */
};

static struct transition survey(const struct nr_shot_finder *finder)
{
    struct transition seen = {
        .before = finder->first - 1,
        .after = finder->frames - 1,
        .peak = finder->first,
        .darkest = finder->first - 1,
    };
    seen.way = distance(at(finder, seen.before), at(finder, seen.after));
    for (int64_t frame = finder->first; frame <= finder->last; frame++) {
        seen.steps += at(finder, frame)->step;
        if (at(finder, frame)->step > at(finder, seen.peak)->step)
            seen.peak = frame;
    }
    for (int64_t frame = seen.before; frame <= seen.after; frame++)
        if (at(finder, frame)->luma < at(finder, seen.darkest)->luma)
            seen.darkest = frame;
    return seen;
}

static enum nr_status add_boundary(struct nr_shot_finder *finder, int64_t frame, struct nr_error *err)
{
    double time = at(finder, frame)->time;
    if (finder->count > 0 && time - finder->boundaries[finder->count - 1] < SHOT_SECONDS)
        return NR_OK;
    enum nr_status status = nr_array_reserve((void **)&finder->boundaries, &finder->capacity, finder->count + 1,
                                             sizeof *finder->boundaries, SIZE_MAX / 64, err);
    if (status)
        return status;
    finder->boundaries[finder->count++] = time;
    return NR_OK;
}

/* Whether it passes through black, from light to light; *middle is the middle of the black.
 * A fade out of a dark picture moves nothing to another bin: the black may begin before
 * the transition does. */
static bool through_black(const struct nr_shot_finder *finder, const struct transition *seen, int64_t *middle)
{
    int64_t from = seen->darkest, to = seen->darkest;
    int64_t oldest = finder->frames > RING ? finder->frames - RING : 0;
    double limit = at(finder, seen->darkest)->luma + 1.0 / 255;
    while (from > oldest && at(finder, from - 1)->luma <= limit)
        from--;
    while (to < seen->after && at(finder, to + 1)->luma <= limit)
        to++;
    *middle = (from + to + 1) / 2;
    return at(finder, seen->darkest)->luma < BLACK && from > oldest && to < seen->after &&
           at(finder, to)->time - at(finder, from)->time < LONG_SECONDS;
}

/* The middle of a dissolve. It mixes the picture before it, A, with the one after it, B:
 * a frame's share of B is its projection (F - A).(B - A) / |B - A|^2, which reaches a half. */
static int64_t half_way(const struct nr_shot_finder *finder, const struct transition *seen)
{
    int64_t from = finder->first - ENDS > 0 ? finder->first - ENDS : 0;
    const struct look *a = at(finder, from), *b = at(finder, seen->after);
    double whole = 0;
    for (int i = 0; i < NR_SHOT_GRID; i++)
        whole += ((double)b->grid[i] - a->grid[i]) * ((double)b->grid[i] - a->grid[i]);
    for (int64_t frame = from; frame < seen->after; frame++) {
        double part = 0;
        for (int i = 0; i < NR_SHOT_GRID; i++)
            part += ((double)at(finder, frame)->grid[i] - a->grid[i]) * ((double)b->grid[i] - a->grid[i]);
        if (part >= whole / 2)
            return frame;
    }
    return seen->after;
}

/* Whether a step is a cut by itself: it stands out, and so does the change of the grid. */
static bool is_cut(const struct nr_shot_finder *finder, int64_t frame)
{
    double before = 0, after = 0;
    for (int64_t i = 1; i <= AROUND; i++) {
        if (frame - i > 0)
            before = fmax(before, at(finder, frame - i)->change);
        if (frame + i < finder->frames)
            after = fmax(after, at(finder, frame + i)->change);
    }
    return at(finder, frame)->step > finder->first_high && at(finder, frame)->change > CUT_CHANGE * fmin(before, after);
}

/* Cuts among movement: steps that are the greatest around, to a picture that stays and is
 * not the one before a flash. */
static enum nr_status add_cuts(struct nr_shot_finder *finder, bool *found, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (int64_t frame = finder->first; !status && frame <= finder->last; frame++) {
        int64_t earlier = frame - 1 - SETTLED > 0 ? frame - 1 - SETTLED : 0;
        int64_t later = frame + SETTLED < finder->frames ? frame + SETTLED : finder->frames - 1;
        bool great = is_cut(finder, frame);
        for (int64_t other = finder->first; great && other <= finder->last; other++)
            great = fabs(at(finder, other)->time - at(finder, frame)->time) >= SHOT_SECONDS ||
                    at(finder, other)->step <= at(finder, frame)->step;
        if (!great || distance(at(finder, frame - 1), at(finder, later)) < SHOT_DISTANCE ||
            distance(at(finder, earlier), at(finder, later)) < SHOT_DISTANCE)
            continue;
        status = add_boundary(finder, frame, err);
        *found = true;
    }
    return status;
}

/* *found: there was a boundary in it. */
static enum nr_status judge(struct nr_shot_finder *finder, bool at_end, bool *found, struct nr_error *err)
{
    struct transition seen = survey(finder);
    double seconds = at(finder, finder->last)->time - at(finder, seen.before)->time;
    int64_t black;
    *found = true;
    if ((at_end && at(finder, seen.after)->luma < BLACK) || (finder->first_dawn && !is_cut(finder, seen.peak)))
        return NR_OK; /* the fades that a video begins and ends with */
    if (is_cut(finder, seen.peak) && at(finder, seen.peak)->step >= CUT_SHARE * seen.steps && seen.way >= SHOT_DISTANCE)
        return add_boundary(finder, seen.peak, err);
    if (seconds < LONG_SECONDS && through_black(finder, &seen, &black))
        return add_boundary(finder, black, err);
    if (seconds < LONG_SECONDS && seen.way >= DISSOLVE_DISTANCE && seen.way >= STRAIGHT * seen.steps)
        return add_boundary(finder, half_way(finder, &seen), err);
    *found = false;
    return add_cuts(finder, found, err);
}

static enum nr_status close_transition(struct nr_shot_finder *finder, bool at_end, struct nr_error *err)
{
    bool found = false;
    enum nr_status status = judge(finder, at_end, &found, err);
    for (int64_t frame = finder->first; !found && frame <= finder->last; frame++)
        keep_calm(finder, at(finder, frame)->step);
    finder->first = -1;
    return status;
}

/* ---- frames ------------------------------------------------------------------------------- */

static bool is_over(const struct nr_shot_finder *finder, const struct look *now)
{
    double calm = now->time - fmax(at(finder, finder->last)->time, finder->last_black);
    double since = now->time - at(finder, finder->first)->time;
    bool full = finder->frames - finder->first >= RING - 2 * ENDS; /* judging looks back a little */
    bool long_black = now->luma < BLACK && since >= LONG_SECONDS;
    return full || long_black || since >= 2 * LONG_SECONDS || calm >= NR_SHOT_CALM_SECONDS;
}

static bool is_rising(const struct nr_shot_finder *finder, int64_t frame)
{
    int64_t earlier = frame < RISE_FRAMES ? 0 : frame - RISE_FRAMES;
    return at(finder, frame)->luma > at(finder, earlier)->luma + RISE;
}

enum nr_status nr_shot_finder_add(struct nr_shot_finder *finder, const struct nr_shot_look *look, size_t *boundaries,
                                  struct nr_error *err)
{
    int64_t frame = finder->frames++;
    struct look *now = &finder->ring[frame % RING];
    enum nr_status status = NR_OK;
    memcpy(now->shares, look->shares, sizeof now->shares);
    memcpy(now->grid, look->grid, sizeof now->grid);
    now->time = look->time;
    now->luma = look->luma;
    if (now->luma < BLACK)
        finder->last_black = now->time;
    now->change = frame > 0 ? change_between(at(finder, frame - 1), now) : 0;
    now->step = frame > 0 ? distance(at(finder, frame - 1), now) : 0;
    if (frame > 0) {
        double low, high;
        find_limits(finder, &low, &high);
        if (now->step > low) {
            if (finder->first < 0) {
                finder->first = frame;
                finder->first_dawn = finder->dawn;
                finder->first_high = high;
            }
            finder->last = frame;
        } else if (finder->first < 0) {
            keep_calm(finder, now->step);
        }
    }
    if (finder->first >= 0 && is_over(finder, now))
        status = close_transition(finder, false, err);
    finder->dawn = finder->dawn && (now->luma < BLACK || is_rising(finder, frame));
    *boundaries = finder->count;
    return status;
}

enum nr_status nr_shot_finder_finish(struct nr_shot_finder *finder, size_t *boundaries, struct nr_error *err)
{
    enum nr_status status = finder->first >= 0 ? close_transition(finder, true, err) : NR_OK;
    *boundaries = finder->count;
    return status;
}
