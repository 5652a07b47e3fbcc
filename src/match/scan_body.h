/* scan_body.h - the bodies of the scan kernels, included once by each file that
 * compiles them for a kind of processor. See scan.h. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "match/scan.h"

enum { LANES = 8, ROWS = 4, STEP = LANES * ROWS };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t int_lanes __attribute__((vector_size(LANES * sizeof(int32_t))));

#define SCAN_INLINE static inline __attribute__((always_inline))

/* *a = max(*a, *b), lane by lane; C has no `?:` for vectors. */
SCAN_INLINE void raise_body(lanes *a, const lanes *b)
{
    int_lanes keep = *a > *b;
    *a = (lanes)(((int_lanes)*a & keep) | ((int_lanes)*b & ~keep));
}

SCAN_INLINE float max_body(const float *row, size_t count)
{
    float best[LANES];
    lanes top = (lanes){0} - INFINITY;
    for (size_t i = 0; i < count; i += LANES) {
        lanes value;
        memcpy(&value, row + i, sizeof value);
        raise_body(&top, &value);
    }
    memcpy(best, &top, sizeof best);
    for (size_t i = 1; i < LANES; i++)
        best[0] = best[i] > best[0] ? best[i] : best[0];
    return best[0];
}

/* 2^x for x in [-126, 0]: x = n + f with n whole and |f| <= 1/2, by adding and
 * taking away 1.5 * 2^23; 2^f by its Taylor polynomial of degree 6 (truncation below
 * 1.6e-8); 2^n by the exponent's bits. In place, since vectors are passed by
 * pointer: their calling convention depends on the processor. */
SCAN_INLINE void exp2_body(lanes *x)
{
    const lanes zero = {0}, magic = zero + 12582912.0F, lowest = zero - 126.0F;
    lanes t = *x;
    raise_body(&t, &lowest);
    lanes shifted = t + magic, f = t - (shifted - magic);
    lanes p = f * 1.540353039e-4F + 1.333355815e-3F;
    p = p * f + 9.618129108e-3F;
    p = p * f + 5.550410866e-2F;
    p = p * f + 2.402265070e-1F;
    p = p * f + 6.931471806e-1F;
    p = p * f + 1.0F;
    int_lanes exponent = ((int_lanes)shifted - (int_lanes)magic + 127) << 23;
    *x = p * (lanes)exponent;
}

SCAN_INLINE float sum_exp_body(const float *row, size_t count, float beta, float top)
{
    const float scale = beta * 1.44269504F;
    lanes sums[ROWS] = {{0}};
    for (size_t i = 0; i < count; i += STEP) {
        for (size_t r = 0; r < ROWS; r++) {
            lanes value;
            memcpy(&value, row + i + r * LANES, sizeof value);
            value = (value - top) * scale;
            exp2_body(&value);
            sums[r] += value;
        }
    }
    float each[LANES], total = 0;
    lanes sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    memcpy(each, &sum, sizeof each);
    for (size_t i = 0; i < LANES; i++)
        total += each[i];
    return total;
}

SCAN_INLINE void root_body(const float *row, size_t count, float *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = row[i] < 0 ? -sqrtf(-row[i]) : 0;
}
