/* colour.c - coefficients between YUV and BGR; one pixel. */
#include "feature/pixels.h"
#include "nightreel/feature.h"

#include "core/banned.h"

/* 16.16 coefficients of Cr in R, Cb in B, Cb in G, Cr in G for limited range, from
 * the table ff_yuv2rgb_coeffs of libswscale (H.273 matrices scaled by 255/224). */
static const int matrices[NR_MATRIX_COUNT][4] = {
    [NR_MATRIX_BT601] = {104597, 132201, 25675, 53279},  [NR_MATRIX_BT709] = {117489, 138438, 13975, 34925},
    [NR_MATRIX_FCC] = {104448, 132798, 24759, 53109},    [NR_MATRIX_SMPTE240M] = {117579, 136230, 16907, 35559},
    [NR_MATRIX_BT2020] = {110013, 140363, 12277, 42626},
};

/* 16.16 to 1/8192, rounded as libswscale's roundToInt16 does. */
static int to_8192(int64_t value)
{
    return (int)((value * (1 << 13) + (1 << 15)) >> 16);
}

void nr_colour_init(struct nr_colour *colour, const struct nr_frame *frame)
{
    const int *matrix = matrices[frame->matrix < NR_MATRIX_COUNT ? frame->matrix : NR_MATRIX_BT601];
    bool wide = frame->layout == NR_PIXEL_YUV16 || frame->layout == NR_PIXEL_GREY16;
    int depth = wide ? frame->depth : 8;
    int64_t factor[4];
    for (int i = 0; i < 4; i++)
        factor[i] = frame->full_range ? matrix[i] * INT64_C(224) / 255 : matrix[i];
    colour->luma = to_8192(frame->full_range ? 65536 : 65536 * 255 / 219);
    colour->red_v = to_8192(factor[0]);
    colour->blue_u = to_8192(factor[1]);
    colour->green_u = to_8192(-factor[2]);
    colour->green_v = to_8192(-factor[3]);
    colour->luma_offset = frame->full_range ? 0 : 16 << (depth - 8);
    colour->chroma_offset = 128 << (depth - 8);
    colour->up = depth < 11 ? 11 - depth : 0;
    colour->down = depth > 11 ? depth - 11 : 0;
    colour->mask = (1 << depth) - 1;
}

static bool is_chroma(enum nr_pixel_layout layout)
{
    return layout == NR_PIXEL_YUV8 || layout == NR_PIXEL_YUV16;
}

bool nr_frame_valid(const struct nr_frame *frame)
{
    if (frame->layout >= NR_PIXEL_LAYOUT_COUNT || frame->width <= 0 || frame->height <= 0 || !frame->planes[0])
        return false;
    if ((frame->layout == NR_PIXEL_YUV16 || frame->layout == NR_PIXEL_GREY16) &&
        (frame->depth < 8 || frame->depth > 16))
        return false;
    return !is_chroma(frame->layout) ||
           (frame->planes[1] && frame->planes[2] && frame->chroma_step >= 1 && frame->chroma_step <= 2 &&
            frame->chroma_shift_x >= 0 && frame->chroma_shift_x <= 2 && frame->chroma_shift_y >= 0 &&
            frame->chroma_shift_y <= 2);
}

static int sample_at(const struct nr_frame *frame, int plane, int x, int y)
{
    const uint8_t *row = frame->planes[plane] + y * frame->strides[plane];
    bool wide = frame->layout == NR_PIXEL_YUV16 || frame->layout == NR_PIXEL_GREY16;
    return wide ? ((const uint16_t *)(const void *)row)[x] : row[x];
}

static uint8_t clip(int value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static void bgr_pixel(const struct nr_frame *frame, int x, int y, uint8_t bgr[3], uint8_t *luma)
{
    const uint8_t *pixel = frame->planes[0] + y * frame->strides[0] + 3 * (ptrdiff_t)x;
    for (int i = 0; i < 3; i++)
        bgr[i] = pixel[i];
    /* BT.601 luma in 1/256 */
    *luma = (uint8_t)((29 * bgr[0] + 150 * bgr[1] + 77 * bgr[2]) >> 8);
}

void nr_colour_pixel(const struct nr_colour *c, const struct nr_frame *frame, int x, int y, uint8_t bgr[3],
                     uint8_t *luma)
{
    if (frame->layout == NR_PIXEL_BGR8) {
        bgr_pixel(frame, x, y, bgr, luma);
        return;
    }
    int u = 0, v = 0;
    int grey = nr_colour_multiply(nr_colour_scale(c, sample_at(frame, 0, x, y), c->luma_offset), c->luma);
    if (is_chroma(frame->layout)) {
        int cx = (x >> frame->chroma_shift_x) * frame->chroma_step, cy = y >> frame->chroma_shift_y;
        u = nr_colour_scale(c, sample_at(frame, 1, cx, cy), c->chroma_offset);
        v = nr_colour_scale(c, sample_at(frame, 2, cx, cy), c->chroma_offset);
    }
    bgr[0] = clip(grey + nr_colour_multiply(u, c->blue_u));
    bgr[1] = clip(grey + nr_colour_multiply(u, c->green_u) + nr_colour_multiply(v, c->green_v));
    bgr[2] = clip(grey + nr_colour_multiply(v, c->red_v));
    *luma = clip(grey);
}

void nr_frame_pixel(const struct nr_frame *frame, int x, int y, uint8_t bgr[3], uint8_t *luma)
{
    struct nr_colour c;
    nr_colour_init(&c, frame);
    nr_colour_pixel(&c, frame, x, y, bgr, luma);
}
