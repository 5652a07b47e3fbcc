/* histogram.c - the pixel kernels: counts of B, G, R in eight bins each.
 *
 * A kernel counts one row of luma against its row of chroma. To add one (another
 * layout): write it, put it into the table below. */
#include "feature/histogram.h"

#include <string.h>

#include "core/banned.h"

static void counter_init(struct nr_pixel_counter *counter)
{
    memset(counter->lanes, 0, sizeof counter->lanes);
    for (int i = 0; i < NR_CLIP_SIZE; i++) {
        int value = i + NR_CLIP_LOW;
        counter->bins[i] = (uint8_t)((value < 0 ? 0 : value > 255 ? 255 : value) >> 5);
    }
}

static inline int load(const uint8_t *samples, int index, bool wide)
{
    return wide ? ((const uint16_t *)(const void *)samples)[index] : samples[index];
}

/* Inlined into one copy per sample width, so that the width costs nothing. */
static inline __attribute__((always_inline)) void count_yuv(struct nr_pixel_counter *counter,
                                                            const struct nr_pixel_row *row, const struct nr_colour *c,
                                                            bool wide)
{
    const uint8_t *bins = counter->bins - NR_CLIP_LOW;
    int blue = 0, green = 0, red = 0, current = -1;
    for (int i = 0; i < row->pixels; i++) {
        uint32_t *lane = counter->lanes[i & (NR_COUNT_LANES - 1)];
        int chroma = i >> row->shift;
        if (chroma != current) {
            int u = nr_colour_scale(c, load(row->u, chroma * row->chroma_step, wide), c->chroma_offset);
            int v = nr_colour_scale(c, load(row->v, chroma * row->chroma_step, wide), c->chroma_offset);
            blue = nr_colour_multiply(u, c->blue_u);
            green = nr_colour_multiply(u, c->green_u) + nr_colour_multiply(v, c->green_v);
            red = nr_colour_multiply(v, c->red_v);
            current = chroma;
        }
        int luma =
            nr_colour_multiply(nr_colour_scale(c, load(row->luma, i * row->luma_step, wide), c->luma_offset), c->luma);
        lane[bins[luma + blue]]++;
        lane[8 + bins[luma + green]]++;
        lane[16 + bins[luma + red]]++;
    }
}

void nr_count_yuv8(struct nr_pixel_counter *counter, const struct nr_pixel_row *row, const struct nr_colour *c)
{
    count_yuv(counter, row, c, false);
}

static void count_yuv16(struct nr_pixel_counter *counter, const struct nr_pixel_row *row, const struct nr_colour *c)
{
    count_yuv(counter, row, c, true);
}

static inline __attribute__((always_inline)) void count_grey(struct nr_pixel_counter *counter,
                                                             const struct nr_pixel_row *row, const struct nr_colour *c,
                                                             bool wide)
{
    const uint8_t *bins = counter->bins - NR_CLIP_LOW;
    for (int i = 0; i < row->pixels; i++) {
        uint32_t *lane = counter->lanes[i & (NR_COUNT_LANES - 1)];
        int sample = load(row->luma, i * row->luma_step, wide);
        uint8_t bin = bins[nr_colour_multiply(nr_colour_scale(c, sample, c->luma_offset), c->luma)];
        lane[bin]++;
        lane[8 + bin]++;
        lane[16 + bin]++;
    }
}

static void count_grey8(struct nr_pixel_counter *counter, const struct nr_pixel_row *row, const struct nr_colour *c)
{
    count_grey(counter, row, c, false);
}

static void count_grey16(struct nr_pixel_counter *counter, const struct nr_pixel_row *row, const struct nr_colour *c)
{
    count_grey(counter, row, c, true);
}

static void count_bgr8(struct nr_pixel_counter *counter, const struct nr_pixel_row *row, const struct nr_colour *c)
{
    (void)c;
    for (int i = 0; i < row->pixels; i++) {
        uint32_t *lane = counter->lanes[i & (NR_COUNT_LANES - 1)];
        const uint8_t *pixel = row->luma + (ptrdiff_t)3 * i * row->luma_step;
        lane[pixel[0] >> 5]++;
        lane[8 + (pixel[1] >> 5)]++;
        lane[16 + (pixel[2] >> 5)]++;
    }
}

static const nr_row_kernel kernels[NR_PIXEL_LAYOUT_COUNT] = {
    [NR_PIXEL_YUV8] = nr_count_yuv8,  [NR_PIXEL_YUV16] = count_yuv16, [NR_PIXEL_GREY8] = count_grey8,
    [NR_PIXEL_GREY16] = count_grey16, [NR_PIXEL_BGR8] = count_bgr8,
};

static nr_row_kernel choose_kernel(enum nr_pixel_layout layout)
{
    return layout == NR_PIXEL_YUV8 && nr_count_has_avx2() ? nr_count_yuv8_avx2 : kernels[layout];
}

static int ceil_shift(int value, int shift)
{
    return (value + (1 << shift) - 1) >> shift;
}

/* Sums the lanes; returns the pixels counted. */
static uint64_t counter_total(const struct nr_pixel_counter *counter, uint32_t counts[NR_HISTOGRAM_BINS])
{
    uint64_t pixels = 0;
    for (int bin = 0; bin < NR_HISTOGRAM_BINS; bin++) {
        counts[bin] = 0;
        for (int lane = 0; lane < NR_COUNT_LANES; lane++)
            counts[bin] += counter->lanes[lane][bin];
        pixels += bin < 8 ? counts[bin] : 0;
    }
    return pixels;
}

uint64_t nr_histogram_count(const struct nr_frame *frame, bool every, uint32_t counts[NR_HISTOGRAM_BINS])
{
    memset(counts, 0, NR_HISTOGRAM_BINS * sizeof *counts);
    if (!nr_frame_valid(frame))
        return 0;
    struct nr_colour colour;
    struct nr_pixel_counter counter;
    nr_colour_init(&colour, frame);
    counter_init(&counter);
    bool chroma = frame->layout == NR_PIXEL_YUV8 || frame->layout == NR_PIXEL_YUV16;
    int shift_x = chroma ? frame->chroma_shift_x : 1, shift_y = chroma ? frame->chroma_shift_y : 1;
    bool whole = every || (int64_t)frame->width * frame->height < NR_SMALL_PICTURE;
    int step_y = whole ? 1 : 1 << shift_y;
    nr_row_kernel count_row = choose_kernel(frame->layout);
    struct nr_pixel_row row = {
        .pixels = whole ? frame->width : ceil_shift(frame->width, shift_x),
        .luma_step = whole ? 1 : 1 << shift_x,
        .shift = whole && chroma ? shift_x : 0,
        .chroma_step = frame->chroma_step,
    };
    for (int y = 0; y < frame->height; y += step_y) {
        row.luma = frame->planes[0] + y * frame->strides[0];
        if (chroma) {
            row.u = frame->planes[1] + (y >> shift_y) * frame->strides[1];
            row.v = frame->planes[2] + (y >> shift_y) * frame->strides[2];
        }
        count_row(&counter, &row, &colour);
    }
    return counter_total(&counter, counts);
}
