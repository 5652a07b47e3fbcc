/* sndfile_decode.c - audio files that libsndfile knows. */
#include <errno.h>
#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "media/decoders.h"
#include "media/reasons.h"
#include "media/resampler.h"

#include "core/banned.h"

enum { CHUNK_FRAMES = 4096, MAGIC = 12 };

/* ---- input over a descriptor ------------------------------------------------------- */

struct input {
    int fd;
    sf_count_t position, size;
};

static sf_count_t input_length(void *ctx)
{
    return ((struct input *)ctx)->size;
}

static sf_count_t input_seek(sf_count_t offset, int whence, void *ctx)
{
    struct input *in = ctx;
    sf_count_t base = whence == SEEK_CUR ? in->position : whence == SEEK_END ? in->size : 0;
    if (offset < -base || offset > INT64_MAX - base)
        return -1;
    return in->position = base + offset;
}

static sf_count_t input_read(void *data, sf_count_t size, void *ctx)
{
    struct input *in = ctx;
    ssize_t got;
    do
        got = pread(in->fd, data, (size_t)size, in->position);
    while (got < 0 && errno == EINTR);
    in->position += got > 0 ? got : 0;
    return got > 0 ? got : 0;
}

static sf_count_t input_write(const void *data, sf_count_t size, void *ctx)
{
    (void)data;
    (void)size;
    (void)ctx;
    return 0;
}

static sf_count_t input_tell(void *ctx)
{
    return ((struct input *)ctx)->position;
}

/* By magic: what else libsndfile reads (MP3, raw) FFmpeg reads as well and says more. */
static bool worth_trying(int fd)
{
    unsigned char head[MAGIC];
    if (pread(fd, head, sizeof head, 0) != (ssize_t)sizeof head)
        return false;
    bool wave = (memcmp(head, "RIFF", 4) == 0 || memcmp(head, "RIFX", 4) == 0 || memcmp(head, "RF64", 4) == 0) &&
                memcmp(head + 8, "WAVE", 4) == 0;
    bool aiff = memcmp(head, "FORM", 4) == 0 && memcmp(head + 8, "AIF", 3) == 0;
    return wave || aiff || memcmp(head, "fLaC", 4) == 0 || memcmp(head, "OggS", 4) == 0;
}

/* ---- names ------------------------------------------------------------------------------ */

static const char *container_name(int format)
{
    switch (format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_WAV:
    case SF_FORMAT_WAVEX:
    case SF_FORMAT_RF64:
        return "wav";
    case SF_FORMAT_AIFF:
        return "aiff";
    case SF_FORMAT_FLAC:
        return "flac";
    case SF_FORMAT_OGG:
        return "ogg";
    default:
        return "sndfile";
    }
}

/* FFmpeg's names of codecs, so that a record reads the same either way. */
static const char *codec_name(int format)
{
    static const struct {
        int subtype;
        const char *name;
    } codecs[] = {{SF_FORMAT_PCM_S8, "pcm_s8"},     {SF_FORMAT_PCM_U8, "pcm_u8"},  {SF_FORMAT_PCM_16, "pcm_s16"},
                  {SF_FORMAT_PCM_24, "pcm_s24"},    {SF_FORMAT_PCM_32, "pcm_s32"}, {SF_FORMAT_FLOAT, "pcm_f32"},
                  {SF_FORMAT_DOUBLE, "pcm_f64"},    {SF_FORMAT_ULAW, "pcm_mulaw"}, {SF_FORMAT_ALAW, "pcm_alaw"},
                  {SF_FORMAT_VORBIS, "vorbis"},     {SF_FORMAT_OPUS, "opus"},      {SF_FORMAT_IMA_ADPCM, "adpcm_ima"},
                  {SF_FORMAT_MS_ADPCM, "adpcm_ms"}, {SF_FORMAT_GSM610, "gsm"}};
    if ((format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC)
        return "flac";
    for (size_t i = 0; i < NR_COUNT(codecs); i++)
        if (codecs[i].subtype == (format & SF_FORMAT_SUBMASK))
            return codecs[i].name;
    return "other";
}

/* ---- the pass ------------------------------------------------------------------------------ */

static enum nr_status read_all(struct nr_decode_job *job, SNDFILE *file, const SF_INFO *about, struct nr_error *err)
{
    struct nr_resampler resampler = {.sink = job->sink};
    struct nr_sound_form form = {.format = AV_SAMPLE_FMT_FLT, .rate = about->samplerate};
    size_t values;
    if (!nr_size_mul(CHUNK_FRAMES, (size_t)about->channels, &values))
        return nr_fail_nomem(err, "sound");
    float *chunk = calloc(values, sizeof *chunk);
    if (!chunk)
        return nr_fail_nomem(err, "sound");
    av_channel_layout_default(&form.layout, about->channels);
    struct nr_error why = {.text = ""};
    sf_count_t got, total = 0;
    enum nr_status status = NR_OK;
    while (!status && (got = sf_readf_float(file, chunk, CHUNK_FRAMES)) > 0) {
        total += got;
        status = nr_resampler_feed(&resampler, &form, (const uint8_t *const[]){(const uint8_t *)chunk}, (int)got, &why);
    }
    if (!status)
        status = nr_resampler_flush(&resampler, &why);
    if (status == NR_ERR_DATA) {
        nr_reason_add(job->reasons, "%s", why.text);
        status = NR_OK;
    } else if (status) {
        nr_fail(err, status, "%s", why.text);
    }
    if (sf_error(file) != SF_ERR_NO_ERROR)
        nr_reason_add(job->reasons, "reading stopped at %.2f s: %s", (double)total / about->samplerate,
                      sf_strerror(file));
    else if (about->frames > 0 && about->frames < SF_COUNT_MAX && total < about->frames)
        nr_reason_add(job->reasons, "the file ends at %.2f s of %.2f s", (double)total / about->samplerate,
                      (double)about->frames / about->samplerate);
    else if (total == 0)
        nr_reason_add(job->reasons, "the audio track is empty");
    job->decoded = total > 0;
    job->info->duration = (double)total / about->samplerate;
    nr_resampler_release(&resampler);
    av_channel_layout_uninit(&form.layout);
    free(chunk);
    return status;
}

enum nr_status nr_sndfile_decode(struct nr_decode_job *job, bool *known, struct nr_error *err)
{
    static SF_VIRTUAL_IO io = {input_length, input_seek, input_read, input_write, input_tell};
    int64_t size = nr_fd_size(job->fd);
    *known = false;
    if (size < 0 || !worth_trying(job->fd))
        return NR_OK;
    struct input input = {.fd = job->fd, .size = size};
    SF_INFO about = {.format = 0};
    SNDFILE *file = sf_open_virtual(&io, SFM_READ, &about, &input);
    if (!file)
        return NR_OK; /* FFmpeg will say what is wrong, if anything is */
    *known = about.channels > 0 && about.samplerate > 0 && job->params->audio_track <= 0;
    enum nr_status status = NR_OK;
    if (*known) {
        struct nr_media_info *info = job->info;
        info->container = container_name(about.format);
        info->audio_codec = codec_name(about.format);
        info->sample_rate = about.samplerate;
        info->channels = about.channels;
        info->duration = (double)about.frames / about.samplerate;
        info->frame_rate = NAN;
        job->decoded = true;
        if (job->params->want & NR_WANT_SOUND)
            status = read_all(job, file, &about, err);
    }
    sf_close(file);
    return status;
}
