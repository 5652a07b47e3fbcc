/* mel.c - windowed power spectra by KissFFT, two real frames in one complex
 * transform, and the sparse mel bands over them. */
#include "feature/mel.h"

#include <kiss_fft.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

enum { BINS = NR_MEL_WINDOW / 2 + 1 };

/* A band covers few bins: `weights` has them one after the other. */
struct band {
    int first, count;
    const float *weights;
};

struct nr_mel {
    float window[NR_MEL_WINDOW];
    struct band bands[NR_MEL_BANDS];
    float weights[2 * BINS + 2 * NR_MEL_BANDS]; /* each bin lies in at most two bands */
    kiss_fft_cfg transform;
    kiss_fft_cpx in[NR_MEL_WINDOW], out[NR_MEL_WINDOW];
    float power[2][BINS];
};

/* Slaney's mel scale: linear below 1 kHz (200/3 Hz a mel), logarithmic above. */
static double hz_of_mel(double mel)
{
    const double linear = 200.0 / 3, knee = 1000 / linear, step = log(6.4) / 27;
    return mel >= knee ? 1000 * exp(step * (mel - knee)) : mel * linear;
}

static double mel_of_hz(double hz)
{
    const double linear = 200.0 / 3, knee = 1000 / linear, step = log(6.4) / 27;
    return hz >= 1000 ? knee + log(hz / 1000) / step : hz / linear;
}

/* Triangles between neighbouring edges, each of area 1 in Hz (Slaney's norm). */
static void fill_bands(struct nr_mel *mel)
{
    double edges[NR_MEL_BANDS + 2], top = mel_of_hz(NR_PCM_RATE / 2.0);
    float *weight = mel->weights;
    for (int i = 0; i < NR_MEL_BANDS + 2; i++)
        edges[i] = hz_of_mel(top * i / (NR_MEL_BANDS + 1));
    for (int i = 0; i < NR_MEL_BANDS; i++) {
        struct band *band = &mel->bands[i];
        band->weights = weight;
        for (int bin = 0; bin < BINS; bin++) {
            double hz = bin * (double)NR_PCM_RATE / NR_MEL_WINDOW;
            double rising = (hz - edges[i]) / (edges[i + 1] - edges[i]);
            double falling = (edges[i + 2] - hz) / (edges[i + 2] - edges[i + 1]);
            double height = fmin(rising, falling);
            if (height <= 0)
                continue;
            if (band->count == 0)
                band->first = bin;
            band->count++;
            *weight++ = (float)(height * 2 / (edges[i + 2] - edges[i]));
        }
    }
}

enum nr_status nr_mel_new(struct nr_mel **out, struct nr_error *err)
{
    struct nr_mel *mel = calloc(1, sizeof *mel);
    *out = mel;
    if (!mel)
        return nr_fail_nomem(err, "a mel filterbank");
    mel->transform = kiss_fft_alloc(NR_MEL_WINDOW, 0, NULL, NULL);
    if (!mel->transform) {
        nr_mel_free(mel);
        *out = NULL;
        return nr_fail_nomem(err, "a Fourier transform");
    }
    for (int i = 0; i < NR_MEL_WINDOW; i++) /* periodic Hann */
        mel->window[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * i / NR_MEL_WINDOW));
    fill_bands(mel);
    return NR_OK;
}

void nr_mel_free(struct nr_mel *mel)
{
    if (mel)
        kiss_fft_free(mel->transform);
    free(mel);
}

/* With a real signal in each part, the even half of the spectrum z belongs to the
 * first and the odd half to the second:
 * A_k = (z_k + conj z_-k) / 2, B_k = (z_k - conj z_-k) / 2i. */
static void split_power(struct nr_mel *mel)
{
    for (int k = 0; k < BINS; k++) {
        kiss_fft_cpx up = mel->out[k], down = mel->out[(NR_MEL_WINDOW - k) % NR_MEL_WINDOW];
        float ar = up.r + down.r, ai = up.i - down.i, br = up.i + down.i, bi = down.r - up.r;
        mel->power[0][k] = 0.25F * (ar * ar + ai * ai);
        mel->power[1][k] = 0.25F * (br * br + bi * bi);
    }
}

static void sum_bands(const struct nr_mel *mel, const float power[BINS], float out[NR_MEL_BANDS])
{
    for (int i = 0; i < NR_MEL_BANDS; i++) {
        const struct band *band = &mel->bands[i];
        float sum = 0;
        for (int j = 0; j < band->count; j++)
            sum += band->weights[j] * power[band->first + j];
        out[i] = sum;
    }
}

void nr_mel_pair(struct nr_mel *mel, const float *samples, float first[NR_MEL_BANDS], float second[NR_MEL_BANDS])
{
    for (int i = 0; i < NR_MEL_WINDOW; i++) {
        mel->in[i].r = samples[i] * mel->window[i];
        mel->in[i].i = samples[i + NR_MEL_HOP] * mel->window[i];
    }
    kiss_fft(mel->transform, mel->in, mel->out);
    split_power(mel);
    sum_bands(mel, mel->power[0], first);
    sum_bands(mel, mel->power[1], second);
}

void nr_dct_init(struct nr_dct *dct)
{
    for (int j = 0; j < NR_MEL_BANDS; j++)
        for (int k = 0; k < NR_MFCC_COUNT; k++)
            dct->basis[j][k] =
                (float)(sqrt((k ? 2.0 : 1.0) / NR_MEL_BANDS) * cos(M_PI * k * (2 * j + 1) / (2.0 * NR_MEL_BANDS)));
}

void nr_dct_apply(const struct nr_dct *dct, const float bands[NR_MEL_BANDS], float out[NR_MFCC_COUNT])
{
    memset(out, 0, NR_MFCC_COUNT * sizeof *out);
    for (int j = 0; j < NR_MEL_BANDS; j++)
        for (int k = 0; k < NR_MFCC_COUNT; k++)
            out[k] += bands[j] * dct->basis[j][k];
}
