/* formats.c - rankings as text. To add a format: a name, a row, an enum value. */
#include <math.h>
#include <string.h>

#include "nightreel/io.h"
#include "nightreel/match.h"

#include "core/banned.h"

const char *const nr_ranking_format_names[NR_RANKING_FORMAT_COUNT + 1] = {
    [NR_RANKING_JSONL] = "jsonl",
    [NR_RANKING_JSON] = "json",
    [NR_RANKING_CSV] = "csv",
    [NR_RANKING_TREC] = "trec",
};

static enum nr_status put_jsonl(const struct nr_ranking *ranking, size_t number, struct nr_buf *out,
                                struct nr_error *err)
{
    (void)number;
    (void)err;
    nr_ranking_write(ranking, out);
    nr_buf_putc(out, '\n');
    return NR_OK;
}

static enum nr_status put_json(const struct nr_ranking *ranking, size_t number, struct nr_buf *out,
                               struct nr_error *err)
{
    (void)err;
    nr_buf_puts(out, number ? ",\n" : "");
    nr_ranking_write(ranking, out);
    return NR_OK;
}

void nr_ranked_put_because(const struct nr_ranked *entry, struct nr_buf *out)
{
    struct nr_buf joined = {0};
    for (size_t i = 0; i < entry->because.count; i++) {
        nr_buf_puts(&joined, i ? "|" : "");
        nr_buf_puts(&joined, entry->because.items[i]);
    }
    nr_csv_put(out, joined.data ? joined.data : "");
    out->failed |= joined.failed;
    nr_buf_release(&joined);
}

void nr_ranked_put_parts(const struct nr_ranked *entry, struct nr_buf *out)
{
    struct nr_buf joined = {0};
    for (size_t i = 0; i < entry->part_count; i++) {
        nr_buf_printf(&joined, "%s%s=", i ? "|" : "", entry->parts[i].name);
        nr_buf_double(&joined, entry->parts[i].value);
    }
    nr_csv_put(out, joined.data ? joined.data : "");
    out->failed |= joined.failed;
    nr_buf_release(&joined);
}

static void put_watched(const struct nr_ranked *entry, struct nr_buf *out)
{
    nr_buf_putc(out, ',');
    nr_csv_put(out, entry->watched_id ? entry->watched_id : "");
    nr_buf_putc(out, ',');
    nr_csv_put(out, entry->watched_title ? entry->watched_title : "");
    nr_buf_putc(out, ',');
    if (entry->watched_id)
        nr_buf_double(out, entry->watched_share);
    nr_buf_putc(out, '\n');
}

static enum nr_status put_csv(const struct nr_ranking *ranking, size_t number, struct nr_buf *out, struct nr_error *err)
{
    (void)number;
    (void)err;
    for (size_t i = 0; i < ranking->count; i++) {
        const struct nr_ranked *entry = &ranking->items[i];
        nr_csv_put(out, ranking->user_id);
        nr_buf_printf(out, ",%zu,", i + 1);
        nr_csv_put(out, entry->video_id);
        nr_buf_putc(out, ',');
        nr_csv_put(out, entry->title ? entry->title : "");
        nr_buf_putc(out, ',');
        nr_buf_double(out, entry->score);
        nr_buf_putc(out, ',');
        nr_buf_double(out, entry->probability);
        nr_buf_putc(out, ',');
        nr_ranked_put_because(entry, out);
        nr_buf_puts(out, entry->filled ? ",popularity," : ",,");
        nr_ranked_put_parts(entry, out);
        put_watched(entry, out);
    }
    return NR_OK;
}

static enum nr_status check_word(const char *what, const char *id, struct nr_error *err)
{
    if (*id == '\0' || strpbrk(id, " \t\r\n\v\f"))
        return nr_fail(err, NR_ERR_DATA, "%s '%s' is empty or has a blank, which a TREC run cannot hold", what, id);
    return NR_OK;
}

static enum nr_status put_trec(const struct nr_ranking *ranking, size_t number, struct nr_buf *out,
                               struct nr_error *err)
{
    (void)number;
    enum nr_status status = check_word("user", ranking->user_id, err);
    for (size_t i = 0; i < ranking->count && !status; i++) {
        const struct nr_ranked *entry = &ranking->items[i];
        status = check_word("video", entry->video_id, err);
        nr_buf_printf(out, "%s Q0 %s %zu ", ranking->user_id, entry->video_id, i + 1);
        nr_buf_double(out, entry->score);
        nr_buf_printf(out, " %s\n", ranking->model);
    }
    return status;
}

static const struct format {
    const char *head, *tail;
    enum nr_status (*put)(const struct nr_ranking *ranking, size_t number, struct nr_buf *out, struct nr_error *err);
} formats[NR_RANKING_FORMAT_COUNT] = {
    [NR_RANKING_JSONL] = {"", "", put_jsonl},
    [NR_RANKING_JSON] = {"[", "]\n", put_json},
    [NR_RANKING_CSV] = {"user_id,rank,video_id,title,score,probability,because,fill,parts,because_watched,watched_"
                        "title,watched_share\n",
                        "", put_csv},
    [NR_RANKING_TREC] = {"", "", put_trec},
};

void nr_ranking_format_head(enum nr_ranking_format format, struct nr_buf *out)
{
    nr_buf_puts(out, formats[format].head);
}

enum nr_status nr_ranking_format_put(enum nr_ranking_format format, const struct nr_ranking *ranking, size_t number,
                                     struct nr_buf *out, struct nr_error *err)
{
    enum nr_status status = formats[format].put(ranking, number, out, err);
    return status ? status : nr_buf_status(out, err);
}

void nr_ranking_format_tail(enum nr_ranking_format format, struct nr_buf *out)
{
    nr_buf_puts(out, formats[format].tail);
}
