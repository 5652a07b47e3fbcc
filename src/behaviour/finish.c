/* finish.c - the end of a log: what only the whole of it can tell, and the counts. */
#include <math.h>

#include "behaviour/cleaner.h"

#include "core/banned.h"

enum nr_status nr_cleaner_note_event(struct nr_cleaner *cleaner, const struct nr_event *event, size_t line,
                                     enum nr_clean_rule rule, enum nr_clean_verdict verdict, const char *detail,
                                     struct nr_error *err)
{
    if (!cleaner->note) /* nothing to write down, and it takes long */
        return nr_cleaner_note(cleaner, line, rule, verdict, detail, NULL, 0, err);
    char value[NR_NUMBER_MAX] = "", watch[NR_NUMBER_MAX] = "", when[NR_NUMBER_MAX];
    nr_time_format(when, event->time);
    if (!isnan(event->value))
        nr_format_double(value, event->value);
    if (!isnan(event->watch_seconds))
        nr_format_double(watch, event->watch_seconds);
    const char *fields[] = {event->user_id, event->video_id, nr_action_names[event->action].name, value,
                            when,           watch,           event->comment ? event->comment : ""};
    return nr_cleaner_note(cleaner, line, rule, verdict, detail, fields, NR_COUNT(fields), err);
}

static size_t row_end(const struct nr_cleaner *cleaner, size_t from)
{
    size_t to = from;
    while (to < cleaner->log.count && cleaner->origins[to].line == cleaner->origins[from].line)
        to++;
    return to;
}

enum nr_status nr_cleaner_judge_untimed(struct nr_cleaner *cleaner, struct nr_error *err)
{
    enum nr_clean_verdict verdict = cleaner->params.verdicts[NR_RULE_TIME];
    enum nr_status status = NR_OK;
    for (size_t from = 0, to; cleaner->timed && from < cleaner->untimed && !status; from = to) {
        const struct nr_event *event = &cleaner->log.events[from];
        struct nr_event_origin *origin = &cleaner->origins[from];
        to = row_end(cleaner, from);
        if (event->time != NR_TIME_NONE)
            continue;
        status = nr_cleaner_note_event(cleaner, event, origin->line, NR_RULE_TIME, verdict, "no time stamp", err);
        bool rejected = verdict == NR_CLEAN_REJECT;
        cleaner->tally.repaired += !rejected && !origin->repaired;
        for (size_t i = from; i < to; i++) {
            cleaner->origins[i].gone = cleaner->origins[i].rejected = rejected;
            cleaner->origins[i].repaired |= !rejected;
        }
    }
    return status;
}

/* Rows, not events: a row is rejected or merged where all of its events are. */
void nr_tally_row(struct nr_clean_tally *tally, bool alive, bool rejected, bool repaired)
{
    tally->kept += alive;
    tally->rejected += !alive && rejected;
    tally->merged += !alive && !rejected;
    tally->repaired -= !alive && rejected && repaired;
}

static void count_rows(struct nr_cleaner *cleaner)
{
    for (size_t from = 0, to; from < cleaner->log.count; from = to) {
        bool alive = false, rejected = false;
        to = row_end(cleaner, from);
        for (size_t i = from; i < to; i++) {
            alive |= !cleaner->origins[i].gone;
            rejected |= cleaner->origins[i].rejected;
        }
        nr_tally_row(&cleaner->tally, alive, rejected, cleaner->origins[from].repaired);
    }
}

/* The events that are left, behind those that *log holds already. An empty one takes
 * the whole log over: of a large one there is no room for two. */
static enum nr_status hand_over(struct nr_cleaner *cleaner, struct nr_event_log *log, struct nr_error *err)
{
    struct nr_event_log *own = &cleaner->log;
    enum nr_status status = NR_OK;
    size_t left = 0;
    for (size_t i = 0; i < own->count; i++)
        if (!cleaner->origins[i].gone)
            own->events[left++] = own->events[i];
    cleaner->tally.events = own->count = left;
    if (log->count == 0) {
        nr_event_log_release(log);
        *log = *own;
        *own = (struct nr_event_log){0};
    }
    for (size_t i = 0; i < own->count && !status; i++)
        status = nr_event_log_add(log, &own->events[i], err);
    return status;
}

static enum nr_status put_events(struct nr_cleaner *cleaner, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < cleaner->log.count && !status; i++) {
        if (cleaner->origins[i].gone)
            continue;
        status = cleaner->stream->put(cleaner->stream->ctx, &cleaner->log.events[i], err);
        cleaner->tally.events++;
    }
    return status;
}

static enum nr_status finish_log(struct nr_cleaner *cleaner, struct nr_event_log *log, struct nr_error *err)
{
    enum nr_status status = nr_cleaner_judge_untimed(cleaner, err);
    if (!status)
        status = nr_cleaner_repeats(cleaner, err);
    if (!status)
        status = nr_cleaner_watch_outliers(cleaner, err);
    count_rows(cleaner);
    if (status)
        return status;
    return cleaner->stream ? put_events(cleaner, err) : hand_over(cleaner, log, err);
}

enum nr_status nr_cleaner_finish(struct nr_cleaner *cleaner, struct nr_event_log *log, struct nr_clean_tally *tally,
                                 struct nr_error *err)
{
    bool direct = cleaner->stream && cleaner->stream->direct;
    enum nr_status status = direct ? nr_stream_finish(cleaner, err) : finish_log(cleaner, log, err);
    *tally = cleaner->tally;
    return status;
}
