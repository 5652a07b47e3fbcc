/* opts_eval.c - see opts_eval.h. */
#include "cli/opts_eval.h"

#include <string.h>

#include "core/banned.h"

static enum nr_status add_cutoff(struct nr_eval_params *params, size_t k, struct nr_error *err)
{
    size_t at = params->cutoff_count;
    while (at > 0 && params->cutoffs[at - 1] > k)
        at--;
    if (at > 0 && params->cutoffs[at - 1] == k)
        return NR_OK;
    if (params->cutoff_count == NR_CUTOFFS_MAX)
        return nr_fail(err, NR_ERR_USAGE, "more than %d cutoffs", NR_CUTOFFS_MAX);
    memmove(params->cutoffs + at + 1, params->cutoffs + at, (params->cutoff_count - at) * sizeof *params->cutoffs);
    params->cutoffs[at] = k;
    params->cutoff_count++;
    return NR_OK;
}

enum nr_status nr_parse_cutoffs(void *field, const char *text, struct nr_error *err)
{
    struct nr_eval_params *params = field;
    enum nr_status status = NR_OK;
    int64_t k;
    params->cutoff_count = 0;
    for (const char *at = text; !status;) {
        size_t length = strcspn(at, ",");
        if (!nr_parse_int64(at, length, &k) || k < 1 || k > INT32_MAX)
            return nr_fail(err, NR_ERR_USAGE, "'%.*s' is no whole number from 1", (int)length, at);
        status = add_cutoff(params, (size_t)k, err);
        if (at[length] == '\0')
            break;
        at += length + 1;
    }
    return status;
}
