/* layout.h - which column of a log means what. */
#ifndef NR_BEHAVIOUR_LAYOUT_H
#define NR_BEHAVIOUR_LAYOUT_H

#include "nightreel/behaviour.h"

enum nr_log_field {
    NR_LOG_USER,
    NR_LOG_VIDEO,
    NR_LOG_ACTION,
    NR_LOG_VALUE,
    NR_LOG_TIME,
    NR_LOG_WATCH,
    NR_LOG_COMMENT,
    NR_LOG_FIELD_COUNT
};

enum { NR_LOG_FLAGS_MAX = 32 };

struct nr_log_layout {
    int columns[NR_LOG_FIELD_COUNT]; /* -1: the log has none */
    size_t width;                    /* fields of a whole row */
    double watch_scale;              /* to seconds: 1, or 0.001 for milliseconds */
    /* One column for each action: a row is an event for each that is not zero. */
    struct {
        int column;
        enum nr_action action;
    } flags[NR_LOG_FLAGS_MAX];
    size_t flag_count;
    enum nr_action only_action; /* where there is neither an action column nor flags */
    bool has_action;            /* in one way or the other */
    bool headerless;            /* the first line is data */
};

/* `needs_time`: a log without a column for the time is refused. */
enum nr_status nr_log_layout_find(struct nr_log_layout *layout, const char *map, bool needs_time,
                                  const char *const *names, size_t count, struct nr_error *err) NR_MUST_CHECK;

#endif
