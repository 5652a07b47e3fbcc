/* scan_avx2.c - the scan for processors with AVX2; the plain twin is scan_plain.c. */
#if defined(__x86_64__)
#include <immintrin.h>

#define SCAN_LANES          8
#define SCAN_TARGET         __attribute__((target("avx2,fma")))
#define SCAN_RAISE(a, b)    (*(a) = _mm256_max_ps(*(a), *(b)))
#define SCAN_REACHES(a, b)  ((uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(*(a), *(b), _CMP_GE_OQ)))
#define SCAN_SQRT(a)        (*(a) = _mm256_sqrt_ps(*(a)))
#define SCAN_FUSED(a, b, c) (*(a) = _mm256_fmadd_ps(*(a), *(b), _mm256_set1_ps(c)))
#include "match/scan_body.h"

#include "core/banned.h"

const struct nr_scan_kernel nr_scan_avx2 = {"avx2", scan_sum, scan_root};
#endif
