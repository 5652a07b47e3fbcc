/* cmd_similar.c - more like this. */
#include <stdlib.h>

#include "cli/cli.h"
#include "nightreel/match_similar.h"
#include "nightreel/report.h"

#include "core/banned.h"

enum similar_format { FORMAT_JSONL, FORMAT_JSON, FORMAT_CSV, FORMAT_TABLE };

struct similar_options {
    const char *items;
    int format;
};

static const char *const formats[] = {
    [FORMAT_JSONL] = "jsonl", [FORMAT_JSON] = "json", [FORMAT_CSV] = "csv", [FORMAT_TABLE] = "table", NULL};
static const struct nr_option options[] = {
    {"items", 0, NR_OPTION_STRING, "FILE", "item records with their blocks (JSON Lines; default: standard input)",
     offsetof(struct similar_options, items), NULL, NULL},
    {"format", 0, NR_OPTION_CHOICE, "NAME", "jsonl (default), json, csv, or a table for people to read",
     offsetof(struct similar_options, format), formats, NULL},
};
static const struct nr_option_group similar_group = {"Files", NR_BASE_COMMAND, options, NR_COUNT(options)};

static const struct nr_option list_options[] = {
    {"top", 'k', NR_OPTION_SIZE, "N", "videos for each (default 10)", NR_SETTING(match.k), NULL, NULL},
};
static const struct nr_option_group list_group = {"Lists", NR_BASE_SETTINGS, list_options, NR_COUNT(list_options)};

static void put_csv(const struct nr_similar *similar, struct nr_buf *out)
{
    for (size_t i = 0; i < similar->count; i++) {
        const struct nr_ranked *entry = &similar->items[i];
        nr_csv_put(out, similar->video_id);
        nr_buf_printf(out, ",%zu,", i + 1);
        nr_csv_put(out, entry->video_id);
        nr_buf_putc(out, ',');
        nr_csv_put(out, entry->title ? entry->title : "");
        nr_buf_putc(out, ',');
        nr_buf_double(out, entry->score);
        nr_buf_putc(out, ',');
        nr_ranked_put_because(entry, out);
        nr_buf_putc(out, ',');
        nr_ranked_put_parts(entry, out);
        nr_buf_putc(out, '\n');
    }
}

static void put_table(const struct nr_similar *similar, size_t number, struct nr_buf *out)
{
    nr_buf_puts(out, number ? "\n" : "");
    nr_report_name(out, similar->title && *similar->title ? similar->title : similar->video_id);
    nr_buf_putc(out, '\n');
    for (size_t i = 0; i < similar->count; i++)
        nr_report_entry(out, i + 1, &similar->items[i]);
}

static void put_one(int format, const struct nr_similar *similar, size_t number, struct nr_buf *out)
{
    if (format == FORMAT_CSV)
        put_csv(similar, out);
    else if (format == FORMAT_TABLE)
        put_table(similar, number, out);
    else {
        nr_buf_puts(out, format == FORMAT_JSON && number ? ",\n" : "");
        nr_similar_write(similar, out);
        nr_buf_puts(out, format == FORMAT_JSONL ? "\n" : "");
    }
}

static enum nr_status write_all(int format, const struct nr_similar *similar, size_t count, struct nr_error *err)
{
    static const char *const heads[] = {"", "[", "video_id,rank,similar_id,title,score,because,parts\n", ""},
                             *const tails[] = {"", "]\n", "", ""};
    struct nr_buf text = {0};
    enum nr_status status = NR_OK;
    nr_buf_puts(&text, heads[format]);
    for (size_t i = 0; i < count && !status; i++) {
        put_one(format, &similar[i], i, &text);
        status = nr_cli_write(&text, err);
    }
    nr_buf_puts(&text, tails[format]);
    if (!status)
        status = nr_cli_write(&text, err);
    nr_buf_release(&text);
    return status;
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    const struct similar_options *own = cli->own;
    struct nr_item_list items = {0};
    size_t count = (size_t)argc;
    (void)failed_items;
    struct nr_similar *similar = calloc(count, sizeof *similar);
    if (!similar)
        return nr_fail_nomem(err, "lists");
    enum nr_status status = nr_cli_read_items(own->items ? own->items : "-", &items, err);
    if (!status)
        status = nr_match_similar(&cli->settings.match, &items, (const char *const *)argv, count, similar, err);
    if (!status)
        status = write_all(own->format, similar, count, err);
    for (size_t i = 0; i < count; i++)
        nr_similar_release(&similar[i]);
    free(similar);
    nr_item_list_release(&items);
    return status;
}

const struct nr_command nr_command_similar = {
    .name = "similar",
    .summary = "list the videos that are most like a video",
    .usage = "[--items RECORDS] [options] VIDEO ...",
    .details = "The score is the weighted mean of the cosines of the blocks that both videos have; its summands are\n"
               "the `parts`, the tags that both have the `because`. Equal scores are ordered by video_id. CSV\n"
               "columns: video_id,rank,similar_id,title,score,because,parts.",
    .example = "nightreel similar --items items.jsonl -k 5 --format table 12 31",
    .groups = {&similar_group, &list_group, &nr_options_blocks, &nr_options_general},
    .own_size = sizeof(struct similar_options),
    .min_args = 1,
    .max_args = -1,
    .run = run,
};
