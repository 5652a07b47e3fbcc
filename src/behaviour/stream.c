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

/* ---- settling ------------------------------------------------------------------------ */

static void end_row(struct nr_stream *stream)
{
    if (stream->row_open)
        nr_tally_row(&stream->tally, stream->row_alive, stream->row_rejected, stream->row_repaired);
    stream->row_open = false;
}

static void count_event(struct nr_stream *stream, const struct nr_waiting *one, bool alive, bool rejected)
{
    if (stream->row_open && stream->row_line != one->line)
        end_row(stream);
    if (!stream->row_open)
        stream->row_alive = stream->row_rejected = stream->row_repaired = false;
    stream->row_open = true;
    stream->row_line = one->line;
    stream->row_alive |= alive;
    stream->row_rejected |= rejected;
    stream->row_repaired |= one->repaired;
    stream->tally.events += alive;
}

static enum nr_status note_repeat(struct nr_cleaner *cleaner, const struct nr_waiting *one, size_t first,
                                  struct nr_error *err)
{
    enum nr_clean_verdict verdict = cleaner->params.verdicts[NR_RULE_DUPLICATE];
    char detail[NR_REPEAT_DETAIL];
    if (!cleaner->note) {
        cleaner->stream->tally.per_rule[NR_RULE_DUPLICATE]++;
        return NR_OK;
    }
    nr_cleaner_repeat_detail(detail, verdict, first);
    return nr_cleaner_note_event(cleaner, &one->event, one->line, NR_RULE_DUPLICATE, verdict, detail, err);
}

static enum nr_status settle(struct nr_cleaner *cleaner, const struct nr_waiting *one, struct nr_error *err)
{
    struct nr_stream *stream = cleaner->stream;
    enum nr_clean_verdict verdict = cleaner->params.verdicts[NR_RULE_DUPLICATE];
    size_t first = 0;
    enum nr_status status = NR_OK;
    if (verdict != NR_CLEAN_KEEP && !one->rejected)
        status = nr_seen_add(&stream->seen, &one->hash, one->line, &first, err);
    if (status)
        return status;
    bool rejected = one->rejected || (first && verdict == NR_CLEAN_REJECT);
    count_event(stream, one, !first && !rejected, rejected);
    if (one->rejected)
        return NR_OK;
    return first ? note_repeat(cleaner, one, first, err) : stream->put(stream->ctx, &one->event, err);
}

static void settle_batch(void *ctx, void *work)
{
    enum { AHEAD = 16 };
    struct nr_cleaner *cleaner = ctx;
    struct nr_stream *stream = cleaner->stream;
    struct nr_batch *batch = work;
    size_t count = batch->count;
    batch->count = batch->text_used = 0; /* a note that comes of it finds nothing to hand on */
    for (size_t i = 0; i < count + AHEAD && !stream->status; i++) {
        if (i < count)
            nr_seen_prefetch(&stream->seen, &batch->waiting[i].hash);
        if (i >= AHEAD)
            stream->status = settle(cleaner, &batch->waiting[i - AHEAD], &stream->err);
    }
}

static enum nr_status take_failure(const struct nr_stream *stream, struct nr_error *err)
{
    return stream->status ? nr_fail(err, stream->status, "%s", stream->err.text) : NR_OK;
}

enum nr_status nr_stream_flush(struct nr_cleaner *cleaner, struct nr_error *err)
{
    struct nr_stream *stream = cleaner->stream;
    if (!stream->relay) {
        settle_batch(cleaner, stream->filling);
        return take_failure(stream, err);
    }
    nr_relay_wait(stream->relay);
    enum nr_status status = take_failure(stream, err);
    if (status)
        return status;
    nr_relay_give(stream->relay, stream->filling);
    stream->filling = stream->filling == stream->batches ? stream->batches + 1 : stream->batches;
    return NR_OK;
}

/* Until all that was handed on is settled. */
static enum nr_status flush_and_wait(struct nr_cleaner *cleaner, struct nr_error *err)
{
    enum nr_status status = nr_stream_flush(cleaner, err);
    if (!status && cleaner->stream->relay) {
        nr_relay_wait(cleaner->stream->relay);
        status = take_failure(cleaner->stream, err);
    }
    return status;
}

/* ---- events --------------------------------------------------------------------------- */

/* One that is larger than all that may wait. */
static enum nr_status settle_large(struct nr_cleaner *cleaner, struct nr_waiting *one, size_t size,
                                   struct nr_error *err)
{
    enum nr_status status = flush_and_wait(cleaner, err);
    char *text = status ? NULL : malloc(size);
    if (!status && !text)
        status = nr_fail_nomem(err, "a row");
    if (status)
        return status;
    nr_seen_identity(&one->event, text);
    one->hash = nr_seen_hash(&cleaner->stream->seen, text, size);
    status = settle(cleaner, one, err);
    free(text);
    return status;
}

static enum nr_status put_waiting(struct nr_cleaner *cleaner, struct nr_waiting *one, struct nr_error *err)
{
    struct nr_stream *stream = cleaner->stream;
    size_t size = nr_seen_identity_size(&one->event);
    enum nr_status status = NR_OK;
    if (size > NR_BATCH_TEXT)
        return settle_large(cleaner, one, size, err);
    if (stream->filling->count == NR_BATCH_EVENTS || size > NR_BATCH_TEXT - stream->filling->text_used)
        status = nr_stream_flush(cleaner, err);
    if (status)
        return status;
    struct nr_batch *batch = stream->filling;
    char *text = batch->text + batch->text_used;
    nr_seen_identity(&one->event, text);
    if (cleaner->params.verdicts[NR_RULE_DUPLICATE] != NR_CLEAN_KEEP)
        one->hash = nr_seen_hash(&stream->seen, text, size);
    batch->text_used += size;
    batch->waiting[batch->count++] = *one;
    return NR_OK;
}

enum nr_status nr_stream_event(struct nr_cleaner *cleaner, const struct nr_event *event, size_t line, bool repaired,
                               struct nr_error *err)
{
    struct nr_waiting one = {.event = *event, .line = line, .repaired = repaired};
    return put_waiting(cleaner, &one, err);
}

enum nr_status nr_stream_drain(struct nr_cleaner *cleaner, struct nr_error *err)
{
    struct nr_event_log *held = &cleaner->log;
    enum nr_status status = nr_cleaner_judge_untimed(cleaner, err);
    for (size_t i = 0; i < held->count && !status; i++) {
        const struct nr_event_origin *origin = &cleaner->origins[i];
        struct nr_waiting one = {held->events[i], {0}, origin->line, origin->repaired, origin->rejected};
        status = put_waiting(cleaner, &one, err);
    }
    nr_event_log_release(held);
    cleaner->untimed = 0;
    return status;
}

static void add_tally(struct nr_clean_tally *to, const struct nr_clean_tally *from)
{
    to->kept += from->kept;
    to->rejected += from->rejected;
    to->merged += from->merged;
    to->repaired += from->repaired; /* modulo 2^N: what was repaired and is rejected was counted there */
    to->events += from->events;
    to->per_rule[NR_RULE_DUPLICATE] += from->per_rule[NR_RULE_DUPLICATE];
}

enum nr_status nr_stream_finish(struct nr_cleaner *cleaner, struct nr_error *err)
{
    enum nr_status status = nr_stream_drain(cleaner, err);
    if (!status)
        status = flush_and_wait(cleaner, err);
    end_row(cleaner->stream);
    add_tally(&cleaner->tally, &cleaner->stream->tally);
    return status;
}

/* ---- the stream ------------------------------------------------------------------------ */

/* Notes are to come in the order of the lines, so that with them one thread does it all. */
enum nr_status nr_stream_new(struct nr_cleaner *cleaner, nr_clean_event_fn put, void *ctx, unsigned threads,
                             struct nr_error *err)
{
    struct nr_stream *stream = calloc(1, sizeof *stream);
    cleaner->stream = stream;
    if (stream)
        stream->filling = stream->batches = calloc(2, sizeof *stream->batches);
    if (!stream || !stream->batches)
        return nr_fail_nomem(err, "the cleaning of a log");
    stream->put = put;
    stream->ctx = ctx;
    nr_seen_init(&stream->seen);
    if (threads > 1 && nr_cpu_count() > 1 && !cleaner->note)
        stream->relay = nr_relay_new(settle_batch, cleaner);
    return NR_OK;
}

void nr_stream_free(struct nr_stream *stream)
{
    if (!stream)
        return;
    nr_relay_free(stream->relay);
    nr_seen_release(&stream->seen);
    free(stream->batches);
    free(stream);
}
