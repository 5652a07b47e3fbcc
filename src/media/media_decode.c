/* media_decode.c - one file: libsndfile where it knows it, FFmpeg otherwise, and the
 * verdict. */
#include <math.h>
#include <sys/stat.h>

#include "media/decoders.h"

#include "core/banned.h"

enum nr_status nr_media_decode(int fd, const struct nr_decode_params *params, const char *language,
                               const struct nr_decode_sink *sink, struct nr_arena *mem, struct nr_media_info *info,
                               struct nr_cue_list *cues, struct nr_error *reason, struct nr_error *err)
{
    struct stat about = {0};
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
    if (fstat(fd, &about) == 0)
        info->bytes = about.st_size;
    enum nr_status status = nr_sndfile_decode(&job, &known, err);
    if (!status && !known)
        status = nr_ff_decode(&job, err);
    bool complete = reason->text[0] == '\0';
    /* Without complaint, what was not wanted was not missed either. */
    info->status = complete ? NR_MEDIA_OK : job.decoded ? NR_MEDIA_PARTIAL : NR_MEDIA_FAILED;
    return status;
}
