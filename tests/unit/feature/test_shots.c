/* Shots of drawn videos: each scene is a moving pattern with noise, so that frames within
 * a shot differ, too. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>

#include "nightreel/feature.h"

enum { WIDTH = 96, HEIGHT = 64, PIXELS = WIDTH * HEIGHT, RATE = 25 };

struct canvas {
    uint8_t bgr[3 * PIXELS];
};

/* Scene 0 is black, others have colours and movement of their own. */
static double paint(int scene, int frame, int x, int y, int channel)
{
    static const double colours[][3] = {{0, 0, 0}, {190, 90, 40}, {60, 150, 80}, {30, 60, 210}, {230, 230, 220}};
    double wave = sin((x + 1.5 * frame) * 0.07 * scene + channel) * cos(y * 0.05 * scene);
    unsigned noise = (unsigned)(x * 7919 + y * 104729 + frame * 1299709 + channel * 15485863) * 2654435761U;
    return scene == 0 ? 0 : colours[scene][channel] + 25 * wave + (double)(noise >> 28) / 4;
}

/* (1 - share) of scene a and share of scene b. */
static void mix(struct canvas *canvas, int frame, int a, int b, double share)
{
    for (int i = 0; i < 3 * PIXELS; i++) {
        int x = i / 3 % WIDTH, y = i / 3 / WIDTH;
        double value = (1 - share) * paint(a, frame, x, y, i % 3) + share * paint(b, frame, x, y, i % 3);
        canvas->bgr[i] = (uint8_t)fmax(0, fmin(255, value));
    }
}

struct video {
    struct nr_picture_meter *meter;
    struct canvas canvas;
    int frame;
};

static void video_init(struct video *video, size_t pictures)
{
    struct nr_error err;
    const struct nr_picture_params params = {.continuous = true, .pictures = pictures};
    *video = (struct video){.meter = NULL};
    assert_int_equal(nr_picture_meter_new(&params, &video->meter, &err), NR_OK);
}

static void show(struct video *video, int a, int b, double share)
{
    struct nr_error err;
    mix(&video->canvas, video->frame, a, b, share);
    const struct nr_frame frame = {
        .layout = NR_PIXEL_BGR8,
        .width = WIDTH,
        .height = HEIGHT,
        .planes = {video->canvas.bgr},
        .strides = {3 * WIDTH},
        .time = (double)video->frame++ / RATE,
    };
    assert_int_equal(nr_picture_meter_add(video->meter, &frame, &err), NR_OK);
}

static void still(struct video *video, int scene, int frames)
{
    for (int i = 0; i < frames; i++)
        show(video, scene, scene, 0);
}

static void blend(struct video *video, int a, int b, int frames)
{
    for (int i = 1; i <= frames; i++)
        show(video, a, b, i / (frames + 1.0));
}

/* The shots begin at the frames named, within one; releases the video. */
static void ends_with_shots(struct video *video, const int *starts, size_t count)
{
    struct nr_arena mem = {0};
    struct nr_visual visual;
    struct nr_error err;
    bool found;
    assert_int_equal(nr_picture_meter_finish(video->meter, &mem, &visual, &found, &err), NR_OK);
    assert_int_equal(visual.shot_count, count);
    for (size_t i = 0; i < count; i++) {
        int start = (int)lround(visual.shots[i].start * RATE);
        assert_in_range(start + 1, starts[i], starts[i] + 2);
        if (i > 0)
            assert_float_equal(visual.shots[i].start, visual.shots[i - 1].end, 0);
    }
    assert_float_equal(visual.shots[count - 1].end, (video->frame - 1.0) / RATE, 1e-12);
    assert_float_equal(visual.cuts_per_minute, (double)(count - 1) * 60 * RATE / (video->frame - 1), 1e-9);
    nr_picture_meter_free(video->meter);
    nr_arena_release(&mem);
}

static void one_scene_is_one_shot(void **state)
{
    (void)state;
    struct video video;
    video_init(&video, 0);
    still(&video, 1, 200);
    ends_with_shots(&video, (const int[]){0}, 1);
}

static void cuts_are_found_to_the_frame(void **state)
{
    (void)state;
    struct video video;
    video_init(&video, 0);
    still(&video, 1, 40);
    still(&video, 2, 8); /* a third of a second */
    still(&video, 3, 60);
    still(&video, 1, 30);
    still(&video, 4, 3); /* the last cut is found at the end */
    ends_with_shots(&video, (const int[]){0, 40, 48, 108, 138}, 5);
}

static void a_dissolve_is_cut_in_its_middle(void **state)
{
    (void)state;
    static const int lengths[] = {8, 15, 24, 40};
    for (size_t i = 0; i < NR_COUNT(lengths); i++) {
        struct video video;
        video_init(&video, 0);
        still(&video, 2, 60);
        blend(&video, 2, 3, lengths[i]);
        still(&video, 3, 60);
        ends_with_shots(&video, (const int[]){0, 60 + lengths[i] / 2}, 2);
    }
}

static void a_fade_through_black_is_cut_in_the_black(void **state)
{
    (void)state;
    static const int blacks[] = {2, 10, 30};
    for (size_t i = 0; i < NR_COUNT(blacks); i++) {
        struct video video;
        video_init(&video, 0);
        still(&video, 1, 50);
        blend(&video, 1, 0, 12);
        still(&video, 0, blacks[i]);
        blend(&video, 0, 4, 12);
        still(&video, 4, 50);
        ends_with_shots(&video, (const int[]){0, 62 + blacks[i] / 2}, 2);
    }
}

static void fades_at_the_ends_are_no_cuts(void **state)
{
    (void)state;
    struct video video;
    video_init(&video, 0);
    still(&video, 0, 10);
    blend(&video, 0, 4, 30);
    still(&video, 4, 60);
    blend(&video, 4, 0, 30);
    still(&video, 0, 10);
    ends_with_shots(&video, (const int[]){0}, 1);
}

static void a_flash_is_no_cut(void **state)
{
    (void)state;
    struct video video;
    video_init(&video, 0);
    still(&video, 1, 60);
    still(&video, 4, 1);
    still(&video, 1, 60);
    ends_with_shots(&video, (const int[]){0}, 1);
}

/* The picture grows lighter all the time: every surface crosses bins, some all at once. */
static void slow_light_is_no_cut(void **state)
{
    (void)state;
    struct video video;
    video_init(&video, 0);
    for (int i = 0; i < 400; i++)
        show(&video, 2, 4, 0.0005 * i);
    ends_with_shots(&video, (const int[]){0}, 1);
}

/* ---- key pictures ---- */

static void pictures_show_the_longest_shots(void **state)
{
    (void)state;
    struct video video;
    struct nr_arena mem = {0};
    struct nr_visual visual;
    struct nr_error err;
    bool found;
    size_t count;
    video_init(&video, 2);
    still(&video, 1, 30);
    still(&video, 2, 100);
    still(&video, 3, 20);
    still(&video, 4, 60);
    assert_int_equal(nr_picture_meter_finish(video.meter, &mem, &visual, &found, &err), NR_OK);
    const struct nr_key_picture *pictures = nr_picture_meter_pictures(video.meter, &count);
    assert_int_equal(count, 2);
    assert_true(fabs(pictures[0].time - 80.0 / RATE) < 0.2 * 100 / RATE);
    assert_true(fabs(pictures[1].time - 180.0 / RATE) < 0.2 * 60 / RATE);
    assert_int_equal(pictures[0].width, WIDTH);
    assert_int_equal(pictures[0].height, HEIGHT);
    assert_true(pictures[1].bgr[0] > 180 && pictures[0].bgr[0] < 120); /* scene 4 is light, scene 2 is not */
    nr_picture_meter_free(video.meter);
    nr_arena_release(&mem);
}

static void without_shots_pictures_are_spread(void **state)
{
    (void)state;
    struct nr_error err;
    const struct nr_picture_params params = {.pictures = 4};
    struct video video = {.meter = NULL};
    size_t count;
    assert_int_equal(nr_picture_meter_new(&params, &video.meter, &err), NR_OK);
    still(&video, 1, 50);
    const struct nr_key_picture *pictures = nr_picture_meter_pictures(video.meter, &count);
    assert_in_range(count, 2, 4);
    for (size_t i = 1; i < count; i++)
        assert_float_equal(pictures[i].time - pictures[i - 1].time, 16.0 / RATE, 1e-9);
    nr_picture_meter_free(video.meter);
}

/* Left half blue, right half red; turned by 90 degrees blue is on top. */
static void pictures_are_turned_and_square(void **state)
{
    (void)state;
    static uint8_t bgr[3 * 800 * 400];
    struct nr_key_picture picture;
    struct nr_error err;
    for (int i = 0; i < 800 * 400; i++)
        bgr[3 * i + (i % 800 < 400 ? 0 : 2)] = 255;
    struct nr_frame frame = {
        .layout = NR_PIXEL_BGR8, .width = 800, .height = 400, .planes = {bgr}, .strides = {2400}, .rotation = 90};
    assert_int_equal(nr_key_picture_take(&frame, &picture, &err), NR_OK);
    assert_int_equal(picture.width, 160);
    assert_int_equal(picture.height, 320);
    assert_int_equal(picture.bgr[0], 255);
    assert_int_equal(picture.bgr[3 * (160 * 319) + 2], 255);
    free(picture.bgr);
    frame.rotation = 180;
    frame.pixel_aspect = 0.5; /* stored twice as wide as it is */
    assert_int_equal(nr_key_picture_take(&frame, &picture, &err), NR_OK);
    assert_int_equal(picture.width, 320);
    assert_int_equal(picture.height, 320);
    assert_int_equal(picture.bgr[2], 255);
    free(picture.bgr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_scene_is_one_shot),
        cmocka_unit_test(cuts_are_found_to_the_frame),
        cmocka_unit_test(a_dissolve_is_cut_in_its_middle),
        cmocka_unit_test(a_fade_through_black_is_cut_in_the_black),
        cmocka_unit_test(fades_at_the_ends_are_no_cuts),
        cmocka_unit_test(a_flash_is_no_cut),
        cmocka_unit_test(slow_light_is_no_cut),
        cmocka_unit_test(pictures_show_the_longest_shots),
        cmocka_unit_test(without_shots_pictures_are_spread),
        cmocka_unit_test(pictures_are_turned_and_square),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
