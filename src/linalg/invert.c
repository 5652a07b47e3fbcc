/* invert.c - the inverse of a large matrix, tile by tile, through BLAS and LAPACK. The order
 * of the steps is that of tiled algorithms (Buttari, Langou, Kurzak, Dongarra 2009): all
 * tiles of a step can be worked on at once, and nothing is copied. */
#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "nightreel/linalg.h"

#include "core/banned.h"

/* Four panels of OpenBLAS's; at least some tiles a thread at 10,000 rows. */
enum { TILE = 1536 };

struct inverting {
    double *a;
    size_t n, tiles;
    unsigned threads;
    size_t k; /* of the step */
};

static double *tile(const struct inverting *w, size_t row, size_t column)
{
    return w->a + row * TILE * w->n + column * TILE;
}

static blasint side(const struct inverting *w, size_t index)
{
    size_t left = w->n - index * TILE;
    return (blasint)(left < TILE ? left : TILE);
}

/* The `index`-th pair of row and column, row >= column, row by row. */
static void unpack(size_t index, size_t *row, size_t *column)
{
    size_t r = (size_t)((sqrt(8.0 * (double)index + 1) - 1) / 2);
    while (r * (r + 1) / 2 > index)
        r--;
    while ((r + 1) * (r + 2) / 2 <= index)
        r++;
    *row = r;
    *column = index - r * (r + 1) / 2;
}

static size_t triangle(size_t n)
{
    return n * (n + 1) / 2;
}

/* A_rk = scale A_rk op(L_kk)^-1 */
static void solve_right(const struct inverting *w, size_t row, CBLAS_TRANSPOSE transpose, double scale)
{
    blasint n = (blasint)w->n;
    cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, transpose, CblasNonUnit, side(w, row), side(w, w->k), scale,
                tile(w, w->k, w->k), n, tile(w, row, w->k), n);
}

/* C = C + scale op(A) op(B), tiles */
static void add_product(const struct inverting *w, CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, const size_t rows_columns[2],
                        double scale, const double *a, const double *b)
{
    blasint n = (blasint)w->n;
    cblas_dgemm(CblasRowMajor, ta, tb, side(w, rows_columns[0]), side(w, rows_columns[1]), side(w, w->k), scale, a, n,
                b, n, 1.0, tile(w, rows_columns[0], rows_columns[1]), n);
}

/* ---- A = L L' --------------------------------------------------------------------------------- */

static void factor_below(void *ctx, size_t index, unsigned worker)
{
    const struct inverting *w = ctx;
    (void)worker;
    solve_right(w, w->k + 1 + index, CblasTrans, 1.0);
}

static void factor_behind(void *ctx, size_t index, unsigned worker)
{
    const struct inverting *w = ctx;
    size_t at[2];
    blasint n = (blasint)w->n;
    (void)worker;
    unpack(index, &at[0], &at[1]);
    at[0] += w->k + 1;
    at[1] += w->k + 1;
    if (at[0] == at[1])
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, side(w, at[0]), side(w, w->k), -1.0, tile(w, at[0], w->k),
                    n, 1.0, tile(w, at[0], at[0]), n);
    else
        add_product(w, CblasNoTrans, CblasTrans, at, -1.0, tile(w, at[0], w->k), tile(w, at[1], w->k));
}

static bool factor(struct inverting *w)
{
    for (w->k = 0; w->k < w->tiles; w->k++) {
        size_t below = w->tiles - w->k - 1;
        /* The lower triangle by rows is the upper one by columns. */
        if (LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', side(w, w->k), tile(w, w->k, w->k), (lapack_int)w->n) != 0)
            return false;
        nr_parallel(w->threads, below, factor_below, w);
        nr_parallel(w->threads, triangle(below), factor_behind, w);
    }
    return true;
}

/* ---- L^-1 ------------------------------------------------------------------------------------- */

static void invert_below(void *ctx, size_t index, unsigned worker)
{
    const struct inverting *w = ctx;
    (void)worker;
    solve_right(w, w->k + 1 + index, CblasNoTrans, -1.0);
}

static void invert_left(void *ctx, size_t index, unsigned worker)
{
    const struct inverting *w = ctx;
    const size_t at[2] = {w->k + 1 + index / w->k, index % w->k};
    (void)worker;
    add_product(w, CblasNoTrans, CblasNoTrans, at, 1.0, tile(w, at[0], w->k), tile(w, w->k, at[1]));
}

static void invert_row(void *ctx, size_t column, unsigned worker)
{
    const struct inverting *w = ctx;
    blasint n = (blasint)w->n;
    (void)worker;
    cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, side(w, w->k), side(w, column), 1.0,
                tile(w, w->k, w->k), n, tile(w, w->k, column), n);
}

static bool invert_factor(struct inverting *w)
{
    for (w->k = 0; w->k < w->tiles; w->k++) {
        size_t below = w->tiles - w->k - 1;
        nr_parallel(w->threads, below, invert_below, w);
        nr_parallel(w->threads, below * w->k, invert_left, w);
        nr_parallel(w->threads, w->k, invert_row, w);
        if (LAPACKE_dtrtri_work(LAPACK_COL_MAJOR, 'U', 'N', side(w, w->k), tile(w, w->k, w->k), (lapack_int)w->n) != 0)
            return false;
    }
    return true;
}

/* ---- (L^-1)' L^-1 ----------------------------------------------------------------------------- */

static void square_above(void *ctx, size_t index, unsigned worker)
{
    const struct inverting *w = ctx;
    size_t at[2];
    blasint n = (blasint)w->n;
    (void)worker;
    unpack(index, &at[0], &at[1]);
    if (at[0] == at[1])
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, side(w, at[0]), side(w, w->k), 1.0, tile(w, w->k, at[0]), n,
                    1.0, tile(w, at[0], at[0]), n);
    else
        add_product(w, CblasTrans, CblasNoTrans, at, 1.0, tile(w, w->k, at[0]), tile(w, w->k, at[1]));
}

static void square_row(void *ctx, size_t column, unsigned worker)
{
    const struct inverting *w = ctx;
    blasint n = (blasint)w->n;
    (void)worker;
    cblas_dtrmm(CblasRowMajor, CblasLeft, CblasLower, CblasTrans, CblasNonUnit, side(w, w->k), side(w, column), 1.0,
                tile(w, w->k, w->k), n, tile(w, w->k, column), n);
}

static bool square(struct inverting *w)
{
    for (w->k = 0; w->k < w->tiles; w->k++) {
        nr_parallel(w->threads, triangle(w->k), square_above, w);
        nr_parallel(w->threads, w->k, square_row, w);
        if (LAPACKE_dlauum_work(LAPACK_COL_MAJOR, 'U', side(w, w->k), tile(w, w->k, w->k), (lapack_int)w->n) != 0)
            return false;
    }
    return true;
}

double *nr_square_new(size_t n)
{
    enum { LARGE_PAGE = 1 << 21 };
    size_t count, bytes;
    if (!nr_size_mul(n ? n : 1, n ? n : 1, &count) || !nr_size_mul(count, sizeof(double), &bytes) ||
        bytes > SIZE_MAX - LARGE_PAGE)
        return NULL;
    if (bytes < 4 * LARGE_PAGE)
        return malloc(bytes);
    bytes = (bytes + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    double *square_matrix = aligned_alloc(LARGE_PAGE, bytes);
    if (square_matrix)
        (void)madvise(square_matrix, bytes, MADV_HUGEPAGE); /* where there are none it is as good as without */
    return square_matrix;
}

/* ---- all of it ---------------------------------------------------------------------------------- */

enum { PATCH = 64 }; /* two of them fit into the nearest cache */

static void mirror_patch(const struct inverting *w, size_t row, size_t column)
{
    size_t end_row = row + PATCH < w->n ? row + PATCH : w->n;
    for (size_t i = row; i < end_row; i++)
        for (size_t j = column; j < column + PATCH && j < i; j++)
            w->a[j * w->n + i] = w->a[i * w->n + j];
}

/* A band of rows of the lower triangle into the upper one. */
static void mirror(void *ctx, size_t band, unsigned worker)
{
    (void)worker;
    for (size_t column = 0; column <= band * PATCH; column += PATCH)
        mirror_patch(ctx, band * PATCH, column);
}

static bool pivots_are_sound(const double *a, const double *diagonal, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double pivot = a[i * n + i];
        if (!isfinite(pivot) || !(pivot * pivot > (double)n * 0x1p-52 * diagonal[i])) /* NAN passes some kernels */
            return false;
    }
    return true;
}

bool nr_invert_spd_threads(double *a, size_t n, unsigned threads)
{
    struct inverting w = {a, n, (n + TILE - 1) / TILE, threads, 0};
    double *diagonal = malloc((n + 1) * sizeof *diagonal);
    for (size_t i = 0; i < n && diagonal; i++)
        diagonal[i] = a[i * n + i];
    bool good = diagonal && factor(&w) && pivots_are_sound(a, diagonal, n) && invert_factor(&w) && square(&w);
    free(diagonal);
    if (good)
        nr_parallel(threads, (n + PATCH - 1) / PATCH, mirror, &w);
    for (size_t i = 0; i < n && good; i++)
        good = isfinite(a[i * n + i]);
    return good;
}

bool nr_invert_spd(double *a, size_t n)
{
    return nr_invert_spd_threads(a, n, 1);
}
