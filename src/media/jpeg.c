/* jpeg.c - small pictures as JPEG, by FFmpeg's encoder. */
#include <libavcodec/avcodec.h>
#include <libavutil/imgutils.h>
#include <libswscale/swscale.h>

#include "nightreel/media.h"

#include "core/banned.h"

enum { QUALITY = 4 }; /* FFmpeg's scale: 2 is best, 31 worst */

struct encoding {
    AVCodecContext *codec;
    AVFrame *picture;
    AVPacket *packet;
    struct SwsContext *scaler;
};

static void release(struct encoding *work)
{
    sws_freeContext(work->scaler);
    av_packet_free(&work->packet);
    av_frame_free(&work->picture);
    avcodec_free_context(&work->codec);
}

static bool open_encoder(struct encoding *work, int width, int height)
{
    const AVCodec *encoder = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
    work->codec = encoder ? avcodec_alloc_context3(encoder) : NULL;
    work->packet = av_packet_alloc();
    work->picture = av_frame_alloc();
    if (!work->codec || !work->packet || !work->picture)
        return false;
    work->codec->width = width;
    work->codec->height = height;
    work->codec->pix_fmt = AV_PIX_FMT_YUVJ420P;
    work->codec->color_range = AVCOL_RANGE_JPEG;
    work->codec->time_base = (AVRational){1, 25};
    work->codec->thread_count = 1;
    work->codec->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
    work->codec->global_quality = FF_QP2LAMBDA * QUALITY;
    return avcodec_open2(work->codec, encoder, NULL) >= 0;
}

/* BGR to the full-range BT.601 YUV that JPEG means. */
static bool convert(struct encoding *work, const uint8_t *bgr, int width, int height)
{
    const int *matrix = sws_getCoefficients(SWS_CS_ITU601);
    const uint8_t *const planes[1] = {bgr};
    const int strides[1] = {3 * width};
    work->picture->format = AV_PIX_FMT_YUVJ420P;
    work->picture->width = width;
    work->picture->height = height;
    work->picture->quality = FF_QP2LAMBDA * QUALITY;
    work->scaler = sws_getContext(width, height, AV_PIX_FMT_BGR24, width, height, AV_PIX_FMT_YUVJ420P,
                                  SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP, NULL, NULL, NULL);
    if (!work->scaler || av_frame_get_buffer(work->picture, 0) < 0)
        return false;
    sws_setColorspaceDetails(work->scaler, matrix, 1, matrix, 1, 0, 1 << 16, 1 << 16);
    return sws_scale(work->scaler, planes, strides, 0, height, work->picture->data, work->picture->linesize) == height;
}

enum nr_status nr_jpeg_encode(const uint8_t *bgr, int width, int height, struct nr_buf *out, struct nr_error *err)
{
    struct encoding work = {.codec = NULL};
    bool made = open_encoder(&work, width, height) && convert(&work, bgr, width, height) &&
                avcodec_send_frame(work.codec, work.picture) >= 0 &&
                avcodec_receive_packet(work.codec, work.packet) >= 0;
    if (made)
        nr_buf_append(out, work.packet->data, (size_t)work.packet->size);
    release(&work);
    return made ? nr_buf_status(out, err)
                : nr_fail(err, NR_ERR_DATA, "a thumbnail of %d x %d pixels cannot be encoded", width, height);
}
