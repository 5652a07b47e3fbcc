/* scan.h - what is done to every float score: the places of a tile's row that
 * reach a floor, and the sum of exponentials. Private to match.
 *
 * One body is compiled for any processor, for AVX2 and for AVX-512; all do the same
 * operations in the same order on 32 lanes, without fused multiply-adds, and give
 * the same bits. The fastest is chosen at run time. */
#ifndef NR_MATCH_SCAN_H
#define NR_MATCH_SCAN_H

#include "nightreel/match.h"

/* `count` is a multiple of 32; rows start anywhere. */
struct nr_scan_kernel {
    const char *name;
    /* The places of the values that are at least `floor` and above -INFINITY, rising. */
    size_t (*find)(const float *row, size_t count, float floor, uint32_t *places);
    /* sum of exp(beta * (row[i] - top)), for a top that no value is above; its error is
     * at most 4e-6 of that sum with the top's own 1 in it (1e-6 from exp, the rest from
     * summing). Values 87 / beta below the top count as e^-87. */
    float (*sum_exp)(const float *row, size_t count, float beta, float top);
    /* out[i] = -sqrt(max(0, -row[i])): a negative squared distance to a negative one. */
    void (*root)(const float *row, size_t count, float *out);
};

extern const struct nr_scan_kernel nr_scan_plain, nr_scan_avx2, nr_scan_avx512;
/* The fastest that this processor has and `kernels` allows. */
const struct nr_scan_kernel *nr_scan_choose(enum nr_match_kernels kernels);

#endif
