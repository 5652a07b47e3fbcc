/* bootstrap.c - confidence intervals of means by resampling users. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/eval_significance.h"

#include "core/banned.h"

/* A resample's mean is a weighted one: by how often each user was drawn. Columns lie in
 * tiles, row by row; a batch of resamples goes over a tile a few rows at a time, so that
 * rows stay in the nearest cache and sums in registers. Threads share out the batches. */
enum { HALF = 8, TILE = 2 * HALF, BATCH = 16, ROWS = 128 };
typedef double half_row __attribute__((vector_size(HALF * sizeof(double))));

/* The same bits whatever the width: each sum takes its own addends in the order of rows. */
#ifdef __x86_64__
#define WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDEST
#endif

struct bootstrap {
    size_t n, width, count; /* width: columns with those that count values */
    const struct nr_significance_params *params;
    half_row *tiles;   /* [width / TILE][n][2] */
    size_t *counted;   /* by column: the column that counts its values, or 0 (all of them) */
    uint32_t *weights; /* [threads][BATCH][n] */
    double *sums;      /* [threads][BATCH][width] */
    double *means;     /* [count][resamples] */
};

static double *cell(struct bootstrap *boot, size_t column, size_t row)
{
    return (double *)boot->tiles + (column / TILE * boot->n + row) * TILE + column % TILE;
}

static void draw_users(const struct bootstrap *boot, size_t resample, uint32_t *weights)
{
    uint64_t state = nr_splitmix64(~boot->params->seed) + resample * ((boot->n + 1) / 2);
    memset(weights, 0, boot->n * sizeof *weights);
    for (size_t i = 0; i < boot->n; i += 2) {
        uint64_t bits = nr_splitmix64(state + i / 2);
        weights[(bits & UINT32_MAX) * boot->n >> 32]++;
        if (i + 1 < boot->n)
            weights[(bits >> 32) * boot->n >> 32]++;
    }
}

/* Adds the weighted rows to sums[0..TILE). */
WIDEST static void add_rows(const half_row *rows, const uint32_t *weights, size_t count, double *sums)
{
    half_row low, high;
    memcpy(&low, sums, sizeof low);
    memcpy(&high, sums + HALF, sizeof high);
    for (size_t i = 0; i < count; i++) {
        double weight = (double)weights[i];
        low += weight * rows[2 * i];
        high += weight * rows[2 * i + 1];
    }
    memcpy(sums, &low, sizeof low);
    memcpy(sums + HALF, &high, sizeof high);
}

static void add_tile(const struct bootstrap *boot, size_t tile, size_t resamples, const uint32_t *weights, double *sums)
{
    const half_row *rows = boot->tiles + 2 * tile * boot->n;
    for (size_t first = 0; first < boot->n; first += ROWS) {
        size_t here = boot->n - first < ROWS ? boot->n - first : ROWS;
        for (size_t r = 0; r < resamples; r++)
            add_rows(rows + 2 * first, weights + r * boot->n + first, here, sums + r * boot->width + tile * TILE);
    }
}

static void resample(void *ctx, size_t batch, unsigned worker)
{
    struct bootstrap *boot = ctx;
    size_t all = boot->params->resamples, first = batch * BATCH, count = all - first < BATCH ? all - first : BATCH;
    uint32_t *weights = boot->weights + worker * BATCH * boot->n;
    double *sums = boot->sums + worker * BATCH * boot->width;
    memset(sums, 0, BATCH * boot->width * sizeof *sums);
    for (size_t r = 0; r < count; r++)
        draw_users(boot, first + r, weights + r * boot->n);
    for (size_t t = 0; t < boot->width / TILE; t++)
        add_tile(boot, t, count, weights, sums);
    for (size_t r = 0; r < count; r++, sums += boot->width)
        for (size_t c = 0; c < boot->count; c++) {
            double values = boot->counted[c] ? sums[boot->counted[c]] : (double)boot->n;
            boot->means[c * all + first + r] = values > 0 ? sums[c] / values : NAN;
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
    boot->weights = malloc(threads * BATCH * boot->n * sizeof *boot->weights);
    boot->sums = malloc(threads * BATCH * boot->width * sizeof *boot->sums);
    boot->means = malloc(boot->count * boot->params->resamples * sizeof *boot->means);
    if (!boot->tiles || !boot->weights || !boot->sums || !boot->means)
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

static double observed_mean(const double *column, size_t n)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        sum += isnan(column[i]) ? 0 : column[i];
        count += !isnan(column[i]);
    }
    return count ? sum / (double)count : NAN;
}

/* So that an interval of what never varies is no rounding error beside its mean. */
static double snap(double value, double mean)
{
    return fabs(value - mean) <= 1e-12 * fabs(mean) ? mean : value;
}

static struct nr_interval interval_of(double *means, size_t count, double level, double mean)
{
    qsort(means, count, sizeof *means, compare_numbers);
    while (count && isnan(means[count - 1])) /* they sort behind */
        count--;
    if (count == 0)
        return (struct nr_interval){NAN, NAN};
    return (struct nr_interval){snap(quantile(means, count, (1 - level) / 2), mean),
                                snap(quantile(means, count, (1 + level) / 2), mean)};
}

static void release(struct bootstrap *boot)
{
    free(boot->tiles);
    free(boot->counted);
    free(boot->weights);
    free(boot->sums);
    free(boot->means);
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
            out[c] = interval_of(boot.means + c * params->resamples, params->resamples, params->level,
                                 observed_mean(columns[c], n));
    }
    release(&boot);
    return status;
}
