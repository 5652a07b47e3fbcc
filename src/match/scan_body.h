/* scan_body.h - the bodies of the scan kernels, included once by each file that
 * compiles them for a kind of processor. See scan.h.
 *
 * Such a file defines SCAN_LANES, floats in a register (8 or 16); SCAN_TARGET, an
 * attribute; and, where the processor does better than C's operators on vectors,
 *   SCAN_RAISE(a, b)     *a = *a > *b ? *a : *b, lane by lane
 *   SCAN_REACHES(a, b)   a bit for each lane of *a >= *b
 *   SCAN_SQRT(a)         *a = sqrt(*a)
 * Vectors go by pointer: how they are passed by value depends on the processor. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "match/scan.h"

enum { LANES = SCAN_LANES, STEP = 32, ROWS = STEP / LANES };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t int_lanes __attribute__((vector_size(LANES * sizeof(int32_t))));

#define SCAN_INLINE static inline __attribute__((always_inline)) SCAN_TARGET

SCAN_INLINE void load(lanes *to, const float *from)
{
    memcpy(to, from, sizeof *to);
}

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

/* ---- the kernels ------------------------------------------------------------------ */

SCAN_INLINE size_t find_body(const float *row, size_t count, float floor, uint32_t *places)
{
    const lanes least = (lanes){0} + (floor > -INFINITY ? floor : -FLT_MAX);
    size_t found = 0;
    for (size_t i = 0; i < count; i += STEP) {
        uint32_t bits = 0;
#pragma GCC unroll 4
        for (size_t r = 0; r < ROWS; r++) {
            lanes value;
            load(&value, row + i + r * LANES);
            bits |= reaching(&value, &least) << r * LANES;
        }
        for (; bits; bits &= bits - 1)
            places[found++] = (uint32_t)(i + (size_t)__builtin_ctz(bits));
    }
    return found;
}

/* 2^x for x in [-126, 0]: x = n + f with n whole and |f| <= 1/2, by adding and taking
 * away 1.5 * 2^23; 2^f by the polynomial of degree 5 with 2^0 = 1 whose greatest
 * relative error is least (9.2e-8; 1.9e-7 with the roundings); 2^n by the exponent's
 * bits. In place. */
SCAN_INLINE void exp2_body(lanes *x)
{
    const lanes zero = {0}, magic = zero + 12582912.0F, lowest = zero - 126.0F;
    lanes t = *x;
    raise_lanes(&t, &lowest);
    lanes shifted = t + magic, f = t - (shifted - magic);
    lanes p = f * 1.326471512e-3F + 9.671512775e-3F;
    p = p * f + 5.550733773e-2F;
    p = p * f + 2.402224208e-1F;
    p = p * f + 6.931469776e-1F;
    p = p * f + 1.0F;
    int_lanes exponent = ((int_lanes)shifted - ((int_lanes)magic - 127)) << 23;
    *x = p * (lanes)exponent;
}

SCAN_INLINE float sum_exp_body(const float *row, size_t count, float beta, float top)
{
    const float scale = beta * 1.44269504F;
    lanes sums[4] = {{0}}; /* 16 lanes make use of two */
    for (size_t i = 0; i < count; i += STEP)
#pragma GCC unroll 4
        for (size_t r = 0; r < ROWS; r++) {
            lanes value;
            load(&value, row + i + r * LANES);
            value = (value - top) * scale;
            exp2_body(&value);
            sums[r] += value;
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
        load(&value, row + i);
        value = -value;
        raise_lanes(&value, &zero);
        take_root(&value);
        value = -value;
        memcpy(out + i, &value, sizeof value);
    }
}

SCAN_TARGET static size_t scan_find(const float *row, size_t count, float floor, uint32_t *places)
{
    return find_body(row, count, floor, places);
}

SCAN_TARGET static float scan_sum_exp(const float *row, size_t count, float beta, float top)
{
    return sum_exp_body(row, count, beta, top);
}

SCAN_TARGET static void scan_root(const float *row, size_t count, float *out)
{
    root_body(row, count, out);
}
