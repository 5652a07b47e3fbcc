/* nightreel/linalg.h - dense arithmetic: aligned matrices, products, dots. The only
 * room that names BLAS and LAPACK.
 *
 * Matrices are row-major. BLAS runs with one thread; callers spread work over
 * threads themselves, by nr_parallel over blocks of rows whose bounds do not
 * depend on the number of threads: the last bits of a product depend on the shape
 * of the call and on an element's place in it, and on nothing else with one kernel.
 */
#ifndef NIGHTREEL_LINALG_H
#define NIGHTREEL_LINALG_H

#include "nightreel/core.h"

#define NR_FLOAT_ALIGNMENT 64 /* bytes: a cache line, and the widest vector register */

/* `count` zeroed floats, aligned; NULL where there is no memory. Free with
 * nr_floats_free(). */
float *nr_floats_new(size_t count);
float *nr_floats_new_unset(size_t count); /* not zeroed */
void nr_floats_free(float *values);

/* `count` rounded up so that every row of a matrix starts aligned. */
size_t nr_row_stride(size_t count);

/* C (m x n) = A (m x k) times the transpose of B (n x k). Strides in floats. With
 * k = 0, C becomes 0. Each element's error is at most nr_dot_error(k) times the sum
 * of its products' absolute values. */
void nr_sgemm_nt(size_t m, size_t n, size_t k, const float *a, size_t stride_a, const float *b, size_t stride_b,
                 float *c, size_t stride_c);

/* gamma_k = k u / (1 - k u), u = 2^-24: the bound on the relative error of a float
 * sum of k products in any order, fused or not (Higham, Accuracy and Stability of
 * Numerical Algorithms, 2002, lemma 3.1). */
double nr_dot_error(size_t k);

/* The sum of a[i] * b[i] in double, in an order that depends on nothing but
 * `count`: products of floats are exact in double. */
double nr_dot(const float *a, const float *b, size_t count);

/* Solves A x = b for a symmetric positive definite A (n x n, row-major; only its lower
 * triangle is read) by Cholesky; b becomes x, A is used up. False where A is not
 * positive definite to working accuracy, or not finite. */
bool nr_solve_spd(double *a, double *b, size_t n);

/* The lower triangle of a symmetric positive definite A (n x n) becomes L, A = L L'.
 * False as above. */
bool nr_factor_spd(double *a, size_t n);

/* A symmetric positive definite A (n x n, only its lower triangle is read) becomes its
 * inverse, whole, in place, by Cholesky: A = L L', L^-1, (L^-1)' L^-1, each in tiles whose
 * bounds depend on n alone: the bits do not depend on threads (0: all processors). False
 * where A is not finite or not positive definite to working accuracy: a pivot is lost in
 * the rounding of its row, L_ii^2 <= n 2^-52 A_ii. */
bool nr_invert_spd_threads(double *a, size_t n, unsigned threads);
bool nr_invert_spd(double *a, size_t n); /* by one thread */

/* Room for such a matrix, n x n, not filled, in large pages where it is large; NULL where
 * there is no memory. free() it. */
double *nr_square_new(size_t n);

/* y = A x for a symmetric A (n x n), whole. */
void nr_multiply_symmetric(const double *a, const double *x, size_t n, double *y);

/* One regularised logistic regression.
 *
 * Minimises  mean over the rows of log(1 + exp(-y (w x + b)))  +  lambda / 2 |w|^2
 * (y = +1 or -1; the bias is not regularised; scikit-learn's LogisticRegression with
 * C = 1 / (lambda * rows)) by L-BFGS (Nocedal and Wright, Numerical Optimization, 2006,
 * algorithm 7.5) with a backtracking line search, until no part of the gradient is above
 * 1e-6, or 500 steps. `rows`: pointers to `length` floats; theta: length weights, then
 * the bias; it starts from what it holds. In double, in the order of the rows. */
enum nr_status nr_logistic_fit(const float *const *rows, const bool *labels, size_t count, size_t length, double lambda,
                               double *theta, struct nr_error *err) NR_MUST_CHECK;
/* 1 / (1 + exp(-(w x + b))). */
double nr_logistic_chance(const double *theta, const float *row, size_t length);

/* The processor kernel that BLAS chose, e.g. "Haswell"; belongs to BLAS. */
const char *nr_linalg_kernel(void);

#endif
