/* event_texts.c - see event_texts.h. */
#include "stage/event_texts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/language_sentiment.h"

#include "core/banned.h"

enum { TEXTS_AT_ONCE = 256 };

static int text_compare(const void *left, const void *right)
{
    const struct nr_event *a = *(struct nr_event *const *)left, *b = *(struct nr_event *const *)right;
    return strcmp(a->comment, b->comment);
}

static bool wants(const struct nr_event *event)
{
    return event->action == NR_ACTION_COMMENT && event->comment && isnan(event->sentiment);
}

/* Some events in the order of their texts: those of the first TEXTS_AT_ONCE texts; *taken
 * tells how many. */
static enum nr_status feel_some(struct nr_event **events, size_t count, size_t *taken, struct nr_error *err)
{
    const char *texts[TEXTS_AT_ONCE] = {NULL};
    struct nr_strings words[TEXTS_AT_ONCE];
    struct nr_arena mem = {0};
    size_t distinct = 0, at = 0, to = 0;
    for (; to < count; to++) {
        bool next = to == 0 || strcmp(events[to - 1]->comment, events[to]->comment) != 0;
        if (next && distinct == TEXTS_AT_ONCE)
            break;
        if (next)
            texts[distinct++] = events[to]->comment;
    }
    *taken = to;
    enum nr_status status = nr_words_list(texts, distinct, &mem, words, err);
    for (size_t i = 0; i < to && !status; i++) {
        at += i > 0 && strcmp(events[i - 1]->comment, events[i]->comment) != 0;
        events[i]->sentiment = nr_words_sentiment(&words[at]);
    }
    nr_arena_release(&mem);
    return status;
}

enum nr_status nr_events_feel(struct nr_event_log *log, struct nr_error *err)
{
    size_t count = 0, taken = 0;
    for (size_t i = 0; i < log->count; i++)
        count += wants(&log->events[i]);
    if (!count)
        return NR_OK;
    struct nr_event **events = malloc(count * sizeof(struct nr_event *));
    if (!events)
        return nr_fail_nomem(err, "the comments");
    count = 0;
    for (size_t i = 0; i < log->count; i++)
        if (wants(&log->events[i]))
            events[count++] = &log->events[i];
    qsort(events, count, sizeof *events, text_compare);
    enum nr_status status = NR_OK;
    for (size_t at = 0; at < count && !status; at += taken)
        status = feel_some(events + at, count - at, &taken, err);
    free(events);
    return status;
}
