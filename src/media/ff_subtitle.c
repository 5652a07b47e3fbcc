/* ff_subtitle.c - FFmpeg's subtitle decoders turn every text format into ASS events. */
#include "media/ff_subtitle.h"

#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

/* ReadOrder, Layer, Style, Name, MarginL, MarginR, MarginV, Effect, then the text. */
enum { ASS_FIELDS_BEFORE_TEXT = 8 };

static const char *ass_text(const char *event)
{
    for (int field = 0; field < ASS_FIELDS_BEFORE_TEXT; field++) {
        const char *comma = strchr(event, ',');
        if (!comma)
            return "";
        event = comma + 1;
    }
    return event;
}

static enum nr_status add_text(struct nr_cue_list *cues, int64_t start_ms, int64_t end_ms, const char *text,
                               struct nr_error *err)
{
    size_t length = strlen(text);
    if (nr_utf8_valid(text, length))
        return nr_cue_list_add(cues, start_ms, end_ms, text, length, err);
    struct nr_buf converted = {0};
    const char *encoding = NULL;
    enum nr_status status = nr_charset_to_utf8(text, length, &converted, &encoding, err);
    if (!status)
        status = nr_cue_list_add(cues, start_ms, end_ms, converted.data, converted.length, err);
    else if (status == NR_ERR_DATA)
        status = NR_OK; /* costs itself */
    nr_buf_release(&converted);
    return status;
}

enum nr_status nr_ff_subtitle(struct nr_track *track, const AVPacket *packet, struct nr_cue_list *cues,
                              struct nr_error *err)
{
    AVSubtitle subtitle = {0};
    AVPacket *mine = av_packet_clone(packet); /* the decoder takes a packet that it may change */
    int got = 0;
    if (!mine)
        return nr_fail_nomem(err, "subtitles");
    track->packets++;
    int result = avcodec_decode_subtitle2(track->codec, &subtitle, &got, mine);
    double tick = 1000 * av_q2d(track->stream->time_base);
    int64_t start = packet->pts == AV_NOPTS_VALUE ? NR_TIME_NONE : (int64_t)((double)packet->pts * tick);
    int64_t end = start == NR_TIME_NONE ? start : start + (int64_t)((double)packet->duration * tick);
    enum nr_status status = NR_OK;
    for (unsigned i = 0; result >= 0 && got && i < subtitle.num_rects && !status; i++) {
        const AVSubtitleRect *rect = subtitle.rects[i];
        const char *text = rect->ass ? ass_text(rect->ass) : rect->text ? rect->text : "";
        status = add_text(cues, start, end, text, err);
        track->frames++;
    }
    avsubtitle_free(&subtitle);
    av_packet_free(&mine);
    return status;
}
