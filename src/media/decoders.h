/* decoders.h - the two ways into a file; nr_media_decode chooses. */
#ifndef NR_MEDIA_DECODERS_H
#define NR_MEDIA_DECODERS_H

#include "nightreel/media.h"

/* What one pass works with and fills; all borrowed. */
struct nr_decode_job {
    int fd;
    const struct nr_decode_params *params;
    const char *language; /* of subtitles; may be NULL */
    const struct nr_decode_sink *sink;
    struct nr_arena *mem;
    struct nr_media_info *info;
    struct nr_cue_list *cues;
    struct nr_error *reasons; /* what could not be decoded */
    bool decoded;             /* something was */
};

/* Bytes of a regular file, -1 on failure; by seeking, for a confined worker may not
 * ask about files. Leaves the place at the start. */
int64_t nr_fd_size(int fd);

/* Through FFmpeg. */
enum nr_status nr_ff_decode(struct nr_decode_job *job, struct nr_error *err) NR_MUST_CHECK;
/* Through libsndfile; *known is false where it is none of its formats, and nothing
 * has happened then. */
enum nr_status nr_sndfile_decode(struct nr_decode_job *job, bool *known, struct nr_error *err) NR_MUST_CHECK;

#endif
