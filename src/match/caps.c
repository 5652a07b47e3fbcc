/* caps.c - see caps.h. */
#include "match/caps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

enum nr_status nr_caps_column(const struct nr_match_params *params, size_t cap, const struct nr_match_columns *columns,
                              size_t *out, struct nr_error *err)
{
    const struct nr_cap *asked = &params->lists.caps[cap];
    *out = nr_match_columns_find(columns, asked->column, asked->length);
    if (*out == SIZE_MAX)
        return columns->any || params->lists.caps_optional
                   ? NR_OK
                   : nr_match_columns_refuse(columns, "--max-per", asked->column, asked->length, err);
    enum nr_column_kind kind = columns->columns[*out].kind;
    if (kind != NR_COLUMN_LIST && kind != NR_COLUMN_TEXT && kind != NR_COLUMN_ANY)
        return nr_fail(err, NR_ERR_USAGE, "--max-per: column '%.*s' holds numbers, not names", (int)asked->length,
                       asked->column);
    return NR_OK;
}

/* ---- values by name ------------------------------------------------------------------------ */

static size_t value_count(const struct nr_column_value *value)
{
    return value->text ? 1 : value->list ? value->list->count : 0;
}

/* Every value's place in *sorted (caller frees), for all videos one after the other. */
static enum nr_status number_names(struct nr_caps *caps, struct nr_caps_column *column, const char **names,
                                   size_t total, struct nr_error *err)
{
    const char **sorted = malloc((total + 1) * sizeof *sorted);
    size_t distinct = 0;
    if (!sorted)
        return nr_fail_nomem(err, "a column's values");
    for (size_t n = 0; n < total; n++)
        sorted[n] = names[n];
    qsort(sorted, total, sizeof *sorted, nr_id_order);
    for (size_t n = 0; n < total; n++)
        if (distinct == 0 || strcmp(sorted[distinct - 1], sorted[n]) != 0)
            sorted[distinct++] = sorted[n];
    for (size_t n = 0; n < total; n++)
        column->values[n] = (uint32_t)(caps->values + nr_id_find(sorted, distinct, names[n]));
    caps->values += distinct;
    free(sorted);
    return NR_OK;
}

static enum nr_status make_column(struct nr_caps *caps, const struct nr_match_index *index, size_t place, size_t most,
                                  struct nr_error *err)
{
    struct nr_caps_column *column = &caps->columns[caps->count++];
    size_t total = 0, at = 0;
    column->most = most;
    column->starts = calloc(index->count + 1, sizeof *column->starts);
    if (!column->starts)
        return nr_fail_nomem(err, "a column's values");
    for (size_t i = 0; i < index->count; i++) {
        struct nr_column_value value = nr_match_columns_get(&index->columns, index->items[i], place);
        column->starts[i] = total;
        total += value_count(&value);
    }
    column->starts[index->count] = total;
    if (total >= UINT32_MAX - caps->values)
        return nr_fail(err, NR_ERR_DATA, "--max-per: more than %u values", UINT32_MAX);
    const char **names = malloc((total + 1) * sizeof *names);
    column->values = malloc((total + 1) * sizeof *column->values);
    for (size_t i = 0; i < index->count && names; i++) {
        struct nr_column_value value = nr_match_columns_get(&index->columns, index->items[i], place);
        for (size_t v = 0; v < value_count(&value); v++)
            names[at++] = value.text ? value.text : value.list->items[v];
    }
    enum nr_status status = names && column->values ? number_names(caps, column, names, total, err)
                                                    : nr_fail_nomem(err, "a column's values");
    free(names);
    return status;
}

/* ---- the same file ---------------------------------------------------------------------------- */

/* By size, histogram and MFCC; items without any of them are no files here. */
static int compare_media(const struct nr_item *a, const struct nr_item *b)
{
    int order = (a->media->bytes > b->media->bytes) - (a->media->bytes < b->media->bytes);
    if (!order)
        order = (a->visual != NULL) - (b->visual != NULL);
    if (!order && a->visual)
        order = memcmp(a->visual->histogram, b->visual->histogram, sizeof a->visual->histogram);
    if (!order)
        order = (a->audio != NULL) - (b->audio != NULL);
    if (!order && a->audio)
        order = memcmp(a->audio->mfcc, b->audio->mfcc, sizeof a->audio->mfcc);
    return order;
}

static int order_by_media(const void *a, const void *b, void *ctx)
{
    const struct nr_match_index *index = ctx;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int order = compare_media(index->items[left], index->items[right]);
    return order ? order : (left > right) - (left < right);
}

static bool has_media(const struct nr_item *item)
{
    return item->media && item->media->bytes > 0 && (item->visual || item->audio);
}

/* A value for each file that several videos have. */
static enum nr_status make_media(struct nr_caps *caps, const struct nr_match_index *index, struct nr_error *err)
{
    struct nr_caps_column *column = &caps->columns[caps->count++];
    size_t files = 0, total = 0;
    uint32_t *order = malloc((index->count + 1) * sizeof *order), *values = calloc(index->count + 1, sizeof *values);
    column->most = 1;
    column->starts = calloc(index->count + 1, sizeof *column->starts);
    column->values = malloc((index->count + 1) * sizeof *column->values);
    if (order && values && column->starts && column->values) {
        for (size_t i = 0; i < index->count; i++)
            if (has_media(index->items[i]))
                order[files++] = (uint32_t)i;
        qsort_r(order, files, sizeof *order, order_by_media, (void *)(uintptr_t)index);
        for (size_t f = 1; f < files; f++) {
            const struct nr_item *before = index->items[order[f - 1]];
            if (compare_media(before, index->items[order[f]]) != 0)
                continue;
            if (!values[order[f - 1]])
                values[order[f - 1]] = (uint32_t)++caps->values; /* number + 1 */
            values[order[f]] = values[order[f - 1]];
        }
        for (size_t i = 0; i < index->count; i++) {
            column->starts[i] = total;
            if (values[i])
                column->values[total++] = values[i] - 1;
        }
        column->starts[index->count] = total;
    }
    bool made = order && values && column->starts && column->values;
    free(order);
    free(values);
    return made ? NR_OK : nr_fail_nomem(err, "which files are the same");
}

/* A video with a value takes one of the places of its values at least: no list is longer
 * than there are places and videos without a value. */
static enum nr_status find_most(struct nr_caps *caps, const struct nr_match_index *index, struct nr_error *err)
{
    uint32_t *videos = calloc(caps->values + 1, sizeof *videos);
    if (!videos)
        return nr_fail_nomem(err, "a column's values");
    for (size_t c = 0; c < caps->count; c++) {
        const struct nr_caps_column *column = &caps->columns[c];
        size_t places = 0;
        for (size_t i = 0; i < index->count; i++) {
            places += column->starts[i] == column->starts[i + 1];
            for (size_t v = column->starts[i]; v < column->starts[i + 1]; v++)
                places += videos[column->values[v]]++ < column->most;
        }
        caps->most = places < caps->most ? places : caps->most;
    }
    free(videos);
    return NR_OK;
}

/* ---- all ------------------------------------------------------------------------------------------ */

enum nr_status nr_caps_init(struct nr_caps *caps, const struct nr_match_index *index, struct nr_error *err)
{
    const struct nr_list_params *lists = &index->params->lists;
    enum nr_status status = NR_OK;
    *caps = (struct nr_caps){.most = index->count};
    for (size_t c = 0; c < lists->cap_count && !status; c++) {
        size_t column;
        status = nr_caps_column(index->params, c, &index->columns, &column, err);
        if (!status && column != SIZE_MAX)
            status = make_column(caps, index, column, lists->caps[c].most, err);
    }
    if (!status && !isnan(lists->duplicates_above))
        status = make_column(caps, index, nr_match_columns_find(&index->columns, "file", strlen("file")), 1, err);
    if (!status && !isnan(lists->duplicates_above))
        status = make_media(caps, index, err);
    if (!status)
        status = find_most(caps, index, err);
    if (status)
        nr_caps_release(caps);
    return status;
}

void nr_caps_release(struct nr_caps *caps)
{
    for (size_t c = 0; c < caps->count; c++) {
        free(caps->columns[c].starts);
        free(caps->columns[c].values);
    }
    *caps = (struct nr_caps){.count = 0};
}

bool nr_caps_allow(const struct nr_caps *caps, const uint32_t *used, size_t item)
{
    for (size_t c = 0; c < caps->count; c++) {
        const struct nr_caps_column *column = &caps->columns[c];
        for (size_t v = column->starts[item]; v < column->starts[item + 1]; v++)
            if (used[column->values[v]] >= column->most)
                return false;
    }
    return true;
}

void nr_caps_count(const struct nr_caps *caps, uint32_t *used, size_t item)
{
    for (size_t c = 0; c < caps->count; c++)
        for (size_t v = caps->columns[c].starts[item]; v < caps->columns[c].starts[item + 1]; v++)
            used[caps->columns[c].values[v]]++;
}

void nr_caps_forget(const struct nr_caps *caps, uint32_t *used, size_t item)
{
    for (size_t c = 0; c < caps->count; c++)
        for (size_t v = caps->columns[c].starts[item]; v < caps->columns[c].starts[item + 1]; v++)
            used[caps->columns[c].values[v]] = 0;
}
