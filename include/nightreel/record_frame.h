/* nightreel/record_frame.h - a decoded picture and decoded sound: what media hands
 * to feature without either knowing the other.
 */
#ifndef NIGHTREEL_RECORD_FRAME_H
#define NIGHTREEL_RECORD_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decoded sound is always mono float at this rate, full scale -1..1. */
#define NR_PCM_RATE 22050

/* How the samples of a picture lie in memory. */
enum nr_pixel_layout {
    NR_PIXEL_YUV8,   /* Y, U, V bytes, chroma subsampled by the shifts */
    NR_PIXEL_YUV16,  /* the same in native-endian 16-bit words of `depth` bits */
    NR_PIXEL_GREY8,  /* Y only */
    NR_PIXEL_GREY16, /* Y only, words of `depth` bits */
    NR_PIXEL_BGR8,   /* packed B, G, R bytes in planes[0] */
    NR_PIXEL_LAYOUT_COUNT
};

/* The matrix between RGB and YUV, as ITU-T H.273 names them. */
enum nr_colour_matrix {
    NR_MATRIX_BT601, /* also where the stream does not say */
    NR_MATRIX_BT709,
    NR_MATRIX_FCC,
    NR_MATRIX_SMPTE240M,
    NR_MATRIX_BT2020,
    NR_MATRIX_COUNT
};

/* Pictures of fewer pixels are looked at pixel by pixel: it costs little, and a grid of so
 * few would err by more than half a percent. */
#define NR_SMALL_PICTURE (640 * 360)

/* A picture, borrowed for the length of a call. */
struct nr_frame {
    enum nr_pixel_layout layout;
    int width, height;                  /* pixels, > 0 */
    const uint8_t *planes[3];           /* Y, U, V; or BGR in the first */
    ptrdiff_t strides[3];               /* bytes from row to row; may be negative */
    int chroma_step;                    /* samples from one U (V) to the next: 1 planar, 2 interleaved */
    int chroma_shift_x, chroma_shift_y; /* log2 of pixels per chroma sample, 0..2 */
    int depth;                          /* significant bits of a sample, 8..16 */
    enum nr_colour_matrix matrix;
    bool full_range;     /* Y over 0..2^depth-1 instead of 16..235 scaled */
    double time;         /* s from the start of the video, by its timestamps */
    int rotation;        /* degrees clockwise to turn it by for display: 0, 90, 180, 270 */
    double pixel_aspect; /* width of a pixel over its height; 0: unknown, take 1 */
};

#endif
