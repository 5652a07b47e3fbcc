/* user.c - users, rankings and the dataset: lifetime and order. */
#include "nightreel/record.h"

#include <stdlib.h>

#include "core/banned.h"

#define USERS_MAX ((size_t)1 << 28)

const char *const nr_user_source_names[] = {
    [NR_USER_BEHAVIOUR] = "behaviour",
    [NR_USER_DECLARED] = "declared",
    [NR_USER_BOTH] = "both",
    [NR_USER_POPULARITY] = "popularity",
};

void nr_user_release(struct nr_user *user)
{
    if (!user)
        return;
    nr_arena_release(&user->mem);
    *user = (struct nr_user){0};
}

void nr_user_list_release(struct nr_user_list *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++)
        nr_user_release(&list->users[i]);
    free(list->users);
    *list = (struct nr_user_list){0};
}

enum nr_status nr_user_list_add(struct nr_user_list *list, struct nr_user **out, struct nr_error *err)
{
    enum nr_status status =
        nr_array_reserve((void **)&list->users, &list->capacity, list->count + 1, sizeof(*list->users), USERS_MAX, err);
    if (status != NR_OK)
        return status;
    *out = &list->users[list->count++];
    **out = (struct nr_user){.last_event = NR_TIME_NONE};
    return NR_OK;
}

static int compare_users(const void *a, const void *b)
{
    return nr_id_compare(((const struct nr_user *)a)->user_id, ((const struct nr_user *)b)->user_id);
}

void nr_user_list_sort(struct nr_user_list *list)
{
    if (list->count > 1)
        qsort(list->users, list->count, sizeof(*list->users), compare_users);
}

void nr_ranking_release(struct nr_ranking *ranking)
{
    if (!ranking)
        return;
    nr_arena_release(&ranking->mem);
    *ranking = (struct nr_ranking){0};
}

void nr_ranking_list_release(struct nr_ranking_list *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++)
        nr_ranking_release(&list->rankings[i]);
    free(list->rankings);
    *list = (struct nr_ranking_list){0};
}

enum nr_status nr_ranking_list_add(struct nr_ranking_list *list, struct nr_ranking **out, struct nr_error *err)
{
    enum nr_status status = nr_array_reserve((void **)&list->rankings, &list->capacity, list->count + 1,
                                             sizeof(*list->rankings), USERS_MAX, err);
    if (status != NR_OK)
        return status;
    *out = &list->rankings[list->count++];
    **out = (struct nr_ranking){.generated_at = NR_TIME_NONE};
    return NR_OK;
}

void nr_dataset_release(struct nr_dataset *data)
{
    if (!data)
        return;
    nr_event_log_release(&data->events);
    nr_declared_list_release(&data->declared);
    nr_item_list_release(&data->items);
    nr_user_list_release(&data->users);
    nr_ranking_list_release(&data->rankings);
}
