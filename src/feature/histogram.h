/* histogram.h - what the pixel kernels share. */
#ifndef NR_FEATURE_HISTOGRAM_H
#define NR_FEATURE_HISTOGRAM_H

#include "feature/pixels.h"
#include "nightreel/feature.h"

/* Values before clipping lie within -300..560 for every matrix and range. */
enum { NR_CLIP_LOW = -512, NR_CLIP_SIZE = 1536, NR_COUNT_LANES = 4 };

/* Consecutive pixels are mostly alike: counting them into different histograms keeps
 * one increment from waiting for the one before. */
struct nr_pixel_counter {
    uint32_t lanes[NR_COUNT_LANES][NR_HISTOGRAM_BINS];
    uint8_t bins[NR_CLIP_SIZE]; /* of value - NR_CLIP_LOW */
};

/* One row of luma against its row of chroma. */
struct nr_pixel_row {
    const uint8_t *luma, *u, *v;
    int pixels;      /* to count */
    int luma_step;   /* samples from one counted luma to the next */
    int shift;       /* counted pixel i takes chroma sample i >> shift */
    int chroma_step; /* samples between chroma samples */
};

typedef void (*nr_row_kernel)(struct nr_pixel_counter *counter, const struct nr_pixel_row *row,
                              const struct nr_colour *c);

/* 8-bit YUV; the definition. */
void nr_count_yuv8(struct nr_pixel_counter *counter, const struct nr_pixel_row *row, const struct nr_colour *c);
/* The same counts by AVX2, for 8-bit planar chroma of half width. Only where
 * nr_count_has_avx2() says so. */
void nr_count_yuv8_avx2(struct nr_pixel_counter *counter, const struct nr_pixel_row *row, const struct nr_colour *c);
bool nr_count_has_avx2(void);

#endif
