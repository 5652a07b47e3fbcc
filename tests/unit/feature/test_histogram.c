/* Histograms: malformed frames, closed forms of every layout, the twin in doubles. */
#include "support/support.h"

#include <math.h>

#include "nightreel/feature.h"

enum { WIDTH = 32, HEIGHT = 24 };

struct picture {
    uint8_t luma[HEIGHT * WIDTH], u[HEIGHT * WIDTH], v[HEIGHT * WIDTH];
    struct nr_frame frame;
};

/* 4:2:0 of one colour. */
static void fill(struct picture *picture, int y, int u, int v)
{
    memset(picture->luma, y, sizeof picture->luma);
    memset(picture->u, u, sizeof picture->u);
    memset(picture->v, v, sizeof picture->v);
    picture->frame = (struct nr_frame){
        .layout = NR_PIXEL_YUV8,
        .width = WIDTH,
        .height = HEIGHT,
        .planes = {picture->luma, picture->u, picture->v},
        .strides = {WIDTH, WIDTH / 2, WIDTH / 2},
        .chroma_step = 1,
        .chroma_shift_x = 1,
        .chroma_shift_y = 1,
        .depth = 8,
    };
}

static void malformed_frames_count_nothing(void **state)
{
    (void)state;
    struct picture picture;
    uint32_t counts[NR_HISTOGRAM_BINS];
    fill(&picture, 100, 128, 128);
    struct nr_frame good = picture.frame, frame = good;
    frame.width = 0;
    assert_int_equal(nr_histogram_count(&frame, true, counts), 0);
    frame = good, frame.height = -1;
    assert_int_equal(nr_histogram_count(&frame, true, counts), 0);
    frame = good, frame.planes[0] = NULL;
    assert_int_equal(nr_histogram_count(&frame, true, counts), 0);
    frame = good, frame.planes[2] = NULL;
    assert_int_equal(nr_histogram_count(&frame, true, counts), 0);
    frame = good, frame.chroma_shift_x = 3;
    assert_int_equal(nr_histogram_count(&frame, true, counts), 0);
    frame = good, frame.layout = NR_PIXEL_LAYOUT_COUNT;
    assert_int_equal(nr_histogram_count(&frame, true, counts), 0);
    frame = good, frame.layout = NR_PIXEL_YUV16, frame.depth = 17;
    assert_int_equal(nr_histogram_count(&frame, true, counts), 0);
}

/* A solid frame has one bin a channel. */
static void one_colour_fills_one_bin_a_channel(void **state)
{
    (void)state;
    static const struct {
        int y, u, v, blue, green, red; /* bins */
    } colours[] = {
        {16, 128, 128, 0, 0, 0}, {235, 128, 128, 7, 7, 7}, {81, 90, 240, 0, 0, 7}, {145, 54, 34, 0, 7, 0},
        {41, 240, 110, 7, 0, 0}, {126, 128, 128, 4, 4, 4}, {0, 128, 128, 0, 0, 0}, {255, 128, 128, 7, 7, 7},
    };
    for (size_t i = 0; i < NR_COUNT(colours); i++) {
        struct picture picture;
        uint32_t counts[NR_HISTOGRAM_BINS];
        fill(&picture, colours[i].y, colours[i].u, colours[i].v);
        assert_int_equal(nr_histogram_count(&picture.frame, true, counts), WIDTH * HEIGHT);
        assert_int_equal(counts[colours[i].blue], WIDTH * HEIGHT);
        assert_int_equal(counts[8 + colours[i].green], WIDTH * HEIGHT);
        assert_int_equal(counts[16 + colours[i].red], WIDTH * HEIGHT);
    }
}

static void full_range_keeps_its_ends(void **state)
{
    (void)state;
    struct picture picture;
    uint8_t bgr[3], luma;
    fill(&picture, 255, 128, 128);
    picture.frame.full_range = true;
    nr_frame_pixel(&picture.frame, 0, 0, bgr, &luma);
    assert_int_equal(luma, 255);
    assert_int_equal(bgr[1], 255);
    fill(&picture, 31, 128, 128);
    picture.frame.full_range = true;
    nr_frame_pixel(&picture.frame, 3, 3, bgr, &luma);
    assert_int_equal(luma, 31);
}

/* Each pixel against the definition in doubles: never more than 3 steps off (up to
 * three integer products round down). */
static void the_integer_formula_is_the_matrix(void **state)
{
    (void)state;
    struct nr_random random = {11};
    struct picture picture;
    for (int i = 0; i < 20000; i++) {
        int y = (int)nr_random_below(&random, 256), u = (int)nr_random_below(&random, 256),
            v = (int)nr_random_below(&random, 256);
        uint8_t bgr[3], luma;
        fill(&picture, y, u, v);
        nr_frame_pixel(&picture.frame, 0, 0, bgr, &luma);
        double grey = 255.0 / 219 * (y - 16), cb = 255.0 / 224 * (u - 128), cr = 255.0 / 224 * (v - 128);
        double want[3] = {grey + 1.772 * cb, grey - 0.344136 * cb - 0.714136 * cr, grey + 1.402 * cr};
        for (int c = 0; c < 3; c++)
            assert_true(fabs(fmin(255, fmax(0, want[c])) - bgr[c]) <= 3.0);
    }
}

/* Counting is looking at every pixel. */
static void counts_are_those_of_the_pixels(void **state)
{
    (void)state;
    struct nr_random random = {5};
    struct picture picture;
    fill(&picture, 0, 0, 0);
    for (size_t i = 0; i < sizeof picture.luma; i++) {
        picture.luma[i] = (uint8_t)nr_random_below(&random, 256);
        picture.u[i] = (uint8_t)nr_random_below(&random, 256);
        picture.v[i] = (uint8_t)nr_random_below(&random, 256);
    }
    for (int matrix = 0; matrix < NR_MATRIX_COUNT; matrix++) {
        uint32_t counts[NR_HISTOGRAM_BINS], want[NR_HISTOGRAM_BINS] = {0};
        picture.frame.matrix = matrix;
        picture.frame.full_range = matrix % 2;
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            uint8_t bgr[3], luma;
            nr_frame_pixel(&picture.frame, i % WIDTH, i / WIDTH, bgr, &luma);
            for (int c = 0; c < 3; c++)
                want[8 * c + (bgr[c] >> 5)]++;
        }
        nr_histogram_count(&picture.frame, true, counts);
        assert_memory_equal(counts, want, sizeof want);
    }
}

/* Ten bits whose low two are zero are the eight bits. */
static void deeper_samples_give_the_same_counts(void **state)
{
    (void)state;
    static uint16_t deep[3][HEIGHT * WIDTH];
    struct nr_random random = {9};
    struct picture picture;
    uint32_t counts[NR_HISTOGRAM_BINS], want[NR_HISTOGRAM_BINS];
    for (int depth = 9; depth <= 16; depth++) {
        fill(&picture, 0, 0, 0);
        uint8_t *shallow[3] = {picture.luma, picture.u, picture.v};
        for (int plane = 0; plane < 3; plane++)
            for (size_t i = 0; i < sizeof picture.luma; i++) {
                shallow[plane][i] = (uint8_t)nr_random_below(&random, 256);
                deep[plane][i] = (uint16_t)(shallow[plane][i] << (depth - 8));
            }
        nr_histogram_count(&picture.frame, true, want);
        struct nr_frame frame = picture.frame;
        frame.layout = NR_PIXEL_YUV16;
        frame.depth = depth;
        for (int plane = 0; plane < 3; plane++) {
            frame.planes[plane] = (const uint8_t *)deep[plane];
            frame.strides[plane] *= 2;
        }
        nr_histogram_count(&frame, true, counts);
        assert_memory_equal(counts, want, sizeof want);
    }
}

static void interleaved_chroma_is_chroma(void **state)
{
    (void)state;
    static uint8_t both[HEIGHT * WIDTH];
    struct nr_random random = {13};
    struct picture picture;
    uint32_t counts[NR_HISTOGRAM_BINS], want[NR_HISTOGRAM_BINS];
    fill(&picture, 0, 0, 0);
    for (int i = 0; i < HEIGHT * WIDTH / 4; i++) {
        picture.luma[i] = (uint8_t)nr_random_below(&random, 256);
        both[2 * i] = picture.u[i] = (uint8_t)nr_random_below(&random, 256);
        both[2 * i + 1] = picture.v[i] = (uint8_t)nr_random_below(&random, 256);
    }
    nr_histogram_count(&picture.frame, true, want);
    picture.frame.planes[1] = both;
    picture.frame.planes[2] = both + 1;
    picture.frame.strides[1] = picture.frame.strides[2] = WIDTH;
    picture.frame.chroma_step = 2;
    nr_histogram_count(&picture.frame, true, counts);
    assert_memory_equal(counts, want, sizeof want);
}

/* Wide rows, where a vector kernel may take over: all of a picture and its grid, at
 * every width around a step, against the pixels. */
static void wide_pictures_are_their_pixels(void **state)
{
    (void)state;
    enum { W = 19400, H = 12 };
    struct nr_random random = {17};
    uint8_t *planes[3];
    for (int i = 0; i < 3; i++) {
        planes[i] = malloc(W * H);
        for (int j = 0; j < W * H; j++)
            planes[i][j] = (uint8_t)nr_random_below(&random, 256);
    }
    for (int width = W - 70; width <= W; width++) {
        struct nr_frame frame = {.layout = NR_PIXEL_YUV8,
                                 .width = width,
                                 .height = H,
                                 .planes = {planes[0], planes[1], planes[2]},
                                 .strides = {W, W, W},
                                 .chroma_step = 1,
                                 .chroma_shift_x = 1,
                                 .chroma_shift_y = width % 2,
                                 .depth = 8,
                                 .matrix = width % NR_MATRIX_COUNT,
                                 .full_range = width % 3 == 0};
        for (int step = 1; step <= 2; step++) {
            uint32_t counts[NR_HISTOGRAM_BINS], want[NR_HISTOGRAM_BINS] = {0};
            for (int y = 0; y < H; y += step == 2 ? 1 << frame.chroma_shift_y : 1)
                for (int x = 0; x < width; x += step) {
                    uint8_t bgr[3], luma;
                    nr_frame_pixel(&frame, x, y, bgr, &luma);
                    for (int c = 0; c < 3; c++)
                        want[8 * c + (bgr[c] >> 5)]++;
                }
            nr_histogram_count(&frame, step == 1, counts);
            assert_memory_equal(counts, want, sizeof want);
        }
    }
    for (int i = 0; i < 3; i++)
        free(planes[i]);
}

static void packed_bgr_and_grey_are_counted_as_they_are(void **state)
{
    (void)state;
    static uint8_t pixels[HEIGHT * WIDTH * 3];
    uint32_t counts[NR_HISTOGRAM_BINS];
    for (int i = 0; i < HEIGHT * WIDTH; i++) {
        pixels[3 * i] = 31;
        pixels[3 * i + 1] = 32;
        pixels[3 * i + 2] = 255;
    }
    struct nr_frame frame = {.layout = NR_PIXEL_BGR8,
                             .width = WIDTH,
                             .height = HEIGHT,
                             .planes = {pixels},
                             .strides = {3 * WIDTH},
                             .depth = 8};
    assert_int_equal(nr_histogram_count(&frame, true, counts), WIDTH * HEIGHT);
    assert_int_equal(counts[0], WIDTH * HEIGHT);
    assert_int_equal(counts[8 + 1], WIDTH * HEIGHT);
    assert_int_equal(counts[16 + 7], WIDTH * HEIGHT);
    frame = (struct nr_frame){.layout = NR_PIXEL_GREY8,
                              .width = WIDTH,
                              .height = HEIGHT,
                              .planes = {pixels},
                              .strides = {0},
                              .depth = 8,
                              .full_range = true};
    assert_int_equal(nr_histogram_count(&frame, true, counts), WIDTH * HEIGHT);
    assert_int_equal(counts[0] + counts[1] + counts[7], WIDTH * HEIGHT);
    assert_memory_equal(counts, counts + 8, 8 * sizeof *counts);
}

/* One luma a chroma sample, but for small pictures. */
static void the_grid_takes_a_quarter_of_a_large_picture(void **state)
{
    (void)state;
    enum { W = 801, H = 601 };
    uint8_t *luma = calloc(W * H, 1), *chroma = malloc(W * H);
    uint32_t counts[NR_HISTOGRAM_BINS];
    memset(chroma, 128, W * H);
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
            luma[y * W + x] = (uint8_t)(x % 2 || y % 2 ? 235 : 16); /* the grid sees black only */
    struct nr_frame frame = {.layout = NR_PIXEL_YUV8,
                             .width = W,
                             .height = H,
                             .planes = {luma, chroma, chroma},
                             .strides = {W, 401, 401},
                             .chroma_step = 1,
                             .chroma_shift_x = 1,
                             .chroma_shift_y = 1,
                             .depth = 8};
    assert_int_equal(nr_histogram_count(&frame, false, counts), 401 * 301);
    assert_int_equal(counts[0], 401 * 301);
    assert_int_equal(nr_histogram_count(&frame, true, counts), W * H);
    assert_int_equal(counts[0], 401 * 301);
    frame.width = 639, frame.height = 360;
    assert_int_equal(nr_histogram_count(&frame, false, counts), 639 * 360);
    free(luma);
    free(chroma);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_frames_count_nothing),
        cmocka_unit_test(one_colour_fills_one_bin_a_channel),
        cmocka_unit_test(full_range_keeps_its_ends),
        cmocka_unit_test(the_integer_formula_is_the_matrix),
        cmocka_unit_test(counts_are_those_of_the_pixels),
        cmocka_unit_test(deeper_samples_give_the_same_counts),
        cmocka_unit_test(interleaved_chroma_is_chroma),
        cmocka_unit_test(wide_pictures_are_their_pixels),
        cmocka_unit_test(packed_bgr_and_grey_are_counted_as_they_are),
        cmocka_unit_test(the_grid_takes_a_quarter_of_a_large_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
