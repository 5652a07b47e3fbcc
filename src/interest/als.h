/* als.h - implicit alternating least squares (Hu, Koren, Volinsky 2008) over sparse rows:
 * minimises  sum c_ui (p_ui - x_u . y_i)^2 + lambda (|X|^2 + |Y|^2),  p = 1 and
 * c = 1 + alpha r where there is an entry, else p = 0 and c = 1. Each row by some steps of
 * conjugate gradients in float from what it was, or by Cholesky in double; in a fixed
 * order: the bits do not depend on threads. Private to interest. */
#ifndef NR_INTEREST_ALS_H
#define NR_INTEREST_ALS_H

#include "nightreel/interest_models.h"
#include "nightreel/linalg_normal.h"

enum { NR_ALS_FACTORS_MAX = NR_NORMAL_STRIDE_MAX };

/* One side's view of the entries: row r holds entries starts[r] .. starts[r + 1). */
struct nr_als_side {
    size_t rows;
    size_t *starts;
    uint32_t *columns;
    double *weights; /* r, above 0 */
    double *factors; /* rows x f */
    float *vectors;  /* the same, rows x stride; while they are improved */
    float *changed;  /* the same in another basis */
};

struct nr_als {
    size_t factors, iterations, cg_steps; /* cg_steps 0: Cholesky */
    double alpha, lambda;
    const char *name, *options; /* for messages: whose vectors, how its options begin */
    struct nr_als_side users, items;
    struct nr_arena mem; /* of both sides */
};

/* Room for a side; zeroed. */
enum nr_status nr_als_side_init(struct nr_als *als, struct nr_als_side *side, size_t rows, size_t entries,
                                struct nr_error *err) NR_MUST_CHECK;
/* Fills the items' side from the users', whose `starts` of the items are there already. */
enum nr_status nr_als_transpose(struct nr_als *als, struct nr_error *err) NR_MUST_CHECK;
/* An item's row to start from, by its id alone: small, so that the first step is one of
 * power iteration over all pairs, and more often positive than not, since what is popular
 * comes first: uniform in -0.00375 .. 0.00625. */
void nr_als_start(struct nr_als *als, size_t row, const char *id);
/* Users and items in turns. NR_ERR_INTERRUPTED; NR_ERR_DATA: a row has no solution. */
enum nr_status nr_als_iterate(struct nr_als *als, unsigned threads, struct nr_error *err) NR_MUST_CHECK;
/* All of it for pairs: every user, every item, items' rows begun by their ids. Release
 * whatever comes back. */
enum nr_status nr_als_fit(const struct nr_ials_params *params, const struct nr_pairs *pairs, unsigned threads,
                          struct nr_als *out, struct nr_error *err) NR_MUST_CHECK;
/* What is minimised, of the factors as they are. */
double nr_als_objective(const struct nr_als *als);
void nr_als_release(struct nr_als *als);

#endif
