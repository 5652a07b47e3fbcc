/* media_decode.c - one file: libsndfile where it knows it, FFmpeg otherwise, and the
 * verdict. */
#include <math.h>
#include <unistd.h>

#include "media/decoders.h"

#include "core/banned.h"

int64_t nr_fd_size(int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    return size < 0 || lseek(fd, 0, SEEK_SET) < 0 ? -1 : size;
}

enum nr_status nr_media_decode(int fd, const struct nr_decode_params *params, const char *language,
                               const struct nr_decode_sink *sink, struct nr_arena *mem, struct nr_media_info *info,
                               struct nr_cue_list *cues, struct nr_error *reason, struct nr_error *err)
{
    struct nr_decode_job job = {
        .fd = fd,
        .params = params,
        .language = language,
        .sink = sink,
        .mem = mem,
        .info = info,
        .cues = cues,
        .reasons = reason,
    };
    bool known = false;
    reason->text[0] = '\0';
    *info = (struct nr_media_info){.duration = NAN, .frame_rate = NAN};
    int64_t size = nr_fd_size(fd);
    info->bytes = size < 0 ? 0 : size;
    enum nr_status status = nr_sndfile_decode(&job, &known, err);
    if (!status && !known)
        status = nr_ff_decode(&job, err);
    bool complete = reason->text[0] == '\0';
    /* Without complaint, what was not wanted was not missed either. */
    info->status = complete ? NR_MEDIA_OK : job.decoded ? NR_MEDIA_PARTIAL : NR_MEDIA_FAILED;
    return status;
}
