/* groups.c - see groups.h: a hash table of chains. */
#include "behaviour/groups.h"

#include <stdlib.h>

#include "core/banned.h"

static uint64_t hash_key(const struct nr_event *event, enum nr_group_key key)
{
    uint64_t hash = nr_splitmix64((uintptr_t)event->video_id);
    if (key == NR_GROUP_STREAM)
        hash = nr_splitmix64(hash ^ (uintptr_t)event->user_id) + (uint64_t)event->action;
    return nr_splitmix64(hash);
}

static bool same_key(const struct nr_event *a, const struct nr_event *b, enum nr_group_key key)
{
    return a->video_id == b->video_id &&
           (key == NR_GROUP_VIDEO || (a->user_id == b->user_id && a->action == b->action));
}

static size_t place_of(const struct nr_groups *groups, uint64_t hash)
{
    return (size_t)((hash >> 32) * groups->places >> 32);
}

static void add(struct nr_groups *groups, const struct nr_event *events, size_t event, enum nr_group_key key,
                size_t place)
{
    while (groups->last[place] && !same_key(&events[groups->last[place] - 1], &events[event], key))
        place = place + 1 == groups->places ? 0 : place + 1;
    groups->before[event] = groups->last[place];
    groups->last[place] = (uint32_t)event + 1;
}

/* Some events ahead of the one in the works, the processor is told where it will look. */
static void fill(struct nr_groups *groups, const struct nr_event *events, enum nr_group_key key)
{
    enum { AHEAD = 16 };
    size_t places[AHEAD];
    for (size_t i = 0; i < groups->events + AHEAD; i++) {
        if (i >= AHEAD)
            add(groups, events, i - AHEAD, key, places[i % AHEAD]);
        if (i >= groups->events)
            continue;
        places[i % AHEAD] = place_of(groups, hash_key(&events[i], key));
        __builtin_prefetch(&groups->last[places[i % AHEAD]], 1);
    }
}

/* The table's places are reused for the list of those groups that matter. */
static void list_several(struct nr_groups *groups)
{
    groups->several = groups->last;
    for (size_t i = 0; i < groups->places; i++)
        if (groups->last[i] && groups->before[groups->last[i] - 1])
            groups->several[groups->count++] = groups->last[i] - 1;
}

enum nr_status nr_groups_make(struct nr_groups *groups, const struct nr_event_log *log, enum nr_group_key key,
                              struct nr_error *err)
{
    size_t most = key == NR_GROUP_VIDEO && log->ids.count < log->count ? log->ids.count : log->count;
    *groups = (struct nr_groups){.events = log->count, .places = most + most / 2 + 8};
    groups->before = nr_table_new(groups->events * sizeof *groups->before);
    groups->last = nr_table_new(groups->places * sizeof *groups->last);
    if (!groups->before || !groups->last)
        return nr_fail_nomem(err, "the repeats of a log");
    fill(groups, log->events, key);
    list_several(groups);
    return NR_OK;
}

void nr_groups_release(struct nr_groups *groups)
{
    nr_table_free(groups->before, groups->events * sizeof *groups->before);
    nr_table_free(groups->last, groups->places * sizeof *groups->last);
    *groups = (struct nr_groups){0};
}
