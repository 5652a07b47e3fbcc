/* cleaner.h - the state of one log being cleaned. */
#ifndef NR_BEHAVIOUR_CLEANER_H
#define NR_BEHAVIOUR_CLEANER_H

#include "behaviour/layout.h"
#include "behaviour/seen.h"

#define NR_CLEAN_EVENTS_MAX ((size_t)1 << 31)

/* Beside each event of the log: 8 bytes. */
struct nr_event_origin {
    uint64_t line : 61;
    bool gone : 1;     /* merged into another one, or rejected after all */
    bool rejected : 1; /* the latter */
    bool repaired : 1;
};

/* An event on its way out. */
struct nr_waiting {
    struct nr_event event; /* strings in the batch's text */
    struct nr_event_hash hash;
    size_t line;
    bool repaired;
    bool rejected; /* after all: it is only counted */
};

enum { NR_BATCH_EVENTS = 1024, NR_BATCH_TEXT = 1 << 17 };
struct nr_batch {
    struct nr_waiting waiting[NR_BATCH_EVENTS];
    size_t count, text_used;
    char text[NR_BATCH_TEXT];
};

/* Rows are read into one batch while a thread settles the other: whether an event was
 * there before, and its way out. What stands behind `relay` is that thread's while it has
 * a batch. */
struct nr_stream {
    nr_clean_event_fn put;
    void *ctx;
    bool direct; /* as the rows come: no rule needs the whole log */
    struct nr_batch *batches, *filling;
    struct nr_relay *relay; /* NULL: the caller's thread settles */
    struct nr_seen seen;
    struct nr_clean_tally tally; /* of what was settled */
    enum nr_status status;       /* why settling ended */
    struct nr_error err;
    /* The last row that an event was settled of. */
    size_t row_line;
    bool row_open, row_alive, row_rejected, row_repaired;
};

struct nr_cleaner {
    struct nr_clean_params params;
    int64_t until;
    nr_clean_note_fn note;
    void *note_ctx;
    struct nr_log_layout layout;
    const char **header; /* the names of the columns, in `mem`; NULL: none */
    struct nr_arena mem;
    struct nr_event_log log;         /* everything that passed the rules of single rows */
    struct nr_event_origin *origins; /* of log.events */
    size_t origin_capacity;
    struct nr_clean_tally tally;
    struct nr_stream *stream; /* NULL: events go to a log */
    struct nr_arena scratch;  /* of the row in the works */
    /* Events at the start of the log whose time is missing: whether that is a fault
     * shows with the first row that has one. */
    size_t untimed;
    bool timed;
};

#define NR_REPEAT_DETAIL 64

/* Counts and hands on what a rule caught. */
enum nr_status nr_cleaner_note(struct nr_cleaner *cleaner, size_t line, enum nr_clean_rule rule,
                               enum nr_clean_verdict verdict, const char *detail, const char *const *fields,
                               size_t count, struct nr_error *err) NR_MUST_CHECK;
/* The same about an event, written as a row again. */
enum nr_status nr_cleaner_note_event(struct nr_cleaner *cleaner, const struct nr_event *event, size_t line,
                                     enum nr_clean_rule rule, enum nr_clean_verdict verdict, const char *detail,
                                     struct nr_error *err) NR_MUST_CHECK;
/* The rules that need the whole log. */
enum nr_status nr_cleaner_repeats(struct nr_cleaner *cleaner, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_cleaner_watch_outliers(struct nr_cleaner *cleaner, struct nr_error *err) NR_MUST_CHECK;
/* Rows without a time before the first that has one: the fault that they would be further
 * down. A log that has no time at all is another matter. */
enum nr_status nr_cleaner_judge_untimed(struct nr_cleaner *cleaner, struct nr_error *err) NR_MUST_CHECK;
/* "merged into line 7", "the same as line 7". */
void nr_cleaner_repeat_detail(char out[NR_REPEAT_DETAIL], enum nr_clean_verdict verdict, size_t line);
/* What becomes of a row of which no event is left, or some. */
void nr_tally_row(struct nr_clean_tally *tally, bool alive, bool rejected, bool repaired);

/* ---- events that go out as they come (stream.c) --------------------------------------- */

enum nr_status nr_stream_new(struct nr_cleaner *cleaner, nr_clean_event_fn put, void *ctx, unsigned threads,
                             struct nr_error *err) NR_MUST_CHECK;
void nr_stream_free(struct nr_stream *stream);
/* Whether no rule that is set can need more of this layout than the row itself and the
 * hashes of those before it. */
bool nr_stream_can(const struct nr_cleaner *cleaner);
enum nr_status nr_stream_event(struct nr_cleaner *cleaner, const struct nr_event *event, size_t line, bool repaired,
                               struct nr_error *err) NR_MUST_CHECK;
/* Hands the events that wait on. */
enum nr_status nr_stream_flush(struct nr_cleaner *cleaner, struct nr_error *err) NR_MUST_CHECK;
/* Hands out the rows that were kept until a time was seen. */
enum nr_status nr_stream_drain(struct nr_cleaner *cleaner, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_stream_finish(struct nr_cleaner *cleaner, struct nr_error *err) NR_MUST_CHECK;

#endif
