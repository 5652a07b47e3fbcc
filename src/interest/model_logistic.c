/* model_logistic.c - logistic regression over all other models. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/model_table.h"
#include "interest/ranker.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

enum { ROWS_MAX = 200000 };

/* weights: of each feature, the bias, then each feature's mean and deviation. */
static float standard(const struct nr_ranker *r, const float *row, size_t feature)
{
    const double *mean = r->weights + r->width + 1, *spread = mean + r->width;
    return isnan(row[feature]) ? 0 : (float)((row[feature] - mean[feature]) / spread[feature]);
}

static void measure(struct nr_ranker *r, const struct nr_examples *e)
{
    double *mean = r->weights + r->width + 1, *spread = mean + r->width;
    for (size_t f = 0; f < r->width; f++) {
        double sum = 0, squares = 0, count = 0;
        for (size_t i = 0; i < e->count; i++)
            if (!isnan(e->rows[i * e->width + f])) {
                sum += e->rows[i * e->width + f];
                count++;
            }
        mean[f] = count > 0 ? sum / count : 0;
        for (size_t i = 0; i < e->count; i++)
            if (!isnan(e->rows[i * e->width + f]))
                squares += (e->rows[i * e->width + f] - mean[f]) * (e->rows[i * e->width + f] - mean[f]);
        spread[f] = squares > 0 ? sqrt(squares / count) : 1;
    }
}

/* Rows of every n-th group, standardised, so that they are at most ROWS_MAX. */
struct sample {
    float *values;
    const float **rows;
    bool *labels;
    size_t count;
};

static enum nr_status take(const struct nr_ranker *r, const struct nr_examples *e, struct sample *s,
                           struct nr_error *err)
{
    size_t step = e->count / ROWS_MAX + 1;
    for (size_t g = 0; g < e->group_count; g += step)
        s->count += e->starts[g + 1] - e->starts[g];
    s->values = malloc((s->count * r->width + 1) * sizeof *s->values);
    s->rows = malloc((s->count + 1) * sizeof *s->rows);
    s->labels = malloc((s->count + 1) * sizeof *s->labels);
    if (!s->values || !s->rows || !s->labels)
        return nr_fail_nomem(err, "examples");
    s->count = 0;
    for (size_t g = 0; g < e->group_count; g += step)
        for (size_t i = e->starts[g]; i < e->starts[g + 1]; i++) {
            float *to = s->values + s->count * r->width;
            for (size_t f = 0; f < r->width; f++)
                to[f] = standard(r, e->rows + i * e->width, f);
            s->labels[s->count] = e->labels[i] > 0;
            s->rows[s->count++] = to;
        }
    return NR_OK;
}

static size_t weights(size_t width)
{
    return 3 * width + 1;
}

static enum nr_status learn(struct nr_ranker *r, const struct nr_examples *e, struct nr_error *err)
{
    struct sample s = {NULL, NULL, NULL, 0};
    r->weight_count = weights(r->width);
    r->weights = calloc(r->weight_count, sizeof *r->weights);
    if (!r->weights)
        return nr_fail_nomem(err, "a model");
    measure(r, e);
    enum nr_status status = take(r, e, &s, err);
    if (!status)
        status = nr_logistic_fit(s.rows, s.labels, s.count, r->width, r->params->logistic.lambda, r->weights, err);
    free(s.values);
    free(s.rows);
    free(s.labels);
    return status;
}

static enum nr_status score_rows(const struct nr_ranker *r, const float *rows, size_t count, double *out,
                                 struct nr_error *err)
{
    (void)err;
    for (size_t i = 0; i < count; i++) {
        out[i] = r->weights[r->width];
        for (size_t f = 0; f < r->width; f++)
            out[i] += r->weights[f] * standard(r, rows + i * r->width, f);
    }
    return NR_OK;
}

static enum nr_status parts(const struct nr_ranker *r, const struct nr_candidates *c, const size_t *places,
                            size_t count, struct nr_arena *mem, struct nr_model_parts *out, struct nr_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!nr_parts_make(&out[i], r->width + 1, mem))
            return nr_fail_nomem(err, "parts");
        for (size_t f = 0; f < r->width; f++)
            nr_parts_add(&out[i], r->names[f], r->weights[f] * standard(r, c->rows + places[i] * r->width, f));
        nr_parts_add(&out[i], "bias", r->weights[r->width]);
    }
    return NR_OK;
}

static void tell(const void *state, struct nr_buf *out)
{
    const struct nr_ranker *r = state;
    for (size_t f = 0; f < r->width; f++)
        nr_buf_printf(out, "%+.4f a deviation of: %s\n", r->weights[f], r->names[f]);
}

static const struct nr_ranker_kind kind = {
    .name = "logistic", .weights = weights, .learn = learn, .score = score_rows, .parts = parts};

NR_RANKER_MODEL(logistic, kind, "logistic", "logistic regression over what all other models say", tell);
