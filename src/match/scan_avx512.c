/* scan_avx512.c - the scan for processors with AVX-512; the plain twin is scan_plain.c. */
#if defined(__x86_64__)
#include <immintrin.h>

#define SCAN_LANES          16
#define SCAN_TARGET         __attribute__((target("avx512f")))
#define SCAN_RAISE(a, b)    (*(a) = _mm512_max_ps(*(a), *(b)))
#define SCAN_REACHES(a, b)  ((uint32_t)_mm512_cmp_ps_mask(*(a), *(b), _CMP_GE_OQ))
#define SCAN_SQRT(a)        (*(a) = _mm512_sqrt_ps(*(a)))
#define SCAN_SCALE(a, n)    (*(a) = _mm512_scalef_ps(*(a), *(n)))
#define SCAN_FUSED(a, b, c) (*(a) = _mm512_fmadd_ps(*(a), *(b), _mm512_set1_ps(c)))
#include "match/scan_body.h"

#include "core/banned.h"

const struct nr_scan_kernel nr_scan_avx512 = {"avx512", scan_sum, scan_root};
#endif
