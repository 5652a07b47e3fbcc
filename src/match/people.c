/* people.c - see people.h. */
#include "match/people.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

static const struct nr_user *find_user(const struct nr_user_list *users, const char *user_id)
{
    size_t low = 0, high = users->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (nr_id_compare(users->users[middle].user_id, user_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < users->count && strcmp(users->users[low].user_id, user_id) == 0 ? &users->users[low] : NULL;
}

/* The user's record, or as if somebody whom nobody knows had that id. */
static struct nr_user user_of(const struct nr_user_list *users, const struct nr_user *anybody, const char *user_id)
{
    const struct nr_user *known = find_user(users, user_id);
    struct nr_user stranger = {.source = NR_USER_POPULARITY, .last_event = NR_TIME_NONE};
    if (!known && anybody) {
        stranger = *anybody;
        stranger.watched_count = 0;
    }
    stranger.user_id = user_id;
    return known ? *known : stranger;
}

enum nr_status nr_people_init(struct nr_people *people, const struct nr_list_params *params,
                              const struct nr_user_list *users, struct nr_error *err)
{
    const struct nr_user *anybody = find_user(users, NR_ANYBODY);
    bool add = params->anonymous;
    size_t count = params->users ? params->users->count : users->count;
    *people = (struct nr_people){.list = *users};
    if (!params->users && !add)
        return NR_OK;
    people->own = true;
    people->list = (struct nr_user_list){.users = malloc((count + 1) * sizeof(struct nr_user))};
    if (!people->list.users)
        return nr_fail_nomem(err, "the users");
    for (size_t u = 0; u < count || add;) {
        const char *id = u == count ? NULL : params->users ? params->users->items[u] : users->users[u].user_id;
        int order = !add ? 1 : id ? strcmp(NR_ANYBODY, id) : -1; /* anybody's place is before, here, or later */
        if (order <= 0)
            add = false;
        u += order >= 0;
        people->list.users[people->list.count++] = user_of(users, anybody, order < 0 ? NR_ANYBODY : id);
    }
    return NR_OK;
}

void nr_people_release(struct nr_people *people)
{
    if (people->own)
        free(people->list.users);
    *people = (struct nr_people){.own = false};
}
