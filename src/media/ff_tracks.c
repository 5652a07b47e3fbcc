/* ff_tracks.c - chooses streams and opens their decoders. */
#include "media/ff_tracks.h"

#include <libavutil/display.h>
#include <math.h>
#include <string.h>

#include "media/reasons.h"

#include "core/banned.h"

#define PIXELS_MAX (INT64_C(1) << 26) /* of a picture: 8192 x 8192 */

static bool is_kind(const AVStream *stream, enum AVMediaType kind)
{
    return stream->codecpar->codec_type == kind;
}

static bool is_cover(const AVStream *stream)
{
    return (stream->disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) != 0;
}

static bool is_default(const AVStream *stream)
{
    return (stream->disposition & AV_DISPOSITION_DEFAULT) != 0;
}

static bool is_text(const AVStream *stream)
{
    const AVCodecDescriptor *codec = avcodec_descriptor_get(stream->codecpar->codec_id);
    return codec && (codec->props & AV_CODEC_PROP_TEXT_SUB);
}

static bool can_decode(const AVStream *stream)
{
    return avcodec_find_decoder(stream->codecpar->codec_id) != NULL;
}

/* ISO 639-2 of containers to the codes of catalogues; others stay as they are. */
static const char *short_language(const AVStream *stream)
{
    static const struct {
        const char *three, *two;
    } codes[] = {{"chi", "zh"}, {"zho", "zh"}, {"cmn", "zh"}, {"yue", "zh"}, {"eng", "en"}, {"jpn", "ja"},
                 {"kor", "ko"}, {"fre", "fr"}, {"fra", "fr"}, {"ger", "de"}, {"deu", "de"}, {"spa", "es"},
                 {"ita", "it"}, {"rus", "ru"}, {"por", "pt"}, {"ara", "ar"}};
    const AVDictionaryEntry *tag = av_dict_get(stream->metadata, "language", NULL, 0);
    if (!tag || strcmp(tag->value, "und") == 0)
        return "";
    for (size_t i = 0; i < NR_COUNT(codes); i++)
        if (strcmp(codes[i].three, tag->value) == 0)
            return codes[i].two;
    return tag->value;
}

/* ---- choosing: the stream with the highest mark, the first of equals ------------- */

/* Of several pictures the one that says it is the default, as players choose. */
static AVStream *choose_picture(const AVFormatContext *format)
{
    AVStream *best = NULL;
    int best_mark = -1;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        AVStream *stream = format->streams[i];
        if (!is_kind(stream, AVMEDIA_TYPE_VIDEO) || is_cover(stream))
            continue;
        int mark = 2 * can_decode(stream) + is_default(stream);
        if (mark > best_mark) {
            best = stream;
            best_mark = mark;
        }
    }
    return best;
}

static AVStream *choose_sound(const AVFormatContext *format, int wanted, struct nr_error *reasons)
{
    AVStream *best = NULL;
    int tracks = 0;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        AVStream *stream = format->streams[i];
        if (!is_kind(stream, AVMEDIA_TYPE_AUDIO))
            continue;
        if (tracks++ == wanted)
            return stream;
        int mark = 2 * can_decode(stream) + is_default(stream);
        if (!best || mark > 2 * can_decode(best) + is_default(best))
            best = stream;
    }
    if (wanted >= 0 && tracks > 0)
        nr_reason_add(reasons, "there is no sound track %d, only %d", wanted, tracks);
    return wanted < 0 ? best : NULL;
}

static AVStream *choose_words(const AVFormatContext *format, const char *language)
{
    AVStream *best = NULL;
    int best_mark = -1;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        AVStream *stream = format->streams[i];
        if (!is_kind(stream, AVMEDIA_TYPE_SUBTITLE) || !is_text(stream) || !can_decode(stream))
            continue;
        bool spoken = language && *language && strncmp(short_language(stream), language, 2) == 0;
        int mark = 2 * spoken + is_default(stream);
        if (mark > best_mark) {
            best = stream;
            best_mark = mark;
        }
    }
    return best;
}

/* ---- opening ------------------------------------------------------------------------ */

static void tune(AVCodecContext *codec, const struct nr_decode_params *params, const AVCodec *decoder)
{
    codec->thread_count = 1; /* workers are the parallelism */
    codec->max_pixels = PIXELS_MAX;
    if (codec->codec_type == AVMEDIA_TYPE_SUBTITLE)
        codec->sub_charenc_mode = FF_SUB_CHARENC_MODE_IGNORE; /* checked and converted by us */
    if (params->fast_decode && codec->codec_type == AVMEDIA_TYPE_VIDEO) {
        codec->skip_loop_filter = AVDISCARD_ALL;
        codec->flags2 |= AV_CODEC_FLAG2_FAST;
        codec->lowres = decoder->max_lowres > 0;
    }
}

static enum nr_status open_track(struct nr_track *track, AVStream *stream, const struct nr_decode_params *params,
                                 const char *kind, struct nr_error *reasons, struct nr_error *err)
{
    char text[512];
    if (!stream)
        return NR_OK;
    const AVCodec *decoder = avcodec_find_decoder(stream->codecpar->codec_id);
    if (!decoder) {
        bool named = stream->codecpar->codec_id != AV_CODEC_ID_NONE;
        nr_reason_add(reasons, "there is no decoder for %s codec '%s'", kind,
                      named ? avcodec_get_name(stream->codecpar->codec_id)
                            : av_fourcc2str(stream->codecpar->codec_tag));
        return NR_OK;
    }
    track->codec = avcodec_alloc_context3(decoder);
    if (!track->codec)
        return nr_fail_nomem(err, "a decoder");
    int result = avcodec_parameters_to_context(track->codec, stream->codecpar);
    if (result >= 0) {
        track->codec->pkt_timebase = stream->time_base;
        tune(track->codec, params, decoder);
        result = avcodec_open2(track->codec, decoder, NULL);
    }
    if (result < 0) {
        nr_reason_add(reasons, "cannot start %s decoder '%s': %s", kind, decoder->name,
                      nr_ff_reason(result, text, sizeof text));
        avcodec_free_context(&track->codec);
        return NR_OK;
    }
    track->stream = stream;
    stream->discard = AVDISCARD_DEFAULT;
    return NR_OK;
}

int nr_track_rotation(const struct nr_track *track)
{
    size_t size = 0;
    const uint8_t *matrix = av_stream_get_side_data(track->stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    double anticlockwise =
        matrix && size >= 9 * sizeof(int32_t) ? av_display_rotation_get((const int32_t *)(const void *)matrix) : 0;
    if (!isfinite(anticlockwise))
        return 0;
    return (int)((lround(-anticlockwise / 90) % 4 + 4) % 4) * 90;
}

void nr_tracks_release(struct nr_tracks *tracks)
{
    avcodec_free_context(&tracks->picture.codec);
    avcodec_free_context(&tracks->sound.codec);
    avcodec_free_context(&tracks->words.codec);
    *tracks = (struct nr_tracks){0};
}

/* ---- what the record says about streams --------------------------------------------- */

static void describe_subtitles(const AVFormatContext *format, struct nr_arena *mem, struct nr_strings *out)
{
    const char **items = nr_arena_alloc(mem, format->nb_streams + 1, sizeof *items);
    *out = (struct nr_strings){.items = items};
    for (unsigned i = 0; i < format->nb_streams && items; i++) {
        const AVStream *stream = format->streams[i];
        if (!is_kind(stream, AVMEDIA_TYPE_SUBTITLE))
            continue;
        const char *language = short_language(stream);
        const AVCodecDescriptor *codec = avcodec_descriptor_get(stream->codecpar->codec_id);
        bool pictures = codec && (codec->props & AV_CODEC_PROP_BITMAP_SUB);
        const char *text = nr_arena_printf(mem, "embedded %s%s%s%s", codec ? codec->name : "unknown",
                                           pictures ? " (pictures)" : "", *language ? " " : "", language);
        if (text)
            items[out->count++] = text;
    }
}

static void describe(const AVFormatContext *format, const AVStream *picture, const AVStream *sound,
                     struct nr_arena *mem, struct nr_media_info *info)
{
    info->container = nr_arena_strdup(mem, format->iformat->name);
    info->duration = format->duration > 0 ? (double)format->duration / AV_TIME_BASE : NAN;
    info->frame_rate = NAN;
    if (picture) {
        info->video_codec = nr_arena_strdup(mem, avcodec_get_name(picture->codecpar->codec_id));
        info->width = picture->codecpar->width;
        info->height = picture->codecpar->height;
        if (picture->avg_frame_rate.num > 0 && picture->avg_frame_rate.den > 0)
            info->frame_rate = av_q2d(picture->avg_frame_rate);
    }
    if (sound) {
        info->audio_codec = nr_arena_strdup(mem, avcodec_get_name(sound->codecpar->codec_id));
        info->sample_rate = sound->codecpar->sample_rate;
        info->channels = sound->codecpar->ch_layout.nb_channels;
    }
    describe_subtitles(format, mem, &info->subtitles);
}

enum nr_status nr_tracks_open(struct nr_tracks *tracks, struct nr_source *source, const struct nr_decode_params *params,
                              const char *language, struct nr_arena *mem, struct nr_media_info *info,
                              struct nr_error *reasons, struct nr_error *err)
{
    const AVFormatContext *format = source->format;
    *tracks = (struct nr_tracks){0};
    for (unsigned i = 0; i < format->nb_streams; i++)
        format->streams[i]->discard = AVDISCARD_ALL;
    AVStream *picture = choose_picture(format);
    AVStream *sound = choose_sound(format, params->audio_track, reasons);
    describe(format, picture, sound, mem, info);
    enum nr_status status = NR_OK;
    if (params->want & NR_WANT_PICTURE)
        status = open_track(&tracks->picture, picture, params, "video", reasons, err);
    if (!status && (params->want & NR_WANT_SOUND))
        status = open_track(&tracks->sound, sound, params, "audio", reasons, err);
    if (!status && (params->want & NR_WANT_WORDS))
        status = open_track(&tracks->words, choose_words(format, language), params, "subtitle", reasons, err);
    if (!status && mem->failed)
        status = nr_fail_nomem(err, "a media record");
    return status;
}
