/* solve.c - linear systems through LAPACK. */
#include <lapacke.h>

#include "nightreel/linalg.h"

#include "core/banned.h"

bool nr_solve_spd(double *a, double *b, size_t n)
{
    lapack_int size = (lapack_int)n;
    return LAPACKE_dposv_work(LAPACK_COL_MAJOR, 'U', size, 1, a, size, b, size) == 0;
}
