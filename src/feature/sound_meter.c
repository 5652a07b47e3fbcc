/* sound_meter.c - a clip's samples to MFCC statistics, loudness and a hint. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feature/impressions.h"
#include "feature/mel.h"
#include "feature/sound_hint.h"
#include "nightreel/feature.h"

#include "core/banned.h"

enum { ADVANCE = NR_MEL_BLOCK * NR_MEL_HOP, HALF = NR_MEL_WINDOW / 2 };
enum { FRAME_BYTES = 3 * NR_MEL_BANDS };
enum { BATCH = 6 * NR_SOUND_STRETCH }; /* frames whose levels are in dB at a time */

#define POWER_FLOOR 1e-10F /* librosa's amin */
#define TOP_DB      80.0F
/* A hop is silent below -50 dBFS: under room tone, above the noise of codecs. */
#define SILENT_RMS   3.1623e-3
#define LOUDNESS_MIN (-120.0)

struct nr_sound_meter {
    struct nr_mel *mel;
    struct nr_dct dct;
    float pending[NR_MEL_BLOCK_SAMPLES + ADVANCE]; /* samples that the next block of frames needs */
    size_t pending_count;
    size_t measured; /* of `pending`, the samples whose energy is in `rms` */
    uint8_t *powers; /* frames x FRAME_BYTES, see pack() */
    size_t frames, powers_capacity;
    float top;  /* greatest power */
    float *rms; /* one for each whole hop */
    size_t hops, rms_capacity;
    size_t silent;
    uint64_t samples;
    double squares;
    bool finished;
};

enum nr_status nr_sound_meter_new(struct nr_sound_meter **out, struct nr_error *err)
{
    struct nr_sound_meter *meter = calloc(1, sizeof *meter);
    *out = NULL;
    if (!meter)
        return nr_fail_nomem(err, "a sound meter");
    enum nr_status status = nr_mel_new(&meter->mel, err);
    if (status) {
        free(meter);
        return status;
    }
    nr_dct_init(&meter->dct);
    meter->pending_count = HALF; /* zeros: the first frame is centred on sample 0 */
    meter->measured = HALF;
    *out = meter;
    return NR_OK;
}

void nr_sound_meter_free(struct nr_sound_meter *meter)
{
    if (!meter)
        return;
    nr_mel_free(meter->mel);
    free(meter->powers);
    free(meter->rms);
    free(meter);
}

/* The upper three bytes of each float, rounded, the two upper ones first: 2^-16 of a power
 * is 0.00007 dB, and a minute of sound takes a megabyte. */
static void pack(const float powers[NR_MEL_BANDS], uint8_t out[FRAME_BYTES])
{
    uint32_t bits[NR_MEL_BANDS];
    uint16_t upper[NR_MEL_BANDS];
    memcpy(bits, powers, sizeof bits);
    for (int i = 0; i < NR_MEL_BANDS; i++)
        upper[i] = (uint16_t)((bits[i] + 0x80) >> 16);
    memcpy(out, upper, sizeof upper);
    for (int i = 0; i < NR_MEL_BANDS; i++)
        out[sizeof upper + (size_t)i] = (uint8_t)((bits[i] + 0x80) >> 8);
}

static void unpack(const uint8_t in[FRAME_BYTES], float powers[NR_MEL_BANDS])
{
    uint32_t bits[NR_MEL_BANDS];
    uint16_t upper[NR_MEL_BANDS];
    memcpy(upper, in, sizeof upper);
    for (int i = 0; i < NR_MEL_BANDS; i++)
        bits[i] = (uint32_t)upper[i] << 16 | (uint32_t)in[sizeof upper + (size_t)i] << 8;
    memcpy(powers, bits, sizeof bits);
}

static float greatest(const float *values, size_t count, float so_far)
{
    for (size_t i = 0; i < count; i++)
        so_far = values[i] > so_far ? values[i] : so_far;
    return so_far;
}

/* 10 log10 x, by the natural logarithm: the library's base 10 takes twice the time. */
static float decibels(float power)
{
    return (float)(10 / M_LN10) * logf(power > POWER_FLOOR ? power : POWER_FLOOR);
}

/* The block of frames at the start of `pending`; the last ones may lie behind the end
 * of the clip: `keep` says how many count. */
static enum nr_status add_block(struct nr_sound_meter *meter, size_t keep, struct nr_error *err)
{
    float bands[NR_MEL_BLOCK][NR_MEL_BANDS];
    enum nr_status status = nr_array_reserve((void **)&meter->powers, &meter->powers_capacity, meter->frames + keep,
                                             FRAME_BYTES, NR_MEL_FRAMES_MAX + 16, err);
    if (status)
        return status;
    nr_mel_block(meter->mel, meter->pending, bands);
    for (size_t frame = 0; frame < keep; frame++)
        pack(bands[frame], meter->powers + (meter->frames + frame) * FRAME_BYTES);
    meter->top = greatest(bands[0], keep * NR_MEL_BANDS, meter->top);
    meter->frames += keep;
    meter->pending_count = meter->pending_count > ADVANCE ? meter->pending_count - ADVANCE : 0;
    meter->measured = meter->measured > ADVANCE ? meter->measured - ADVANCE : 0;
    memmove(meter->pending, meter->pending + ADVANCE, meter->pending_count * sizeof(float));
    return NR_OK;
}

/* In a fixed number of sums, which a processor adds side by side. */
static double sum_of_squares(const float *pcm, size_t count)
{
    enum { SUMS = 8 };
    double sums[SUMS] = {0}, all = 0;
    size_t i = 0;
    for (; i + SUMS <= count; i += SUMS)
        for (size_t j = 0; j < SUMS; j++)
            sums[j] += (double)pcm[i + j] * pcm[i + j];
    for (; i < count; i++)
        sums[i % SUMS] += (double)pcm[i] * pcm[i];
    for (size_t j = 0; j < SUMS; j++)
        all += sums[j];
    return all;
}

static enum nr_status measure_hop(struct nr_sound_meter *meter, size_t count, struct nr_error *err)
{
    enum nr_status status = nr_array_reserve((void **)&meter->rms, &meter->rms_capacity, meter->hops + 1, sizeof(float),
                                             NR_MEL_FRAMES_MAX + 16, err);
    if (status)
        return status;
    double squares = sum_of_squares(meter->pending + meter->measured, count), rms = sqrt(squares / (double)count);
    meter->rms[meter->hops++] = (float)rms;
    meter->silent += rms < SILENT_RMS;
    meter->squares += squares;
    meter->measured += count;
    return NR_OK;
}

static void copy_finite(float *restrict to, const float *restrict from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = fabsf(from[i]) <= FLT_MAX ? from[i] : 0;
}

enum nr_status nr_sound_meter_add(struct nr_sound_meter *meter, const float *pcm, size_t count, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    while (!status && count > 0 && meter->frames < NR_MEL_FRAMES_MAX) {
        size_t room = NR_COUNT(meter->pending) - meter->pending_count;
        size_t take = count < room ? count : room;
        copy_finite(meter->pending + meter->pending_count, pcm, take);
        meter->pending_count += take;
        meter->samples += take;
        pcm += take;
        count -= take;
        while (!status && meter->pending_count - meter->measured >= NR_MEL_HOP)
            status = measure_hop(meter, NR_MEL_HOP, err);
        while (!status && meter->pending_count >= NR_MEL_BLOCK_SAMPLES)
            status = add_block(meter, NR_MEL_BLOCK, err);
    }
    return status;
}

/* Zeros behind the clip, until all 1 + samples / hop frames are there. */
static enum nr_status add_rest(struct nr_sound_meter *meter, struct nr_error *err)
{
    size_t total = 1 + (size_t)(meter->samples / NR_MEL_HOP);
    enum nr_status status = NR_OK;
    while (!status && meter->frames < total) {
        memset(meter->pending + meter->pending_count, 0,
               (NR_COUNT(meter->pending) - meter->pending_count) * sizeof(float));
        size_t left = total - meter->frames;
        status = add_block(meter, left < NR_MEL_BLOCK ? left : NR_MEL_BLOCK, err);
    }
    return status;
}

/* Levels in dB of the frames from `frame` on, at most BATCH; how many there are. */
static size_t levels_of(const struct nr_sound_meter *meter, size_t frame, float out[BATCH][NR_MEL_BANDS])
{
    size_t count = meter->frames - frame < BATCH ? meter->frames - frame : BATCH;
    float floor = decibels(meter->top) - TOP_DB;
    for (size_t i = 0; i < count; i++) {
        unpack(meter->powers + (frame + i) * FRAME_BYTES, out[i]);
        for (int band = 0; band < NR_MEL_BANDS; band++)
            out[i][band] = decibels(out[i][band]);
        for (int band = 0; band < NR_MEL_BANDS; band++)
            out[i][band] = out[i][band] > floor ? out[i][band] : floor;
    }
    return count;
}

/* Welford's mean and sum of squares: a constant clip has no spread at all. */
struct spread {
    double mean[NR_MFCC_COUNT], squares[NR_MFCC_COUNT];
};

static void add_frame(struct spread *spread, const float mfcc[NR_MFCC_COUNT], size_t frames)
{
    double share = 1 / (double)frames;
    for (int k = 0; k < NR_MFCC_COUNT; k++) {
        double off = mfcc[k] - spread->mean[k];
        spread->mean[k] += off * share;
        spread->squares[k] += off * (mfcc[k] - spread->mean[k]);
    }
}

/* One pass over the levels, for the coefficients and for the hint. */
static void summarize(const struct nr_sound_meter *meter, struct nr_audio *out)
{
    float levels[BATCH][NR_MEL_BANDS], mfcc[BATCH][NR_MFCC_COUNT];
    struct spread spread = {{0}, {0}};
    size_t hops = meter->hops < meter->frames ? meter->hops : meter->frames, count;
    struct nr_sound_hint hint = {.rms = meter->rms, .hops = hops};
    for (size_t frame = 0; frame < meter->frames; frame += count) {
        count = levels_of(meter, frame, levels);
        nr_dct_apply(&meter->dct, levels[0], count, mfcc);
        for (size_t i = 0; i < count; i++)
            add_frame(&spread, mfcc[i], frame + i + 1);
        nr_sound_hint_add(&hint, frame, levels[0], count);
    }
    for (int k = 0; k < NR_MFCC_COUNT; k++) {
        out->mfcc[k] = (float)spread.mean[k];
        out->mfcc[NR_MFCC_COUNT + k] = (float)sqrt(spread.squares[k] / (double)meter->frames);
    }
    out->hint = nr_sound_hint_name(&hint, out->silence_ratio);
}

enum nr_status nr_sound_meter_finish(struct nr_sound_meter *meter, struct nr_arena *mem, struct nr_audio *out,
                                     bool *found, struct nr_error *err)
{
    *out = (struct nr_audio){.seconds = (double)meter->samples / NR_PCM_RATE};
    *found = meter->samples > 0;
    if (!*found)
        return NR_OK;
    size_t rest = meter->pending_count - meter->measured;
    enum nr_status status = rest > 0 ? measure_hop(meter, rest, err) : NR_OK;
    if (!status)
        status = add_rest(meter, err);
    if (status)
        return status;
    meter->finished = true;
    out->loudness = fmax(LOUDNESS_MIN, 10 * log10(meter->squares / (double)meter->samples));
    out->silence_ratio = (double)meter->silent / (double)meter->hops;
    summarize(meter, out);
    nr_impressions_of_sound(out, mem, &out->words);
    return NR_OK;
}

enum nr_status nr_sound_meter_rows(const struct nr_sound_meter *meter, float **rows, size_t *frames,
                                   struct nr_error *err)
{
    *frames = meter->finished ? meter->frames : 0;
    *rows = malloc((*frames + 1) * NR_MFCC_COUNT * sizeof **rows);
    if (!*rows)
        return nr_fail_nomem(err, "coefficients per frame");
    float levels[BATCH][NR_MEL_BANDS], mfcc[BATCH][NR_MFCC_COUNT];
    size_t count;
    for (size_t frame = 0; frame < *frames; frame += count) {
        count = levels_of(meter, frame, levels);
        nr_dct_apply(&meter->dct, levels[0], count, mfcc);
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < NR_MFCC_COUNT; k++)
                (*rows)[k * *frames + frame + i] = mfcc[i][k];
    }
    return NR_OK;
}
