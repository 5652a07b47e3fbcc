/* scan.h - what is done to every float score: the greatest of a tile's row and the
 * sum of its exponentials. Private to match.
 *
 * One body is compiled twice, for any processor and for AVX2; both do the same
 * operations in the same order on 32 lanes, without fused multiply-adds, and give
 * the same bits. The faster is chosen at run time. */
#ifndef NR_MATCH_SCAN_H
#define NR_MATCH_SCAN_H

#include <stddef.h>

struct nr_scan_kernel {
    const char *name;
    /* The greatest of `count` values, a multiple of 32; -INFINITY at least. */
    float (*max)(const float *row, size_t count);
    /* sum of exp(beta * (row[i] - top)), relative error at most 4e-6 where top is
     * the greatest (1e-6 from exp, the rest from summing 32 values a lane). Values
     * 87 / beta below the top count as e^-87. */
    float (*sum_exp)(const float *row, size_t count, float beta, float top);
    /* row[i] = -sqrt(max(0, -row[i])): a negative squared distance to a negative one. */
    void (*root)(const float *row, size_t count, float *out);
};

extern const struct nr_scan_kernel nr_scan_plain;
extern const struct nr_scan_kernel nr_scan_avx2;
const struct nr_scan_kernel *nr_scan_best(void);

#endif
