/* model_ials.c - vectors of users and videos by implicit alternating least squares. */
#include <stdlib.h>
#include <string.h>

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

static enum nr_status fill(struct nr_als *als, const struct nr_pairs *pairs, struct nr_error *err)
{
    size_t count = pairs->starts[pairs->user_count];
    enum nr_status status = nr_als_side_init(als, &als->users, pairs->user_count, count, err);
    if (!status)
        status = nr_als_side_init(als, &als->items, pairs->item_count, count, err);
    if (status)
        return status;
    memcpy(als->users.starts, pairs->starts, (pairs->user_count + 1) * sizeof *pairs->starts);
    for (size_t p = 0; p < count; p++) {
        als->users.columns[p] = pairs->pairs[p].item;
        als->users.weights[p] = pairs->pairs[p].weight;
        als->items.starts[pairs->pairs[p].item + 1]++;
    }
    for (size_t i = 0; i < pairs->item_count; i++)
        als->items.starts[i + 1] += als->items.starts[i];
    return nr_als_transpose(als, err);
}

static enum nr_status fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err)
{
    struct nr_als *als = calloc(1, sizeof *als);
    *state = als;
    if (!als)
        return nr_fail_nomem(err, "a model");
    *als = (struct nr_als){.factors = params->ials.factors,
                           .iterations = params->ials.iterations,
                           .alpha = params->ials.alpha,
                           .lambda = params->ials.lambda};
    enum nr_status status = fill(als, pairs, err);
    for (size_t i = 0; i < pairs->item_count && !status; i++)
        nr_als_start(als, i, pairs->items[i]);
    return status ? status : nr_als_iterate(als, threads, err);
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

const struct nr_model nr_model_ials = {.name = "ials",
                                       .summary = "vectors of users and videos (implicit alternating least squares)",
                                       .fit = fit,
                                       .score = score,
                                       .free = ials_free};
