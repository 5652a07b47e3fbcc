/* outliers.c - the rule about watch times far above those of a video's other events. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "behaviour/cleaner.h"
#include "behaviour/groups.h"

#include "core/banned.h"

/* An event of a video with its watch time. */
struct watched {
    double seconds;
    uint32_t event;
};

/* The events of one video, rising, and room for the logarithms of their times. */
struct video {
    struct watched *events;
    double *logs;
    size_t count, capacity, log_capacity;
};

static int by_watch(const void *left, const void *right)
{
    const struct watched *a = left, *b = right;
    int order = nr_double_compare(a->seconds, b->seconds);
    return order ? order : (a->event > b->event) - (a->event < b->event);
}

static int by_video(const void *left, const void *right, void *ctx)
{
    const struct nr_event *events = ctx;
    return strcmp(events[*(const uint32_t *)left].video_id, events[*(const uint32_t *)right].video_id);
}

static int compare_doubles(const void *a, const void *b)
{
    return nr_double_compare(*(const double *)a, *(const double *)b);
}

static double median_of_sorted(const double *values, size_t count)
{
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* The greatest watch time that is taken for real: exp(median + mads * 1.4826 * MAD)
 * of the logarithms (Leys et al. 2013), and at least 4 times the median. Capping what
 * lies above leaves median and MAD as they are, so that cleaning again changes
 * nothing. `logs` is sorted and used up. */
static double watch_bound(const struct nr_cleaner *cleaner, double *logs, size_t count)
{
    static const double CONSISTENT = 1.4826, AT_LEAST = 4;
    double median = median_of_sorted(logs, count);
    for (size_t i = 0; i < count; i++)
        logs[i] = fabs(logs[i] - median);
    qsort(logs, count, sizeof *logs, compare_doubles);
    double spread = cleaner->params.outlier_mads * CONSISTENT * median_of_sorted(logs, count);
    return exp(median) * fmax(exp(spread), AT_LEAST);
}

static enum nr_status list_watched(const struct nr_cleaner *cleaner, const struct nr_groups *groups, uint32_t last,
                                   struct video *video, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    video->count = 0;
    for (uint32_t at = last + 1; at && !status; at = groups->before[at - 1]) {
        double seconds = cleaner->log.events[at - 1].watch_seconds;
        if (isnan(seconds) || cleaner->origins[at - 1].gone)
            continue;
        status = nr_array_reserve((void **)&video->events, &video->capacity, video->count + 1, sizeof *video->events,
                                  NR_CLEAN_EVENTS_MAX, err);
        if (!status)
            video->events[video->count++] = (struct watched){seconds, at - 1};
    }
    if (!status)
        status = nr_array_reserve((void **)&video->logs, &video->log_capacity, video->count, sizeof *video->logs,
                                  NR_CLEAN_EVENTS_MAX, err);
    return status;
}

static enum nr_status cap_event(struct nr_cleaner *cleaner, size_t index, double bound, struct nr_error *err)
{
    struct nr_event *event = &cleaner->log.events[index];
    struct nr_event_origin *origin = &cleaner->origins[index];
    char detail[64];
    snprintf(detail, sizeof detail, "watch time of %g s cut to %g s", event->watch_seconds, bound);
    enum nr_status status =
        nr_cleaner_note_event(cleaner, event, origin->line, NR_RULE_WATCH_OUTLIER, NR_CLEAN_REPAIR, detail, err);
    event->watch_seconds = bound;
    cleaner->tally.repaired += !origin->repaired;
    origin->repaired = true;
    return status;
}

static enum nr_status cap_video(struct nr_cleaner *cleaner, struct video *video, struct nr_error *err)
{
    enum { ENOUGH = 10 };
    size_t known = 0;
    enum nr_status status = NR_OK;
    if (video->count < ENOUGH)
        return NR_OK;
    qsort(video->events, video->count, sizeof *video->events, by_watch);
    for (size_t i = 0; i < video->count; i++)
        if (video->events[i].seconds > 0)
            video->logs[known++] = log(video->events[i].seconds);
    if (known < ENOUGH)
        return NR_OK;
    double bound = watch_bound(cleaner, video->logs, known);
    for (size_t i = 0; i < video->count && !status; i++)
        if (video->events[i].seconds > bound * (1 + 1e-12))
            status = cap_event(cleaner, video->events[i].event, bound, err);
    return status;
}

enum nr_status nr_cleaner_watch_outliers(struct nr_cleaner *cleaner, struct nr_error *err)
{
    struct nr_event_log *log = &cleaner->log;
    struct nr_groups groups;
    struct video video = {0};
    if (cleaner->params.verdicts[NR_RULE_WATCH_OUTLIER] == NR_CLEAN_KEEP || cleaner->layout.columns[NR_LOG_WATCH] < 0)
        return NR_OK;
    enum nr_status status = nr_groups_make(&groups, log, NR_GROUP_VIDEO, err);
    if (!status && cleaner->note)
        qsort_r(groups.several, groups.count, sizeof *groups.several, by_video, log->events);
    for (size_t g = 0; g < groups.count && !status; g++) {
        status = list_watched(cleaner, &groups, groups.several[g], &video, err);
        if (!status)
            status = cap_video(cleaner, &video, err);
    }
    free(video.events);
    free(video.logs);
    nr_groups_release(&groups);
    return status;
}
