/* cleaning.h - a small log through the cleaner, for the tests of the behaviour room. */
#ifndef NR_TESTS_CLEANING_H
#define NR_TESTS_CLEANING_H

#include "support/support.h"

#include "nightreel/behaviour.h"

#define NR_CLEANING_FIELDS 16
#define NR_CLEANING_NOW    INT64_C(1767225600000) /* 2026-01-01 */

struct nr_cleaning_note {
    size_t line;
    enum nr_clean_verdict verdict;
    enum nr_clean_rule rule;
    char first[64]; /* of the noted fields */
};

struct nr_cleaning {
    struct nr_clean_params params;
    bool stream; /* events are handed out; `log` is filled by that */
    unsigned threads;
    bool silent;  /* no notes are wanted */
    size_t early; /* those that came before the end of the log (not where silent) */
    struct nr_event_log log;
    struct nr_clean_tally tally;
    struct nr_cleaning_note *notes; /* in the order they came */
    size_t note_count, note_capacity;
    struct nr_error err;
};

/* Fields are cut at '|'; an empty piece is an empty field. `lines` is NULL-terminated;
 * the first one is the header; lines are numbered from 1. */
void nr_cleaning_init(struct nr_cleaning *cleaning);
enum nr_status nr_cleaning_run(struct nr_cleaning *cleaning, const char *const *lines);
/* The same with one header and one row. */
enum nr_status nr_cleaning_row(struct nr_cleaning *cleaning, const char *header, const char *row);
void nr_cleaning_release(struct nr_cleaning *cleaning);
size_t nr_cleaning_notes(const struct nr_cleaning *cleaning, enum nr_clean_rule rule, enum nr_clean_verdict verdict);
/* An event as a row that nr_cleaning_run() takes ('|' between the fields). */
char *nr_cleaning_event(const struct nr_event *event, struct nr_arena *mem);

#define NR_CLEANING_HEADER "user_id|video_id|action|value|timestamp|watch_seconds|comment"

#endif
