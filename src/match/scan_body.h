/* scan_body.h - the bodies of the scan kernels, included once by each file that
 * compiles them for a kind of processor. See scan.h.
 *
 * A file for one kind defines SCAN_LANES, floats in a register (8 or 16); SCAN_TARGET, an
 * attribute; and, where the processor does better than C's operators on vectors,
 *   SCAN_RAISE(a, b)     *a = *a > *b ? *a : *b, lane by lane
 *   SCAN_REACHES(a, b)   a bit for each lane of *a >= *b
 *   SCAN_SQRT(a)         *a = sqrt(*a)
 *   SCAN_SCALE(a, n)     *a = *a * 2^*n
 *   SCAN_FUSED(a, b, c)  *a = *a * *b + c with one rounding
 * Vectors go by pointer: how they are passed by value depends on the processor. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "match/scan.h"

#ifndef SCAN_LANES /* any processor */
#define SCAN_LANES 8
#define SCAN_TARGET
#endif

enum { LANES = SCAN_LANES, STEP = 32, ROWS = STEP / LANES };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t int_lanes __attribute__((vector_size(LANES * sizeof(int32_t))));

#define SCAN_INLINE static inline __attribute__((always_inline)) SCAN_TARGET

/* C has no `?:` for vectors. */
SCAN_INLINE void raise_lanes(lanes *a, const lanes *b)
{
#ifdef SCAN_RAISE
    SCAN_RAISE(a, b);
#else
    int_lanes keep = *a > *b;
    *a = (lanes)(((int_lanes)*a & keep) | ((int_lanes)*b & ~keep));
#endif
}

SCAN_INLINE uint32_t reaching(const lanes *a, const lanes *b)
{
#ifdef SCAN_REACHES
    return SCAN_REACHES(a, b);
#else
    uint32_t bits = 0;
    for (size_t i = 0; i < LANES; i++)
        bits |= (uint32_t)((*a)[i] >= (*b)[i]) << i;
    return bits;
#endif
}

SCAN_INLINE void take_root(lanes *a)
{
#ifdef SCAN_SQRT
    SCAN_SQRT(a);
#else
    for (size_t i = 0; i < LANES; i++)
        (*a)[i] = sqrtf((*a)[i]);
#endif
}

/* a * b + c with one rounding, for processors that cannot: the product is exact in double,
 * and a sum in double that was rounded to odd where it is not exact rounds to float as the
 * exact one would (Boldo and Melquiond, Emulation of a FMA and correctly rounded sums, 2008). */
SCAN_INLINE float fused(float a, float b, float c)
{
#ifdef __FP_FAST_FMAF
    return __builtin_fmaf(a, b, c);
#else
    double product = (double)a * b, sum = product + c, back = sum - product;
    double rest = (product - (sum - back)) + (c - back);
    int64_t bits;
    memcpy(&bits, &sum, sizeof bits);
    if (rest != 0 && bits % 2 == 0)
        bits += (rest > 0) == (sum > 0) ? 1 : -1;
    memcpy(&sum, &bits, sizeof sum);
    return (float)sum;
#endif
}

SCAN_INLINE void fuse(lanes *a, const lanes *b, float c)
{
#ifdef SCAN_FUSED
    SCAN_FUSED(a, b, c);
#else
    for (size_t i = 0; i < LANES; i++)
        (*a)[i] = fused((*a)[i], (*b)[i], c);
#endif
}

/* ---- the kernels ------------------------------------------------------------------ */

/* 2^x for x in [-126, 0]: x = n + f with n whole and |f| <= 1/2, by adding and taking
 * away 1.5 * 2^23; 2^f by the polynomial of degree 5 with 2^0 = 1 whose greatest
 * relative error is least (9.2e-8; 1.9e-7 with the roundings); 2^n by the exponent's
 * bits. In place. */
SCAN_INLINE void exp2_body(lanes *x)
{
    const lanes zero = {0}, magic = zero + 12582912.0F, lowest = zero - 126.0F;
    lanes t = *x;
    raise_lanes(&t, &lowest);
    lanes shifted = t + magic, n = shifted - magic, f = t - n;
    lanes p = zero + 1.326471512e-3F;
    fuse(&p, &f, 9.671512775e-3F);
    fuse(&p, &f, 5.550733773e-2F);
    fuse(&p, &f, 2.402224208e-1F);
    fuse(&p, &f, 6.931469776e-1F);
    fuse(&p, &f, 1.0F);
#ifdef SCAN_SCALE
    SCAN_SCALE(&p, &n);
    *x = p;
#else
    int_lanes exponent = ((int_lanes)shifted - ((int_lanes)magic - 127)) << 23;
    *x = p * (lanes)exponent;
#endif
}

SCAN_INLINE float sum_body(const float *row, size_t count, const struct nr_scan *scan, uint32_t *places, size_t *found)
{
    const lanes least = (lanes){0} + (scan->floor > -INFINITY ? scan->floor : -FLT_MAX);
    const float scale = scan->beta * 1.44269504F, top = scan->top;
    lanes sums[4] = {{0}}; /* 16 lanes make use of two */
    for (size_t i = 0; i < count; i += STEP) {
        uint32_t bits = 0;
#pragma GCC unroll 4
        for (size_t r = 0; r < ROWS; r++) {
            lanes value;
            memcpy(&value, row + i + r * LANES, sizeof value);
            bits |= reaching(&value, &least) << r * LANES;
            value = (value - top) * scale;
            exp2_body(&value);
            sums[r] += value;
        }
        for (; bits; bits &= bits - 1)
            places[(*found)++] = (uint32_t)(i + (size_t)__builtin_ctz(bits));
    }
    float each[STEP], total = 0;
    memcpy(each, sums, sizeof each);
    for (size_t i = 0; i < 8; i++)
        total += (each[i] + each[8 + i]) + (each[16 + i] + each[24 + i]);
    return total;
}

SCAN_INLINE void root_body(const float *row, size_t count, float *out)
{
    const lanes zero = {0};
    for (size_t i = 0; i < count; i += LANES) {
        lanes value;
        memcpy(&value, row + i, sizeof value);
        value = -value;
        raise_lanes(&value, &zero);
        take_root(&value);
        value = -value;
        memcpy(out + i, &value, sizeof value);
    }
}

SCAN_TARGET static float scan_sum(const float *row, size_t count, const struct nr_scan *scan, uint32_t *places,
                                  size_t *found)
{
    size_t reached = 0;
    float sum = sum_body(row, count, scan, places, &reached);
    *found = reached;
    return sum;
}

SCAN_TARGET static void scan_root(const float *row, size_t count, float *out)
{
    root_body(row, count, out);
}
