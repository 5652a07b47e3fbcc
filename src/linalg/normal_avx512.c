/* normal_avx512.c - kernels of normal equations for processors with AVX512. */
#define NORMAL_BLOCK 8
#include "linalg/normal_body.h"
#include "linalg/normal_kernels.h"

#include "core/banned.h"

#if defined(__x86_64__)

#define AVX512 __attribute__((target("avx512f", "prefer-vector-width=512")))

AVX512 static void product(const struct nr_normal_system *system, const float *z, float plus, float sign, float *out)
{
    product_body(system, z, plus, sign, out);
}

AVX512 static void gram(const float *rows, size_t count, size_t stride, double *out)
{
    gram_body(rows, count, stride, out);
}

AVX512 static void transform(const float *rows, size_t count, size_t stride, const float *matrix, float *out)
{
    transform_body(rows, count, stride, matrix, out);
}

const struct nr_normal_kernel nr_normal_avx512 = {"avx512", product, gram, transform};

#endif
