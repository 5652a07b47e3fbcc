/* factors.c - item factors by implicit alternating least squares. */
#include <string.h>

#include "interest/als.h"
#include "nightreel/interest.h"

#include "core/banned.h"

void nr_factor_params_default(struct nr_factor_params *params)
{
    *params = (struct nr_factor_params){.factors = 32,
                                        .iterations = 10,
                                        .cg_steps = 3,
                                        .alpha = 2,
                                        .lambda = 5,
                                        .min_item_users = 5,
                                        .min_users = 100,
                                        .min_items = 50};
}

const char *nr_factor_params_check(const struct nr_factor_params *params)
{
    if (params->factors < 1 || params->factors > NR_ALS_FACTORS_MAX)
        return "--factors must be from 1 to 256";
    if (params->cg_steps > 100)
        return "the steps of conjugate gradients must be from 0 (Cholesky) to 100";
    if (!(params->alpha >= 0) || !isfinite(params->alpha))
        return "--factor-alpha must be finite and at least 0";
    if (!(params->lambda > 0) || !isfinite(params->lambda))
        return "--factor-lambda must be finite and above 0";
    return NULL;
}

/* Users and items without enough company are left out. */
struct fitting {
    const struct nr_factor_params *params;
    struct nr_als als;
    size_t *item_row; /* row of each of the caller's items; SIZE_MAX: none */
};

/* Counts of users for each item; those with enough get a row. */
static enum nr_status choose_items(struct fitting *fit, const struct nr_interaction *all, size_t count, size_t items,
                                   struct nr_error *err)
{
    size_t *seen = nr_arena_alloc(&fit->als.mem, items, sizeof *seen);
    fit->item_row = nr_arena_alloc(&fit->als.mem, items, sizeof *fit->item_row);
    if (fit->als.mem.failed)
        return nr_fail_nomem(err, "item factors");
    for (size_t k = 0; k < count; k++)
        seen[all[k].item]++;
    for (size_t i = 0; i < items; i++)
        fit->item_row[i] = seen[i] >= fit->params->min_item_users ? fit->als.items.rows++ : SIZE_MAX;
    return NR_OK;
}

/* The users' side from the sorted interactions, then the items' side by transposing. */
static enum nr_status fill_sides(struct fitting *fit, const struct nr_interaction *all, size_t count,
                                 struct nr_error *err)
{
    size_t users = 0, entries = 0, last = SIZE_MAX;
    for (size_t k = 0; k < count; k++) {
        if (fit->item_row[all[k].item] == SIZE_MAX)
            continue;
        users += all[k].user != last;
        last = all[k].user;
        entries++;
    }
    enum nr_status status = nr_als_side_init(&fit->als, &fit->als.users, users, entries, err);
    if (!status)
        status = nr_als_side_init(&fit->als, &fit->als.items, fit->als.items.rows, entries, err);
    if (status)
        return status;
    size_t row = 0, at = 0;
    last = SIZE_MAX;
    for (size_t k = 0; k < count; k++) {
        if (fit->item_row[all[k].item] == SIZE_MAX)
            continue;
        if (all[k].user != last)
            fit->als.users.starts[row++] = at;
        last = all[k].user;
        fit->als.users.columns[at] = (uint32_t)fit->item_row[all[k].item];
        fit->als.users.weights[at++] = all[k].weight;
        fit->als.items.starts[fit->item_row[all[k].item] + 1]++;
    }
    fit->als.users.starts[users] = at;
    for (size_t i = 0; i < fit->als.items.rows; i++)
        fit->als.items.starts[i + 1] += fit->als.items.starts[i];
    return NR_OK;
}

static enum nr_status take_rows(const struct fitting *fit, size_t items, struct nr_arena *mem, float **rows,
                                struct nr_error *err)
{
    size_t f = fit->als.factors;
    for (size_t i = 0; i < items; i++) {
        if (fit->item_row[i] == SIZE_MAX)
            continue;
        rows[i] = nr_arena_alloc(mem, f, sizeof **rows);
        for (size_t j = 0; j < f && rows[i]; j++)
            rows[i][j] = (float)fit->als.items.factors[fit->item_row[i] * f + j];
    }
    return mem->failed ? nr_fail_nomem(err, "item factors") : NR_OK;
}

enum nr_status nr_item_factors_fit(const struct nr_factor_params *params, const struct nr_interaction *interactions,
                                   size_t count, const char *const *ids, size_t items, unsigned threads,
                                   struct nr_arena *mem, float **rows, struct nr_error *err)
{
    struct fitting fit = {.params = params,
                          .als = {.name = "behaviour",
                                  .options = "--factor",
                                  .factors = params->factors,
                                  .iterations = params->iterations,
                                  .cg_steps = params->cg_steps,
                                  .alpha = params->alpha,
                                  .lambda = params->lambda}};
    memset(rows, 0, items * sizeof *rows);
    const char *wrong = nr_factor_params_check(params);
    if (wrong)
        return nr_fail(err, NR_ERR_USAGE, "%s", wrong);
    enum nr_status status = choose_items(&fit, interactions, count, items, err);
    if (!status)
        status = fill_sides(&fit, interactions, count, err);
    bool enough = fit.als.users.rows >= params->min_users && fit.als.items.rows >= params->min_items;
    if (!status && enough)
        status = nr_als_transpose(&fit.als, err);
    for (size_t i = 0; i < items && !status && enough; i++)
        if (fit.item_row[i] != SIZE_MAX)
            nr_als_start(&fit.als, fit.item_row[i], ids[i]);
    if (!status && enough)
        status = nr_als_iterate(&fit.als, threads, err);
    if (!status && enough)
        status = take_rows(&fit, items, mem, rows, err);
    nr_als_release(&fit.als);
    return status;
}
