/* ff_frame.c - pictures as they are where the pixel kernels know them. */
#include "media/ff_frame.h"

#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <string.h>

#include "nightreel/core.h"

#include "core/banned.h"

/* swscale's vector code may write this far behind a row. */
enum { SCALER_SLACK = 64 };

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

/* Where the chroma samples lie, in 1/256 of a luma sample; swscale's -513: unknown. */
static void set_chroma_place(struct SwsContext *scaler, const AVPixFmtDescriptor *format, enum AVChromaLocation place)
{
    static const struct {
        enum AVChromaLocation place;
        int x, y;
    } places[] = {{AVCHROMA_LOC_LEFT, 0, 128}, {AVCHROMA_LOC_CENTER, 128, 128},   {AVCHROMA_LOC_TOPLEFT, 0, 0},
                  {AVCHROMA_LOC_TOP, 128, 0},  {AVCHROMA_LOC_BOTTOMLEFT, 0, 256}, {AVCHROMA_LOC_BOTTOM, 128, 256}};
    for (size_t i = 0; i < NR_COUNT(places); i++)
        if (places[i].place == place) {
            if (format->log2_chroma_w)
                av_opt_set_int(scaler, "src_h_chr_pos", places[i].x, 0);
            if (format->log2_chroma_h)
                av_opt_set_int(scaler, "src_v_chr_pos", places[i].y, 0);
        }
}

static struct SwsContext *open_scaler(const AVFrame *picture)
{
    struct SwsContext *scaler = sws_alloc_context();
    if (!scaler)
        return NULL;
    const int *coefficients = sws_getCoefficients(picture->colorspace);
    av_opt_set_int(scaler, "srcw", picture->width, 0);
    av_opt_set_int(scaler, "srch", picture->height, 0);
    av_opt_set_int(scaler, "dstw", picture->width, 0);
    av_opt_set_int(scaler, "dsth", picture->height, 0);
    av_opt_set_int(scaler, "src_format", picture->format, 0);
    av_opt_set_int(scaler, "dst_format", AV_PIX_FMT_BGR24, 0);
    av_opt_set_int(scaler, "sws_flags", SWS_BICUBIC, 0);
    set_chroma_place(scaler, av_pix_fmt_desc_get(picture->format), picture->chroma_location);
    sws_setColorspaceDetails(scaler, coefficients, is_full_range(picture), coefficients, 1, 0, 1 << 16, 1 << 16);
    if (sws_init_context(scaler, NULL, NULL) < 0) {
        sws_freeContext(scaler);
        return NULL;
    }
    return scaler;
}

/* The scaler for pictures like this one, and room for what it makes. */
static bool prepare_view(struct nr_frame_view *view, const AVFrame *picture)
{
    const struct nr_frame_form form = {picture->width,      picture->height,      picture->format,
                                       picture->colorspace, picture->color_range, picture->chroma_location};
    int need = av_image_get_buffer_size(AV_PIX_FMT_BGR24, picture->width, picture->height, 1);
    if (need <= 0)
        return false;
    if (need > view->pixels_size) {
        av_freep(&view->pixels);
        view->pixels = av_malloc((size_t)need + SCALER_SLACK);
        view->pixels_size = view->pixels ? need : 0;
    }
    if (!view->scaler || memcmp(&view->form, &form, sizeof form) != 0) {
        sws_freeContext(view->scaler);
        view->scaler = open_scaler(picture);
        view->form = form;
    }
    return view->pixels && view->scaler;
}

/* Everything else becomes BGR, with the picture's own matrix, range and chroma place. */
static bool fill_converted(struct nr_frame_view *view, const AVFrame *picture, struct nr_frame *out)
{
    int stride = 3 * picture->width;
    if (!prepare_view(view, picture))
        return false;
    uint8_t *planes[4] = {view->pixels};
    if (sws_scale(view->scaler, (const uint8_t *const *)picture->data, picture->linesize, 0, picture->height, planes,
                  (int[4]){stride}) != picture->height)
        return false;
    out->layout = NR_PIXEL_BGR8;
    out->planes[0] = view->pixels;
    out->strides[0] = stride;
    return true;
}

/* What swscale converts by replicating chroma, as the pixel kernels do. It interpolates
 * the chroma of everything else, which shows along edges of saturated colours. */
static bool is_replicated(const AVFrame *picture, const AVPixFmtDescriptor *format)
{
    const AVComponentDescriptor *luma = &format->comp[0];
    if (format->nb_components < 3 || luma->depth != 8)
        return luma->depth == 8;
    bool planar = format->comp[1].plane != format->comp[2].plane;
    bool halved = format->log2_chroma_w == 1 && format->log2_chroma_h <= 1;
    return planar && halved && picture->width % 2 == 0 && picture->height % 2 == 0;
}

bool nr_frame_view_fill(struct nr_frame_view *view, const AVFrame *picture, bool exact, struct nr_frame *out)
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
    bool small = (int64_t)picture->width * picture->height < NR_SMALL_PICTURE;
    bool plain = (!exact && !small) || is_replicated(picture, format);
    return (plain && fill_plain(picture, format, out)) || fill_converted(view, picture, out);
}
