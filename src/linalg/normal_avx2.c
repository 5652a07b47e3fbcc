/* normal_avx2.c - kernels of normal equations for processors with AVX2. */
#define NORMAL_BLOCK 4
#include "linalg/normal_body.h"
#include "linalg/normal_kernels.h"

#include "core/banned.h"

#if defined(__x86_64__)

#define AVX2 __attribute__((target("avx2")))

AVX2 static void product(const struct nr_normal_system *system, const float *z, float plus, float sign, float *out)
{
    product_body(system, z, plus, sign, out);
}

AVX2 static void gram(const float *rows, size_t count, size_t stride, double *out)
{
    gram_body(rows, count, stride, out);
}

AVX2 static void transform(const float *rows, size_t count, size_t stride, const float *matrix, float *out)
{
    transform_body(rows, count, stride, matrix, out);
}

const struct nr_normal_kernel nr_normal_avx2 = {"avx2", product, gram, transform};

#endif
