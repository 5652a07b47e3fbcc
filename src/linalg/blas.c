/* blas.c - products through OpenBLAS. */
#include <cblas.h>
#include <string.h>

#include "nightreel/linalg.h"

#include "core/banned.h"

/* OpenBLAS splits a product over its own threads by default; ours would then wait
 * for processors, and an element's last bits would depend on their number. Done
 * before main, so that no caller can forget it and none races with another. */
__attribute__((constructor)) static void use_one_thread(void)
{
    openblas_set_num_threads(1);
}

void nr_sgemm_nt(size_t m, size_t n, size_t k, const float *a, size_t stride_a, const float *b, size_t stride_b,
                 float *c, size_t stride_c)
{
    if (m == 0 || n == 0)
        return;
    if (k == 0) {
        for (size_t row = 0; row < m; row++)
            memset(c + row * stride_c, 0, n * sizeof *c);
        return;
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)m, (blasint)n, (blasint)k, 1.0F, a, (blasint)stride_a,
                b, (blasint)stride_b, 0.0F, c, (blasint)stride_c);
}

void nr_multiply_symmetric(const double *a, const double *x, size_t n, double *y)
{
    if (n)
        cblas_dgemv(CblasRowMajor, CblasNoTrans, (blasint)n, (blasint)n, 1.0, a, (blasint)n, x, 1, 0.0, y, 1);
}

const char *nr_linalg_kernel(void)
{
    return openblas_get_corename();
}
