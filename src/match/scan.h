/* scan.h - what is done to every float score: the sum of exponentials of a
 * tile's row, and the places that reach a floor. Private to match.
 *
 * One body is compiled for any processor, for AVX2 and for AVX-512; all do the same
 * operations in the same order on 32 lanes and give the same bits. The fastest is chosen at run time. */
#ifndef NR_MATCH_SCAN_H
#define NR_MATCH_SCAN_H

#include "nightreel/match.h"

/* The scale of a row's exponentials, and what is worth a look. */
struct nr_scan {
    float beta, top, floor;
};

/* `count` is a multiple of 32; rows start anywhere. */
struct nr_scan_kernel {
    const char *name;
    /* sum of exp(beta * (row[i] - top)) and, rising, the places of the values that are at
     * least `floor` and above -INFINITY: room for `count`. The sum's error is at most 4e-6
     * of that sum with the top's own 1 in it (1e-6 from exp, the rest from summing); values
     * 87 / beta below the top count as e^-87. With a value above the top it is no sum. */
    float (*sum)(const float *row, size_t count, const struct nr_scan *scan, uint32_t *places, size_t *found);
    /* out[i] = -sqrt(max(0, -row[i])): a negative squared distance to a negative one. */
    void (*root)(const float *row, size_t count, float *out);
};

extern const struct nr_scan_kernel nr_scan_plain, nr_scan_avx2, nr_scan_avx512;
/* The fastest that this processor has and `kernels` allows. */
const struct nr_scan_kernel *nr_scan_choose(enum nr_match_kernels kernels);

#endif
