/* profile.c - events and declared interests to users. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stage/event_texts.h"
#include "stage/profile_searches.h"

#include "core/banned.h"

/* Everything by user_id: events (each user's by time), declared interests. */
struct people {
    struct nr_event **events;
    struct nr_declared **declared;
    size_t event_count, declared_count;
};

/* A total order on what events hold, so that the rows' order changes no sum. */
static int event_compare(const void *left, const void *right)
{
    const struct nr_event *a = *(struct nr_event *const *)left, *b = *(struct nr_event *const *)right;
    int order = strcmp(a->user_id, b->user_id);
    if (!order)
        order = (a->time > b->time) - (a->time < b->time);
    if (!order)
        order = strcmp(a->video_id, b->video_id);
    if (!order)
        order = (a->action > b->action) - (a->action < b->action);
    if (!order)
        order = nr_double_compare(a->value, b->value);
    if (!order)
        order = nr_double_compare(a->watch_seconds, b->watch_seconds);
    return order ? order : nr_id_compare(a->comment, b->comment);
}

static int declared_compare(const void *left, const void *right)
{
    const struct nr_declared *a = *(struct nr_declared *const *)left, *b = *(struct nr_declared *const *)right;
    int order = strcmp(a->user_id, b->user_id);
    return order ? order : (a > b) - (a < b); /* the first row of a user first */
}

static enum nr_status people_sort(struct people *people, struct nr_dataset *data, struct nr_error *err)
{
    people->event_count = data->events.count;
    people->declared_count = data->declared.count;
    people->events = malloc((people->event_count + 1) * sizeof(struct nr_event *));
    people->declared = malloc((people->declared_count + 1) * sizeof(struct nr_declared *));
    if (!people->events || !people->declared)
        return nr_fail_nomem(err, "the order of a log");
    for (size_t i = 0; i < people->event_count; i++)
        people->events[i] = &data->events.events[i];
    for (size_t i = 0; i < people->declared_count; i++)
        people->declared[i] = &data->declared.entries[i];
    qsort(people->events, people->event_count, sizeof *people->events, event_compare);
    qsort(people->declared, people->declared_count, sizeof *people->declared, declared_compare);
    return NR_OK;
}

/* ---- watched videos ------------------------------------------------------------- */

struct weighted {
    const char *video_id;
    double weight;
    size_t place;
};

static int weighted_compare(const void *left, const void *right)
{
    const struct weighted *a = left, *b = right;
    int order = strcmp(a->video_id, b->video_id);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static int64_t last_time(struct nr_event *const *events, size_t count)
{
    return events[count - 1]->time; /* sorted by time; NR_TIME_NONE sorts first */
}

double nr_past_decay(const struct nr_weight_params *params, struct nr_event *const *events, size_t count, size_t at)
{
    int64_t age = events[at]->time == NR_TIME_NONE ? 0 : last_time(events, count) - events[at]->time;
    return nr_event_decay(params, age, count - 1 - at);
}

/* One user's events, by time, to user->watched. */
static enum nr_status sum_watched(const struct nr_weight_params *params, const struct nr_profile_index *index,
                                  struct nr_event *const *events, size_t count, struct nr_user *user,
                                  struct nr_error *err)
{
    struct weighted *all = malloc(count * sizeof *all);
    size_t at = 0;
    if (!all)
        return nr_fail_nomem(err, "a user's events");
    user->events = (int64_t)count;
    user->last_event = last_time(events, count);
    for (size_t i = 0; i < count; i++) {
        const struct nr_event *event = events[i];
        const struct nr_item *item = nr_profile_index_find(index, event->video_id);
        if (!*event->video_id)
            continue;
        double weight = nr_event_weight(params, event, item ? nr_item_duration(item) : NAN);
        all[at] = (struct weighted){event->video_id, weight * nr_past_decay(params, events, count, i), at};
        at++;
    }
    qsort(all, at, sizeof *all, weighted_compare);
    user->watched = nr_arena_alloc(&user->mem, at, sizeof *user->watched);
    for (size_t i = 0; i < at && user->watched; i++) {
        if (i == 0 || strcmp(all[i - 1].video_id, all[i].video_id) != 0)
            user->watched[user->watched_count++] = (struct nr_watched){nr_arena_strdup(&user->mem, all[i].video_id), 0};
        user->watched[user->watched_count - 1].weight += all[i].weight;
    }
    free(all);
    return user->mem.failed ? nr_fail_nomem(err, "a user's events") : NR_OK;
}

/* ---- users -------------------------------------------------------------------------- */

/* Where the next user's events and interests are. */
struct cursor {
    size_t event, declared;
};

static const char *next_user(const struct people *people, const struct cursor *at)
{
    const char *by_event = at->event < people->event_count ? people->events[at->event]->user_id : NULL;
    const char *by_declared = at->declared < people->declared_count ? people->declared[at->declared]->user_id : NULL;
    if (!by_event || !by_declared)
        return by_event ? by_event : by_declared;
    return strcmp(by_event, by_declared) <= 0 ? by_event : by_declared;
}

/* What all users are made with. */
struct making {
    const struct nr_stage_env *env;
    const struct people *people;
    struct nr_profile_index *index;
    struct nr_searches *searches; /* NULL: they do not count */
};

/* A user's events and what they sought to a profile. */
static enum nr_status fill_user(const struct making *making, struct nr_event *const *events, size_t count,
                                const struct nr_strings *declared, struct nr_user *user, struct nr_error *err)
{
    const struct nr_settings *settings = making->env->settings;
    struct nr_profile_input input = {.declared = declared};
    struct nr_arena mem = {0};
    enum nr_status status = NR_OK;
    if (count)
        status = sum_watched(&settings->weights, making->index, events, count, user, err);
    if (!status && count && making->searches)
        status = nr_searches_take(making->searches, events, count, &mem, &input, err);
    if (!status)
        status = nr_profile_make(&settings->profile, making->index, &input, user, err);
    nr_arena_release(&mem);
    return status;
}

static enum nr_status make_user(const struct making *making, struct cursor *at, struct nr_user_list *users,
                                struct nr_error *err)
{
    const struct people *people = making->people;
    const char *id = next_user(people, at);
    const struct nr_strings *declared = NULL;
    struct nr_user *user;
    size_t from = at->event;
    while (at->event < people->event_count && strcmp(people->events[at->event]->user_id, id) == 0)
        at->event++;
    for (; at->declared < people->declared_count && strcmp(people->declared[at->declared]->user_id, id) == 0;
         at->declared++)
        declared = declared ? declared : &people->declared[at->declared]->tags;
    enum nr_status status = nr_user_list_add(users, &user, err);
    if (status)
        return status;
    user->user_id = nr_arena_strdup(&user->mem, id);
    return fill_user(making, people->events + from, at->event - from, declared, user, err);
}

static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    struct people people = {0};
    struct making making = {.env = env, .people = &people};
    struct cursor at = {0, 0};
    (void)todo;
    (void)count;
    (void)sink;
    enum nr_status status = nr_events_feel(&data->events, err);
    if (!status)
        status = people_sort(&people, data, err);
    if (!status)
        status = nr_profile_index_new(&data->items, &making.index, err);
    if (!status)
        status = nr_searches_open(env, data, &making.searches, err);
    while (!status && next_user(&people, &at))
        status = nr_interrupted() ? NR_ERR_INTERRUPTED : make_user(&making, &at, &data->users, err);
    nr_searches_close(making.searches);
    nr_profile_index_free(making.index);
    free(people.events);
    free(people.declared);
    return status;
}

const struct nr_stage nr_stage_profile = {
    .name = "profile",
    .summary = "interests and a vector per block for every user",
    .run = run,
};
