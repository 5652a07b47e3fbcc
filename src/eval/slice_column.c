/* slice_column.c - groups by a field of the catalogue. */
#include "eval/slice_column.h"

#include <stdlib.h>
#include <string.h>

#include "eval/measures.h"

#include "core/banned.h"

static const char *first_of(const struct nr_strings *list)
{
    return list->count ? list->items[0] : NULL;
}

static const char *extra_of(const struct nr_item *item, const char *field)
{
    for (size_t i = 0; i < item->extra_count; i++)
        if (strcmp(item->extra[i].name, field) == 0)
            return item->extra[i].value;
    return NULL;
}

/* NULL or "": none. */
static const char *value_of(const struct nr_item *item, const char *field)
{
    if (strcmp(field, "language") == 0)
        return item->language ? item->language : item->text ? item->text->language : NULL;
    if (strcmp(field, "tags") == 0)
        return first_of(&item->tags);
    if (strcmp(field, "actors") == 0)
        return first_of(&item->actors);
    if (strcmp(field, "directors") == 0)
        return first_of(&item->directors);
    return extra_of(item, field);
}

/* A value and the relevant pairs of its videos. */
struct value {
    const char *name;
    size_t pairs;
    uint32_t number;
};

static int compare_values(const void *a, const void *b)
{
    const struct value *left = a, *right = b;
    if (left->pairs != right->pairs)
        return left->pairs > right->pairs ? -1 : 1;
    return strcmp(left->name, right->name);
}

/* of_video[v]: the number of its value in *names; UINT32_MAX: none. */
static enum nr_status number_values(const struct nr_eval_data *data, const char *field, uint32_t *of_video,
                                    struct nr_ids *names, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t v = 0; v < data->videos.count && !status; v++) {
        const struct nr_item *item = nr_eval_item(data, (uint32_t)v);
        const char *value = item ? value_of(item, field) : NULL;
        of_video[v] = UINT32_MAX;
        if (value && *value)
            status = nr_ids_add(names, value, strlen(value), &of_video[v], err);
    }
    if (!status && names->count == 0)
        status = nr_fail(err, NR_ERR_USAGE, "no slice, and no field of any item record, is called '%s'", field);
    return status;
}

/* Returns how many relevant pairs are of videos without a value. */
static size_t order_values(const struct nr_eval_data *data, const uint32_t *of_video, const struct nr_ids *names,
                           struct value *values)
{
    size_t without = 0;
    for (size_t i = 0; i < names->count; i++)
        values[i] = (struct value){names->names[i], 0, (uint32_t)i};
    for (size_t i = 0; i < data->truth.count; i++) {
        uint32_t value = of_video[data->truth.entries[i].video];
        bool relevant = data->truth.entries[i].value > 0;
        if (value != UINT32_MAX)
            values[value].pairs += relevant;
        else
            without += relevant;
    }
    qsort(values, names->count, sizeof *values, compare_values);
    return without;
}

/* The values with the most relevant pairs, the other ones, none; groups in which nothing
 * is relevant are left out. */
static void make_groups(const struct nr_eval_data *data, const uint32_t *of_video, const struct value *values,
                        size_t value_count, size_t without, struct nr_eval_slice *slice)
{
    size_t videos = data->videos.count;
    bool **mask_of = nr_arena_alloc(&slice->mem, value_count + 1, sizeof *mask_of); /* by number */
    bool *other = nr_slice_mask(slice, videos), *none = nr_slice_mask(slice, videos);
    if (slice->mem.failed)
        return;
    for (size_t i = 0; i < value_count && values[i].pairs; i++) {
        bool own = i < NR_SLICE_VALUES_MAX, *mask = own ? nr_slice_mask(slice, videos) : other;
        mask_of[values[i].number] = mask;
        if (own)
            nr_slice_add(slice, nr_arena_strdup(&slice->mem, values[i].name))->view.relevant = mask;
        else if (i == NR_SLICE_VALUES_MAX)
            nr_slice_add(slice, "(other)")->view.relevant = other;
    }
    if (without)
        nr_slice_add(slice, "(none)")->view.relevant = none;
    for (size_t v = 0; v < videos && !slice->mem.failed; v++) {
        bool *mask = of_video[v] == UINT32_MAX ? none : mask_of[of_video[v]];
        if (mask)
            mask[v] = true;
    }
}

enum nr_status nr_slice_by_column(const struct nr_eval_data *data, struct nr_eval_slice *slice, struct nr_error *err)
{
    struct nr_ids names = {.count = 0};
    struct value *values = NULL;
    if (!data->item_count)
        return nr_fail(err, NR_ERR_USAGE, "slice '%s' needs item records", slice->name);
    uint32_t *of_video = malloc((data->videos.count + 1) * sizeof *of_video);
    enum nr_status status = of_video ? NR_OK : nr_fail_nomem(err, "a slice");
    if (!status)
        status = number_values(data, slice->name, of_video, &names, err);
    if (!status && !(values = malloc((names.count + 1) * sizeof *values)))
        status = nr_fail_nomem(err, "a slice");
    if (!status) {
        size_t without = order_values(data, of_video, &names, values);
        make_groups(data, of_video, values, names.count, without, slice);
    }
    free(of_video);
    free(values);
    nr_ids_release(&names);
    return status;
}
