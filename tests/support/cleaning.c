/* cleaning.c - see cleaning.h. */
#include "support/cleaning.h"

#include <math.h>

void nr_cleaning_init(struct nr_cleaning *cleaning)
{
    *cleaning = (struct nr_cleaning){.note_count = 0};
    nr_clean_params_default(&cleaning->params);
}

static enum nr_status keep_note(void *ctx, const struct nr_clean_note *note, struct nr_error *err)
{
    struct nr_cleaning *cleaning = ctx;
    assert_true(note->line > 0);
    assert_non_null(note->detail);
    enum nr_status status = nr_array_reserve((void **)&cleaning->notes, &cleaning->note_capacity,
                                             cleaning->note_count + 1, sizeof *cleaning->notes, 1 << 20, err);
    if (status)
        return status;
    struct nr_cleaning_note *kept = &cleaning->notes[cleaning->note_count++];
    *kept = (struct nr_cleaning_note){.line = note->line, .verdict = note->verdict, .rule = note->rule};
    snprintf(kept->first, sizeof kept->first, "%s", note->count ? note->fields[0] : "");
    return NR_OK;
}

static enum nr_status keep_event(void *ctx, const struct nr_event *event, struct nr_error *err)
{
    struct nr_cleaning *cleaning = ctx;
    return nr_event_log_add(&cleaning->log, event, err);
}

/* Cuts `text` (changed) at '|'; the fields stay in it. */
static size_t cut(char *text, const char **fields)
{
    size_t count = 0;
    for (char *at = text; at; count++) {
        char *bar = strchr(at, '|');
        assert_true(count < NR_CLEANING_FIELDS);
        fields[count] = at;
        if (bar)
            *bar++ = '\0';
        at = bar;
    }
    return count;
}

static enum nr_status feed(struct nr_cleaner *cleaner, const char *text, size_t line, struct nr_error *err)
{
    const char *fields[NR_CLEANING_FIELDS];
    char *copy = strdup(text);
    bool is_data = false;
    size_t count = cut(copy, fields);
    enum nr_status status = line == 1 ? nr_cleaner_header(cleaner, fields, count, &is_data, err) : NR_OK;
    if (!status && (line > 1 || is_data))
        status = nr_cleaner_row(cleaner, fields, count, line, false, err);
    free(copy);
    return status;
}

enum nr_status nr_cleaning_run(struct nr_cleaning *cleaning, const char *const *lines)
{
    struct nr_cleaner *cleaner;
    nr_event_log_release(&cleaning->log);
    cleaning->note_count = 0;
    enum nr_status status = nr_cleaner_new(&cleaning->params, NR_CLEANING_NOW, cleaning->silent ? NULL : keep_note,
                                           cleaning, &cleaner, &cleaning->err);
    if (!status && cleaning->stream)
        status = nr_cleaner_stream(cleaner, keep_event, cleaning, cleaning->threads, &cleaning->err);
    for (size_t i = 0; lines[i] && !status; i++)
        status = feed(cleaner, lines[i], i + 1, &cleaning->err);
    cleaning->early = cleaning->silent ? 0 : cleaning->log.count; /* another thread's until the end */
    if (!status)
        status = nr_cleaner_finish(cleaner, cleaning->stream ? NULL : &cleaning->log, &cleaning->tally, &cleaning->err);
    nr_cleaner_free(cleaner);
    return status;
}

enum nr_status nr_cleaning_row(struct nr_cleaning *cleaning, const char *header, const char *row)
{
    return nr_cleaning_run(cleaning, (const char *const[]){header, row, NULL});
}

void nr_cleaning_release(struct nr_cleaning *cleaning)
{
    nr_event_log_release(&cleaning->log);
    free(cleaning->notes);
    cleaning->notes = NULL;
}

size_t nr_cleaning_notes(const struct nr_cleaning *cleaning, enum nr_clean_rule rule, enum nr_clean_verdict verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < cleaning->note_count; i++)
        count += cleaning->notes[i].rule == rule && cleaning->notes[i].verdict == verdict;
    return count;
}

char *nr_cleaning_event(const struct nr_event *event, struct nr_arena *mem)
{
    char value[NR_NUMBER_MAX] = "", watch[NR_NUMBER_MAX] = "", when[NR_NUMBER_MAX];
    nr_time_format(when, event->time);
    if (!isnan(event->value))
        nr_format_double(value, event->value);
    if (!isnan(event->watch_seconds))
        nr_format_double(watch, event->watch_seconds);
    return nr_arena_printf(mem, "%s|%s|%s|%s|%s|%s|%s", event->user_id, event->video_id,
                           nr_action_names[event->action].name, value, when, watch,
                           event->comment ? event->comment : "");
}
