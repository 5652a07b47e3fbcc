/* ff_frame.c - pictures as they are where the pixel kernels know them. */
#include "media/ff_frame.h"

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>

#include "core/banned.h"

void nr_frame_view_release(struct nr_frame_view *view)
{
    sws_freeContext(view->scaler);
    av_freep(&view->pixels);
    *view = (struct nr_frame_view){.scaler = NULL};
}

static enum nr_colour_matrix matrix_of(enum AVColorSpace space)
{
    switch (space) {
    case AVCOL_SPC_BT709:
        return NR_MATRIX_BT709;
    case AVCOL_SPC_FCC:
        return NR_MATRIX_FCC;
    case AVCOL_SPC_SMPTE240M:
        return NR_MATRIX_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
        return NR_MATRIX_BT2020;
    default:
        return NR_MATRIX_BT601;
    }
}

static bool is_full_range(const AVFrame *picture)
{
    switch (picture->format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ411P:
        return true;
    default:
        return picture->color_range == AVCOL_RANGE_JPEG;
    }
}

/* Samples at the start of their words, one after the other, in the machine's order. */
static bool is_plain(const AVPixFmtDescriptor *format)
{
    const uint64_t odd = AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL |
                         AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT;
    const AVComponentDescriptor *luma = &format->comp[0];
    int bytes = luma->depth > 8 ? 2 : 1;
    if ((format->flags & odd) || luma->plane != 0 || luma->offset != 0 || luma->step != bytes)
        return false;
    bool big = (format->flags & AV_PIX_FMT_FLAG_BE) != 0;
    return bytes == 1 || big == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

/* U and V of equal depth in planes of their own, or taking turns in one. */
static bool has_plain_chroma(const AVPixFmtDescriptor *format)
{
    const AVComponentDescriptor *luma = &format->comp[0], *u = &format->comp[1], *v = &format->comp[2];
    int bytes = luma->depth > 8 ? 2 : 1;
    bool alike = u->depth == luma->depth && v->depth == luma->depth && u->shift == luma->shift &&
                 v->shift == luma->shift && u->plane > 0 && v->plane > 0 && u->plane < 3 && v->plane < 3;
    return alike && u->step == v->step && (u->step == bytes || u->step == 2 * bytes) && format->log2_chroma_w <= 2 &&
           format->log2_chroma_h <= 2;
}

static bool fill_plain(const AVFrame *picture, const AVPixFmtDescriptor *format, struct nr_frame *out)
{
    const AVComponentDescriptor *luma = &format->comp[0];
    bool wide = luma->depth > 8, grey = format->nb_components < 3;
    if (!is_plain(format) || (!grey && !has_plain_chroma(format)))
        return false;
    out->layout = grey ? wide ? NR_PIXEL_GREY16 : NR_PIXEL_GREY8 : wide ? NR_PIXEL_YUV16 : NR_PIXEL_YUV8;
    /* P010 and its kind fill the high bits: the same as 16 significant ones. */
    out->depth = luma->depth + luma->shift;
    out->planes[0] = picture->data[0];
    out->strides[0] = picture->linesize[0];
    for (int i = 1; i < 3 && !grey; i++) {
        const AVComponentDescriptor *chroma = &format->comp[i];
        out->planes[i] = picture->data[chroma->plane] + chroma->offset;
        out->strides[i] = picture->linesize[chroma->plane];
        out->chroma_step = chroma->step / (wide ? 2 : 1);
    }
    out->chroma_shift_x = grey ? 0 : format->log2_chroma_w;
    out->chroma_shift_y = grey ? 0 : format->log2_chroma_h;
    return true;
}

/* Everything else becomes BGR, with the picture's own matrix and range. */
static bool fill_converted(struct nr_frame_view *view, const AVFrame *picture, struct nr_frame *out)
{
    int width = picture->width, height = picture->height, stride = 3 * width;
    int need = av_image_get_buffer_size(AV_PIX_FMT_BGR24, width, height, 1);
    if (need <= 0)
        return false;
    if (need > view->pixels_size) {
        av_freep(&view->pixels);
        view->pixels = av_malloc((size_t)need + 64);
        view->pixels_size = view->pixels ? need : 0;
    }
    view->scaler = sws_getCachedContext(view->scaler, width, height, picture->format, width, height, AV_PIX_FMT_BGR24,
                                        SWS_BICUBIC, NULL, NULL, NULL);
    if (!view->pixels || !view->scaler)
        return false;
    const int *coefficients = sws_getCoefficients(picture->colorspace);
    sws_setColorspaceDetails(view->scaler, coefficients, is_full_range(picture), coefficients, 1, 0, 1 << 16, 1 << 16);
    uint8_t *planes[4] = {view->pixels};
    if (sws_scale(view->scaler, (const uint8_t *const *)picture->data, picture->linesize, 0, height, planes,
                  (int[4]){stride}) != height)
        return false;
    out->layout = NR_PIXEL_BGR8;
    out->planes[0] = view->pixels;
    out->strides[0] = stride;
    return true;
}

bool nr_frame_view_fill(struct nr_frame_view *view, const AVFrame *picture, struct nr_frame *out)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(picture->format);
    *out = (struct nr_frame){
        .width = picture->width,
        .height = picture->height,
        .chroma_step = 1,
        .depth = 8,
        .matrix = matrix_of(picture->colorspace),
        .full_range = is_full_range(picture),
    };
    if (!format || picture->width <= 0 || picture->height <= 0)
        return false;
    return fill_plain(picture, format, out) || fill_converted(view, picture, out);
}
