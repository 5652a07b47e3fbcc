/* ff_decode.c - one pass over a container: packets to decoders, frames to the sink. */
#include <math.h>
#include <string.h>

#include "media/decoders.h"
#include "media/ff_frame.h"
#include "media/ff_subtitle.h"
#include "media/ff_tracks.h"
#include "media/reasons.h"
#include "media/resampler.h"

#include "core/banned.h"

/* A container that fails this often in a row is at its end. */
enum { READ_FAILURES_MAX = 32 };
/* How far the last packet may lie before the end that the header names. */
#define SHORT_SECONDS 0.3
#define SHORT_SHARE   0.05
#define ABSURD        100

struct pass {
    struct nr_decode_job *job;
    struct nr_source source;
    struct nr_tracks tracks;
    struct nr_frame_view view;
    struct nr_resampler resampler;
    AVPacket *packet;
    AVFrame *frame;
    bool seen_key;
    int rotation; /* of the pictures, see struct nr_frame */
    bool has_start;
    double start;          /* s: first picture shown */
    double last, last_raw; /* s: last packet's end, from the stream's start and as the timestamps say */
    int64_t slot;          /* of 1/fps, last one that gave a frame */
    int64_t pictures;      /* handed on */
    int64_t samples;
    bool ended_early;
};

static double seconds_of(const AVStream *stream, int64_t ticks)
{
    return (double)ticks * av_q2d(stream->time_base);
}

/* Malformed data is a reason, not the end of the pass. */
static enum nr_status costs_itself(struct pass *pass, enum nr_status status, const struct nr_error *why,
                                   struct nr_error *err)
{
    if (status != NR_ERR_DATA)
        return status ? nr_fail(err, status, "%s", why->text) : NR_OK;
    nr_reason_add(pass->job->reasons, "%s", why->text);
    return NR_OK;
}

/* ---- pictures --------------------------------------------------------------------- */

/* Presentation time from the first picture on; a picture without a timestamp follows
 * the one before it. */
static double picture_time(struct pass *pass)
{
    const AVStream *stream = pass->tracks.picture.stream;
    int64_t ticks = pass->frame->best_effort_timestamp;
    double rate = stream->avg_frame_rate.num > 0 ? av_q2d(stream->avg_frame_rate) : 25;
    double time = ticks != AV_NOPTS_VALUE ? seconds_of(stream, ticks)
                                          : pass->start + (double)(pass->tracks.picture.frames - 1) / rate;
    if (!pass->has_start) {
        pass->start = ticks != AV_NOPTS_VALUE ? time : 0;
        pass->has_start = true;
        return 0;
    }
    return time - pass->start;
}

/* With fps=N: the first picture of each 1/N of a second counts. A small allowance
 * keeps a timestamp rounded down by its time base in the slot that it opens. */
static bool wants_picture(struct pass *pass, double time)
{
    const struct nr_decode_params *params = pass->job->params;
    if (params->frames != NR_FRAMES_FPS)
        return true;
    int64_t slot = (int64_t)floor(time * params->fps + 1e-3);
    if (pass->pictures > 0 && slot <= pass->slot)
        return false;
    pass->slot = slot;
    return true;
}

static enum nr_status use_picture(struct pass *pass, struct nr_error *err)
{
    struct nr_frame picture;
    const struct nr_decode_sink *sink = pass->job->sink;
    pass->tracks.picture.frames++;
    double time = picture_time(pass);
    if (!wants_picture(pass, time))
        return NR_OK;
    if (!nr_frame_view_fill(&pass->view, pass->frame, pass->job->params->exact, &picture)) {
        nr_reason_add(pass->job->reasons, "pictures of format %d cannot be converted", pass->frame->format);
        return NR_OK;
    }
    picture.time = time;
    picture.rotation = pass->rotation;
    picture.pixel_aspect =
        av_q2d(av_guess_sample_aspect_ratio(pass->source.format, pass->tracks.picture.stream, pass->frame));
    pass->pictures++;
    struct nr_error why = {.text = ""};
    return costs_itself(pass, sink->picture(sink->ctx, &picture, &why), &why, err);
}

/* ---- sound ---------------------------------------------------------------------------- */

static enum nr_status use_sound(struct pass *pass, struct nr_error *err)
{
    struct nr_error why = {.text = ""};
    const AVFrame *frame = pass->frame;
    struct nr_sound_form form = {frame->format, frame->sample_rate, frame->ch_layout};
    pass->tracks.sound.frames++;
    pass->samples += frame->nb_samples;
    enum nr_status status = nr_resampler_feed(&pass->resampler, &form, (const uint8_t *const *)frame->extended_data,
                                              frame->nb_samples, &why);
    return costs_itself(pass, status, &why, err);
}

/* ---- packets to decoders ------------------------------------------------------------------ */

typedef enum nr_status (*frame_user)(struct pass *pass, struct nr_error *err);

/* All frames that the decoder has ready; *result is what ended them. */
static enum nr_status take_frames(struct pass *pass, struct nr_track *track, frame_user use, int *result,
                                  struct nr_error *err)
{
    enum nr_status status = NR_OK;
    while (!status && (*result = avcodec_receive_frame(track->codec, pass->frame)) >= 0) {
        status = use(pass, err);
        av_frame_unref(pass->frame);
    }
    return status;
}

/* Packet NULL drains the decoder. What it refuses before its first frame does not
 * count: a stream cut at any point starts so. */
static enum nr_status decode(struct pass *pass, struct nr_track *track, const AVPacket *packet, frame_user use,
                             struct nr_error *err)
{
    int taken = 0;
    int sent = avcodec_send_packet(track->codec, packet);
    track->packets += packet != NULL;
    enum nr_status status = take_frames(pass, track, use, &taken, err);
    if (!status && sent == AVERROR(EAGAIN)) {
        sent = avcodec_send_packet(track->codec, packet);
        status = take_frames(pass, track, use, &taken, err);
    }
    bool refused = (sent < 0 && sent != AVERROR_EOF) || (taken < 0 && taken != AVERROR(EAGAIN) && taken != AVERROR_EOF);
    if (refused && track->frames > 0)
        track->broken++;
    if (refused && !track->why[0])
        nr_ff_reason(sent < 0 ? sent : taken, track->why, sizeof track->why);
    return status;
}

/* With key frames only: as long as there is nothing to show for it everything is tried.
 * Not every container marks key frames, and an edit list may hide the first one. */
static bool wants_packet(struct pass *pass)
{
    bool key = (pass->packet->flags & AV_PKT_FLAG_KEY) != 0;
    pass->seen_key |= key && !(pass->packet->flags & AV_PKT_FLAG_DISCARD);
    bool nothing_yet = !pass->seen_key && pass->tracks.picture.frames == 0;
    return pass->job->params->frames != NR_FRAMES_KEY || key || nothing_yet;
}

static void note_time(struct pass *pass, const AVStream *stream)
{
    const AVPacket *packet = pass->packet;
    int64_t ticks = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    if (ticks == AV_NOPTS_VALUE)
        return;
    ticks += packet->duration > 0 ? packet->duration : 0;
    pass->last_raw = fmax(pass->last_raw, seconds_of(stream, ticks));
    if (stream->start_time != AV_NOPTS_VALUE)
        ticks -= stream->start_time;
    pass->last = fmax(pass->last, seconds_of(stream, ticks));
}

static enum nr_status use_packet(struct pass *pass, struct nr_error *err)
{
    struct nr_tracks *tracks = &pass->tracks;
    int index = pass->packet->stream_index;
    if (tracks->picture.stream && index == tracks->picture.stream->index) {
        note_time(pass, tracks->picture.stream);
        return wants_packet(pass) ? decode(pass, &tracks->picture, pass->packet, use_picture, err) : NR_OK;
    }
    if (tracks->sound.stream && index == tracks->sound.stream->index) {
        note_time(pass, tracks->sound.stream);
        return decode(pass, &tracks->sound, pass->packet, use_sound, err);
    }
    if (tracks->words.stream && index == tracks->words.stream->index)
        return nr_ff_subtitle(&tracks->words, pass->packet, pass->job->cues, err);
    return NR_OK;
}

static enum nr_status read_packets(struct pass *pass, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    int failures = 0;
    char text[512];
    nr_ff_message_clear();
    while (!status) {
        int result = av_read_frame(pass->source.format, pass->packet);
        if (result == AVERROR_EOF)
            break;
        if (result < 0) {
            pass->ended_early = true;
            if (++failures == READ_FAILURES_MAX || avio_feof(pass->source.io)) {
                nr_reason_add(pass->job->reasons, "reading stopped at %.2f s: %s", pass->last,
                              nr_ff_reason(result, text, sizeof text));
                break;
            }
            continue;
        }
        failures = 0;
        status = use_packet(pass, err);
        av_packet_unref(pass->packet);
    }
    return status;
}

static enum nr_status drain(struct pass *pass, struct nr_error *err)
{
    struct nr_tracks *tracks = &pass->tracks;
    enum nr_status status = NR_OK;
    if (tracks->picture.codec)
        status = decode(pass, &tracks->picture, NULL, use_picture, err);
    if (!status && tracks->sound.codec)
        status = decode(pass, &tracks->sound, NULL, use_sound, err);
    if (!status)
        status = nr_resampler_flush(&pass->resampler, err);
    return status;
}

/* ---- what came of it ------------------------------------------------------------------------ */

static void judge_track(struct pass *pass, const struct nr_track *track, const char *kind)
{
    if (!track->stream)
        return;
    if (track->frames == 0 && track->packets > 0)
        nr_reason_add(pass->job->reasons, "no %s frame could be decoded%s%s", kind, track->why[0] ? ": " : "",
                      track->why);
    else if (track->frames == 0 && !pass->ended_early)
        nr_reason_add(pass->job->reasons, "the %s track is empty", kind);
    else if (track->broken > 0)
        nr_reason_add(pass->job->reasons, "%lld of %lld %s packets could not be decoded: %s", (long long)track->broken,
                      (long long)track->packets, kind, track->why);
}

static bool is_still(const char *container)
{
    size_t length = strlen(container);
    return length > 5 && strcmp(container + length - 5, "_pipe") == 0;
}

/* How long the streams looked at should be, by the headers; 0: nobody knows. */
static double expected_seconds(const struct pass *pass)
{
    const AVFormatContext *format = pass->source.format;
    const struct nr_track *tracks[] = {&pass->tracks.picture, &pass->tracks.sound};
    double longest = 0;
    bool complete = true;
    for (size_t i = 0; i < NR_COUNT(tracks); i++) {
        const AVStream *stream = tracks[i]->stream;
        if (stream && stream->duration > 0)
            longest = fmax(longest, seconds_of(stream, stream->duration));
        complete &= !stream || stream->duration > 0;
    }
    bool guessed = format->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
    if (guessed || is_still(format->iformat->name))
        return 0;
    if (complete)
        return longest;
    bool all = (pass->job->params->want & NR_WANT_ALL) == NR_WANT_ALL; /* the container's is for all its streams */
    return all && format->duration > 0 ? (double)format->duration / AV_TIME_BASE : 0;
}

static void judge_end(struct pass *pass)
{
    struct nr_media_info *info = pass->job->info;
    double expected = expected_seconds(pass);
    /* A header that claims a hundred times what is there, without anything missing, errs. */
    if (!pass->ended_early && pass->last > 0 && expected > ABSURD * pass->last)
        expected = info->duration = pass->last;
    if (pass->last > 0 && expected - fmax(pass->last, pass->last_raw) > SHORT_SECONDS + SHORT_SHARE * expected)
        nr_reason_add(pass->job->reasons, "the file ends at %.2f s of %.2f s", pass->last, expected);
    else if (nr_ff_ended_early())
        nr_reason_add(pass->job->reasons, "the file ends early, at %.2f s", pass->last);
    if (is_still(pass->source.format->iformat->name))
        info->duration = info->frame_rate = NAN;
    else if (isnan(info->duration) && pass->last > 0)
        info->duration = pass->last;
}

static enum nr_status run_pass(struct pass *pass, struct nr_error *err)
{
    struct nr_decode_job *job = pass->job;
    struct nr_error why = {.text = ""};
    enum nr_status status = nr_source_open(&pass->source, job->fd, &why);
    if (status == NR_ERR_DATA || status == NR_ERR_IO) {
        nr_reason_add(job->reasons, "%s", why.text);
        return NR_OK;
    }
    if (status)
        return nr_fail(err, status, "%s", why.text);
    status = nr_tracks_open(&pass->tracks, &pass->source, job->params, job->language, job->mem, job->info, job->reasons,
                            err);
    if (!status && pass->tracks.picture.stream)
        pass->rotation = nr_track_rotation(&pass->tracks.picture);
    if (!status)
        status = read_packets(pass, err);
    if (!status)
        status = drain(pass, err);
    if (status)
        return status;
    judge_track(pass, &pass->tracks.picture, "video");
    judge_track(pass, &pass->tracks.sound, "audio");
    judge_end(pass);
    if (!job->reasons->text[0] && !job->info->video_codec && !job->info->audio_codec && job->info->subtitles.count == 0)
        nr_reason_add(job->reasons, "there is no picture, no sound and no subtitle in it");
    job->decoded = pass->pictures > 0 || pass->samples > 0 || job->cues->count > 0;
    return NR_OK;
}

enum nr_status nr_ff_decode(struct nr_decode_job *job, struct nr_error *err)
{
    struct pass pass = {.job = job, .resampler = {.sink = job->sink}};
    pass.packet = av_packet_alloc();
    pass.frame = av_frame_alloc();
    enum nr_status status = pass.packet && pass.frame ? run_pass(&pass, err) : nr_fail_nomem(err, "a decoder");
    nr_resampler_release(&pass.resampler);
    nr_frame_view_release(&pass.view);
    nr_tracks_release(&pass.tracks);
    nr_source_release(&pass.source);
    av_packet_free(&pass.packet);
    av_frame_free(&pass.frame);
    return status;
}
