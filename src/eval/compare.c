/* compare.c - intervals of the values of several runs, and each run against the first. */
#include <math.h>
#include <stdlib.h>

#include "eval/randomisation.h"

#include "core/banned.h"

/* A column of numbers by user, and where its interval goes. */
struct column {
    double *numbers;
    struct nr_interval *out;
};

struct compare {
    const struct nr_eval_result *results;
    size_t count, users, values;
    bool zero; /* who has no value has 0 */
    const struct nr_significance_params *params;
    struct nr_eval_comparison *out;
    struct column *columns;
    size_t column_count;
    double *sums, *differences; /* by worker */
};

static double number_of(const struct compare *compare, size_t run, size_t value, size_t user)
{
    double number = compare->results[run].values[value].per_user[user];
    return isnan(number) && compare->zero ? 0 : number;
}

static enum nr_status add_column(struct compare *compare, size_t run, size_t value, bool difference,
                                 struct nr_error *err)
{
    struct column *column = &compare->columns[compare->column_count];
    column->numbers = malloc((compare->users + 1) * sizeof *column->numbers);
    if (!column->numbers)
        return nr_fail_nomem(err, "a comparison");
    column->out = difference ? &compare->out[run].against[value].interval : &compare->out[run].intervals[value];
    for (size_t u = 0; u < compare->users; u++)
        column->numbers[u] = number_of(compare, run, value, u) - (difference ? number_of(compare, 0, value, u) : 0);
    compare->column_count++;
    return NR_OK;
}

static enum nr_status add_columns(struct compare *compare, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    compare->columns = calloc(2 * compare->count * compare->values + 1, sizeof *compare->columns);
    if (!compare->columns)
        return nr_fail_nomem(err, "a comparison");
    for (size_t r = 0; r < compare->count && !status; r++)
        for (size_t v = 0; v < compare->values && !status; v++) {
            if (!compare->results[r].values[v].per_user)
                continue;
            status = add_column(compare, r, v, false, err);
            if (!status && r)
                status = add_column(compare, r, v, true, err);
        }
    return status;
}

static enum nr_status bootstrap_all(struct compare *compare, struct nr_error *err)
{
    size_t count = compare->column_count;
    const double **numbers = malloc((count + 1) * sizeof *numbers);
    struct nr_interval *intervals = malloc((count + 1) * sizeof *intervals);
    enum nr_status status = numbers && intervals ? NR_OK : nr_fail_nomem(err, "a comparison");
    for (size_t c = 0; c < count && !status; c++)
        numbers[c] = compare->columns[c].numbers;
    if (!status)
        status = nr_bootstrap(numbers, count, compare->users, compare->params, intervals, err);
    for (size_t c = 0; c < count && !status; c++)
        *compare->columns[c].out = intervals[c];
    free(numbers);
    free(intervals);
    return status;
}

/* One measure of one later run against the first. */
static void test_pair(void *ctx, size_t index, unsigned worker)
{
    struct compare *compare = ctx;
    size_t run = 1 + index / compare->values, value = index % compare->values, pairs = 0;
    double *differences = compare->differences + worker * compare->users, sum = 0;
    struct nr_significance *out = &compare->out[run].against[value];
    if (!compare->results[run].values[value].per_user)
        return;
    for (size_t u = 0; u < compare->users; u++) {
        double a = number_of(compare, 0, value, u), b = number_of(compare, run, value, u);
        pairs += nr_differences(&a, &b, 1, differences + pairs);
    }
    if (!pairs)
        return;
    for (size_t i = 0; i < pairs; i++)
        sum += differences[i];
    out->pairs = pairs;
    out->difference = sum / (double)pairs;
    out->p =
        nr_randomisation_p(differences, pairs, compare->params, compare->sums + worker * compare->params->permutations);
}

static enum nr_status test_all(struct compare *compare, struct nr_error *err)
{
    unsigned threads = compare->params->threads ? compare->params->threads : nr_cpu_count();
    compare->sums = malloc(threads * compare->params->permutations * sizeof *compare->sums);
    compare->differences = malloc(threads * (compare->users + 1) * sizeof *compare->differences);
    if (!compare->sums || !compare->differences)
        return nr_fail_nomem(err, "a comparison");
    nr_parallel(threads, (compare->count - 1) * compare->values, test_pair, compare);
    return NR_OK;
}

static enum nr_status make_out(struct compare *compare, struct nr_error *err)
{
    for (size_t r = 0; r < compare->count; r++) {
        struct nr_eval_comparison *out = &compare->out[r];
        out->intervals = malloc((compare->values + 1) * sizeof *out->intervals);
        out->against = r ? malloc((compare->values + 1) * sizeof *out->against) : NULL;
        if (!out->intervals || (r && !out->against))
            return nr_fail_nomem(err, "a comparison");
        for (size_t v = 0; v < compare->values; v++) {
            out->intervals[v] = (struct nr_interval){NAN, NAN};
            if (r)
                out->against[v] = (struct nr_significance){.difference = NAN, .interval = {NAN, NAN}, .p = NAN};
        }
    }
    return NR_OK;
}

enum nr_status nr_eval_compare(const struct nr_eval_result *results, size_t count, enum nr_undefined undefined,
                               const struct nr_significance_params *params, struct nr_eval_comparison *out,
                               struct nr_error *err)
{
    struct compare compare = {.results = results,
                              .count = count,
                              .users = results[0].users,
                              .values = results[0].count,
                              .zero = undefined == NR_UNDEFINED_ZERO,
                              .params = params,
                              .out = out};
    const char *wrong = nr_significance_params_check(params);
    for (size_t r = 0; r < count; r++)
        out[r] = (struct nr_eval_comparison){NULL, NULL};
    enum nr_status status = wrong ? nr_fail(err, NR_ERR_USAGE, "%s", wrong) : make_out(&compare, err);
    if (!status)
        status = add_columns(&compare, err);
    if (!status)
        status = bootstrap_all(&compare, err);
    if (!status && count > 1)
        status = test_all(&compare, err);
    for (size_t c = 0; c < compare.column_count; c++)
        free(compare.columns[c].numbers);
    free(compare.columns);
    free(compare.sums);
    free(compare.differences);
    return status;
}

void nr_eval_comparison_release(struct nr_eval_comparison *comparison)
{
    if (!comparison)
        return;
    free(comparison->intervals);
    free(comparison->against);
    *comparison = (struct nr_eval_comparison){NULL, NULL};
}
