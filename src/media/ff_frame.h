/* ff_frame.h - FFmpeg's pictures as struct nr_frame. */
#ifndef NR_MEDIA_FF_FRAME_H
#define NR_MEDIA_FF_FRAME_H

#include <libavutil/frame.h>
#include <libswscale/swscale.h>

#include "nightreel/record_frame.h"

/* Room for formats that are not looked at as they are. Zeroed is ready. */
struct nr_frame_form {
    int width, height, format, matrix, range, chroma_place; /* FFmpeg's numbers */
};
struct nr_frame_view {
    struct SwsContext *scaler;
    struct nr_frame_form form; /* what the scaler is for */
    uint8_t *pixels;
    int pixels_size;
};
void nr_frame_view_release(struct nr_frame_view *view);

/* Fills *out with pointers into `picture`, or into the view after a conversion to BGR by
 * swscale: of formats that the pixel kernels do not know (packed YUV, palettes, RGB in
 * any order, big-endian samples), and, with `exact` or where the picture is small, of
 * those whose chroma they would treat more simply than swscale does (all but 8-bit
 * 4:2:0 and 4:2:2 of even size). False where FFmpeg cannot convert it. `time` is left at 0. */
bool nr_frame_view_fill(struct nr_frame_view *view, const AVFrame *picture, bool exact, struct nr_frame *out);

#endif
