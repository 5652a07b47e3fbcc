/* bootstrap.c - confidence intervals of means by resampling users. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/eval_significance.h"

#include "core/banned.h"

/* Columns lie in tiles, row by row, so that a draw adds one short row; sums stay in
 * registers. Resamples are worked on in batches, which threads share out. */
enum { HALF = 8, TILE = 2 * HALF, BATCH = 50 };
typedef double half_row __attribute__((vector_size(HALF * sizeof(double))));

struct bootstrap {
    size_t n, width, count; /* width: columns with those that count values */
    const struct nr_significance_params *params;
    half_row *tiles;   /* [width / TILE][n][2] */
    size_t *counted;   /* by column: the column that counts its values, or 0 (all of them) */
    uint32_t *draws;   /* [threads][n] */
    double *means;     /* [count][resamples] */
    double *row_space; /* [threads][width] */
};

static double *cell(struct bootstrap *boot, size_t column, size_t row)
{
    return (double *)boot->tiles + (column / TILE * boot->n + row) * TILE + column % TILE;
}

static void draw_users(const struct bootstrap *boot, size_t resample, uint32_t *draws)
{
    uint64_t state = nr_splitmix64(~boot->params->seed) + resample * ((boot->n + 1) / 2);
    for (size_t i = 0; i < boot->n; i += 2) {
        uint64_t bits = nr_splitmix64(state + i / 2);
        draws[i] = (uint32_t)((bits & UINT32_MAX) * boot->n >> 32);
        if (i + 1 < boot->n)
            draws[i + 1] = (uint32_t)((bits >> 32) * boot->n >> 32);
    }
}

static void sum_rows(const half_row *tile, const uint32_t *draws, size_t n, double *out)
{
    half_row low = {0}, high = {0};
    for (size_t i = 0; i < n; i++) {
        const half_row *row = tile + 2 * (size_t)draws[i];
        low += row[0];
        high += row[1];
    }
    memcpy(out, &low, sizeof low);
    memcpy(out + HALF, &high, sizeof high);
}

static void resample(void *ctx, size_t batch, unsigned worker)
{
    struct bootstrap *boot = ctx;
    size_t resamples = boot->params->resamples;
    uint32_t *draws = boot->draws + worker * boot->n;
    double *sums = boot->row_space + worker * boot->width;
    for (size_t r = batch * BATCH; r < resamples && r < (batch + 1) * BATCH; r++) {
        draw_users(boot, r, draws);
        for (size_t t = 0; t < boot->width / TILE; t++)
            sum_rows(boot->tiles + 2 * t * boot->n, draws, boot->n, sums + t * TILE);
        for (size_t c = 0; c < boot->count; c++) {
            double values = boot->counted[c] ? sums[boot->counted[c]] : (double)boot->n;
            boot->means[c * resamples + r] = values > 0 ? sums[c] / values : NAN;
        }
    }
}

static bool has_gaps(const double *column, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isnan(column[i]))
            return true;
    return false;
}

static enum nr_status make_room(struct bootstrap *boot, unsigned threads, struct nr_error *err)
{
    size_t cells, bytes;
    boot->width = (boot->width + TILE - 1) / TILE * TILE;
    if (!nr_size_mul(boot->n, boot->width, &cells) || !nr_size_mul(cells, sizeof(double), &bytes) ||
        boot->n > UINT32_MAX)
        return nr_fail_nomem(err, "a bootstrap");
    boot->tiles = aligned_alloc(sizeof(half_row), bytes);
    boot->draws = malloc(threads * boot->n * sizeof *boot->draws);
    boot->means = malloc(boot->count * boot->params->resamples * sizeof *boot->means);
    boot->row_space = malloc(threads * boot->width * sizeof *boot->row_space);
    if (!boot->tiles || !boot->draws || !boot->means || !boot->row_space)
        return nr_fail_nomem(err, "a bootstrap");
    memset(boot->tiles, 0, bytes);
    return NR_OK;
}

static void fill_tiles(struct bootstrap *boot, const double *const *columns)
{
    for (size_t c = 0; c < boot->count; c++)
        for (size_t i = 0; i < boot->n; i++) {
            bool gap = isnan(columns[c][i]);
            *cell(boot, c, i) = gap ? 0 : columns[c][i];
            if (boot->counted[c])
                *cell(boot, boot->counted[c], i) = gap ? 0 : 1;
        }
}

static int compare_numbers(const void *a, const void *b)
{
    return nr_double_compare(*(const double *)a, *(const double *)b);
}

/* Of sorted numbers; between two of them linearly. */
static double quantile(const double *sorted, size_t count, double share)
{
    double at = share * (double)(count - 1);
    size_t below = (size_t)at;
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}

static struct nr_interval interval_of(double *means, size_t count, double level)
{
    qsort(means, count, sizeof *means, compare_numbers);
    while (count && isnan(means[count - 1])) /* they sort behind */
        count--;
    if (count == 0)
        return (struct nr_interval){NAN, NAN};
    return (struct nr_interval){quantile(means, count, (1 - level) / 2), quantile(means, count, (1 + level) / 2)};
}

static void release(struct bootstrap *boot)
{
    free(boot->tiles);
    free(boot->counted);
    free(boot->draws);
    free(boot->means);
    free(boot->row_space);
}

enum nr_status nr_bootstrap(const double *const *columns, size_t count, size_t n,
                            const struct nr_significance_params *params, struct nr_interval *out, struct nr_error *err)
{
    struct bootstrap boot = {.n = n, .width = count, .count = count, .params = params};
    const char *wrong = nr_significance_params_check(params);
    unsigned threads = params->threads ? params->threads : nr_cpu_count();
    for (size_t c = 0; c < count; c++)
        out[c] = (struct nr_interval){NAN, NAN};
    if (wrong)
        return nr_fail(err, NR_ERR_USAGE, "%s", wrong);
    if (n == 0 || count == 0)
        return NR_OK;
    boot.counted = calloc(count, sizeof *boot.counted);
    if (!boot.counted)
        return nr_fail_nomem(err, "a bootstrap");
    for (size_t c = 0; c < count; c++)
        if (has_gaps(columns[c], n))
            boot.counted[c] = boot.width++;
    enum nr_status status = make_room(&boot, threads, err);
    if (!status) {
        fill_tiles(&boot, columns);
        nr_parallel(threads, (params->resamples + BATCH - 1) / BATCH, resample, &boot);
        for (size_t c = 0; c < count; c++)
            out[c] = interval_of(boot.means + c * params->resamples, params->resamples, params->level);
    }
    release(&boot);
    return status;
}
