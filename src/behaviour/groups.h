/* groups.h - events of a log that have ids in common, without sorting the log. */
#ifndef NR_BEHAVIOUR_GROUPS_H
#define NR_BEHAVIOUR_GROUPS_H

#include "nightreel/record.h"

enum nr_group_key {
    NR_GROUP_STREAM, /* user, video and action */
    NR_GROUP_VIDEO,
};

/* 10 bytes for each event. Ids of one log are equal where their addresses are. */
struct nr_groups {
    uint32_t *before; /* the event before in the same group, plus 1; 0: the group's first */
    uint32_t *last;   /* of each group, plus 1; 0: a free place */
    size_t events, places;
    /* Groups of two and more, by their last event; in no order that means anything. */
    uint32_t *several;
    size_t count;
};

enum nr_status nr_groups_make(struct nr_groups *groups, const struct nr_event_log *log, enum nr_group_key key,
                              struct nr_error *err) NR_MUST_CHECK;
void nr_groups_release(struct nr_groups *groups);

#endif
