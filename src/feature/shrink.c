/* shrink.c - a frame as people see it, small. */
#include <math.h>
#include <stdlib.h>

#include "feature/pixels.h"
#include "nightreel/feature.h"

#include "core/banned.h"

/* A small pixel is the mean of SPREAD x SPREAD pixels spread evenly over its area. */
enum { SPREAD = 2 };

struct shrinking {
    const struct nr_frame *frame;
    struct nr_colour colour;
    int turned_width, turned_height; /* of the frame as displayed */
};

/* The stored pixel that is displayed at x, y after turning clockwise. */
static void stored_at(const struct shrinking *work, int x, int y, int *stored_x, int *stored_y)
{
    int right = work->frame->width - 1, bottom = work->frame->height - 1;
    switch (work->frame->rotation) {
    case 90:
        *stored_x = y;
        *stored_y = bottom - x;
        break;
    case 180:
        *stored_x = right - x;
        *stored_y = bottom - y;
        break;
    case 270:
        *stored_x = right - y;
        *stored_y = x;
        break;
    default:
        *stored_x = x;
        *stored_y = y;
    }
}

static void shrink_pixel(const struct shrinking *work, const struct nr_key_picture *to, int x, int y, uint8_t bgr[3])
{
    int sums[3] = {0};
    for (int i = 0; i < SPREAD * SPREAD; i++) {
        int64_t u = 2 * (int64_t)(SPREAD * x + i % SPREAD) + 1, v = 2 * (int64_t)(SPREAD * y + i / SPREAD) + 1;
        int stored_x, stored_y;
        uint8_t pixel[3], luma;
        stored_at(work, (int)(u * work->turned_width / (2 * SPREAD * (int64_t)to->width)),
                  (int)(v * work->turned_height / (2 * SPREAD * (int64_t)to->height)), &stored_x, &stored_y);
        nr_colour_pixel(&work->colour, work->frame, stored_x, stored_y, pixel, &luma);
        for (int channel = 0; channel < 3; channel++)
            sums[channel] += pixel[channel];
    }
    for (int channel = 0; channel < 3; channel++)
        bgr[channel] = (uint8_t)((sums[channel] + SPREAD * SPREAD / 2) / (SPREAD * SPREAD));
}

/* At most NR_KEY_PICTURE_SIDE each way, with square pixels, never enlarged. */
static void choose_size(const struct shrinking *work, double pixel_aspect, struct nr_key_picture *out)
{
    double width = work->turned_width, height = work->turned_height;
    bool known = pixel_aspect > 0.1 && pixel_aspect < 10;
    if (known && work->frame->rotation % 180 == 0)
        width *= pixel_aspect;
    else if (known)
        height *= pixel_aspect;
    double scale = fmin(1, NR_KEY_PICTURE_SIDE / fmax(width, height));
    out->width = (int)fmax(1, round(width * scale));
    out->height = (int)fmax(1, round(height * scale));
}

enum nr_status nr_key_picture_take(const struct nr_frame *frame, struct nr_key_picture *out, struct nr_error *err)
{
    bool turned = frame->rotation == 90 || frame->rotation == 270;
    struct shrinking work = {
        .frame = frame,
        .turned_width = turned ? frame->height : frame->width,
        .turned_height = turned ? frame->width : frame->height,
    };
    *out = (struct nr_key_picture){.time = frame->time};
    nr_colour_init(&work.colour, frame);
    choose_size(&work, frame->pixel_aspect, out);
    out->bgr = malloc((size_t)out->width * (size_t)out->height * 3);
    if (!out->bgr)
        return nr_fail_nomem(err, "a key picture");
    for (int y = 0; y < out->height; y++)
        for (int x = 0; x < out->width; x++)
            shrink_pixel(&work, out, x, y, out->bgr + 3 * ((size_t)y * (size_t)out->width + (size_t)x));
    return NR_OK;
}
