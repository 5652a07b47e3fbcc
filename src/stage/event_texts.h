/* event_texts.h - what the texts of events say. */
#ifndef NR_STAGE_EVENT_TEXTS_H
#define NR_STAGE_EVENT_TEXTS_H

#include "nightreel/stage.h"

/* Sets the sentiment of the comments that have a text and none yet; each distinct text is
 * looked at once. */
enum nr_status nr_events_feel(struct nr_event_log *log, struct nr_error *err) NR_MUST_CHECK;

#endif
