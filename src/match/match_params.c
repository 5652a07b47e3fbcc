/* match_params.c - defaults and limits. */
#include <math.h>

#include "nightreel/match.h"

#include "core/banned.h"

#define K_MAX    ((size_t)1 << 20)
#define BETA_MAX 1e4 /* beyond, float exponents say nothing any more */

void nr_match_params_default(struct nr_match_params *params)
{
    *params = (struct nr_match_params){.k = 10, .beta = 10, .mmr = 1, .now = NR_TIME_NONE};
    params->candidates.viewer_age = params->candidates.difficulty_step = NAN;
    params->lists.duplicates_above = NAN;
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++)
        params->weights[b] = 1;
}

const char *nr_match_params_check(const struct nr_match_params *params)
{
    if (params->k < 1 || params->k > K_MAX)
        return "k must be from 1 to 1048576";
    if (!(params->beta > 0 && params->beta <= BETA_MAX))
        return "beta must be above 0 and at most 10000";
    if (!(params->mmr > 0 && params->mmr <= 1))
        return "--mmr must be above 0 and at most 1";
    if (params->candidates.viewer_age < 0)
        return "--viewer-age must be at least 0";
    if (params->candidates.difficulty_step <= 0)
        return "--difficulty-step must be above 0";
    if (params->lists.duplicates_above <= 0 || params->lists.duplicates_above > 1)
        return "--duplicates-above must be above 0 and at most 1";
    double sum = 0;
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++) {
        if (!(params->weights[b] >= 0 && isfinite(params->weights[b])))
            return "block weights must be finite and at least 0";
        sum += params->weights[b];
    }
    if (!(sum > 0) || !isfinite(sum))
        return "one block weight at least must be above 0, and their sum finite";
    return NULL;
}
