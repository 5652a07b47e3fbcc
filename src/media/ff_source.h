/* ff_source.h - a file descriptor as FFmpeg's input, and nothing but that. */
#ifndef NR_MEDIA_FF_SOURCE_H
#define NR_MEDIA_FF_SOURCE_H

#include <libavformat/avformat.h>

#include "nightreel/core.h"

struct nr_source {
    int fd;
    int64_t position, size;
    AVIOContext *io;
    AVFormatContext *format;
};

/* Opens the container and reads what its streams are. NR_ERR_DATA: it cannot be read,
 * or its format is one that opens other files. */
enum nr_status nr_source_open(struct nr_source *source, int fd, struct nr_error *err) NR_MUST_CHECK;
void nr_source_release(struct nr_source *source);

/* FFmpeg's last message of level error since the last clear, one line, "" where none. */
const char *nr_ff_message(void);
void nr_ff_message_clear(void);
/* Whether FFmpeg said that the file ended prematurely, since the last nr_source_open. */
bool nr_ff_ended_early(void);
/* Words for an AVERROR code, with FFmpeg's last message where there is one. */
const char *nr_ff_reason(int code, char *out, size_t size);

#endif
