/* ff_frame.h - FFmpeg's pictures as struct nr_frame. */
#ifndef NR_MEDIA_FF_FRAME_H
#define NR_MEDIA_FF_FRAME_H

#include <libavutil/frame.h>
#include <libswscale/swscale.h>

#include "nightreel/record_frame.h"

/* Room for formats that are not looked at as they are. Zeroed is ready. */
struct nr_frame_view {
    struct SwsContext *scaler;
    uint8_t *pixels;
    int pixels_size;
};
void nr_frame_view_release(struct nr_frame_view *view);

/* Fills *out with pointers into `picture`, or into the view after a conversion to BGR
 * (packed YUV, palettes, RGB in any order, big-endian samples). False where FFmpeg
 * cannot convert it. `time` is left at 0. */
bool nr_frame_view_fill(struct nr_frame_view *view, const AVFrame *picture, struct nr_frame *out);

#endif
