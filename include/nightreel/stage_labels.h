/* nightreel/stage_labels.h - an editor's labels: what videos are about and their mood. */
#ifndef NIGHTREEL_STAGE_LABELS_H
#define NIGHTREEL_STAGE_LABELS_H

#include "nightreel/language_quality.h"

/* CSV with the columns video_id, topics (split as a catalogue's tags are) and
 * sentiment; either of the two may be empty or missing. NR_ERR_DATA with file:line: a
 * video twice, an unknown sentiment. Everything lives in `mem`. */
enum nr_status nr_labels_read(const char *path, struct nr_arena *mem, struct nr_label_list *out,
                              struct nr_error *err) NR_MUST_CHECK;

#endif
