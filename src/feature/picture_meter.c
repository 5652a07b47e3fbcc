/* picture_meter.c - a video's frames to one set of numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feature/impressions.h"
#include "feature/key_pictures.h"
#include "feature/pixels.h"
#include "feature/shots.h"
#include "nightreel/feature.h"

#include "core/banned.h"

/* Brightness, colourfulness and motion look at a coarse grid of pixels: they are
 * impressions, and every pixel would cost more than the histogram. */
enum { GRID_WIDTH = 40, GRID_HEIGHT = 24, GRID_PIXELS = GRID_WIDTH * GRID_HEIGHT };
_Static_assert(3 * GRID_PIXELS == NR_SHOT_GRID, "the shot finder looks at the same grid");

/* Motion is the change of the grid's luma over at least this long, so that it means
 * the same at 24 and at 60 frames a second. */
#define MOTION_SECONDS 0.2

struct nr_picture_meter {
    struct nr_picture_params params;
    int64_t frames;
    double mean[NR_HISTOGRAM_BINS], spread[NR_HISTOGRAM_BINS]; /* Welford's running mean and sum of squares */
    double brightness, colourfulness;                          /* sums over frames */
    double first_time, last_time;
    struct nr_shot_finder *shots;     /* NULL unless the frames are continuous */
    size_t boundaries;                /* of shots, known so far */
    struct nr_key_pictures *pictures; /* NULL: none are kept */
    uint8_t reference[GRID_PIXELS];   /* luma */
    double reference_time;
    double motion; /* sum over motion_count comparisons */
    int64_t motion_count;
    float *rows;
    size_t rows_capacity;
};

enum nr_status nr_picture_meter_new(const struct nr_picture_params *params, struct nr_picture_meter **out,
                                    struct nr_error *err)
{
    struct nr_picture_meter *meter = calloc(1, sizeof *meter);
    enum nr_status status = meter ? NR_OK : nr_fail_nomem(err, "a picture meter");
    if (!status) {
        meter->params = *params;
        status = params->continuous ? nr_shot_finder_new(&meter->shots, err) : NR_OK;
    }
    if (!status && params->pictures > 0)
        status = nr_key_pictures_new(params->pictures, &meter->pictures, err);
    if (status)
        nr_picture_meter_free(meter);
    *out = status ? NULL : meter;
    return status;
}

void nr_picture_meter_free(struct nr_picture_meter *meter)
{
    if (!meter)
        return;
    nr_shot_finder_free(meter->shots);
    nr_key_pictures_free(meter->pictures);
    free(meter->rows);
    free(meter);
}

/* Sums over the grid. */
struct glance {
    uint8_t luma[GRID_PIXELS], bgr[GRID_PIXELS][3];
    double luma_sum;
    double rg, yb, rg_squares, yb_squares; /* of R - G and (R + G) / 2 - B */
};

static void glance_at(const struct nr_frame *frame, struct glance *glance)
{
    struct nr_colour colour;
    *glance = (struct glance){.luma_sum = 0};
    nr_colour_init(&colour, frame);
    for (int i = 0; i < GRID_PIXELS; i++) {
        int x = (int)((2 * (int64_t)(i % GRID_WIDTH) + 1) * frame->width / (2 * GRID_WIDTH));
        int y = (int)((2 * (int64_t)(i / GRID_WIDTH) + 1) * frame->height / (2 * GRID_HEIGHT));
        uint8_t *bgr = glance->bgr[i];
        nr_colour_pixel(&colour, frame, x, y, bgr, &glance->luma[i]);
        double rg = bgr[2] - bgr[1], yb = 0.5 * (bgr[2] + bgr[1]) - bgr[0];
        glance->luma_sum += glance->luma[i];
        glance->rg += rg;
        glance->yb += yb;
        glance->rg_squares += rg * rg;
        glance->yb_squares += yb * yb;
    }
}

static double variance(double sum, double squares)
{
    double mean = sum / GRID_PIXELS;
    return fmax(0, squares / GRID_PIXELS - mean * mean);
}

/* Hasler and Suesstrunk 2003, "Measuring colourfulness in natural images":
 * M = sqrt(s_rg^2 + s_yb^2) + 0.3 sqrt(m_rg^2 + m_yb^2), here over 255. */
static double colourfulness(const struct glance *glance)
{
    double spread = variance(glance->rg, glance->rg_squares) + variance(glance->yb, glance->yb_squares);
    return (sqrt(spread) + 0.3 * hypot(glance->rg, glance->yb) / GRID_PIXELS) / 255;
}

static void add_motion(struct nr_picture_meter *meter, const struct glance *glance, double time)
{
    double passed = time - meter->reference_time;
    if (meter->frames > 0 && passed >= 0 && passed < MOTION_SECONDS)
        return;
    if (meter->frames > 0) {
        int64_t change = 0;
        for (int i = 0; i < GRID_PIXELS; i++)
            change += abs(glance->luma[i] - meter->reference[i]);
        meter->motion += (double)change / (255.0 * GRID_PIXELS);
        meter->motion_count++;
    }
    memcpy(meter->reference, glance->luma, sizeof meter->reference);
    meter->reference_time = time;
}

/* The shots that the boundaries up to now have ended. */
static void close_shots(struct nr_picture_meter *meter, size_t boundaries)
{
    const double *times = nr_shot_finder_boundaries(meter->shots);
    for (; meter->boundaries < boundaries; meter->boundaries++) {
        double start = meter->boundaries > 0 ? times[meter->boundaries - 1] : meter->first_time;
        if (meter->pictures)
            nr_key_pictures_close(meter->pictures, start, times[meter->boundaries]);
    }
}

static enum nr_status add_shot(struct nr_picture_meter *meter, const struct nr_frame *frame, const float *shares,
                               const struct glance *glance, struct nr_error *err)
{
    size_t boundaries;
    const struct nr_shot_look look = {
        .shares = shares,
        .grid = glance->bgr[0],
        .luma = glance->luma_sum / (255.0 * GRID_PIXELS),
        .time = frame->time,
    };
    enum nr_status status = nr_shot_finder_add(meter->shots, &look, &boundaries, err);
    if (!status && meter->pictures)
        status = nr_key_pictures_offer(meter->pictures, frame, err);
    if (!status)
        close_shots(meter, boundaries);
    return status;
}

static enum nr_status keep_row(struct nr_picture_meter *meter, const float *shares, struct nr_error *err)
{
    size_t rows = (size_t)meter->frames;
    enum nr_status status = nr_array_reserve((void **)&meter->rows, &meter->rows_capacity, rows + 1,
                                             NR_HISTOGRAM_BINS * sizeof *shares, NR_PICTURE_ROWS_MAX, err);
    if (!status)
        memcpy(meter->rows + rows * NR_HISTOGRAM_BINS, shares, NR_HISTOGRAM_BINS * sizeof *shares);
    return status;
}

enum nr_status nr_picture_meter_add(struct nr_picture_meter *meter, const struct nr_frame *frame, struct nr_error *err)
{
    uint32_t counts[NR_HISTOGRAM_BINS];
    float shares[NR_HISTOGRAM_BINS];
    uint64_t pixels = nr_histogram_count(frame, meter->params.every, counts);
    if (pixels == 0)
        return nr_fail(err, NR_ERR_DATA, "a frame of %d x %d pixels cannot be read", frame->width, frame->height);
    for (int bin = 0; bin < NR_HISTOGRAM_BINS; bin++)
        shares[bin] = (float)(counts[bin] / (double)pixels);
    enum nr_status status = meter->params.per_frame ? keep_row(meter, shares, err) : NR_OK;
    if (status)
        return status;
    struct glance glance;
    glance_at(frame, &glance);
    meter->brightness += glance.luma_sum / (255.0 * GRID_PIXELS);
    meter->colourfulness += colourfulness(&glance);
    if (meter->frames == 0)
        meter->first_time = frame->time;
    meter->last_time = frame->time;
    if (meter->params.continuous) {
        add_motion(meter, &glance, frame->time);
        status = add_shot(meter, frame, shares, &glance, err);
    } else if (meter->pictures) {
        status = nr_key_pictures_spread(meter->pictures, frame, err);
    }
    if (status)
        return status;
    meter->frames++;
    for (int bin = 0; bin < NR_HISTOGRAM_BINS; bin++) {
        double off = shares[bin] - meter->mean[bin];
        meter->mean[bin] += off / (double)meter->frames;
        meter->spread[bin] += off * (shares[bin] - meter->mean[bin]);
    }
    return NR_OK;
}

/* Shots by their boundaries; those behind the cap run together. */
static enum nr_status list_shots(struct nr_picture_meter *meter, struct nr_arena *mem, struct nr_visual *out,
                                 struct nr_error *err)
{
    size_t boundaries;
    enum nr_status status = nr_shot_finder_finish(meter->shots, &boundaries, err);
    if (status)
        return status;
    close_shots(meter, boundaries);
    const double *times = nr_shot_finder_boundaries(meter->shots);
    if (meter->pictures)
        nr_key_pictures_close(meter->pictures, boundaries ? times[boundaries - 1] : meter->first_time,
                              nextafter(meter->last_time, INFINITY));
    size_t count = boundaries < NR_SHOTS_MAX ? boundaries + 1 : NR_SHOTS_MAX;
    struct nr_shot *shots = nr_arena_alloc(mem, count, sizeof *shots);
    for (size_t i = 0; shots && i < count; i++) {
        shots[i].start = i > 0 ? times[i - 1] : meter->first_time;
        shots[i].end = i + 1 < count ? times[i] : meter->last_time;
    }
    out->shots = shots;
    out->shot_count = shots ? count : 0;
    if (meter->last_time > meter->first_time)
        out->cuts_per_minute = (double)boundaries * 60 / (meter->last_time - meter->first_time);
    return NR_OK;
}

enum nr_status nr_picture_meter_finish(struct nr_picture_meter *meter, struct nr_arena *mem, struct nr_visual *out,
                                       bool *found, struct nr_error *err)
{
    double frames = (double)meter->frames;
    *out = (struct nr_visual){.frames = meter->frames, .motion = NAN, .cuts_per_minute = NAN};
    *found = meter->frames > 0;
    if (!*found)
        return NR_OK;
    for (int bin = 0; bin < NR_HISTOGRAM_BINS; bin++) {
        out->histogram[bin] = (float)meter->mean[bin];
        out->histogram[NR_HISTOGRAM_BINS + bin] = (float)sqrt(meter->spread[bin] / frames);
    }
    out->brightness = meter->brightness / frames;
    out->colourfulness = meter->colourfulness / frames;
    if (meter->motion_count > 0)
        out->motion = meter->motion / (double)meter->motion_count;
    enum nr_status status = meter->shots ? list_shots(meter, mem, out, err) : NR_OK;
    if (!status)
        nr_impressions_of_picture(out, mem, &out->words);
    return status;
}

const struct nr_key_picture *nr_picture_meter_pictures(const struct nr_picture_meter *meter, size_t *count)
{
    *count = 0;
    return meter->pictures ? nr_key_pictures_list(meter->pictures, count) : NULL;
}

const float *nr_picture_meter_rows(const struct nr_picture_meter *meter, size_t *frames)
{
    *frames = meter->params.per_frame ? (size_t)meter->frames : 0;
    return meter->rows;
}
