/* significance.c - the paired randomisation test. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/randomisation.h"

#include "core/banned.h"

enum { BITS = 64, GROUP = 8, GROUPS = BITS / GROUP, SIGNS = 1 << GROUP };

void nr_significance_params_default(struct nr_significance_params *params)
{
    *params = (struct nr_significance_params){.permutations = 10000, .resamples = 10000, .level = 0.95, .seed = 1};
}

const char *nr_significance_params_check(const struct nr_significance_params *params)
{
    if (params->permutations < 1 || params->permutations > NR_RESAMPLES_MAX)
        return "permutations must be from 1 to 1000000";
    if (params->resamples < 1 || params->resamples > NR_RESAMPLES_MAX)
        return "resamples must be from 1 to 1000000";
    if (!(params->level > 0 && params->level < 1))
        return "the level of confidence must be above 0 and below 1";
    return NULL;
}

/* The sums of 8 differences under each of their 256 choices of signs. */
static void fill_table(const double *differences, size_t count, double *table)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += differences[i];
    table[0] = sum;
    for (size_t signs = 1; signs < SIGNS; signs++) {
        size_t lowest = (size_t)__builtin_ctzll(signs);
        table[signs] = table[signs & (signs - 1)] - (lowest < count ? 2 * differences[lowest] : 0);
    }
}

/* 64 pairs at a time: eight look-ups instead of 64 additions. */
static void add_signed(const double *differences, size_t count, uint64_t state, size_t permutations, double *sums)
{
    double tables[GROUPS][SIGNS];
    for (size_t g = 0; g < GROUPS; g++) {
        size_t first = g * GROUP < count ? g * GROUP : count;
        fill_table(differences + first, count - first < GROUP ? count - first : GROUP, tables[g]);
    }
    for (size_t j = 0; j < permutations; j++) {
        uint64_t signs = nr_splitmix64(state + j);
        double halves[GROUPS / 2];
        for (size_t g = 0; g < GROUPS; g += 2) {
            halves[g / 2] = tables[g][signs % SIGNS] + tables[g + 1][signs / SIGNS % SIGNS];
            signs >>= 2 * GROUP;
        }
        sums[j] += (halves[0] + halves[1]) + (halves[2] + halves[3]);
    }
}

double nr_randomisation_p(const double *differences, size_t count, const struct nr_significance_params *params,
                          double *sums)
{
    uint64_t state = nr_splitmix64(params->seed);
    double observed = 0, size = 0;
    memset(sums, 0, params->permutations * sizeof *sums);
    for (size_t first = 0; first < count; first += BITS) {
        size_t here = count - first < BITS ? count - first : BITS;
        add_signed(differences + first, here, state, params->permutations, sums);
        state += params->permutations;
    }
    for (size_t i = 0; i < count; i++) {
        observed += differences[i];
        size += fabs(differences[i]);
    }
    size_t as_great = 0;
    for (size_t j = 0; j < params->permutations; j++)
        as_great += fabs(sums[j]) >= fabs(observed) - 1e-12 * size;
    return (1 + (double)as_great) / (1 + (double)params->permutations);
}

size_t nr_differences(const double *a, const double *b, size_t n, double *out)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(a[i]) && !isnan(b[i]))
            out[count++] = b[i] - a[i];
    return count;
}

enum nr_status nr_significance(const double *a, const double *b, size_t n, const struct nr_significance_params *params,
                               struct nr_significance *out, struct nr_error *err)
{
    const char *wrong = nr_significance_params_check(params);
    *out = (struct nr_significance){.difference = NAN, .interval = {NAN, NAN}, .p = NAN};
    if (wrong)
        return nr_fail(err, NR_ERR_USAGE, "%s", wrong);
    double *differences = malloc((n + 1) * sizeof *differences);
    double *sums = malloc(params->permutations * sizeof *sums);
    enum nr_status status = differences && sums ? NR_OK : nr_fail_nomem(err, "a test of significance");
    size_t count = status ? 0 : nr_differences(a, b, n, differences);
    if (count) {
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += differences[i];
        out->pairs = count;
        out->difference = sum / (double)count;
        out->p = nr_randomisation_p(differences, count, params, sums);
        status = nr_bootstrap((const double *const[]){differences}, 1, count, params, &out->interval, err);
    }
    free(differences);
    free(sums);
    return status;
}
