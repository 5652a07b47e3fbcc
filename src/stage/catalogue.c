/* catalogue.c - the catalogue's CSV to items. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"
#include "nightreel/stage.h"
#include "stage/match_inputs.h"
#include "stage/tag_list.h"

#include "core/banned.h"

enum column {
    COLUMN_VIDEO_ID,
    COLUMN_TITLE,
    COLUMN_TAGS,
    COLUMN_DESCRIPTION,
    COLUMN_FILE,
    COLUMN_SUBTITLES,
    COLUMN_ACTORS,
    COLUMN_DIRECTORS,
    COLUMN_PUBLISHED_AT,
    COLUMN_DURATION,
    COLUMN_LANGUAGE,
    COLUMN_COUNT
};

/* What a column may be called; the first name is ours. */
static const char *const column_names[COLUMN_COUNT][5] = {
    [COLUMN_VIDEO_ID] = {"video_id", "item_id", "movieId", "视频ID"},
    [COLUMN_TITLE] = {"title", "name", "标题"},
    [COLUMN_TAGS] = {"tags", "genres", "genre", "标签"},
    [COLUMN_DESCRIPTION] = {"description", "synopsis", "简介"},
    [COLUMN_FILE] = {"file", "path", "文件"},
    [COLUMN_SUBTITLES] = {"subtitles", "字幕"},
    [COLUMN_ACTORS] = {"actors", "cast", "演员"},
    [COLUMN_DIRECTORS] = {"directors", "director", "导演"},
    [COLUMN_PUBLISHED_AT] = {"published_at", "发布时间"},
    [COLUMN_DURATION] = {"duration", "时长"},
    [COLUMN_LANGUAGE] = {"language", "lang", "语言"},
};

struct catalogue_reader {
    const struct nr_stage_env *env;
    struct nr_csv *csv;
    int columns[COLUMN_COUNT]; /* -1: not there */
    struct nr_item_list *items;
    size_t failed_rows;
};

static enum nr_status find_columns(struct catalogue_reader *reader, struct nr_error *err)
{
    for (int c = 0; c < COLUMN_COUNT; c++) {
        reader->columns[c] = -1;
        for (size_t k = 0; column_names[c][k] && reader->columns[c] < 0; k++)
            reader->columns[c] = nr_csv_find(reader->csv, column_names[c][k]);
    }
    if (reader->columns[COLUMN_VIDEO_ID] >= 0)
        return NR_OK;
    return nr_fail(err, NR_ERR_DATA, "'%s' has no column 'video_id' (its first column is '%s')",
                   nr_csv_name(reader->csv), nr_csv_columns(reader->csv) ? nr_csv_header(reader->csv, 0) : "");
}

/* The field, blanks around it cut off; NULL where it is missing or empty. */
static char *take_field(struct catalogue_reader *reader, const struct nr_csv_row *row, enum column column,
                        struct nr_arena *mem)
{
    int at = reader->columns[column];
    if (at < 0 || (size_t)at >= row->count)
        return NULL;
    const char *text = row->fields[at] + strspn(row->fields[at], " \t\r\n");
    size_t length = strlen(text);
    while (length && strchr(" \t\r\n", text[length - 1]))
        length--;
    return length ? nr_arena_strndup(mem, text, length) : NULL;
}

/* Seconds, MM:SS or HH:MM:SS. */
static bool parse_duration(const char *text, double *seconds)
{
    double total = 0, part;
    for (int parts = 0; parts < 3; parts++) {
        size_t length = strcspn(text, ":");
        if (!nr_parse_double(text, length, &part) || part < 0)
            return false;
        total = total * 60 + part;
        text += length;
        if (!*text++) {
            *seconds = total;
            return true;
        }
    }
    return false;
}

static void warn(const struct catalogue_reader *reader, const struct nr_csv_row *row, const char *what)
{
    nr_report(reader->env->reporter, NR_LOG_WARNING, "%s:%zu: %s", nr_csv_name(reader->csv), row->line, what);
}

/* A row that becomes no item. */
static void refuse_row(struct catalogue_reader *reader, const struct nr_csv_row *row, const char *what)
{
    warn(reader, row, what);
    reader->failed_rows++;
}

/* Dates and durations that cannot be read count as unknown, and are said. */
static void take_numbers(struct catalogue_reader *reader, const struct nr_csv_row *row, struct nr_item *item)
{
    const char *published = take_field(reader, row, COLUMN_PUBLISHED_AT, &item->mem);
    const char *duration = take_field(reader, row, COLUMN_DURATION, &item->mem);
    if (published && !nr_time_parse(published, strlen(published), &item->published_at)) {
        item->published_at = NR_TIME_NONE;
        warn(reader, row, "'published_at' is no time stamp; taken as unknown");
    }
    if (duration && !parse_duration(duration, &item->duration)) {
        item->duration = NAN;
        warn(reader, row, "'duration' is neither seconds nor HH:MM:SS; taken as unknown");
    }
}

static bool is_known_column(const struct catalogue_reader *reader, size_t column)
{
    for (int c = 0; c < COLUMN_COUNT; c++)
        if (reader->columns[c] == (int)column)
            return true;
    return false;
}

static enum nr_status take_extra(struct catalogue_reader *reader, const struct nr_csv_row *row, struct nr_item *item,
                                 struct nr_error *err)
{
    size_t columns = nr_csv_columns(reader->csv);
    item->extra = nr_arena_alloc(&item->mem, columns, sizeof *item->extra);
    for (size_t c = 0; c < columns && c < row->count && item->extra; c++)
        if (!is_known_column(reader, c) && *row->fields[c])
            item->extra[item->extra_count++] =
                (struct nr_field){nr_arena_strdup(&item->mem, nr_csv_header(reader->csv, c)),
                                  nr_arena_strdup(&item->mem, row->fields[c])};
    return item->mem.failed ? nr_fail_nomem(err, "a video") : NR_OK;
}

static enum nr_status take_tags(struct catalogue_reader *reader, const struct nr_csv_row *row, struct nr_item *item,
                                struct nr_error *err)
{
    const struct {
        enum column column;
        struct nr_strings *list;
    } lists[] = {{COLUMN_TAGS, &item->tags}, {COLUMN_ACTORS, &item->actors}, {COLUMN_DIRECTORS, &item->directors}};
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < NR_COUNT(lists) && !status; i++) {
        const char *text = take_field(reader, row, lists[i].column, &item->mem);
        if (text)
            status = nr_tag_list_split(text, &item->mem, lists[i].list, err);
    }
    return status;
}

static enum nr_status add_item(struct catalogue_reader *reader, const struct nr_csv_row *row, struct nr_error *err)
{
    struct nr_item *item;
    enum nr_status status = nr_item_list_add(reader->items, &item, err);
    if (status)
        return status;
    item->video_id = take_field(reader, row, COLUMN_VIDEO_ID, &item->mem);
    item->title = take_field(reader, row, COLUMN_TITLE, &item->mem);
    item->synopsis = take_field(reader, row, COLUMN_DESCRIPTION, &item->mem);
    item->file = take_field(reader, row, COLUMN_FILE, &item->mem);
    item->subtitles = take_field(reader, row, COLUMN_SUBTITLES, &item->mem);
    item->language = take_field(reader, row, COLUMN_LANGUAGE, &item->mem);
    take_numbers(reader, row, item);
    status = take_tags(reader, row, item, err);
    if (!status)
        status = take_extra(reader, row, item, err);
    if (!status && item->mem.failed)
        status = nr_fail_nomem(err, "a video");
    return status;
}

static enum nr_status read_rows(struct catalogue_reader *reader, struct nr_error *err)
{
    struct nr_csv_row row;
    enum nr_status status;
    while ((status = nr_csv_next(reader->csv, &row, err)) == NR_OK) {
        size_t id = (size_t)reader->columns[COLUMN_VIDEO_ID];
        if (row.unreadable)
            refuse_row(reader, &row, "row is not readable as text, left out");
        else if (id >= row.count || strspn(row.fields[id], " \t") == strlen(row.fields[id]))
            refuse_row(reader, &row, "row without a video_id, left out");
        else
            status = add_item(reader, &row, err);
        if (row.count != nr_csv_columns(reader->csv))
            warn(reader, &row, "another number of fields than the header; a comma without quotes?");
        if (status)
            return status;
    }
    return status == NR_END ? NR_OK : status;
}

/* Of two rows with the same video_id the first counts (the order is stable). */
static enum nr_status drop_repeats(struct catalogue_reader *reader, struct nr_error *err)
{
    struct nr_item_list *list = reader->items;
    size_t *order, kept = 0;
    enum nr_status status = nr_item_list_order(list, &order, err);
    if (status)
        return status;
    for (size_t i = 1; i < list->count; i++) {
        struct nr_item *first = &list->items[order[i - 1]], *again = &list->items[order[i]];
        if (strcmp(first->video_id, again->video_id) != 0)
            continue;
        nr_report(reader->env->reporter, NR_LOG_WARNING, "video '%s' is there twice: the first row counts",
                  again->video_id);
        reader->failed_rows++;
        order[i] = order[i - 1];
        nr_item_release(again);
        again->video_id = NULL;
    }
    free(order);
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].video_id)
            list->items[kept++] = list->items[i];
    list->count = kept;
    return NR_OK;
}

static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    struct catalogue_reader reader = {.env = env, .items = &data->items};
    (void)todo;
    (void)count;
    (void)sink;
    enum nr_status status = nr_csv_open(env->settings->catalogue, &reader.csv, err);
    if (!status)
        status = find_columns(&reader, err);
    if (!status)
        status = read_rows(&reader, err);
    nr_csv_close(reader.csv);
    if (!status)
        status = drop_repeats(&reader, err);
    if (!status)
        status = nr_match_inputs_check(env->settings, &data->items, err);
    data->failed_rows += reader.failed_rows;
    return status;
}

const struct nr_stage nr_stage_catalogue = {
    .name = "catalogue",
    .summary = "videos from the catalogue's CSV",
    .run = run,
};
