/* reasons.h - what went wrong with one file, put together for its error. */
#ifndef NR_MEDIA_REASONS_H
#define NR_MEDIA_REASONS_H

#include "nightreel/core.h"

/* Appends a reason to *reasons behind "; "; each text is kept once. */
void nr_reason_add(struct nr_error *reasons, const char *format, ...) NR_PRINTF(2, 3);

#endif
