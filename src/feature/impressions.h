/* impressions.h - numbers about picture and sound put into words. */
#ifndef NR_FEATURE_IMPRESSIONS_H
#define NR_FEATURE_IMPRESSIONS_H

#include "nightreel/record.h"

/* The words whose range the measures fall into, in the order of the table. Measures
 * that are NAN give none. */
void nr_impressions_of_picture(const struct nr_visual *visual, struct nr_arena *mem, struct nr_strings *out);
void nr_impressions_of_sound(const struct nr_audio *audio, struct nr_arena *mem, struct nr_strings *out);

#endif
