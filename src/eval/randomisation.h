/* randomisation.h - the test behind nr_significance(). Private to eval. */
#ifndef NR_EVAL_RANDOMISATION_H
#define NR_EVAL_RANDOMISATION_H

#include "nightreel/eval_significance.h"

/* b - a without users who lack a value; returns how many are left. */
size_t nr_differences(const double *a, const double *b, size_t n, double *out);
/* Of differences[0..count); `sums` has room for params->permutations. */
double nr_randomisation_p(const double *differences, size_t count, const struct nr_significance_params *params,
                          double *sums);

#endif
