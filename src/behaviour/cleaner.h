/* cleaner.h - the state of one log being cleaned. */
#ifndef NR_BEHAVIOUR_CLEANER_H
#define NR_BEHAVIOUR_CLEANER_H

#include "behaviour/layout.h"

#define NR_CLEAN_EVENTS_MAX ((size_t)1 << 31)

/* Beside each event of the log. */
struct nr_event_origin {
    size_t line;
    bool gone;     /* merged into another one, or rejected after all */
    bool rejected; /* the latter */
    bool repaired;
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
    struct nr_arena scratch; /* of the row in the works */
    /* Events at the start of the log whose time is missing: whether that is a fault
     * shows with the first row that has one. */
    size_t untimed;
    bool timed;
};

/* Counts and hands on what a rule caught. */
enum nr_status nr_cleaner_note(struct nr_cleaner *cleaner, size_t line, enum nr_clean_rule rule,
                               enum nr_clean_verdict verdict, const char *detail, const char *const *fields,
                               size_t count, struct nr_error *err) NR_MUST_CHECK;
/* The same about an event of the log, written as a row again. */
enum nr_status nr_cleaner_note_event(struct nr_cleaner *cleaner, size_t index, enum nr_clean_rule rule,
                                     enum nr_clean_verdict verdict, const char *detail,
                                     struct nr_error *err) NR_MUST_CHECK;
/* The rules that need the whole log. */
enum nr_status nr_cleaner_repeats(struct nr_cleaner *cleaner, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_cleaner_watch_outliers(struct nr_cleaner *cleaner, struct nr_error *err) NR_MUST_CHECK;

#endif
