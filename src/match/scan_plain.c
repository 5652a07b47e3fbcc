/* scan_plain.c - the scan for any processor. */
#include "match/scan_body.h"

#include "core/banned.h"

static float plain_max(const float *row, size_t count)
{
    return max_body(row, count);
}

static float plain_sum_exp(const float *row, size_t count, float beta, float top)
{
    return sum_exp_body(row, count, beta, top);
}

static void plain_root(const float *row, size_t count, float *out)
{
    root_body(row, count, out);
}

const struct nr_scan_kernel nr_scan_plain = {"plain", plain_max, plain_sum_exp, plain_root};
