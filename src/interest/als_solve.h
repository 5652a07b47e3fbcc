/* als_solve.h - a half step of alternating least squares: one side's rows, the other side
 * as it is. Private to als.c and als_solve.c. */
#ifndef NR_INTEREST_ALS_SOLVE_H
#define NR_INTEREST_ALS_SOLVE_H

#include "interest/als.h"

/* Before the first and behind the last half step: vectors from factors and back. */
enum nr_status nr_als_solve_begin(struct nr_als *als, struct nr_error *err) NR_MUST_CHECK;
void nr_als_solve_end(struct nr_als *als);

/* Solves `solved` given `from`. *failed: the first row without a solution, else SIZE_MAX. */
enum nr_status nr_als_solve(struct nr_als *als, const struct nr_als_side *from, struct nr_als_side *solved,
                            unsigned threads, size_t *failed, struct nr_error *err) NR_MUST_CHECK;

#endif
