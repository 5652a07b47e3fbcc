/* eval_data.c - gathers what is evaluated. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/eval.h"

#include "core/banned.h"

#define ENTRIES_MAX ((size_t)1 << 32)

static enum nr_status list_add(struct nr_judged_list *list, struct nr_judged entry, struct nr_error *err)
{
    enum nr_status status = nr_array_reserve((void **)&list->entries, &list->capacity, list->count + 1,
                                             sizeof *list->entries, ENTRIES_MAX, err);
    if (!status)
        list->entries[list->count++] = entry;
    return status;
}

static void list_release(struct nr_judged_list *list)
{
    free(list->entries);
    *list = (struct nr_judged_list){.count = 0};
}

static enum nr_status pair_add(struct nr_eval_data *data, struct nr_judged_list *list, const char *user,
                               const char *video, double value, struct nr_error *err)
{
    struct nr_judged entry = {.value = value};
    enum nr_status status = nr_ids_add(&data->users, user, strlen(user), &entry.user, err);
    if (!status)
        status = nr_ids_add(&data->videos, video, strlen(video), &entry.video, err);
    return status ? status : list_add(list, entry, err);
}

void nr_eval_data_release(struct nr_eval_data *data)
{
    if (!data)
        return;
    nr_ids_release(&data->users);
    nr_ids_release(&data->videos);
    list_release(&data->truth);
    list_release(&data->train);
    free(data->items);
    *data = (struct nr_eval_data){.has_train = false};
}

enum nr_status nr_eval_add_truth(struct nr_eval_data *data, const char *user, const char *video, double gain,
                                 struct nr_error *err)
{
    if (!isfinite(gain))
        return nr_fail(err, NR_ERR_DATA, "the relevance of video '%s' to user '%s' is not finite", video, user);
    return pair_add(data, &data->truth, user, video, gain, err);
}

enum nr_status nr_eval_add_train(struct nr_eval_data *data, const char *user, const char *video, struct nr_error *err)
{
    data->has_train = true;
    return pair_add(data, &data->train, user, video, 1, err);
}

enum nr_status nr_eval_add_items(struct nr_eval_data *data, const struct nr_item_list *items, struct nr_error *err)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct nr_item *item = &items->items[i];
        uint32_t video;
        enum nr_status status = nr_ids_add(&data->videos, item->video_id, strlen(item->video_id), &video, err);
        size_t before = data->item_capacity;
        if (!status)
            status = nr_array_reserve((void **)&data->items, &data->item_capacity, (size_t)video + 1,
                                      sizeof *data->items, ENTRIES_MAX, err);
        if (status)
            return status;
        for (size_t v = before; v < data->item_capacity; v++)
            data->items[v] = NULL;
        data->item_count += data->items[video] == NULL;
        data->items[video] = item;
    }
    return NR_OK;
}

void nr_eval_run_release(struct nr_eval_run *run)
{
    if (!run)
        return;
    list_release(&run->entries);
    list_release(&run->lists);
}

enum nr_status nr_eval_add_list(struct nr_eval_data *data, struct nr_eval_run *run, const char *user,
                                struct nr_error *err)
{
    struct nr_judged list = {.video = 0};
    enum nr_status status = nr_ids_add(&data->users, user, strlen(user), &list.user, err);
    return status ? status : list_add(&run->lists, list, err);
}

enum nr_status nr_eval_add_entry(struct nr_eval_data *data, struct nr_eval_run *run, const char *user,
                                 size_t user_length, const char *video, size_t video_length, double score,
                                 struct nr_error *err)
{
    struct nr_judged entry = {.value = score};
    if (!isfinite(score))
        return nr_fail(err, NR_ERR_DATA, "the score of video '%.*s' for user '%.*s' is not finite", (int)video_length,
                       video, (int)user_length, user);
    enum nr_status status = nr_ids_add(&data->users, user, user_length, &entry.user, err);
    if (!status)
        status = nr_ids_add(&data->videos, video, video_length, &entry.video, err);
    return status ? status : list_add(&run->entries, entry, err);
}
