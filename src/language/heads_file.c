/* heads_file.c - heads as JSON. */
#include "nightreel/language_heads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"
#include "nightreel/language_reply.h"

#include "core/banned.h"

enum { FORMAT = 1, FILE_BYTES_MAX = 1 << 29, LENGTH_MAX = 16384 };

/* ---- writing ------------------------------------------------------------------------------ */

static void put_number(struct nr_buf *out, const char *key, double value)
{
    nr_json_put_key(out, key);
    nr_json_put_double(out, value);
}

static void put_set(struct nr_buf *out, const char *key, const struct nr_head_set *set, size_t length, bool sentiment)
{
    nr_json_put_key(out, key);
    nr_json_open(out, '{');
    put_number(out, "records", (double)set->records);
    put_number(out, "lambda", set->lambda);
    if (sentiment) {
        put_number(out, "accuracy", set->accuracy);
        put_number(out, "baseline", set->baseline);
    } else {
        put_number(out, "threshold", set->threshold);
        put_number(out, "f1", set->f1);
        put_number(out, "precision", set->precision);
        put_number(out, "recall", set->recall);
    }
    nr_json_put_key(out, "heads");
    nr_json_open(out, '[');
    for (size_t h = 0; h < set->count; h++) {
        nr_json_open(out, '{');
        nr_json_put_key(out, "name");
        nr_json_put_string(out, set->heads[h].name);
        put_number(out, "positives", (double)set->heads[h].positives);
        put_number(out, "bias", set->heads[h].theta[length]);
        nr_json_put_key(out, "weights");
        nr_json_open(out, '[');
        for (size_t i = 0; i < length; i++)
            nr_json_put_double(out, set->heads[h].theta[i]);
        nr_json_close(out, ']');
        nr_json_close(out, '}');
    }
    nr_json_close(out, ']');
    nr_json_close(out, '}');
}

enum nr_status nr_heads_write(const struct nr_heads *heads, const char *path, struct nr_error *err)
{
    struct nr_buf out = {0};
    nr_json_open(&out, '{');
    put_number(&out, "format", FORMAT);
    nr_json_put_key(&out, "model");
    nr_json_put_string(&out, heads->model);
    put_number(&out, "length", (double)heads->length);
    nr_json_put_key(&out, "mean");
    nr_json_put_floats(&out, heads->mean, heads->length);
    if (heads->topics.count)
        put_set(&out, "topics", &heads->topics, heads->length, false);
    if (heads->sentiment.count)
        put_set(&out, "sentiment", &heads->sentiment, heads->length, true);
    nr_json_close(&out, '}');
    nr_buf_putc(&out, '\n');
    enum nr_status status = nr_file_write(path, &out, err);
    nr_buf_release(&out);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------ */

static double number_of(const struct nr_json *object, const char *key, double low, double high)
{
    double value = nr_json_number(nr_json_get(object, key));
    return value >= low && value <= high ? value : NAN;
}

/* `length` finite numbers, or NULL. */
static const double *vector_of(const struct nr_json_doc *doc, const struct nr_json *object, const char *key,
                               size_t length)
{
    size_t count = 0;
    const double *values = nr_json_vector(doc, nr_json_get(object, key), &count);
    return values && count == length ? values : NULL;
}

static bool read_head(const struct nr_json_doc *doc, const struct nr_json *row, bool sentiment, struct nr_heads *heads,
                      struct nr_head *out)
{
    const char *name = nr_json_string(nr_json_get(row, "name"));
    const double *weights = vector_of(doc, row, "weights", heads->length);
    double bias = number_of(row, "bias", -1e9, 1e9), positives = number_of(row, "positives", 0, 1e9);
    if (!name || !*name || !weights || isnan(bias) || isnan(positives) || (sentiment && nr_sentiment_find(name) < 0))
        return false;
    out->name = nr_arena_strdup(&heads->mem, name);
    out->positives = (size_t)positives;
    out->theta = nr_arena_alloc(&heads->mem, heads->length + 1, sizeof *out->theta);
    if (!out->theta)
        return false;
    memcpy(out->theta, weights, heads->length * sizeof *weights);
    out->theta[heads->length] = bias;
    return true;
}

static bool read_set(const struct nr_json_doc *doc, const struct nr_json *object, bool sentiment,
                     struct nr_heads *heads, struct nr_head_set *out)
{
    if (!object)
        return true;
    const struct nr_json *rows = nr_json_get(object, "heads");
    double records = number_of(object, "records", 0, 1e9), lambda = number_of(object, "lambda", 0, 1e9);
    *out = (struct nr_head_set){.threshold = sentiment ? 0.5 : number_of(object, "threshold", 0, 1),
                                .f1 = number_of(object, "f1", 0, 1),
                                .precision = number_of(object, "precision", 0, 1),
                                .recall = number_of(object, "recall", 0, 1),
                                .accuracy = number_of(object, "accuracy", 0, 1),
                                .baseline = number_of(object, "baseline", 0, 1)};
    out->records = isnan(records) ? 0 : (size_t)records;
    out->lambda = lambda;
    out->heads = nr_arena_alloc(&heads->mem, nr_json_size(rows) + 1, sizeof *out->heads);
    bool good = out->heads && nr_json_size(rows) && !isnan(records) && !isnan(lambda) && !isnan(out->threshold);
    for (const struct nr_json *row = nr_json_first(rows); row && good; row = nr_json_next(row))
        good = read_head(doc, row, sentiment, heads, &out->heads[out->count++]);
    return good;
}

static bool read_heads(const struct nr_json_doc *doc, struct nr_heads *out)
{
    const struct nr_json *root = nr_json_root(doc);
    const char *model = nr_json_string(nr_json_get(root, "model"));
    double length = number_of(root, "length", 1, LENGTH_MAX);
    if (number_of(root, "format", FORMAT, FORMAT) != FORMAT || !model || isnan(length))
        return false;
    out->length = (size_t)length;
    out->model = nr_arena_strdup(&out->mem, model);
    out->mean = nr_arena_alloc(&out->mem, out->length, sizeof *out->mean);
    const double *mean = vector_of(doc, root, "mean", out->length);
    if (!mean || !out->mean)
        return false;
    for (size_t i = 0; i < out->length; i++)
        out->mean[i] = (float)mean[i];
    return read_set(doc, nr_json_get(root, "topics"), false, out, &out->topics) &&
           read_set(doc, nr_json_get(root, "sentiment"), true, out, &out->sentiment) &&
           out->topics.count + out->sentiment.count > 0;
}

enum nr_status nr_heads_read(const char *path, struct nr_heads *out, struct nr_error *err)
{
    char *text = NULL;
    size_t length = 0;
    struct nr_json_doc *doc = NULL;
    struct nr_error failure = {.text = "these are no heads"};
    *out = (struct nr_heads){.length = 0};
    enum nr_status status = nr_file_read(path, FILE_BYTES_MAX, &text, &length, err);
    if (!status && (nr_json_parse(text, length, &doc, &failure) || !read_heads(doc, out)))
        status = nr_fail(err, NR_ERR_DATA, "'%s': %s (describe --train-labels writes them)", path, failure.text);
    nr_json_free(doc);
    free(text);
    if (status)
        nr_heads_release(out);
    return status;
}
