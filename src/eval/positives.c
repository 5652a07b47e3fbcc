/* positives.c - events to pairs. */
#include <stdlib.h>
#include <string.h>

#include "nightreel/eval.h"

#include "core/banned.h"

static int compare_pair(const struct nr_positive *a, const struct nr_positive *b)
{
    int order = strcmp(a->user_id, b->user_id);
    return order ? order : strcmp(a->video_id, b->video_id);
}

static int compare_events(const void *a, const void *b)
{
    const struct nr_positive *left = a, *right = b;
    int order = compare_pair(left, right);
    if (order)
        return order;
    if (left->time != right->time)
        return left->time < right->time ? -1 : 1;
    return left->event < right->event ? -1 : 1;
}

enum nr_status nr_positives_find(const struct nr_event_log *log, const struct nr_rule *rule, struct nr_positive **out,
                                 size_t *count, struct nr_error *err)
{
    struct nr_positive *all = malloc((log->count + 1) * sizeof *all);
    size_t found = 0, kept = 0;
    if (!all)
        return nr_fail_nomem(err, "the pairs of a log");
    for (size_t i = 0; i < log->count; i++) {
        const struct nr_event *event = &log->events[i];
        if (event->video_id && *event->video_id && (!rule || nr_rule_passes(rule, event)))
            all[found++] = (struct nr_positive){event->user_id, event->video_id, event->time, i};
    }
    if (found > 1)
        qsort(all, found, sizeof *all, compare_events);
    for (size_t i = 0; i < found; i++)
        if (kept == 0 || compare_pair(&all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
    *out = all;
    *count = kept;
    return NR_OK;
}
