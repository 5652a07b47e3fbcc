/* One file: nonsense, the clips of scripts/fixtures/make_visual.py against OpenCV's
 * counts, sound through both libraries, truncation, key frames and times. */
#include "support/support.h"

#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "nightreel/feature.h"
#include "nightreel/media.h"

enum { FRAMES_MAX = 64 };

/* What a pass gave. */
struct seen {
    bool every; /* count every pixel */
    size_t frames, samples;
    uint32_t counts[FRAMES_MAX][NR_HISTOGRAM_BINS];
    double times[FRAMES_MAX];
    double squares;
    enum nr_status stop_with;
    struct nr_media_info info;
    struct nr_error reason;
    struct nr_arena mem;
    struct nr_cue_list cues;
};

static enum nr_status on_picture(void *ctx, const struct nr_frame *frame, struct nr_error *err)
{
    struct seen *seen = ctx;
    if (seen->stop_with)
        return nr_fail(err, seen->stop_with, "enough");
    if (seen->frames < FRAMES_MAX) {
        seen->times[seen->frames] = frame->time;
        assert_true(nr_histogram_count(frame, seen->every, seen->counts[seen->frames]) > 0);
    }
    seen->frames++;
    return NR_OK;
}

static enum nr_status on_sound(void *ctx, const float *pcm, size_t count, struct nr_error *err)
{
    struct seen *seen = ctx;
    (void)err;
    for (size_t i = 0; i < count; i++)
        seen->squares += (double)pcm[i] * pcm[i];
    seen->samples += count;
    return NR_OK;
}

static enum nr_status decode(const char *path, const struct nr_decode_params *params, struct seen *seen)
{
    const struct nr_decode_sink sink = {on_picture, on_sound, seen};
    struct nr_error err = {.text = ""};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    enum nr_status status =
        nr_media_decode(fd, params, NULL, &sink, &seen->mem, &seen->info, &seen->cues, &seen->reason, &err);
    close(fd);
    return status;
}

static void release(struct seen *seen)
{
    nr_arena_release(&seen->mem);
    nr_cue_list_release(&seen->cues);
}

static struct nr_decode_params all_frames(bool exact)
{
    struct nr_decode_params params;
    nr_decode_params_default(&params);
    params.frames = NR_FRAMES_ALL;
    params.exact = exact;
    return params;
}

static const char *fixture(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/visual/%s", NR_TEST_DATA, name);
    return path;
}

static void wrong_parameters_are_named(void **state)
{
    (void)state;
    struct nr_decode_params params;
    nr_decode_params_default(&params);
    assert_null(nr_decode_params_check(&params));
    params.audio_track = -2;
    assert_non_null(nr_decode_params_check(&params));
    nr_decode_params_default(&params);
    params.frames = NR_FRAMES_FPS;
    params.fps = 0;
    assert_non_null(nr_decode_params_check(&params));
    params.fps = NAN;
    assert_non_null(nr_decode_params_check(&params));
    nr_decode_params_default(&params);
    params.timeout_seconds = 0;
    assert_non_null(nr_decode_params_check(&params));
}

static void nonsense_fails_with_a_reason(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "x",
                                        "this is no video at all, however long one looks at it",
                                        "RIFF....WAVE",
                                        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n",
                                        "ffconcat version 1.0\nfile '/etc/passwd'\n"};
    struct nr_decode_params params = all_frames(false);
    for (size_t i = 0; i < NR_COUNT(texts); i++) {
        struct seen seen = {.every = true};
        assert_int_equal(decode(nr_scratch_puts("x.mp4", texts[i]), &params, &seen), NR_OK);
        assert_int_equal(seen.info.status, NR_MEDIA_FAILED);
        assert_true(seen.reason.text[0] != '\0');
        assert_int_equal(seen.frames + seen.samples, 0);
        release(&seen);
    }
}

/* Formats made of other files are refused as such. */
static void playlists_are_refused(void **state)
{
    (void)state;
    struct nr_decode_params params = all_frames(false);
    struct seen seen = {.every = true};
    decode(nr_scratch_puts("x.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\na.ts\n#EXT-X-ENDLIST\n"), &params,
           &seen);
    assert_non_null(strstr(seen.reason.text, "made of other files"));
    release(&seen);
}

static void compare_with_opencv(const char *clip, bool exact, double tolerance)
{
    char path[600];
    struct nr_decode_params params = all_frames(exact);
    struct seen seen = {.every = exact};
    assert_int_equal(decode(fixture(clip), &params, &seen), NR_OK);
    assert_int_equal(seen.info.status, NR_MEDIA_OK);
    snprintf(path, sizeof path, "%.*s.txt", (int)(strrchr(fixture(clip), '.') - fixture(clip)), fixture(clip));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    int width, height;
    size_t frames;
    assert_int_equal(fscanf(file, "%d %d %zu", &width, &height, &frames), 3);
    assert_int_equal(seen.info.width, width);
    assert_int_equal(seen.info.height, height);
    assert_int_equal(seen.frames, frames);
    for (size_t i = 0; i < frames; i++)
        for (int c = 0; c < 3; c++) {
            double pixels = 0, off = 0, want[8];
            for (int bin = 0; bin < 8; bin++) {
                assert_int_equal(fscanf(file, "%lf", &want[bin]), 1);
                pixels += seen.counts[i][8 * c + bin];
            }
            for (int bin = 0; bin < 8; bin++)
                off += fabs(seen.counts[i][8 * c + bin] / pixels - want[bin] / ((double)width * height));
            assert_true(off <= tolerance);
        }
    fclose(file);
    release(&seen);
}

/* 8-bit 4:2:0 and its like bit for bit; what swscale interpolates to half a percent
 * (its vector code differs between processors). */
static void pictures_are_opencv_s(void **state)
{
    (void)state;
    static const char *const exact[] = {"untagged.mp4", "bt709.mp4", "full_range.mp4", "bt2020.mp4",
                                        "yuv422.mp4",   "grey.mkv",  "rgb.png",        "grid.mp4"};
    static const char *const close_to[] = {"ten_bit.mp4", "yuv444.mp4", "odd.mkv"};
    for (size_t i = 0; i < NR_COUNT(exact); i++)
        compare_with_opencv(exact[i], true, 0);
    for (size_t i = 0; i < NR_COUNT(close_to); i++)
        compare_with_opencv(close_to[i], true, 0.005);
    compare_with_opencv("grid.mp4", false, 0.02);
}

static void key_frames_and_times(void **state)
{
    (void)state;
    struct nr_decode_params params = all_frames(false);
    struct seen all = {.every = true}, keys = {.every = true}, slots = {.every = true};
    decode(fixture("untagged.mp4"), &params, &all);
    assert_int_equal(all.frames, 4);
    for (size_t i = 0; i < 4; i++)
        assert_float_equal(all.times[i], (double)i / 5, 1e-6);
    params.frames = NR_FRAMES_FPS;
    params.fps = 2.5;
    decode(fixture("untagged.mp4"), &params, &slots);
    assert_int_equal(slots.frames, 2);
    assert_float_equal(slots.times[1], 0.4, 1e-6);
    params.frames = NR_FRAMES_KEY;
    decode(fixture("untagged.mp4"), &params, &keys);
    assert_int_equal(keys.frames, 1);
    assert_memory_equal(keys.counts[0], all.counts[0], sizeof all.counts[0]);
    release(&all);
    release(&keys);
    release(&slots);
}

static void a_still_image_is_one_frame_without_duration(void **state)
{
    (void)state;
    struct nr_decode_params params;
    nr_decode_params_default(&params);
    struct seen seen = {.every = true};
    decode(fixture("rgb.png"), &params, &seen);
    assert_int_equal(seen.frames, 1);
    assert_true(isnan(seen.info.duration) && isnan(seen.info.frame_rate));
    assert_string_equal(seen.info.video_codec, "png");
    assert_null(seen.info.audio_codec);
    release(&seen);
}

static void the_sink_can_stop_it(void **state)
{
    (void)state;
    struct nr_decode_params params = all_frames(false);
    struct seen seen = {.stop_with = NR_ERR_NOMEM};
    assert_int_equal(decode(fixture("untagged.mp4"), &params, &seen), NR_ERR_NOMEM);
    release(&seen);
    seen = (struct seen){.stop_with = NR_ERR_DATA}; /* a bad frame only costs itself */
    assert_int_equal(decode(fixture("untagged.mp4"), &params, &seen), NR_OK);
    assert_string_equal(seen.reason.text, "enough");
    release(&seen);
}

/* Cut anywhere, nothing worse than a reason comes of it. */
static void truncation_costs_what_is_missing(void **state)
{
    (void)state;
    struct nr_decode_params params = all_frames(false);
    size_t length;
    char *bytes = nr_scratch_read(fixture("odd.mkv"), &length);
    for (size_t percent = 0; percent < 100; percent += 3) {
        struct seen seen = {.every = true};
        assert_int_equal(decode(nr_scratch_write("cut.mkv", bytes, length * percent / 100), &params, &seen), NR_OK);
        assert_true(seen.frames < 4);
        assert_true(seen.info.status != NR_MEDIA_OK || percent > 95);
        assert_true((seen.info.status == NR_MEDIA_OK) == (seen.reason.text[0] == '\0'));
        release(&seen);
    }
    free(bytes);
}

/* ---- sound ---------------------------------------------------------------------------- */

static void put_le(struct nr_buf *buf, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        nr_buf_putc(buf, (char)(value >> (8 * i)));
}

/* A WAV file of a sine at `amplitude` in the left channel, its opposite or nothing in the right. */
static const char *write_wav(int rate, int channels, int frames, double right)
{
    struct nr_buf wav = {0};
    uint32_t bytes = (uint32_t)(2 * channels * frames);
    nr_buf_append(&wav, "RIFF", 4);
    put_le(&wav, 36 + bytes, 4);
    nr_buf_append(&wav, "WAVEfmt ", 8);
    put_le(&wav, 16, 4);
    put_le(&wav, 1, 2);
    put_le(&wav, (uint32_t)channels, 2);
    put_le(&wav, (uint32_t)rate, 4);
    put_le(&wav, (uint32_t)(2 * rate * channels), 4);
    put_le(&wav, (uint32_t)(2 * channels), 2);
    put_le(&wav, 16, 2);
    nr_buf_append(&wav, "data", 4);
    put_le(&wav, bytes, 4);
    for (int i = 0; i < frames; i++)
        for (int c = 0; c < channels; c++)
            put_le(&wav, (uint32_t)(int)lrint(16384 * (c ? right : 1) * sin(2 * 3.14159265358979 * 441 * i / rate)), 2);
    const char *path = nr_scratch_write("tone.wav", wav.data, wav.length);
    nr_buf_release(&wav);
    return path;
}

static double rms_of(const char *path, struct seen *seen)
{
    struct nr_decode_params params;
    nr_decode_params_default(&params);
    assert_int_equal(decode(path, &params, seen), NR_OK);
    assert_int_equal(seen->info.status, NR_MEDIA_OK);
    return sqrt(seen->squares / (double)seen->samples);
}

/* A sine of amplitude a has RMS a / sqrt 2, whatever the rate; stereo is the mean. */
static void sound_is_mono_at_one_rate(void **state)
{
    (void)state;
    static const struct {
        int rate, channels;
        double right, rms;
    } cases[] = {{22050, 1, 0, 0.5},  {44100, 1, 0, 0.5}, {48000, 2, 1, 0.5}, {48000, 2, 0, 0.25},
                 {44100, 2, -1, 0.0}, {8000, 1, 0, 0.5},  {22050, 4, 1, 0.5}, {16000, 9, 1, 0.5}};
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        struct seen seen = {.every = true};
        double rms = rms_of(write_wav(cases[i].rate, cases[i].channels, cases[i].rate, cases[i].right), &seen);
        assert_float_equal(rms, cases[i].rms / sqrt(2), 2e-3);
        assert_true(llabs((long long)seen.samples - NR_PCM_RATE) <= 2);
        assert_string_equal(seen.info.container, "wav");
        assert_string_equal(seen.info.audio_codec, "pcm_s16");
        assert_int_equal(seen.info.channels, cases[i].channels);
        assert_float_equal(seen.info.duration, 1, 1e-9);
        release(&seen);
    }
}

static void a_track_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct nr_decode_params params;
    nr_decode_params_default(&params);
    params.audio_track = 3;
    struct seen seen = {.every = true};
    decode(write_wav(22050, 1, 100, 0), &params, &seen);
    assert_int_equal(seen.info.status, NR_MEDIA_FAILED);
    assert_string_equal(seen.reason.text, "there is no sound track 3, only 1");
    release(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_parameters_are_named), cmocka_unit_test(nonsense_fails_with_a_reason),
        cmocka_unit_test(playlists_are_refused),      cmocka_unit_test(pictures_are_opencv_s),
        cmocka_unit_test(key_frames_and_times),       cmocka_unit_test(a_still_image_is_one_frame_without_duration),
        cmocka_unit_test(the_sink_can_stop_it),       cmocka_unit_test(truncation_costs_what_is_missing),
        cmocka_unit_test(sound_is_mono_at_one_rate),  cmocka_unit_test(a_track_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
