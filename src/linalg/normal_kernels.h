/* normal_kernels.h - which kernels of normal equations there are. Private to linalg. */
#ifndef NR_LINALG_NORMAL_KERNELS_H
#define NR_LINALG_NORMAL_KERNELS_H

#include "nightreel/linalg_normal.h"

extern const struct nr_normal_kernel nr_normal_plain;
#if defined(__x86_64__)
extern const struct nr_normal_kernel nr_normal_avx2, nr_normal_avx512;
#endif

#endif
