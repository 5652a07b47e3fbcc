/* subtitle_text.h - plain words out of marked-up subtitle text. */
#ifndef NR_MEDIA_SUBTITLE_TEXT_H
#define NR_MEDIA_SUBTITLE_TEXT_H

#include "nightreel/core.h"

/* Appends text[0..length) to *out without tags (<i>, <c.x>, <v Name>, <00:01.000>),
 * ASS override codes and drawings ({\...}), entities and control characters; \N and
 * \n become line ends, runs of blanks one blank, empty lines none. */
void nr_subtitle_plain(const char *text, size_t length, struct nr_buf *out);

/* Of the files that nr_subtitles_beside() names. */
bool nr_subtitle_extension(const char *extension);
/* Bytes of a video's name that those names begin with, before a dot. */
size_t nr_subtitle_stem(const char *video);

#endif
