/* columns.c - see columns.h. To add a column: a row of `own` or `described`, and a case of
 * own_value(). */
#include "match/columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/banned.h"

enum own_column {
    OWN_VIDEO_ID,
    OWN_TITLE,
    OWN_DESCRIPTION,
    OWN_FILE,
    OWN_LANGUAGE,
    OWN_TAGS,
    OWN_ACTORS,
    OWN_DIRECTORS,
    OWN_PUBLISHED_AT,
    OWN_DURATION,
    OWN_TOPICS,
    OWN_SENTIMENT,
    OWN_AUDIENCE
};
struct own {
    enum own_column id;
    struct nr_column column;
};

/* Before the records' extra columns; after them, so that theirs win; other names, last. */
static const struct own catalogue[] = {
    {OWN_VIDEO_ID, {"video_id", NR_COLUMN_TEXT, NULL, false}},
    {OWN_TITLE, {"title", NR_COLUMN_TEXT, NULL, false}},
    {OWN_DESCRIPTION, {"description", NR_COLUMN_TEXT, NULL, false}},
    {OWN_FILE, {"file", NR_COLUMN_TEXT, NULL, false}},
    {OWN_LANGUAGE, {"language", NR_COLUMN_TEXT, NULL, false}},
    {OWN_TAGS, {"tags", NR_COLUMN_LIST, NULL, false}},
    {OWN_ACTORS, {"actors", NR_COLUMN_LIST, NULL, false}},
    {OWN_DIRECTORS, {"directors", NR_COLUMN_LIST, NULL, false}},
    {OWN_PUBLISHED_AT, {"published_at", NR_COLUMN_TIME, NULL, false}},
    {OWN_DURATION, {"duration", NR_COLUMN_NUMBER, NULL, false}},
};
static const struct own behind[] = {
    {OWN_TOPICS, {"topics", NR_COLUMN_LIST, NULL, false}},
    {OWN_SENTIMENT, {"sentiment", NR_COLUMN_TEXT, NULL, false}},
    {OWN_AUDIENCE, {"audience", NR_COLUMN_TEXT, NULL, false}},
    {OWN_TAGS, {"genre", NR_COLUMN_LIST, NULL, true}},
    {OWN_TAGS, {"genres", NR_COLUMN_LIST, NULL, true}},
    {OWN_ACTORS, {"actor", NR_COLUMN_LIST, NULL, true}},
    {OWN_ACTORS, {"cast", NR_COLUMN_LIST, NULL, true}},
    {OWN_DIRECTORS, {"director", NR_COLUMN_LIST, NULL, true}},
};
enum { CATALOGUE_COUNT = NR_COUNT(catalogue), BEHIND_COUNT = NR_COUNT(behind) };

static int compare_names(const void *a, const void *b)
{
    const char *left = *(const char *const *)a, *right = *(const char *const *)b;
    int order = strcasecmp(left, right);
    return order ? order : strcmp(left, right);
}

/* The names of all extra columns, each once; caller frees. Records have the same few names
 * in the same order: the one before is the first guess. */
static enum nr_status collect_names(const struct nr_item_list *items, const char ***out, size_t *count,
                                    struct nr_error *err)
{
    const char **names = NULL;
    size_t capacity = 0, kept = 0;
    enum nr_status status = NR_OK;
    *count = 0;
    for (size_t i = 0; i < items->count && !status; i++)
        for (size_t e = 0; e < items->items[i].extra_count && !status; e++) {
            const char *name = items->items[i].extra[e].name;
            size_t k = 0;
            while (k < *count && strcmp(names[k], name) != 0)
                k++;
            if (k < *count)
                continue;
            status = nr_array_reserve((void **)&names, &capacity, *count + 1, sizeof *names, SIZE_MAX / 64, err);
            if (!status)
                names[(*count)++] = name;
        }
    if (*count > 1)
        qsort(names, *count, sizeof *names, compare_names);
    for (size_t k = 0; k < *count; k++)
        if (kept == 0 || strcasecmp(names[kept - 1], names[k]) != 0)
            names[kept++] = names[k];
    *count = kept;
    *out = names;
    return status;
}

enum nr_status nr_match_columns_init(struct nr_match_columns *columns, const struct nr_item_list *items,
                                     struct nr_error *err)
{
    const char **names = NULL;
    size_t count;
    *columns = (struct nr_match_columns){.any = items->count == 0};
    enum nr_status status = collect_names(items, &names, &count, err);
    if (!status) {
        columns->columns = calloc(CATALOGUE_COUNT + count + BEHIND_COUNT, sizeof *columns->columns);
        if (!columns->columns)
            status = nr_fail_nomem(err, "the catalogue's columns");
    }
    if (!status) {
        columns->extra_first = CATALOGUE_COUNT;
        columns->extra_count = count;
        for (size_t c = 0; c < CATALOGUE_COUNT; c++)
            columns->columns[columns->count++] = catalogue[c].column;
        for (size_t c = 0; c < count; c++)
            columns->columns[columns->count++] = (struct nr_column){names[c], NR_COLUMN_ANY, NULL, false};
        for (size_t c = 0; c < BEHIND_COUNT; c++)
            columns->columns[columns->count++] = behind[c].column;
    }
    free(names);
    return status;
}

void nr_match_columns_release(struct nr_match_columns *columns)
{
    free(columns->columns);
    *columns = (struct nr_match_columns){.count = 0};
}

size_t nr_match_columns_find(const struct nr_match_columns *columns, const char *name, size_t length)
{
    for (size_t c = 0; c < columns->count; c++)
        if (strncasecmp(columns->columns[c].name, name, length) == 0 && columns->columns[c].name[length] == '\0')
            return c;
    return SIZE_MAX;
}

enum nr_status nr_match_columns_refuse(const struct nr_match_columns *columns, const char *option, const char *name,
                                       size_t length, struct nr_error *err)
{
    struct nr_buf names = {0};
    for (size_t c = 0; c < columns->count; c++)
        if (!columns->columns[c].hidden)
            nr_buf_printf(&names, "%s%s", names.length ? ", " : "", columns->columns[c].name);
    nr_fail(err, NR_ERR_USAGE, "%s: no column is called '%.*s' (there are: %s)", option, (int)length, name,
            names.data ? names.data : "none");
    nr_buf_release(&names);
    return NR_ERR_USAGE;
}

static struct nr_column_value own_value(const struct nr_item *item, enum own_column column)
{
    const struct nr_description *described = item->description;
    struct nr_column_value value = {NAN, NULL, NULL};
    switch (column) {
    case OWN_VIDEO_ID:
        value.text = item->video_id;
        break;
    case OWN_TITLE:
        value.text = item->title;
        break;
    case OWN_DESCRIPTION:
        value.text = item->synopsis;
        break;
    case OWN_FILE:
        value.text = item->file;
        break;
    case OWN_LANGUAGE:
        value.text = item->language                        ? item->language
                     : item->text && *item->text->language ? item->text->language
                                                           : NULL;
        break;
    case OWN_TAGS:
        value.list = &item->tags;
        break;
    case OWN_ACTORS:
        value.list = &item->actors;
        break;
    case OWN_DIRECTORS:
        value.list = &item->directors;
        break;
    case OWN_PUBLISHED_AT:
        value.number = item->published_at == NR_TIME_NONE ? NAN : (double)item->published_at;
        break;
    case OWN_DURATION:
        value.number = nr_item_duration(item);
        break;
    case OWN_TOPICS:
        value.list = described ? &described->topics : NULL;
        break;
    case OWN_SENTIMENT:
        value.text = described ? described->sentiment : NULL;
        break;
    case OWN_AUDIENCE:
        value.text = described ? described->audience : NULL;
        break;
    }
    return value;
}

static const char *extra_value(const struct nr_item *item, const char *name)
{
    for (size_t e = 0; e < item->extra_count; e++)
        if (strcasecmp(item->extra[e].name, name) == 0) {
            const char *value = item->extra[e].value;
            return value && value[strspn(value, " \t\r\n")] ? value : NULL;
        }
    return NULL;
}

struct nr_column_value nr_match_columns_get(const void *ctx, const void *record, size_t column)
{
    const struct nr_match_columns *columns = ctx;
    size_t extra_end = columns->extra_first + columns->extra_count;
    if (column < columns->extra_first)
        return own_value(record, catalogue[column].id);
    if (column >= extra_end)
        return own_value(record, behind[column - extra_end].id);
    return (struct nr_column_value){NAN, extra_value(record, columns->columns[column].name), NULL};
}

const char *nr_match_columns_text(const struct nr_match_columns *columns, const struct nr_item *item, size_t column)
{
    return column >= columns->count ? NULL : nr_match_columns_get(columns, item, column).text;
}

void nr_match_doubt(struct nr_match_notes *notes, enum nr_doubt_kind kind, const struct nr_item *item,
                    const char *value)
{
    if (notes->doubts[kind].count++ == 0) {
        notes->doubts[kind].video_id = item->video_id;
        notes->doubts[kind].value = value;
    }
}
