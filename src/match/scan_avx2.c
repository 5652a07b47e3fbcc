/* scan_avx2.c - the scan for processors with AVX2, where the compiler knows them. */
#include "match/scan_body.h"

#include "core/banned.h"

#if defined(__x86_64__)
#define SCAN_TARGET __attribute__((target("avx2")))
#else
#define SCAN_TARGET
#endif

SCAN_TARGET static float avx2_max(const float *row, size_t count)
{
    return max_body(row, count);
}

SCAN_TARGET static float avx2_sum_exp(const float *row, size_t count, float beta, float top)
{
    return sum_exp_body(row, count, beta, top);
}

SCAN_TARGET static void avx2_root(const float *row, size_t count, float *out)
{
    root_body(row, count, out);
}

const struct nr_scan_kernel nr_scan_avx2 = {"avx2", avx2_max, avx2_sum_exp, avx2_root};

const struct nr_scan_kernel *nr_scan_best(void)
{
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2"))
        return &nr_scan_plain;
#endif
    return &nr_scan_avx2;
}
