/* sound_meter.c - a clip's samples to MFCC statistics, loudness and a hint. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feature/impressions.h"
#include "feature/mel.h"
#include "feature/sound_hint.h"
#include "nightreel/feature.h"

#include "core/banned.h"

/* A pair of frames takes 2048 + 512 samples and moves on by 1024. */
enum { PAIR = NR_MEL_WINDOW + NR_MEL_HOP, ADVANCE = 2 * NR_MEL_HOP, HALF = NR_MEL_WINDOW / 2 };

#define POWER_FLOOR 1e-10F /* librosa's amin */
#define TOP_DB      80.0F
/* A hop is silent below -50 dBFS: under room tone, above the noise of codecs. */
#define SILENT_RMS   3.1623e-3
#define LOUDNESS_MIN (-120.0)

struct nr_sound_meter {
    struct nr_mel *mel;
    struct nr_dct dct;
    float pending[PAIR + ADVANCE]; /* samples that the next pair needs */
    size_t pending_count;
    float *levels; /* frames x NR_MEL_BANDS: power, then dB */
    size_t frames, levels_capacity;
    float *rms; /* one for each whole hop */
    size_t hops, rms_capacity;
    double hop_squares;
    size_t hop_fill, silent;
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
    *out = meter;
    return NR_OK;
}

void nr_sound_meter_free(struct nr_sound_meter *meter)
{
    if (!meter)
        return;
    nr_mel_free(meter->mel);
    free(meter->levels);
    free(meter->rms);
    free(meter);
}

/* The pair of frames at the start of `pending`; the second may lie behind the end of
 * the clip: `keep` says how many count. */
static enum nr_status add_pair(struct nr_sound_meter *meter, size_t keep, struct nr_error *err)
{
    float bands[2][NR_MEL_BANDS];
    enum nr_status status = nr_array_reserve((void **)&meter->levels, &meter->levels_capacity, meter->frames + keep,
                                             NR_MEL_BANDS * sizeof(float), NR_MEL_FRAMES_MAX + 16, err);
    if (status)
        return status;
    nr_mel_pair(meter->mel, meter->pending, bands[0], bands[1]);
    memcpy(meter->levels + meter->frames * NR_MEL_BANDS, bands, keep * sizeof bands[0]);
    meter->frames += keep;
    meter->pending_count = meter->pending_count > ADVANCE ? meter->pending_count - ADVANCE : 0;
    memmove(meter->pending, meter->pending + ADVANCE, meter->pending_count * sizeof(float));
    return NR_OK;
}

static enum nr_status end_hop(struct nr_sound_meter *meter, struct nr_error *err)
{
    enum nr_status status = nr_array_reserve((void **)&meter->rms, &meter->rms_capacity, meter->hops + 1, sizeof(float),
                                             NR_MEL_FRAMES_MAX + 16, err);
    if (status)
        return status;
    double rms = sqrt(meter->hop_squares / (double)meter->hop_fill);
    meter->rms[meter->hops++] = (float)rms;
    meter->silent += rms < SILENT_RMS;
    meter->hop_squares = 0;
    meter->hop_fill = 0;
    return NR_OK;
}

static enum nr_status add_energy(struct nr_sound_meter *meter, const float *pcm, size_t count, struct nr_error *err)
{
    for (size_t i = 0; i < count; i++) {
        double square = (double)pcm[i] * pcm[i];
        meter->squares += square;
        meter->hop_squares += square;
        if (++meter->hop_fill == NR_MEL_HOP) {
            enum nr_status status = end_hop(meter, err);
            if (status)
                return status;
        }
    }
    return NR_OK;
}

enum nr_status nr_sound_meter_add(struct nr_sound_meter *meter, const float *pcm, size_t count, struct nr_error *err)
{
    while (count > 0 && meter->frames < NR_MEL_FRAMES_MAX) {
        size_t room = NR_COUNT(meter->pending) - meter->pending_count;
        size_t take = count < room ? count : room;
        float *to = meter->pending + meter->pending_count;
        for (size_t i = 0; i < take; i++)
            to[i] = isfinite(pcm[i]) ? pcm[i] : 0;
        enum nr_status status = add_energy(meter, to, take, err);
        meter->pending_count += take;
        meter->samples += take;
        pcm += take;
        count -= take;
        while (!status && meter->pending_count >= PAIR)
            status = add_pair(meter, 2, err);
        if (status)
            return status;
    }
    return NR_OK;
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
        status = add_pair(meter, left < 2 ? left : 2, err);
    }
    return status;
}

static void to_decibels(struct nr_sound_meter *meter)
{
    size_t count = meter->frames * NR_MEL_BANDS;
    float top = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        meter->levels[i] = 10 * log10f(fmaxf(POWER_FLOOR, meter->levels[i]));
        top = fmaxf(top, meter->levels[i]);
    }
    for (size_t i = 0; i < count; i++)
        meter->levels[i] = fmaxf(meter->levels[i], top - TOP_DB);
}

static void mfcc_statistics(const struct nr_sound_meter *meter, float out[2 * NR_MFCC_COUNT])
{
    double mean[NR_MFCC_COUNT] = {0}, spread[NR_MFCC_COUNT] = {0};
    for (size_t frame = 0; frame < meter->frames; frame++) {
        float mfcc[NR_MFCC_COUNT];
        nr_dct_apply(&meter->dct, meter->levels + frame * NR_MEL_BANDS, mfcc);
        for (int k = 0; k < NR_MFCC_COUNT; k++) { /* Welford: a constant clip has no spread at all */
            double off = mfcc[k] - mean[k];
            mean[k] += off / (double)(frame + 1);
            spread[k] += off * (mfcc[k] - mean[k]);
        }
    }
    for (int k = 0; k < NR_MFCC_COUNT; k++) {
        out[k] = (float)mean[k];
        out[NR_MFCC_COUNT + k] = (float)sqrt(spread[k] / (double)meter->frames);
    }
}

enum nr_status nr_sound_meter_finish(struct nr_sound_meter *meter, struct nr_arena *mem, struct nr_audio *out,
                                     bool *found, struct nr_error *err)
{
    *out = (struct nr_audio){.seconds = (double)meter->samples / NR_PCM_RATE};
    *found = meter->samples > 0;
    if (!*found)
        return NR_OK;
    enum nr_status status = meter->hop_fill > 0 ? end_hop(meter, err) : NR_OK;
    if (!status)
        status = add_rest(meter, err);
    if (status)
        return status;
    to_decibels(meter);
    meter->finished = true;
    mfcc_statistics(meter, out->mfcc);
    out->loudness = fmax(LOUDNESS_MIN, 10 * log10(meter->squares / (double)meter->samples));
    out->silence_ratio = (double)meter->silent / (double)meter->hops;
    size_t hops = meter->hops < meter->frames ? meter->hops : meter->frames;
    out->hint = nr_sound_hint(&(struct nr_sound_track){meter->rms, hops, meter->levels}, out->silence_ratio);
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
    for (size_t frame = 0; frame < *frames; frame++) {
        float mfcc[NR_MFCC_COUNT];
        nr_dct_apply(&meter->dct, meter->levels + frame * NR_MEL_BANDS, mfcc);
        for (size_t k = 0; k < NR_MFCC_COUNT; k++)
            (*rows)[k * *frames + frame] = mfcc[k];
    }
    return NR_OK;
}
