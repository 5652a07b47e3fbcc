/* item.c - items and lists of items: lifetime, order, errors. */
#include "nightreel/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

#define ITEMS_MAX ((size_t)1 << 26)

const char *const nr_media_status_names[] = {
    [NR_MEDIA_NONE] = "none",
    [NR_MEDIA_OK] = "ok",
    [NR_MEDIA_PARTIAL] = "partial",
    [NR_MEDIA_FAILED] = "failed",
};

void nr_item_release(struct nr_item *item)
{
    if (!item)
        return;
    nr_arena_release(&item->mem);
    *item = (struct nr_item){0};
}

const char *nr_item_error(const struct nr_item *item, const char *stage)
{
    for (size_t i = 0; i < item->error_count; i++) {
        if (strcmp(item->errors[i].stage, stage) == 0)
            return item->errors[i].reason;
    }
    return NULL;
}

/* The slot of that stage's error, making one where there is none; NULL: no memory. */
static struct nr_item_error *error_slot(struct nr_item *item, const char *stage)
{
    for (size_t i = 0; i < item->error_count; i++) {
        if (strcmp(item->errors[i].stage, stage) == 0)
            return &item->errors[i];
    }
    /* An item has a handful of stages: the old array stays behind in the arena. */
    struct nr_item_error *grown = nr_arena_alloc(&item->mem, item->error_count + 1, sizeof(*grown));
    char *name = nr_arena_strdup(&item->mem, stage);
    if (!grown || !name)
        return NULL;
    if (item->error_count > 0)
        memcpy(grown, item->errors, item->error_count * sizeof(*grown));
    item->errors = grown;
    item->errors[item->error_count] = (struct nr_item_error){.stage = name, .reason = ""};
    return &item->errors[item->error_count++];
}

enum nr_status nr_item_set_error(struct nr_item *item, const char *stage, const char *reason, struct nr_error *err)
{
    char *copy = nr_arena_strdup(&item->mem, reason ? reason : "");
    struct nr_item_error *slot = copy ? error_slot(item, stage) : NULL;
    if (!slot)
        return nr_fail_nomem(err, "an item's errors");
    slot->reason = copy;
    return NR_OK;
}

void nr_item_list_release(struct nr_item_list *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++)
        nr_item_release(&list->items[i]);
    free(list->items);
    *list = (struct nr_item_list){0};
}

enum nr_status nr_item_list_add(struct nr_item_list *list, struct nr_item **out, struct nr_error *err)
{
    enum nr_status status =
        nr_array_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof(*list->items), ITEMS_MAX, err);
    if (status != NR_OK)
        return status;
    *out = &list->items[list->count++];
    **out = (struct nr_item){.published_at = NR_TIME_NONE, .duration = NAN};
    return NR_OK;
}

static int compare_indices(const void *a, const void *b, void *ctx)
{
    const struct nr_item_list *list = ctx;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    int order = nr_id_compare(list->items[i].video_id, list->items[j].video_id);
    return order ? order : (i > j) - (i < j);
}

enum nr_status nr_item_list_order(const struct nr_item_list *list, size_t **out, struct nr_error *err)
{
    size_t *order = calloc(list->count ? list->count : 1, sizeof(*order));
    if (!order)
        return nr_fail_nomem(err, "the order of the items");
    bool rising = true;
    for (size_t i = 0; i < list->count; i++) {
        order[i] = i;
        rising = rising && (i == 0 || nr_id_compare(list->items[i - 1].video_id, list->items[i].video_id) < 0);
    }
    if (!rising)
        qsort_r(order, list->count, sizeof(*order), compare_indices, (void *)(uintptr_t)list);
    *out = order;
    return NR_OK;
}

double nr_item_duration(const struct nr_item *item)
{
    return item->duration > 0 || !item->media ? item->duration : item->media->duration;
}
