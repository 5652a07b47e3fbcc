/* histogram_avx2.c - counts 32 pixels at a time; the plain twin is nr_count_yuv8. */
#include "feature/histogram.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "core/banned.h"

#if defined(__x86_64__)

#define AVX2 __attribute__((target("avx2")))

/* Chroma samples of a step; steps until a counter of 8 bits could overflow. */
enum { STEP = 32, STEPS_MAX = 127, LEVELS = 7 };

/* Sixteen-bit products of 32 chroma samples, in two halves. */
struct chroma {
    __m256i blue[2], green[2], red[2];
};

/* How many pixels reached 32, 64, ... 224, in each of 32 places. */
struct levels {
    __m256i reached[3][LEVELS];
};

bool nr_count_has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

static inline AVX2 __m256i scaled(__m256i samples, int offset)
{
    return _mm256_slli_epi16(_mm256_sub_epi16(samples, _mm256_set1_epi16((short)offset)), 3);
}

static inline AVX2 __m256i times(__m256i samples, int coefficient)
{
    return _mm256_mulhi_epi16(samples, _mm256_set1_epi16((short)coefficient));
}

static inline AVX2 void load_chroma(struct chroma *out, const uint8_t *u_samples, const uint8_t *v_samples,
                                    const struct nr_colour *c)
{
    for (int half = 0; half < 2; half++) {
        const __m128i *u_at = (const __m128i *)(const void *)(u_samples + 16 * half);
        const __m128i *v_at = (const __m128i *)(const void *)(v_samples + 16 * half);
        __m256i u = scaled(_mm256_cvtepu8_epi16(_mm_loadu_si128(u_at)), c->chroma_offset);
        __m256i v = scaled(_mm256_cvtepu8_epi16(_mm_loadu_si128(v_at)), c->chroma_offset);
        out->blue[half] = times(u, c->blue_u);
        out->green[half] = _mm256_add_epi16(times(u, c->green_u), times(v, c->green_v));
        out->red[half] = times(v, c->red_v);
    }
}

static inline AVX2 void count_levels(__m256i reached[LEVELS], __m256i values)
{
    for (int level = 0; level < LEVELS; level++) {
        __m256i bound = _mm256_set1_epi8((char)(32 * (level + 1)));
        __m256i there = _mm256_cmpeq_epi8(_mm256_max_epu8(values, bound), values); /* -1 where values >= bound */
        reached[level] = _mm256_sub_epi8(reached[level], there);
    }
}

/* The even or the odd ones of 64 luma samples, as 16 bits in two halves. */
static inline AVX2 void load_luma(__m256i out[2], const uint8_t *samples, bool odd, const struct nr_colour *c)
{
    for (int half = 0; half < 2; half++) {
        __m256i pairs = _mm256_loadu_si256((const __m256i *)(const void *)(samples + 32 * half));
        __m256i luma = odd ? _mm256_srli_epi16(pairs, 8) : _mm256_and_si256(pairs, _mm256_set1_epi16(255));
        out[half] = times(scaled(luma, c->luma_offset), c->luma);
    }
}

static inline AVX2 void count_pixels(struct levels *levels, const __m256i luma[2], const struct chroma *chroma)
{
    const __m256i *parts[3] = {chroma->blue, chroma->green, chroma->red};
    for (int channel = 0; channel < 3; channel++) {
        __m256i low = _mm256_add_epi16(luma[0], parts[channel][0]);
        __m256i high = _mm256_add_epi16(luma[1], parts[channel][1]);
        count_levels(levels->reached[channel], _mm256_packus_epi16(low, high)); /* clips to 0..255 */
    }
}

static AVX2 void flush(struct nr_pixel_counter *counter, const struct levels *levels, uint32_t pixels)
{
    for (int channel = 0; channel < 3; channel++) {
        uint32_t *bins = counter->lanes[0] + 8 * channel, above = pixels;
        for (int level = 0; level < LEVELS; level++) {
            uint64_t sums[4];
            __m256i sum = _mm256_sad_epu8(levels->reached[channel][level], _mm256_setzero_si256());
            _mm256_storeu_si256((__m256i *)(void *)sums, sum);
            uint32_t reached = (uint32_t)(sums[0] + sums[1] + sums[2] + sums[3]);
            bins[level] += above - reached;
            above = reached;
        }
        bins[LEVELS] += above;
    }
}

/* Whole steps of a row; returns the chroma samples that they took. */
static AVX2 int count_steps(struct nr_pixel_counter *counter, const struct nr_pixel_row *row, const struct nr_colour *c,
                            bool both)
{
    int samples = both ? row->pixels / 2 : (2 * row->pixels - 1) / 2; /* with a whole pair of luma */
    int at = 0;
    while (samples - at >= STEP) {
        int steps = (samples - at) / STEP;
        struct levels levels = {0};
        if (steps > STEPS_MAX)
            steps = STEPS_MAX;
        for (int step = 0; step < steps; step++, at += STEP) {
            struct chroma chroma;
            __m256i luma[2];
            load_chroma(&chroma, row->u + at, row->v + at, c);
            load_luma(luma, row->luma + 2 * at, false, c);
            count_pixels(&levels, luma, &chroma);
            if (both) {
                load_luma(luma, row->luma + 2 * at, true, c);
                count_pixels(&levels, luma, &chroma);
            }
        }
        flush(counter, &levels, (uint32_t)(steps * STEP * (both ? 2 : 1)));
    }
    return at;
}

void nr_count_yuv8_avx2(struct nr_pixel_counter *counter, const struct nr_pixel_row *row, const struct nr_colour *c)
{
    bool both = row->luma_step == 1 && row->shift == 1, grid = row->luma_step == 2 && row->shift == 0;
    int done = row->chroma_step == 1 && (both || grid) ? count_steps(counter, row, c, both) : 0;
    struct nr_pixel_row rest = *row;
    rest.luma += 2 * done;
    rest.u += done;
    rest.v += done;
    rest.pixels -= both ? 2 * done : done;
    nr_count_yuv8(counter, &rest, c);
}

#else

bool nr_count_has_avx2(void)
{
    return false;
}

void nr_count_yuv8_avx2(struct nr_pixel_counter *counter, const struct nr_pixel_row *row, const struct nr_colour *c)
{
    nr_count_yuv8(counter, row, c);
}

#endif
