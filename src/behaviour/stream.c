/* stream.c - events that go out as their rows come. */
#include <stdlib.h>
#include <string.h>

#include "behaviour/cleaner.h"

#include "core/banned.h"

/* A log in which nothing can be a view. */
static bool without_views(const struct nr_log_layout *layout)
{
    if (layout->columns[NR_LOG_ACTION] >= 0)
        return false;
    for (size_t f = 0; f < layout->flag_count; f++)
        if (layout->flags[f].action == NR_ACTION_VIEW)
            return false;
    return layout->flag_count > 0 || layout->only_action != NR_ACTION_VIEW;
}

bool nr_stream_can(const struct nr_cleaner *cleaner)
{
    const enum nr_clean_verdict *verdicts = cleaner->params.verdicts;
    bool watched = cleaner->layout.columns[NR_LOG_WATCH] >= 0;
    return (verdicts[NR_RULE_REPEATED_VIEW] == NR_CLEAN_KEEP || without_views(&cleaner->layout)) &&
           (verdicts[NR_RULE_WATCH_OUTLIER] == NR_CLEAN_KEEP || !watched) &&
           (verdicts[NR_RULE_DUPLICATE] != NR_CLEAN_MERGE || !watched);
}

/* ---- rows ---------------------------------------------------------------------------- */

static void end_row(struct nr_cleaner *cleaner)
{
    struct nr_stream *stream = cleaner->stream;
    if (stream->row_open)
        nr_cleaner_count_row(cleaner, stream->row_alive, stream->row_rejected, stream->row_repaired);
    stream->row_open = false;
}

static void count_event(struct nr_cleaner *cleaner, const struct nr_waiting *one, bool alive, bool rejected)
{
    struct nr_stream *stream = cleaner->stream;
    if (stream->row_open && stream->row_line != one->line)
        end_row(cleaner);
    if (!stream->row_open)
        stream->row_alive = stream->row_rejected = stream->row_repaired = false;
    stream->row_open = true;
    stream->row_line = one->line;
    stream->row_alive |= alive;
    stream->row_rejected |= rejected;
    stream->row_repaired |= one->repaired;
    cleaner->tally.events += alive;
}

static enum nr_status settle(struct nr_cleaner *cleaner, const struct nr_waiting *one, struct nr_error *err)
{
    struct nr_stream *stream = cleaner->stream;
    enum nr_clean_verdict verdict = cleaner->params.verdicts[NR_RULE_DUPLICATE];
    size_t first = 0;
    enum nr_status status = NR_OK;
    if (verdict != NR_CLEAN_KEEP)
        status = nr_seen_add(&stream->seen, &one->hash, one->line, &first, err);
    if (status)
        return status;
    count_event(cleaner, one, !first, first && verdict == NR_CLEAN_REJECT);
    if (!first)
        return stream->put(stream->ctx, &one->event, err);
    char detail[NR_REPEAT_DETAIL];
    nr_cleaner_repeat_detail(detail, verdict, first);
    return nr_cleaner_note_event(cleaner, &one->event, one->line, NR_RULE_DUPLICATE, verdict, detail, err);
}

enum nr_status nr_stream_flush(struct nr_cleaner *cleaner, struct nr_error *err)
{
    struct nr_stream *stream = cleaner->stream;
    size_t count = stream->count;
    enum nr_status status = NR_OK;
    stream->count = stream->text_used = 0; /* a note that comes of it finds nothing to flush */
    for (size_t i = 0; i < count && !status; i++)
        status = settle(cleaner, &stream->waiting[i], err);
    return status;
}

/* ---- events --------------------------------------------------------------------------- */

/* One that is larger than all that may wait. */
static enum nr_status settle_large(struct nr_cleaner *cleaner, struct nr_waiting *one, size_t size,
                                   struct nr_error *err)
{
    char *text = malloc(size);
    if (!text)
        return nr_fail_nomem(err, "a row");
    nr_seen_identity(&one->event, text);
    one->hash = nr_seen_hash(&cleaner->stream->seen, text, size);
    enum nr_status status = settle(cleaner, one, err);
    free(text);
    return status;
}

enum nr_status nr_stream_event(struct nr_cleaner *cleaner, const struct nr_event *event, size_t line, bool repaired,
                               struct nr_error *err)
{
    struct nr_stream *stream = cleaner->stream;
    size_t size = nr_seen_identity_size(event);
    enum nr_status status = NR_OK;
    if (stream->count == NR_STREAM_WAITING || size > sizeof stream->text - stream->text_used)
        status = nr_stream_flush(cleaner, err);
    if (status)
        return status;
    struct nr_waiting *one = &stream->waiting[stream->count];
    *one = (struct nr_waiting){.event = *event, .line = line, .repaired = repaired};
    if (size > sizeof stream->text)
        return settle_large(cleaner, one, size, err);
    char *text = stream->text + stream->text_used;
    nr_seen_identity(&one->event, text);
    if (cleaner->params.verdicts[NR_RULE_DUPLICATE] != NR_CLEAN_KEEP)
        one->hash = nr_seen_hash(&stream->seen, text, size);
    stream->text_used += size;
    stream->count++;
    return NR_OK;
}

enum nr_status nr_stream_drain(struct nr_cleaner *cleaner, struct nr_error *err)
{
    struct nr_event_log *held = &cleaner->log;
    enum nr_status status = nr_cleaner_judge_untimed(cleaner, err);
    for (size_t i = 0; i < held->count && !status; i++) {
        const struct nr_event_origin *origin = &cleaner->origins[i];
        if (origin->gone)
            count_event(cleaner, &(struct nr_waiting){.line = origin->line, .repaired = origin->repaired}, false, true);
        else
            status = nr_stream_event(cleaner, &held->events[i], origin->line, origin->repaired, err);
    }
    nr_event_log_release(held);
    cleaner->untimed = 0;
    return status;
}

enum nr_status nr_stream_finish(struct nr_cleaner *cleaner, struct nr_error *err)
{
    enum nr_status status = nr_stream_drain(cleaner, err);
    if (!status)
        status = nr_stream_flush(cleaner, err);
    end_row(cleaner);
    return status;
}
