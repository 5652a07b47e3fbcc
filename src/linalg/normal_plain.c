/* normal_plain.c - kernels of normal equations for any processor. */
#include "linalg/normal_body.h"
#include "linalg/normal_kernels.h"

#include "core/banned.h"

static void product(const struct nr_normal_system *system, const float *z, float plus, float sign, float *out)
{
    product_body(system, z, plus, sign, out);
}

static void gram(const float *rows, size_t count, size_t stride, double *out)
{
    gram_body(rows, count, stride, out);
}

static void transform(const float *rows, size_t count, size_t stride, const float *matrix, float *out)
{
    transform_body(rows, count, stride, matrix, out);
}

const struct nr_normal_kernel nr_normal_plain = {"plain", product, gram, transform};
