/* solve.c - linear systems through LAPACK. */
#include <lapacke.h>
#include <math.h>

#include "nightreel/linalg.h"

#include "core/banned.h"

bool nr_solve_spd(double *a, double *b, size_t n)
{
    lapack_int size = (lapack_int)n;
    if (LAPACKE_dposv_work(LAPACK_COL_MAJOR, 'U', size, 1, a, size, b, size) != 0)
        return false;
    for (size_t i = 0; i < n; i++) /* NAN passes some kernels' look at the pivots */
        if (!isfinite(b[i]))
            return false;
    return true;
}

bool nr_factor_spd(double *a, size_t n)
{
    lapack_int size = (lapack_int)n;
    if (n == 0)
        return true;
    if (LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', size, a, size) != 0)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(a[i * n + i]))
            return false;
    return true;
}
