/* labels.c - see stage_labels.h. */
#include "nightreel/stage_labels.h"

#include <stdlib.h>

#include "nightreel/io.h"
#include "nightreel/language_reply.h"
#include "stage/tag_list.h"

#include "core/banned.h"

struct reading {
    struct nr_csv *csv;
    int id, topics, sentiment; /* columns; -1: none */
    struct nr_arena *mem;
    struct nr_label_list *out;
    size_t capacity;
};

static const char *field(const struct nr_csv_row *row, int column)
{
    return column >= 0 && (size_t)column < row->count ? row->fields[column] : "";
}

static enum nr_status add_label(struct reading *r, const struct nr_csv_row *row, struct nr_error *err)
{
    const char *id = field(row, r->id), *sentiment = field(row, r->sentiment);
    if (r->out->count == r->capacity) {
        size_t capacity = r->capacity ? 2 * r->capacity : 64;
        struct nr_label *grown = realloc(r->out->items, capacity * sizeof *grown);
        if (!grown)
            return nr_fail_nomem(err, "labels");
        r->out->items = grown;
        r->capacity = capacity;
    }
    struct nr_label *label = &r->out->items[r->out->count];
    *label = (struct nr_label){.video_id = nr_arena_strdup(r->mem, id), .sentiment = nr_sentiment_find(sentiment)};
    if (row->unreadable || !*id)
        return nr_fail(err, NR_ERR_DATA, "%s:%zu: %s", nr_csv_name(r->csv), row->line,
                       row->unreadable ? "the row is unreadable" : "no video_id");
    if (*sentiment && label->sentiment < 0)
        return nr_fail(err, NR_ERR_DATA, "%s:%zu: sentiment '%.40s' is not positive, neutral or negative",
                       nr_csv_name(r->csv), row->line, sentiment);
    r->out->count++;
    return nr_tag_list_split(field(row, r->topics), r->mem, &label->topics, err);
}

static int by_id(const void *a, const void *b)
{
    return nr_id_compare(((const struct nr_label *)a)->video_id, ((const struct nr_label *)b)->video_id);
}

static enum nr_status read_rows(struct reading *r, struct nr_error *err)
{
    struct nr_csv_row row;
    enum nr_status status;
    while ((status = nr_csv_next(r->csv, &row, err)) == NR_OK)
        if ((status = add_label(r, &row, err)))
            return status;
    if (status != NR_END)
        return status;
    qsort(r->out->items, r->out->count, sizeof *r->out->items, by_id);
    for (size_t i = 1; i < r->out->count; i++)
        if (by_id(&r->out->items[i - 1], &r->out->items[i]) == 0)
            return nr_fail(err, NR_ERR_DATA, "%s: video '%s' is labelled twice", nr_csv_name(r->csv),
                           r->out->items[i].video_id);
    return r->mem->failed ? nr_fail_nomem(err, "labels") : NR_OK;
}

enum nr_status nr_labels_read(const char *path, struct nr_arena *mem, struct nr_label_list *out, struct nr_error *err)
{
    struct reading r = {.mem = mem, .out = out};
    *out = (struct nr_label_list){NULL, 0};
    enum nr_status status = nr_csv_open(path, &r.csv, err);
    if (status)
        return status;
    r.id = nr_csv_find(r.csv, "video_id");
    r.topics = nr_csv_find(r.csv, "topics");
    r.sentiment = nr_csv_find(r.csv, "sentiment");
    if (r.id < 0 || (r.topics < 0 && r.sentiment < 0))
        status = nr_fail(err, NR_ERR_DATA, "%s: labels need the column video_id, and topics or sentiment", path);
    if (!status)
        status = read_rows(&r, err);
    struct nr_label *kept = status ? NULL : nr_arena_alloc(mem, out->count ? out->count : 1, sizeof *kept);
    for (size_t i = 0; kept && i < out->count; i++)
        kept[i] = out->items[i];
    free(out->items);
    *out = (struct nr_label_list){kept, kept ? out->count : 0};
    nr_csv_close(r.csv);
    return !status && !kept ? nr_fail_nomem(err, "labels") : status;
}
