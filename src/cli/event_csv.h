/* event_csv.h - events as rows of a clean behaviour log. */
#ifndef NR_CLI_EVENT_CSV_H
#define NR_CLI_EVENT_CSV_H

#include "nightreel/record.h"

#define NR_EVENT_CSV_HEADER "user_id,video_id,action,value,timestamp,watch_seconds,comment\n"

/* Appends one row. Numbers that are not known are empty; times are epoch seconds,
 * with a fraction where there is one. */
void nr_event_put_csv(const struct nr_event *event, struct nr_buf *out);

#endif
