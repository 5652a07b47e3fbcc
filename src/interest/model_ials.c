/* model_ials.c - vectors of users and videos by implicit alternating least squares. */
#include <stdlib.h>

#include "interest/als.h"
#include "interest/model_table.h"

#include "core/banned.h"

static void ials_free(void *state)
{
    struct nr_als *als = state;
    if (!als)
        return;
    nr_als_release(als);
    free(als);
}

static enum nr_status fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err)
{
    struct nr_als *als = calloc(1, sizeof *als);
    *state = als;
    return als ? nr_als_fit(&params->ials, pairs, threads, als, err) : nr_fail_nomem(err, "a model");
}

static void score(const void *state, size_t user, double *scores, double *scratch)
{
    const struct nr_als *als = state;
    const double *x = als->users.factors + user * als->factors;
    (void)scratch;
    for (size_t i = 0; i < als->items.rows; i++) {
        const double *y = als->items.factors + i * als->factors;
        double sum = 0;
        for (size_t j = 0; j < als->factors; j++)
            sum += x[j] * y[j];
        scores[i] = sum;
    }
}

double nr_ials_objective(const void *state)
{
    return nr_als_objective(state);
}

const struct nr_model nr_model_ials = {.name = "ials",
                                       .summary = "vectors of users and videos (implicit alternating least squares)",
                                       .fit = fit,
                                       .score = score,
                                       .free = ials_free};
