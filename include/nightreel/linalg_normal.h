/* nightreel/linalg_normal.h - many small systems of normal equations over rows of one
 * matrix, as implicit alternating least squares has them:
 *
 *   (G + sum over k of w_k y_k y_k') x = sum over k of (1 + w_k) y_k
 *
 * G = Y'Y + lambda I is common to all systems, the y_k are rows of the matrix Y that an
 * index chooses, w_k > 0. With G = L L', z = L'x and v = L^-1 y the same is
 *
 *   (I + sum w_k v_k v_k') z = sum (1 + w_k) v_k
 *
 * whose eigenvalues lie between 1 and 1 + max w: a few steps of conjugate gradients from a
 * good guess are all that it takes, and the left side is never formed (without the change
 * of basis: Takacs, Pilaszy, Tikk, Applications of the conjugate gradient method for
 * implicit feedback collaborative filtering, 2011).
 *
 * Rows are floats, `stride` of them, a multiple of NR_NORMAL_LANES, zeros behind the f
 * that count. Sums run in a fixed order over a fixed number of lanes, products and sums
 * rounded one by one: the same bits with every kernel on every processor.
 */
#ifndef NIGHTREEL_LINALG_NORMAL_H
#define NIGHTREEL_LINALG_NORMAL_H

#include "nightreel/core.h"

enum { NR_NORMAL_LANES = 16, NR_NORMAL_STRIDE_MAX = 256 };

struct nr_normal_system {
    size_t stride;
    const float *rows;       /* V, aligned as nr_floats_new() aligns */
    const uint32_t *columns; /* which rows: `count` of them */
    const double *weights;   /* w_k / scale */
    double scale;
    size_t count;
};

struct nr_normal_kernel {
    const char *name;
    /* out = sign (z + sum w_k (v_k . z) v_k) + plus sum (1 + w_k) v_k, `stride` floats, all
     * aligned: plus 0 and sign 1, the left side's product with z; plus 1 and sign -1, what
     * z leaves of the right side. */
    void (*product)(const struct nr_normal_system *system, const float *z, float plus, float sign, float *out);
    /* Adds the lower triangle of Y'Y for `count` rows to gram (stride x stride), in double. */
    void (*gram)(const float *rows, size_t count, size_t stride, double *gram);
    /* out = rows times a matrix (stride x stride); row by row the same bits. */
    void (*transform)(const float *rows, size_t count, size_t stride, const float *matrix, float *out);
};
/* Those that this processor can run, the plain one first, the best one last. */
size_t nr_normal_kernels(const struct nr_normal_kernel *out[3]);

/* L and what undoes it, stride x stride, ready for transform(). */
struct nr_normal_basis {
    size_t stride;
    const struct nr_normal_kernel *kernel; /* the best one */
    float *to;                             /* x' to z' : L */
    float *back;                           /* z' to x' : L^-1 */
    float *rows;                           /* y' to v' : (L^-1)' */
};
/* Of Y'Y + lambda I for `count` rows of f floats, `stride` apart. Blocks of rows whose
 * bounds depend on `count` alone are summed in order: the bits do not depend on threads.
 * NR_ERR_DATA: not positive definite to working accuracy. Release whatever comes back. */
enum nr_status nr_normal_basis_make(const float *rows, size_t count, size_t f, size_t stride, double lambda,
                                    unsigned threads, struct nr_normal_basis *out, struct nr_error *err) NR_MUST_CHECK;
void nr_normal_basis_release(struct nr_normal_basis *basis);

/* At most `steps` of conjugate gradients from what z holds; fewer where nothing is left
 * to do. False where z comes out infinite or NAN. */
bool nr_normal_improve(const struct nr_normal_kernel *kernel, const struct nr_normal_system *system, size_t steps,
                       float *z) NR_MUST_CHECK;

#endif
