/* MFCC against librosa 0.11 (scripts/fixtures/make_audio.py), closed forms, chunks. */
#include "support/support.h"

#include <math.h>

#include "nightreel/feature.h"

#define PI          3.14159265358979323846
#define TOLERANCE   1e-2 /* absolute, on values of up to 1131 */
#define SAMPLES_MAX 10000

/* ---- the signals of make_audio.py --------------------------------------------------- */

static size_t put_noise(float *out, size_t count, uint32_t seed, double scale)
{
    for (size_t i = 0; i < count; i++) {
        seed = 1664525U * seed + 1013904223U;
        out[i] = (float)(scale * ((seed >> 8) / 16777216.0 - 0.5));
    }
    return count;
}

static size_t make_signal(const char *name, float *out)
{
    memset(out, 0, SAMPLES_MAX * sizeof *out);
    if (strcmp(name, "one_sample") == 0)
        return out[0] = 0.5F, 1;
    if (strcmp(name, "short") == 0)
        return put_noise(out, 511, 7, 1);
    if (strcmp(name, "one_hop") == 0)
        return put_noise(out, 512, 7, 1);
    if (strcmp(name, "silence") == 0)
        return 4000;
    if (strcmp(name, "click") == 0)
        return out[3000] = 1, 6000;
    if (strcmp(name, "noise") == 0)
        return put_noise(out, 9000, 1, 1);
    if (strcmp(name, "quiet_then_loud") == 0)
        return put_noise(out, 5000, 2, 0.0002) + put_noise(out + 5000, 4001, 3, 1);
    for (int i = 0; i < 8000; i++)
        out[i] = (float)(0.5 * sin(2 * PI * 440 * i / NR_PCM_RATE));
    return 8000;
}

static struct nr_sound_meter *measure(const float *samples, size_t count, size_t chunk, struct nr_arena *mem,
                                      struct nr_audio *audio, bool *found)
{
    struct nr_sound_meter *meter = NULL;
    struct nr_error err;
    assert_int_equal(nr_sound_meter_new(&meter, &err), NR_OK);
    for (size_t at = 0; at < count; at += chunk)
        assert_int_equal(nr_sound_meter_add(meter, samples + at, count - at < chunk ? count - at : chunk, &err), NR_OK);
    assert_int_equal(nr_sound_meter_finish(meter, mem, audio, found, &err), NR_OK);
    return meter;
}

static void no_sample_is_no_sound(void **state)
{
    (void)state;
    struct nr_arena mem = {0};
    struct nr_audio audio;
    bool found = true;
    nr_sound_meter_free(measure(NULL, 0, 1, &mem, &audio, &found));
    assert_false(found);
    nr_sound_meter_free(NULL);
}

static void compare(const char *name)
{
    static float samples[SAMPLES_MAX];
    char path[512];
    snprintf(path, sizeof path, "%s/audio/%s.txt", NR_TEST_DATA, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    struct nr_arena mem = {0};
    struct nr_audio audio;
    struct nr_error err;
    bool found;
    size_t frames, want_frames;
    int rows;
    float *values;
    size_t count = make_signal(name, samples);
    struct nr_sound_meter *meter = measure(samples, count, 1000, &mem, &audio, &found);
    assert_true(found);
    assert_int_equal(nr_sound_meter_rows(meter, &values, &frames, &err), NR_OK);
    assert_int_equal(fscanf(file, "%d %zu", &rows, &want_frames), 2);
    assert_int_equal(rows, NR_MFCC_COUNT);
    assert_int_equal(frames, want_frames);
    assert_int_equal(frames, 1 + count / NR_MEL_HOP);
    for (int k = 0; k < NR_MFCC_COUNT; k++) {
        double sum = 0, squares = 0;
        for (size_t t = 0; t < frames; t++) {
            double want;
            assert_int_equal(fscanf(file, "%lf", &want), 1);
            assert_float_equal(values[(size_t)k * frames + t], want, TOLERANCE);
            sum += want;
            squares += want * want;
        }
        double mean = sum / (double)frames, variance = fmax(0, squares / (double)frames - mean * mean);
        assert_float_equal(audio.mfcc[k], mean, TOLERANCE);
        assert_float_equal(audio.mfcc[NR_MFCC_COUNT + k], sqrt(variance), TOLERANCE);
    }
    fclose(file);
    free(values);
    nr_sound_meter_free(meter);
    nr_arena_release(&mem);
}

static void coefficients_are_librosa_s(void **state)
{
    (void)state;
    static const char *const names[] = {"one_sample", "short", "one_hop", "silence",
                                        "click",      "sine",  "noise",   "quiet_then_loud"};
    for (size_t i = 0; i < NR_COUNT(names); i++)
        compare(names[i]);
}

/* The same bits, however the samples come. */
static void chunks_do_not_matter(void **state)
{
    (void)state;
    static float samples[SAMPLES_MAX];
    static const size_t chunks[] = {1, 7, 511, 512, 513, 1024, 2048, 3584, SAMPLES_MAX};
    struct nr_arena mem = {0};
    struct nr_audio want, audio;
    bool found;
    size_t count = make_signal("noise", samples);
    nr_sound_meter_free(measure(samples, count, 4096, &mem, &want, &found));
    for (size_t i = 0; i < NR_COUNT(chunks); i++) {
        nr_sound_meter_free(measure(samples, count, chunks[i], &mem, &audio, &found));
        assert_memory_equal(audio.mfcc, want.mfcc, sizeof want.mfcc);
        assert_true(audio.loudness == want.loudness && audio.silence_ratio == want.silence_ratio);
    }
    nr_arena_release(&mem);
}

static void loudness_and_silence_have_closed_forms(void **state)
{
    (void)state;
    static float samples[SAMPLES_MAX];
    struct nr_arena mem = {0};
    struct nr_audio audio;
    bool found;
    nr_sound_meter_free(measure(samples, make_signal("silence", samples), 999, &mem, &audio, &found));
    assert_float_equal(audio.loudness, -120, 0);
    assert_float_equal(audio.silence_ratio, 1, 0);
    assert_string_equal(audio.hint, "silence");
    /* -100 dB in each of 128 bands: c0 = -100 sqrt(128), the others 0, all without spread. */
    assert_float_equal(audio.mfcc[0], -100 * sqrt(128), 1e-2);
    assert_float_equal(audio.mfcc[NR_MFCC_COUNT], 0, 0);
    for (int i = 0; i < 2205; i++) /* 44 whole periods of 440 Hz */
        samples[i] = (float)(0.5 * sin(2 * PI * 440 * i / NR_PCM_RATE));
    nr_sound_meter_free(measure(samples, 2205, 999, &mem, &audio, &found));
    assert_float_equal(audio.loudness, 10 * log10(0.125), 1e-3);
    assert_float_equal(audio.silence_ratio, 0, 0);
    assert_float_equal(audio.seconds, 0.1, 1e-12);
    nr_arena_release(&mem);
}

static void values_that_are_no_numbers_count_as_silence(void **state)
{
    (void)state;
    float samples[600];
    struct nr_arena mem = {0};
    struct nr_audio audio;
    bool found;
    for (size_t i = 0; i < NR_COUNT(samples); i++)
        samples[i] = i % 2 ? NAN : INFINITY;
    nr_sound_meter_free(measure(samples, NR_COUNT(samples), 100, &mem, &audio, &found));
    assert_float_equal(audio.loudness, -120, 0);
    for (int k = 0; k < 2 * NR_MFCC_COUNT; k++)
        assert_true(isfinite(audio.mfcc[k]));
    nr_arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_sample_is_no_sound),
        cmocka_unit_test(coefficients_are_librosa_s),
        cmocka_unit_test(chunks_do_not_matter),
        cmocka_unit_test(loudness_and_silence_have_closed_forms),
        cmocka_unit_test(values_that_are_no_numbers_count_as_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
