/* event_log.c - events and declared interests in memory. */
#include "nightreel/record.h"

#include <stdlib.h>

#include "core/banned.h"

#define EVENTS_MAX ((size_t)1 << 31)

void nr_event_log_release(struct nr_event_log *log)
{
    if (!log)
        return;
    free(log->events);
    nr_intern_release(&log->ids);
    nr_arena_release(&log->mem);
    *log = (struct nr_event_log){0};
}

enum nr_status nr_event_log_add(struct nr_event_log *log, const struct nr_event *event, struct nr_error *err)
{
    enum nr_status status =
        nr_array_reserve((void **)&log->events, &log->capacity, log->count + 1, sizeof(*log->events), EVENTS_MAX, err);
    if (status != NR_OK)
        return status;
    struct nr_event copy = *event;
    copy.user_id = nr_intern_add(&log->ids, &log->mem, event->user_id);
    copy.video_id = nr_intern_add(&log->ids, &log->mem, event->video_id);
    copy.comment = nr_arena_strdup(&log->mem, event->comment);
    if (log->mem.failed)
        return nr_fail_nomem(err, "events");
    log->events[log->count++] = copy;
    return NR_OK;
}

void nr_declared_list_release(struct nr_declared_list *list)
{
    if (!list)
        return;
    free(list->entries);
    nr_arena_release(&list->mem);
    *list = (struct nr_declared_list){0};
}
