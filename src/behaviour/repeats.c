/* repeats.c - the rules about events that were there before, over the whole log. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "behaviour/cleaner.h"
#include "behaviour/groups.h"

#include "core/banned.h"

static int compare_index(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* Events of one user, video and action: by the rest of what makes two the same, then by
 * their place in the log. */
static int by_identity(const void *left, const void *right, void *ctx)
{
    const struct nr_event *events = ctx;
    size_t i = *(const uint32_t *)left, k = *(const uint32_t *)right;
    const struct nr_event *a = &events[i], *b = &events[k];
    int order = (a->time > b->time) - (a->time < b->time);
    if (!order)
        order = nr_double_compare(a->value, b->value);
    if (!order)
        order = nr_id_compare(a->comment, b->comment);
    return order ? order : compare_index(i, k);
}

/* Groups by their user, video and action. */
static int by_stream(const void *left, const void *right, void *ctx)
{
    const struct nr_event *events = ctx;
    const struct nr_event *a = &events[*(const uint32_t *)left], *b = &events[*(const uint32_t *)right];
    int order = strcmp(a->user_id, b->user_id);
    if (!order)
        order = strcmp(a->video_id, b->video_id);
    return order ? order : (a->action > b->action) - (a->action < b->action);
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

/* The events of one group, in the order by_identity(). */
static enum nr_status judge_group(struct nr_cleaner *cleaner, const uint32_t *order, size_t count, struct nr_error *err)
{
    bool duplicates = cleaner->params.verdicts[NR_RULE_DUPLICATE] != NR_CLEAN_KEEP;
    bool views = cleaner->params.verdicts[NR_RULE_REPEATED_VIEW] == NR_CLEAN_MERGE;
    const struct nr_event *events = cleaner->log.events;
    size_t kept = 0;
    enum nr_status status = NR_OK;
    for (size_t i = 1; i < count && !status; i++) {
        const struct nr_event *first = &events[order[kept]], *later = &events[order[i]];
        if (cleaner->origins[order[i]].gone)
            continue;
        bool there = !cleaner->origins[order[kept]].gone;
        if (there && duplicates && same_event(first, later))
            status = remove_repeat(cleaner, order[kept], order[i], NR_RULE_DUPLICATE, err);
        else if (there && views && same_viewing(cleaner, first, later))
            status = remove_repeat(cleaner, order[kept], order[i], NR_RULE_REPEATED_VIEW, err);
        else
            kept = i;
    }
    return status;
}

/* The members of a group, in order; *members grows as it must. */
static enum nr_status list_members(const struct nr_groups *groups, uint32_t last, uint32_t **members, size_t *capacity,
                                   size_t *count, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    *count = 0;
    for (uint32_t at = last + 1; at && !status; at = groups->before[at - 1]) {
        status = nr_array_reserve((void **)members, capacity, *count + 1, sizeof **members, NR_CLEAN_EVENTS_MAX, err);
        if (!status)
            (*members)[(*count)++] = at - 1;
    }
    return status;
}

enum nr_status nr_cleaner_repeats(struct nr_cleaner *cleaner, struct nr_error *err)
{
    struct nr_event_log *log = &cleaner->log;
    struct nr_groups groups;
    uint32_t *members = NULL;
    size_t capacity = 0, count = 0;
    if (cleaner->params.verdicts[NR_RULE_DUPLICATE] == NR_CLEAN_KEEP &&
        cleaner->params.verdicts[NR_RULE_REPEATED_VIEW] == NR_CLEAN_KEEP)
        return NR_OK;
    enum nr_status status = nr_groups_make(&groups, log, NR_GROUP_STREAM, err);
    if (!status && cleaner->note) /* groups do not touch one another: their order shows in the notes alone */
        qsort_r(groups.several, groups.count, sizeof *groups.several, by_stream, log->events);
    for (size_t g = 0; g < groups.count && !status; g++) {
        status = list_members(&groups, groups.several[g], &members, &capacity, &count, err);
        if (status)
            break;
        qsort_r(members, count, sizeof *members, by_identity, log->events);
        status = judge_group(cleaner, members, count, err);
    }
    free(members);
    nr_groups_release(&groups);
    return status;
}
