/* A video's frames to numbers: means, deviations, motion, cuts, words. */
#include "support/support.h"

#include <math.h>

#include "nightreel/feature.h"

enum { WIDTH = 64, HEIGHT = 48 };

static uint8_t pixels[WIDTH * HEIGHT * 3];

static struct nr_frame solid(uint8_t blue, uint8_t green, uint8_t red, double time)
{
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        pixels[3 * i] = blue;
        pixels[3 * i + 1] = green;
        pixels[3 * i + 2] = red;
    }
    return (struct nr_frame){.layout = NR_PIXEL_BGR8,
                             .width = WIDTH,
                             .height = HEIGHT,
                             .planes = {pixels},
                             .strides = {3 * WIDTH},
                             .depth = 8,
                             .time = time};
}

static struct nr_picture_meter *meter_new(bool continuous, bool per_frame)
{
    struct nr_picture_meter *meter = NULL;
    struct nr_error err;
    const struct nr_picture_params params = {.continuous = continuous, .per_frame = per_frame};
    assert_int_equal(nr_picture_meter_new(&params, &meter, &err), NR_OK);
    return meter;
}

static void add(struct nr_picture_meter *meter, struct nr_frame frame)
{
    struct nr_error err;
    assert_int_equal(nr_picture_meter_add(meter, &frame, &err), NR_OK);
}

static bool finish(struct nr_picture_meter *meter, struct nr_arena *mem, struct nr_visual *visual)
{
    struct nr_error err;
    bool found = false;
    assert_int_equal(nr_picture_meter_finish(meter, mem, visual, &found, &err), NR_OK);
    return found;
}

static void no_frame_is_no_picture(void **state)
{
    (void)state;
    struct nr_arena mem = {0};
    struct nr_visual visual;
    struct nr_picture_meter *meter = meter_new(false, false);
    assert_false(finish(meter, &mem, &visual));
    nr_picture_meter_free(meter);
    nr_picture_meter_free(NULL);
}

static void a_malformed_frame_is_refused(void **state)
{
    (void)state;
    struct nr_error err;
    struct nr_picture_meter *meter = meter_new(false, false);
    struct nr_frame frame = solid(0, 0, 0, 0);
    frame.width = 0;
    assert_int_equal(nr_picture_meter_add(meter, &frame, &err), NR_ERR_DATA);
    nr_picture_meter_free(meter);
}

/* Black and white in turns: half in each end's bin, deviation a half. */
static void mean_and_deviation_are_over_frames(void **state)
{
    (void)state;
    struct nr_arena mem = {0};
    struct nr_visual visual;
    struct nr_picture_meter *meter = meter_new(false, true);
    for (int i = 0; i < 10; i++)
        add(meter, i % 2 ? solid(255, 255, 255, i) : solid(0, 0, 0, i));
    assert_true(finish(meter, &mem, &visual));
    assert_int_equal(visual.frames, 10);
    for (int c = 0; c < 3; c++) {
        assert_float_equal(visual.histogram[8 * c], 0.5, 1e-7);
        assert_float_equal(visual.histogram[8 * c + 7], 0.5, 1e-7);
        assert_float_equal(visual.histogram[8 * c + 3], 0, 0);
        assert_float_equal(visual.histogram[NR_HISTOGRAM_BINS + 8 * c], 0.5, 1e-7);
    }
    assert_float_equal(visual.brightness, 0.5, 1e-9);
    assert_float_equal(visual.colourfulness, 0, 1e-9);
    assert_true(isnan(visual.motion));
    assert_true(isnan(visual.cuts_per_minute));
    size_t frames;
    const float *rows = nr_picture_meter_rows(meter, &frames);
    assert_int_equal(frames, 10);
    assert_float_equal(rows[0], 1, 0);
    assert_float_equal(rows[NR_HISTOGRAM_BINS + 7], 1, 0);
    nr_picture_meter_free(meter);
    nr_arena_release(&mem);
}

/* Pure blue: rg = 0, yb = -255, no spread: M = 0.3 * 255. */
static void colourfulness_of_one_colour_is_known(void **state)
{
    (void)state;
    struct nr_arena mem = {0};
    struct nr_visual visual;
    struct nr_picture_meter *meter = meter_new(false, false);
    add(meter, solid(255, 0, 0, 0));
    assert_true(finish(meter, &mem, &visual));
    assert_float_equal(visual.colourfulness, 0.3, 1e-9);
    assert_true(nr_strings_contain(&visual.words, "dark"));
    assert_true(nr_strings_contain(&visual.words, "colourful"));
    nr_picture_meter_free(meter);
    nr_arena_release(&mem);
}

/* Three shots in 3 seconds at 25 frames a second: two cuts, 40 a minute and a bit. */
static void cuts_and_motion_follow_time(void **state)
{
    (void)state;
    static const uint8_t shots[3][3] = {{200, 0, 0}, {0, 200, 0}, {0, 0, 200}};
    struct nr_arena mem = {0};
    struct nr_visual visual;
    struct nr_picture_meter *meter = meter_new(true, false);
    for (int i = 0; i < 75; i++)
        add(meter, solid(shots[i / 25][0], shots[i / 25][1], shots[i / 25][2], i / 25.0));
    assert_true(finish(meter, &mem, &visual));
    assert_float_equal(visual.cuts_per_minute, 2 * 60 / (74 / 25.0), 1e-9);
    assert_true(visual.motion > 0 && visual.motion < 0.1);
    assert_true(nr_strings_contain(&visual.words, "quick cuts"));
    nr_picture_meter_free(meter);
    nr_arena_release(&mem);
}

static void one_frame_has_neither_motion_nor_cuts(void **state)
{
    (void)state;
    struct nr_arena mem = {0};
    struct nr_visual visual;
    struct nr_picture_meter *meter = meter_new(true, false);
    add(meter, solid(9, 9, 9, 0));
    assert_true(finish(meter, &mem, &visual));
    assert_true(isnan(visual.motion) && isnan(visual.cuts_per_minute));
    nr_picture_meter_free(meter);
    nr_arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_frame_is_no_picture),
        cmocka_unit_test(a_malformed_frame_is_refused),
        cmocka_unit_test(mean_and_deviation_are_over_frames),
        cmocka_unit_test(colourfulness_of_one_colour_is_known),
        cmocka_unit_test(cuts_and_motion_follow_time),
        cmocka_unit_test(one_frame_has_neither_motion_nor_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
