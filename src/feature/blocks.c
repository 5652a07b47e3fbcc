/* blocks.c - statistics over the catalogue, applied to dense rows. */
#include <math.h>
#include <string.h>

#include "nightreel/feature.h"

#include "core/banned.h"

static const double PRIOR_ROWS = 30; /* weight of the common deviation, in rows */

void nr_fuse_params_default(struct nr_fuse_params *params)
{
    *params = (struct nr_fuse_params){.stats = NULL};
}

const char *nr_fuse_params_check(const struct nr_fuse_params *params)
{
    return params->stats && !*params->stats ? "'--stats' takes a file" : NULL;
}

/* A row that is there and is all finite: one NAN would reach every other video. */
static bool counts(const float *row, size_t length)
{
    for (size_t j = 0; row && j < length; j++)
        if (!isfinite(row[j]))
            return false;
    return row != NULL;
}

static size_t count_rows(const float *const *rows, size_t count, size_t length)
{
    size_t present = 0;
    for (size_t i = 0; i < count; i++)
        present += counts(rows[i], length);
    return present;
}

static void fit_mean(const float *const *rows, size_t count, struct nr_block_stats *stats)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = counts(rows[i], stats->length) ? stats->length : 0;
        for (size_t j = 0; j < length; j++)
            stats->mean[j] += rows[i][j];
    }
    for (size_t j = 0; j < stats->length; j++)
        stats->mean[j] /= (double)stats->rows;
}

/* Leaves 1 / shrunken deviation in scale. */
static void fit_scale(const float *const *rows, size_t count, struct nr_block_stats *stats)
{
    double n = (double)stats->rows, common = 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = counts(rows[i], stats->length) ? stats->length : 0;
        for (size_t j = 0; j < length; j++) {
            double deviation = rows[i][j] - stats->mean[j];
            stats->scale[j] += deviation * deviation / n;
        }
    }
    for (size_t j = 0; j < stats->length; j++)
        common += stats->scale[j] / (double)stats->length;
    for (size_t j = 0; j < stats->length; j++) {
        double variance = (n * stats->scale[j] + PRIOR_ROWS * common) / (n + PRIOR_ROWS);
        stats->scale[j] = variance > 0 ? 1 / sqrt(variance) : 0;
    }
}

enum nr_status nr_block_stats_fit(const float *const *rows, size_t count, size_t length, enum nr_block_kind kind,
                                  struct nr_arena *mem, struct nr_block_stats *out, struct nr_error *err)
{
    *out = (struct nr_block_stats){.rows = count_rows(rows, count, length), .length = length};
    if (kind == NR_BLOCK_SPARSE)
        return nr_fail(err, NR_ERR_USAGE, "a sparse block has no statistics of this kind");
    if (out->rows == 0 || (kind == NR_BLOCK_STANDARDISED && out->rows < NR_BLOCK_FIT_MIN))
        return NR_OK;
    out->mean = nr_arena_alloc(mem, length, sizeof *out->mean);
    out->scale = nr_arena_alloc(mem, length, sizeof *out->scale);
    if (!out->mean || !out->scale)
        return nr_fail_nomem(err, "the statistics of a block");
    fit_mean(rows, count, out);
    if (kind == NR_BLOCK_STANDARDISED)
        fit_scale(rows, count, out);
    else
        for (size_t j = 0; j < length; j++)
            out->scale[j] = 1;
    return NR_OK;
}

static double scaled_value(const struct nr_block_stats *stats, const float *row, size_t j)
{
    return stats->mean ? (row[j] - stats->mean[j]) * stats->scale[j] : (double)row[j];
}

void nr_block_stats_apply(const struct nr_block_stats *stats, float *row)
{
    double squares = 0;
    for (size_t j = 0; j < stats->length; j++) {
        double value = scaled_value(stats, row, j);
        squares += value * value;
    }
    double norm = sqrt(squares);
    bool usable = isfinite(norm) && norm > 0;
    for (size_t j = 0; j < stats->length; j++)
        row[j] = usable ? (float)(scaled_value(stats, row, j) / norm) : 0;
}

enum nr_status nr_block_fit(float *const *rows, size_t count, size_t length, enum nr_block_kind kind,
                            struct nr_error *err)
{
    struct nr_arena mem = {0};
    struct nr_block_stats stats;
    enum nr_status status = nr_block_stats_fit((const float *const *)rows, count, length, kind, &mem, &stats, err);
    for (size_t i = 0; i < count && !status; i++)
        if (rows[i])
            nr_block_stats_apply(&stats, rows[i]);
    nr_arena_release(&mem);
    return status;
}

void nr_terms_normalise(struct nr_terms *terms)
{
    double squares = 0;
    for (size_t i = 0; i < terms->count; i++)
        squares += terms->items[i].weight * terms->items[i].weight;
    double norm = sqrt(squares);
    for (size_t i = 0; i < terms->count; i++)
        terms->items[i].weight = isfinite(norm) && norm > 0 ? terms->items[i].weight / norm : 0;
}
