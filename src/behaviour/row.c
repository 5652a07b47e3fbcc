/* row.c - one row at a time: fields to events, by the rules that need no other row. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "behaviour/cleaner.h"

#include "core/banned.h"

enum { ID_MAX = 256, DAY_MS = 86400000 };

enum nr_status nr_cleaner_new(const struct nr_clean_params *params, int64_t now, nr_clean_note_fn note, void *ctx,
                              struct nr_cleaner **out, struct nr_error *err)
{
    struct nr_cleaner *cleaner = calloc(1, sizeof *cleaner);
    *out = cleaner;
    if (!cleaner)
        return nr_fail_nomem(err, "the cleaning of a log");
    cleaner->params = *params;
    cleaner->until = params->until != NR_TIME_NONE ? params->until : now + DAY_MS;
    cleaner->note = note;
    cleaner->note_ctx = ctx;
    return NR_OK;
}

void nr_cleaner_free(struct nr_cleaner *cleaner)
{
    if (!cleaner)
        return;
    nr_stream_free(cleaner->stream);
    nr_event_log_release(&cleaner->log);
    nr_arena_release(&cleaner->scratch);
    nr_arena_release(&cleaner->mem);
    free(cleaner->origins);
    free(cleaner);
}

enum nr_status nr_cleaner_stream(struct nr_cleaner *cleaner, nr_clean_event_fn put, void *ctx, unsigned threads,
                                 struct nr_error *err)
{
    return nr_stream_new(cleaner, put, ctx, threads, err);
}

enum nr_status nr_cleaner_header(struct nr_cleaner *cleaner, const char *const *names, size_t count, bool *is_data,
                                 struct nr_error *err)
{
    bool needs_time = cleaner->params.verdicts[NR_RULE_TIME] == NR_CLEAN_REJECT;
    enum nr_status status = nr_log_layout_find(&cleaner->layout, cleaner->params.map, needs_time, names, count, err);
    *is_data = !status && cleaner->layout.headerless;
    if (!status && cleaner->stream)
        cleaner->stream->direct = nr_stream_can(cleaner);
    if (status || *is_data)
        return status;
    cleaner->header = nr_arena_alloc(&cleaner->mem, count, sizeof *cleaner->header);
    for (size_t i = 0; i < count && cleaner->header; i++)
        cleaner->header[i] = nr_arena_strdup(&cleaner->mem, names[i]);
    return cleaner->mem.failed ? nr_fail_nomem(err, "a header") : NR_OK;
}

enum nr_status nr_cleaner_note(struct nr_cleaner *cleaner, size_t line, enum nr_clean_rule rule,
                               enum nr_clean_verdict verdict, const char *detail, const char *const *fields,
                               size_t count, struct nr_error *err)
{
    struct nr_clean_note note = {line, verdict, rule, detail, fields, count};
    cleaner->tally.per_rule[rule]++;
    if (!cleaner->note)
        return NR_OK;
    enum nr_status status = cleaner->stream ? nr_stream_flush(cleaner, err) : NR_OK; /* in the order of the lines */
    return status ? status : cleaner->note(cleaner->note_ctx, &note, err);
}

/* The row in the works. */
struct row {
    struct nr_cleaner *cleaner;
    const char *const *fields;
    size_t count, line;
    bool rejected, repaired;
    bool blanks;           /* around an id or an action, cut off */
    bool deferred;         /* its time is missing; finish.c judges whether that is a fault */
    enum nr_status status; /* of the note function */
    struct nr_error *err;
};

static bool caught_as(struct row *row, enum nr_clean_rule rule, enum nr_clean_verdict verdict, const char *detail)
{
    if (verdict == NR_CLEAN_KEEP)
        return true;
    row->status = nr_cleaner_note(row->cleaner, row->line, rule, verdict, detail, row->fields, row->count, row->err);
    row->rejected |= verdict == NR_CLEAN_REJECT;
    row->repaired |= verdict == NR_CLEAN_REPAIR;
    return verdict == NR_CLEAN_REPAIR && !row->status;
}

/* Does with the row what the rule is set to; true where it may go on. */
static bool caught(struct row *row, enum nr_clean_rule rule, const char *detail)
{
    return caught_as(row, rule, row->cleaner->params.verdicts[rule], detail);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A field without blanks around it; "" where the row has none. */
static const char *field_text(const struct row *row, int column)
{
    if (column < 0 || (size_t)column >= row->count)
        return "";
    const char *text = row->fields[column];
    while (is_blank(*text))
        text++;
    size_t length = strlen(text), whole = length;
    while (length && is_blank(text[length - 1]))
        length--;
    const char *trimmed = length < whole ? nr_arena_strndup(&row->cleaner->scratch, text, length) : text;
    return trimmed ? trimmed : "";
}

/* The same where two spellings would be two people: blanks are noticed. */
static const char *name_text(struct row *row, int column)
{
    const char *text = field_text(row, column);
    row->blanks |= column >= 0 && (size_t)column < row->count && text != row->fields[column];
    return text;
}

/* Where logs were joined end to end (zcat *.csv.gz), each brings its header. */
static bool is_header(const struct row *row)
{
    const char *const *header = row->cleaner->header;
    if (!header || row->count != row->cleaner->layout.width)
        return false;
    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->fields[i], header[i]) != 0)
            return false;
    return row->count > 0;
}

static bool read_number(const char *text, double *out)
{
    return nr_parse_double(text, strlen(text), out);
}

static bool take_ids(struct row *row, struct nr_event *event)
{
    const int *columns = row->cleaner->layout.columns;
    event->user_id = name_text(row, columns[NR_LOG_USER]);
    event->video_id = name_text(row, columns[NR_LOG_VIDEO]);
    if (!*event->user_id && !caught(row, NR_RULE_USER, "no user id"))
        return false;
    if ((strlen(event->user_id) > ID_MAX || strlen(event->video_id) > ID_MAX) &&
        !caught(row, NR_RULE_ID_LENGTH, "id of more than 256 bytes"))
        return false;
    return true;
}

static bool take_time(struct row *row, struct nr_event *event)
{
    const char *text = field_text(row, row->cleaner->layout.columns[NR_LOG_TIME]);
    event->time = NR_TIME_NONE;
    row->deferred = !*text && !row->cleaner->timed;
    if (row->deferred || row->cleaner->layout.columns[NR_LOG_TIME] < 0)
        return true; /* a log without times at all, or so it seems until now */
    row->cleaner->timed |= *text != '\0';
    if (!nr_time_parse(text, strlen(text), &event->time)) {
        event->time = NR_TIME_NONE;
        return caught(row, NR_RULE_TIME, *text ? "not a time stamp" : "no time stamp");
    }
    if (event->time >= row->cleaner->params.since && event->time <= row->cleaner->until)
        return true;
    bool goes_on =
        caught(row, NR_RULE_TIME_RANGE, event->time < row->cleaner->params.since ? "before --since" : "in the future");
    if (row->cleaner->params.verdicts[NR_RULE_TIME_RANGE] == NR_CLEAN_REPAIR)
        event->time = NR_TIME_NONE;
    return goes_on;
}

static bool take_watch(struct row *row, struct nr_event *event)
{
    const struct nr_log_layout *layout = &row->cleaner->layout;
    const char *text = field_text(row, layout->columns[NR_LOG_WATCH]), *problem = NULL;
    double seconds;
    event->watch_seconds = NAN;
    if (!*text)
        return true;
    if (!read_number(text, &seconds))
        problem = "watch time is no number";
    else if (seconds < 0)
        problem = "watch time is negative";
    else if (seconds * layout->watch_scale > row->cleaner->params.max_watch)
        problem = "watch time is over --max-watch";
    else
        event->watch_seconds = seconds * layout->watch_scale;
    return !problem || caught(row, NR_RULE_WATCH, problem);
}

static bool take_value(struct row *row, struct nr_event *event)
{
    const char *text = field_text(row, row->cleaner->layout.columns[NR_LOG_VALUE]);
    event->value = NAN;
    if (*text && !read_number(text, &event->value)) {
        event->value = NAN;
        if (event->action != NR_ACTION_RATING)
            return caught(row, NR_RULE_VALUE, "value is no number");
    }
    return true;
}

/* A rating is its value; there is no repair for one that is missing. */
static bool check_rating(struct row *row, struct nr_event *event)
{
    double max = row->cleaner->params.rating_max;
    if (event->action != NR_ACTION_RATING || (event->value >= 0 && event->value <= max))
        return true;
    if (isnan(event->value))
        return caught_as(row, NR_RULE_RATING, NR_CLEAN_REJECT, "no rating");
    event->value = event->value < 0 ? 0 : max;
    return caught(row, NR_RULE_RATING, "rating outside the scale");
}

static bool check_video(struct row *row, const struct nr_event *event)
{
    return *event->video_id || event->action == NR_ACTION_SEARCH || caught(row, NR_RULE_VIDEO, "no video id");
}

static enum nr_status keep_event(const struct row *row, const struct nr_event *event)
{
    struct nr_cleaner *cleaner = row->cleaner;
    enum nr_status status =
        nr_array_reserve((void **)&cleaner->origins, &cleaner->origin_capacity, cleaner->log.count + 1,
                         sizeof *cleaner->origins, NR_CLEAN_EVENTS_MAX, row->err);
    if (!status)
        status = nr_event_log_add(&cleaner->log, event, row->err);
    if (status)
        return status;
    cleaner->origins[cleaner->log.count - 1] = (struct nr_event_origin){.line = row->line, .repaired = row->repaired};
    if (row->deferred)
        cleaner->untimed = cleaner->log.count;
    return NR_OK;
}

/* Where events go out as they come, only those wait whose time may be missing. */
static void add_event(struct row *row, const struct nr_event *event)
{
    struct nr_cleaner *cleaner = row->cleaner;
    bool direct = cleaner->stream && cleaner->stream->direct;
    bool waits = row->deferred && cleaner->layout.columns[NR_LOG_TIME] >= 0;
    if (direct && !waits && cleaner->log.count)
        row->status = nr_stream_drain(cleaner, row->err);
    if (row->status)
        return;
    row->status =
        direct && !waits ? nr_stream_event(cleaner, event, row->line, row->repaired, row->err) : keep_event(row, event);
}

/* 1, any other number but 0, true, yes. */
static bool is_set(const char *text)
{
    double number;
    if (read_number(text, &number))
        return number != 0;
    return strcasecmp(text, "true") == 0 || strcasecmp(text, "yes") == 0;
}

/* The events of a row with one column for each action. */
static void add_flagged(struct row *row, struct nr_event *event)
{
    const struct nr_log_layout *layout = &row->cleaner->layout;
    size_t added = 0;
    for (size_t f = 0; f < layout->flag_count && !row->status; f++) {
        if (!is_set(field_text(row, layout->flags[f].column)))
            continue;
        struct nr_event one = *event;
        one.action = layout->flags[f].action;
        if (one.action != NR_ACTION_VIEW)
            one.watch_seconds = NAN;
        if (one.action != NR_ACTION_COMMENT) {
            one.comment = NULL;
            one.sentiment = 0;
        }
        add_event(row, &one);
        added++;
    }
    if (!added)
        caught(row, NR_RULE_ACTION, "no action in any of its columns");
}

static bool take_action(struct row *row, struct nr_event *event)
{
    const struct nr_log_layout *layout = &row->cleaner->layout;
    event->action = layout->only_action;
    if (layout->columns[NR_LOG_ACTION] < 0)
        return true;
    const char *text = name_text(row, layout->columns[NR_LOG_ACTION]);
    return nr_action_find(text, &event->action) || caught(row, NR_RULE_ACTION, *text ? "unknown action" : "no action");
}

static void read_row(struct row *row)
{
    const struct nr_log_layout *layout = &row->cleaner->layout;
    struct nr_event event = {0};
    if (!take_ids(row, &event) || !take_action(row, &event) || !check_video(row, &event) || !take_time(row, &event) ||
        !take_value(row, &event) || !check_rating(row, &event) || !take_watch(row, &event))
        return;
    if (row->blanks && !caught(row, NR_RULE_BLANKS, "blanks around an id or an action"))
        return;
    const char *comment = field_text(row, layout->columns[NR_LOG_COMMENT]);
    event.comment = *comment ? comment : NULL;
    event.sentiment = event.comment ? NAN : 0;
    if (layout->flag_count)
        add_flagged(row, &event);
    else
        add_event(row, &event);
}

enum nr_status nr_cleaner_row(struct nr_cleaner *cleaner, const char *const *fields, size_t count, size_t line,
                              bool unreadable, struct nr_error *err)
{
    struct row row = {.cleaner = cleaner, .fields = fields, .count = count, .line = line, .err = err};
    bool goes_on = !unreadable || caught(&row, NR_RULE_UNREADABLE, "not readable as text");
    cleaner->tally.rows_in++;
    if (goes_on && count != cleaner->layout.width)
        goes_on = caught(&row, NR_RULE_COLUMNS, count < cleaner->layout.width ? "too few fields" : "too many fields");
    if (goes_on && !row.status && is_header(&row))
        goes_on = caught(&row, NR_RULE_HEADER, "the header again");
    if (goes_on && !row.status)
        read_row(&row);
    cleaner->tally.rejected += row.rejected;
    cleaner->tally.repaired += row.repaired && !row.rejected;
    bool failed = cleaner->scratch.failed;
    if (failed || cleaner->scratch.head)
        nr_arena_release(&cleaner->scratch);
    return row.status ? row.status : failed ? nr_fail_nomem(err, "a row") : NR_OK;
}
