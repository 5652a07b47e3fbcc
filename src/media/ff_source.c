/* ff_source.c - opens a container over a descriptor. */
#include "media/ff_source.h"
#include "media/decoders.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/banned.h"

enum { IO_BUFFER = 64 << 10, MESSAGE_MAX = 200 };
#define STREAMS_MAX    "128"
#define ALLOCATION_MAX ((size_t)512 << 20) /* bytes, for any one of FFmpeg's allocations */

/* ---- messages ------------------------------------------------------------------- */

/* FFmpeg's log is one per process; so is this. Workers have one thread. */
static _Thread_local char last_message[MESSAGE_MAX];
static _Thread_local bool ended_early; /* sticky: small files end while they are probed */

static void keep_message(void *ctx, int level, const char *format, va_list args)
{
    (void)ctx;
    if (level > AV_LOG_ERROR)
        return;
    vsnprintf(last_message, sizeof last_message, format, args);
    last_message[strcspn(last_message, "\r\n")] = '\0';
    ended_early |= strstr(last_message, "ended prematurely") != NULL;
    size_t length = strlen(last_message);
    while (length && strchr(" .:", last_message[length - 1]))
        last_message[--length] = '\0';
}

const char *nr_ff_message(void)
{
    return last_message;
}

void nr_ff_message_clear(void)
{
    last_message[0] = '\0';
}

bool nr_ff_ended_early(void)
{
    return ended_early;
}

const char *nr_ff_reason(int code, char *out, size_t size)
{
    char text[AV_ERROR_MAX_STRING_SIZE];
    av_strerror(code, text, sizeof text);
    if (last_message[0])
        snprintf(out, size, "%s (%s)", text, last_message);
    else
        snprintf(out, size, "%s", text);
    return out;
}

/* ---- input over a descriptor -------------------------------------------------------- */

static int read_some(void *opaque, uint8_t *data, int size)
{
    struct nr_source *source = opaque;
    ssize_t got;
    do
        got = pread(source->fd, data, (size_t)size, source->position);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return AVERROR(errno);
    source->position += got;
    return got ? (int)got : AVERROR_EOF;
}

static int64_t seek_to(void *opaque, int64_t offset, int whence)
{
    struct nr_source *source = opaque;
    whence &= ~AVSEEK_FORCE;
    if (whence == AVSEEK_SIZE)
        return source->size;
    int64_t base = whence == SEEK_CUR ? source->position : whence == SEEK_END ? source->size : 0;
    if (offset < -base || offset > INT64_MAX - base)
        return AVERROR(EINVAL);
    return source->position = base + offset;
}

/* Playlists, concatenations, image sequences: formats made of other files. They could
 * not open them here (see refuse_open); saying so is clearer than what they would say. */
static bool opens_other_files(const char *name)
{
    static const char *const names[] = {"hls",    "applehttp", "concat",     "concatf", "dash", "webm_dash_manifest",
                                        "imf",    "image2",    "rtsp",       "sdp",     "sap",  "rtp",
                                        "vobsub", "avisynth",  "vapoursynth"};
    for (size_t i = 0; i < NR_COUNT(names); i++) {
        size_t length = strlen(names[i]);
        if (strncmp(name, names[i], length) == 0 && (name[length] == '\0' || name[length] == ','))
            return true;
    }
    return false;
}

static int refuse_open(struct AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                       AVDictionary **options)
{
    (void)format;
    (void)url;
    (void)flags;
    (void)options;
    *io = NULL;
    return AVERROR(EPERM);
}

static int open_container(struct nr_source *source, const AVInputFormat *input)
{
    AVDictionary *options = NULL;
    source->format = avformat_alloc_context();
    if (!source->format)
        return AVERROR(ENOMEM);
    source->format->pb = source->io;
    source->format->io_open = refuse_open;
    source->format->flags |= AVFMT_FLAG_CUSTOM_IO;
    int result = av_dict_set(&options, "protocol_whitelist", "none", 0);
    if (result >= 0)
        result = av_dict_set(&options, "max_streams", STREAMS_MAX, 0);
    if (result >= 0)
        result = avformat_open_input(&source->format, "", input, &options);
    av_dict_free(&options);
    return result < 0 ? result : avformat_find_stream_info(source->format, NULL);
}

enum nr_status nr_source_open(struct nr_source *source, int fd, struct nr_error *err)
{
    char text[2 * MESSAGE_MAX];
    *source = (struct nr_source){.fd = fd};
    source->size = nr_fd_size(fd);
    if (source->size < 0)
        return nr_fail(err, NR_ERR_IO, "cannot look at the file: %m");
    if (source->size == 0)
        return nr_fail(err, NR_ERR_DATA, "the file is empty");
    av_log_set_callback(keep_message);
    av_max_alloc(ALLOCATION_MAX);
    nr_ff_message_clear();
    ended_early = false;
    unsigned char *buffer = av_malloc(IO_BUFFER);
    if (buffer)
        source->io = avio_alloc_context(buffer, IO_BUFFER, 0, source, read_some, NULL, seek_to);
    if (!source->io) {
        av_free(buffer);
        return nr_fail_nomem(err, "reading a container");
    }
    const AVInputFormat *input = NULL;
    int result = av_probe_input_buffer2(source->io, &input, "", NULL, 0, 0);
    if (result >= 0 && opens_other_files(input->name))
        return nr_fail(err, NR_ERR_DATA, "format '%s' is refused: it is made of other files", input->name);
    if (result >= 0)
        result = open_container(source, input);
    if (result < 0)
        return nr_fail(err, NR_ERR_DATA, "cannot read the container: %s", nr_ff_reason(result, text, sizeof text));
    return NR_OK;
}

void nr_source_release(struct nr_source *source)
{
    if (!source)
        return;
    avformat_close_input(&source->format);
    if (source->io)
        av_freep(&source->io->buffer);
    avio_context_free(&source->io);
}
