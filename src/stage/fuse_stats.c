/* fuse_stats.c - the statistics file of --stats. */
#include "stage/fuse_stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

#define STATS_MAX    ((size_t)1 << 30)
#define STATS_FORMAT "nightreel-stats-1"

void nr_fuse_stats_release(struct nr_fuse_stats *stats)
{
    nr_arena_release(&stats->mem);
    *stats = (struct nr_fuse_stats){0};
}

/* ---- writing ------------------------------------------------------------------ */

static void put_numbers(struct nr_buf *out, const char *key, const double *values, size_t count)
{
    if (!values)
        return;
    nr_json_put_key(out, key);
    nr_json_open(out, '[');
    for (size_t i = 0; i < count; i++)
        nr_json_put_double(out, values[i]);
    nr_json_close(out, ']');
}

static void put_counts(struct nr_buf *out, const char *key, const struct nr_document_counts *counts)
{
    nr_json_put_key(out, key);
    nr_json_open(out, '{');
    nr_json_put_key(out, "documents");
    nr_json_put_int(out, (int64_t)counts->documents);
    nr_json_put_key(out, "counts");
    nr_json_open(out, '{');
    for (size_t i = 0; i < counts->terms.count; i++) {
        nr_json_put_key(out, counts->terms.items[i].name);
        nr_json_put_double(out, counts->terms.items[i].weight);
    }
    nr_json_close(out, '}');
    nr_json_close(out, '}');
}

static void put_dense(struct nr_buf *out, const struct nr_fuse_stats *stats)
{
    nr_json_put_key(out, "blocks");
    nr_json_open(out, '{');
    for (int b = 0; b < NR_BLOCK_COUNT; b++) {
        const struct nr_block_stats *dense = &stats->dense[b];
        if (dense->length == 0)
            continue;
        nr_json_put_key(out, nr_block_defs[b].name);
        nr_json_open(out, '{');
        nr_json_put_key(out, "rows");
        nr_json_put_int(out, (int64_t)dense->rows);
        nr_json_put_key(out, "length");
        nr_json_put_int(out, (int64_t)dense->length);
        put_numbers(out, "mean", dense->mean, dense->length);
        put_numbers(out, "scale", dense->scale, dense->length);
        nr_json_close(out, '}');
    }
    nr_json_close(out, '}');
}

enum nr_status nr_fuse_stats_write(const struct nr_fuse_stats *stats, const char *path, struct nr_error *err)
{
    struct nr_buf text = {0};
    nr_json_open(&text, '{');
    nr_json_put_key(&text, "format");
    nr_json_put_string(&text, STATS_FORMAT);
    nr_json_put_key(&text, "text_hashed");
    nr_json_put_bool(&text, stats->text_hashed);
    put_dense(&text, stats);
    put_counts(&text, "tags", &stats->tags);
    put_counts(&text, "words", &stats->words);
    nr_json_close(&text, '}');
    nr_buf_putc(&text, '\n');
    enum nr_status status = nr_file_write(path, &text, err);
    nr_buf_release(&text);
    return status;
}

/* ---- reading -------------------------------------------------------------------- */

static double *take_numbers(struct nr_fuse_stats *stats, const struct nr_json_doc *doc, const struct nr_json *value,
                            size_t expected)
{
    size_t length;
    const double *numbers = nr_json_vector(doc, value, &length);
    if (!numbers || length != expected)
        return NULL;
    double *copy = nr_arena_alloc(&stats->mem, length, sizeof *copy);
    if (copy)
        memcpy(copy, numbers, length * sizeof *copy);
    return copy;
}

static bool take_dense(struct nr_fuse_stats *stats, const struct nr_json_doc *doc, const struct nr_json *member)
{
    enum nr_block_id block;
    const char *name = nr_json_key(member);
    double rows = nr_json_number(nr_json_get(member, "rows")), length = nr_json_number(nr_json_get(member, "length"));
    if (!name || !nr_block_find(name, strlen(name), &block) || !(rows >= 0) || !(length >= 1 && length < 1e6))
        return false;
    struct nr_block_stats *dense = &stats->dense[block];
    *dense = (struct nr_block_stats){.rows = (size_t)rows, .length = (size_t)length};
    if (!nr_json_get(member, "mean"))
        return true;
    dense->mean = take_numbers(stats, doc, nr_json_get(member, "mean"), dense->length);
    dense->scale = take_numbers(stats, doc, nr_json_get(member, "scale"), dense->length);
    return dense->mean && dense->scale;
}

static bool take_counts(struct nr_fuse_stats *stats, const struct nr_json *value, struct nr_document_counts *counts)
{
    const struct nr_json *list = nr_json_get(value, "counts");
    double documents = nr_json_number(nr_json_get(value, "documents"));
    if (!list || !(documents >= 0))
        return false;
    counts->documents = (size_t)documents;
    counts->terms.items = nr_arena_alloc(&stats->mem, nr_json_size(list), sizeof *counts->terms.items);
    for (const struct nr_json *at = nr_json_first(list); at && counts->terms.items; at = nr_json_next(at)) {
        double weight = nr_json_number(at);
        if (!(weight >= 0))
            return false;
        counts->terms.items[counts->terms.count++] =
            (struct nr_term){nr_arena_strdup(&stats->mem, nr_json_key(at)), weight};
    }
    if (stats->mem.failed)
        return false;
    qsort(counts->terms.items, counts->terms.count, sizeof *counts->terms.items, nr_term_compare);
    return true;
}

static bool take_all(struct nr_fuse_stats *stats, const struct nr_json_doc *doc)
{
    const struct nr_json *root = nr_json_root(doc), *blocks = nr_json_get(root, "blocks");
    const char *format = nr_json_string(nr_json_get(root, "format"));
    if (!format || strcmp(format, STATS_FORMAT) != 0)
        return false;
    stats->text_hashed = nr_json_bool(nr_json_get(root, "text_hashed"));
    for (const struct nr_json *at = nr_json_first(blocks); at; at = nr_json_next(at))
        if (!take_dense(stats, doc, at))
            return false;
    return take_counts(stats, nr_json_get(root, "tags"), &stats->tags) &&
           take_counts(stats, nr_json_get(root, "words"), &stats->words);
}

enum nr_status nr_fuse_stats_read(struct nr_fuse_stats *stats, const char *path, struct nr_error *err)
{
    char *text;
    size_t length;
    struct nr_json_doc *doc = NULL;
    enum nr_status status = nr_file_read(path, STATS_MAX, &text, &length, err);
    if (status)
        return status;
    status = nr_json_parse(text, length, &doc, err);
    if (status)
        status = nr_fail_prefix(err, status, "'%s'", path);
    else if (!take_all(stats, doc))
        status =
            nr_fail(err, NR_ERR_DATA, "'%s' holds no statistics of this version; remove it to fit them anew", path);
    nr_json_free(doc);
    free(text);
    return status;
}
