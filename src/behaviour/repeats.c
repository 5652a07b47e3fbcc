/* repeats.c - the rules that need the whole log: repeats and outlying watch times. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "behaviour/cleaner.h"

#include "core/banned.h"

/* Indices of events in an order of their own. */
struct ordering {
    const struct nr_event *events;
    size_t *order, count;
};

static int compare_index(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* By what makes two events the same, then by their place in the log. */
static int by_identity(const void *left, const void *right, void *ctx)
{
    const struct nr_event *events = ctx;
    size_t i = *(const size_t *)left, k = *(const size_t *)right;
    const struct nr_event *a = &events[i], *b = &events[k];
    int order = strcmp(a->user_id, b->user_id);
    if (!order)
        order = strcmp(a->video_id, b->video_id);
    if (!order)
        order = (a->action > b->action) - (a->action < b->action);
    if (!order)
        order = (a->time > b->time) - (a->time < b->time);
    if (!order)
        order = nr_double_compare(a->value, b->value);
    if (!order)
        order = nr_id_compare(a->comment, b->comment);
    return order ? order : compare_index(i, k);
}

static int by_video_watch(const void *left, const void *right, void *ctx)
{
    const struct nr_event *events = ctx;
    size_t i = *(const size_t *)left, k = *(const size_t *)right;
    int order = strcmp(events[i].video_id, events[k].video_id);
    if (!order)
        order = nr_double_compare(events[i].watch_seconds, events[k].watch_seconds);
    return order ? order : compare_index(i, k);
}

static enum nr_status ordering_make(struct ordering *ordering, const struct nr_event_log *log,
                                    int (*compare)(const void *, const void *, void *), struct nr_error *err)
{
    *ordering = (struct ordering){.events = log->events, .count = log->count};
    ordering->order = malloc((log->count ? log->count : 1) * sizeof *ordering->order);
    if (!ordering->order)
        return nr_fail_nomem(err, "the order of a log");
    for (size_t i = 0; i < log->count; i++)
        ordering->order[i] = i;
    qsort_r(ordering->order, log->count, sizeof *ordering->order, compare, log->events);
    return NR_OK;
}

void nr_cleaner_repeat_detail(char out[NR_REPEAT_DETAIL], enum nr_clean_verdict verdict, size_t line)
{
    const char *how = verdict == NR_CLEAN_MERGE ? "merged into" : "the same as";
    if (line < NR_SEEN_LINE_MAX)
        snprintf(out, NR_REPEAT_DETAIL, "%s line %zu", how, line);
    else
        snprintf(out, NR_REPEAT_DETAIL, "%s a line before", how);
}

/* `gone` is one with `kept`, which takes over the longer watch time where they merge. */
static enum nr_status remove_repeat(struct nr_cleaner *cleaner, size_t kept, size_t gone, enum nr_clean_rule rule,
                                    struct nr_error *err)
{
    enum nr_clean_verdict verdict = cleaner->params.verdicts[rule];
    struct nr_event *first = &cleaner->log.events[kept], *later = &cleaner->log.events[gone];
    char detail[NR_REPEAT_DETAIL];
    nr_cleaner_repeat_detail(detail, verdict, cleaner->origins[kept].line);
    if (verdict == NR_CLEAN_MERGE && !isnan(later->watch_seconds) && !(later->watch_seconds <= first->watch_seconds))
        first->watch_seconds = later->watch_seconds;
    cleaner->origins[gone].gone = true;
    cleaner->origins[gone].rejected = verdict == NR_CLEAN_REJECT;
    return nr_cleaner_note_event(cleaner, later, cleaner->origins[gone].line, rule, verdict, detail, err);
}

static bool same_stream(const struct nr_event *a, const struct nr_event *b)
{
    return a->action == b->action && strcmp(a->user_id, b->user_id) == 0 && strcmp(a->video_id, b->video_id) == 0;
}

static bool same_event(const struct nr_event *a, const struct nr_event *b)
{
    return a->time == b->time && nr_double_compare(a->value, b->value) == 0 &&
           nr_id_compare(a->comment, b->comment) == 0;
}

static bool same_viewing(const struct nr_cleaner *cleaner, const struct nr_event *first, const struct nr_event *later)
{
    return first->action == NR_ACTION_VIEW && first->time != NR_TIME_NONE && later->time != NR_TIME_NONE &&
           (double)(later->time - first->time) <= 1000 * cleaner->params.repeat_seconds;
}

enum nr_status nr_cleaner_repeats(struct nr_cleaner *cleaner, struct nr_error *err)
{
    bool duplicates = cleaner->params.verdicts[NR_RULE_DUPLICATE] != NR_CLEAN_KEEP;
    bool views = cleaner->params.verdicts[NR_RULE_REPEATED_VIEW] == NR_CLEAN_MERGE;
    struct ordering by;
    size_t kept = 0;
    enum nr_status status = ordering_make(&by, &cleaner->log, by_identity, err);
    for (size_t i = 1; i < by.count && !status; i++) {
        if (cleaner->origins[by.order[i]].gone)
            continue;
        const struct nr_event *first = &by.events[by.order[kept]], *later = &by.events[by.order[i]];
        bool stream = !cleaner->origins[by.order[kept]].gone && same_stream(first, later);
        if (stream && duplicates && same_event(first, later))
            status = remove_repeat(cleaner, by.order[kept], by.order[i], NR_RULE_DUPLICATE, err);
        else if (stream && views && same_viewing(cleaner, first, later))
            status = remove_repeat(cleaner, by.order[kept], by.order[i], NR_RULE_REPEATED_VIEW, err);
        else
            kept = i;
    }
    free(by.order);
    return status;
}

/* ---- outlying watch times ---------------------------------------------------------- */

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

/* Events order[0..count) are of one video, watch times rising, unknown ones last. */
static enum nr_status cap_video(struct nr_cleaner *cleaner, const size_t *order, size_t count, double *logs,
                                struct nr_error *err)
{
    enum { ENOUGH = 10 };
    size_t known = 0;
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < count; i++) {
        double watch = cleaner->log.events[order[i]].watch_seconds;
        if (watch > 0 && !cleaner->origins[order[i]].gone)
            logs[known++] = log(watch);
    }
    if (known < ENOUGH)
        return NR_OK;
    double bound = watch_bound(cleaner, logs, known);
    for (size_t i = 0; i < count && !status; i++) {
        struct nr_event *event = &cleaner->log.events[order[i]];
        char detail[64];
        if (!(event->watch_seconds > bound * (1 + 1e-12)) || cleaner->origins[order[i]].gone)
            continue;
        snprintf(detail, sizeof detail, "watch time of %g s cut to %g s", event->watch_seconds, bound);
        status = nr_cleaner_note_event(cleaner, event, cleaner->origins[order[i]].line, NR_RULE_WATCH_OUTLIER,
                                       NR_CLEAN_REPAIR, detail, err);
        event->watch_seconds = bound;
        cleaner->tally.repaired += !cleaner->origins[order[i]].repaired;
        cleaner->origins[order[i]].repaired = true;
    }
    return status;
}

enum nr_status nr_cleaner_watch_outliers(struct nr_cleaner *cleaner, struct nr_error *err)
{
    struct ordering by;
    if (cleaner->params.verdicts[NR_RULE_WATCH_OUTLIER] == NR_CLEAN_KEEP)
        return NR_OK;
    enum nr_status status = ordering_make(&by, &cleaner->log, by_video_watch, err);
    double *logs = status ? NULL : malloc((by.count ? by.count : 1) * sizeof *logs);
    if (!status && !logs)
        status = nr_fail_nomem(err, "watch times");
    for (size_t from = 0, to; from < by.count && !status; from = to) {
        const char *video = by.events[by.order[from]].video_id;
        for (to = from + 1; to < by.count && strcmp(by.events[by.order[to]].video_id, video) == 0;)
            to++;
        status = cap_video(cleaner, by.order + from, to - from, logs, err);
    }
    free(logs);
    free(by.order);
    return status;
}
