/* scan_plain.c - the scan for any processor, and which one to take. */
#include "match/scan_body.h"

#include "core/banned.h"

const struct nr_scan_kernel nr_scan_plain = {"plain", scan_sum, scan_root};

const struct nr_scan_kernel *nr_scan_choose(enum nr_match_kernels kernels)
{
#if defined(__x86_64__)
    if (kernels == NR_MATCH_KERNELS_BEST && __builtin_cpu_supports("avx512f"))
        return &nr_scan_avx512;
    if (kernels != NR_MATCH_KERNELS_PLAIN && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &nr_scan_avx2;
#else
    (void)kernels;
#endif
    return &nr_scan_plain;
}
