/* pixels.h - the arithmetic from YUV to BGR that the pixel kernels share. */
#ifndef NR_FEATURE_PIXELS_H
#define NR_FEATURE_PIXELS_H

#include "nightreel/record_frame.h"

/* Integer coefficients in 1/8192 and offsets for samples of one frame. */
struct nr_colour {
    int luma_offset, chroma_offset; /* in samples */
    int up, down;                   /* shifts: a sample of 8 bits goes up by 3, one of 16 down by 5 */
    int mask;                       /* of the significant bits */
    int luma, red_v, green_u, green_v, blue_u;
};

void nr_colour_init(struct nr_colour *colour, const struct nr_frame *frame);
/* nr_frame_pixel of a frame that `colour` was made for. */
void nr_colour_pixel(const struct nr_colour *colour, const struct nr_frame *frame, int x, int y, uint8_t bgr[3],
                     uint8_t *luma);
/* Whether planes, sizes and shifts make sense. */
bool nr_frame_valid(const struct nr_frame *frame);

/* A sample minus its offset, scaled to 1/8 of an 8-bit step. */
static inline int nr_colour_scale(const struct nr_colour *colour, int sample, int offset)
{
    int value = (sample & colour->mask) - offset;
    return value * (1 << colour->up) >> colour->down;
}

/* The high multiply of the definition (arithmetic shift). */
static inline int nr_colour_multiply(int scaled, int coefficient)
{
    return scaled * coefficient >> 16;
}

#endif
