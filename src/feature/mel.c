/* mel.c - windowed power spectra by KissFFT, two real frames in one complex
 * transform, and the sparse mel bands over them. */
#include "feature/mel.h"

#include <kiss_fft.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

/* One number of each transform. */
#ifdef USE_SIMD
enum { LANES = 4 };
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
#define LANE(numbers, lane) ((numbers)[lane])
#else
enum { LANES = 1 };
typedef float lanes;
#define LANE(numbers, lane) (numbers)
#endif
enum { BINS = NR_MEL_WINDOW / 2 + 1, HALF = NR_MEL_WINDOW / 2, TOGETHER = 2 * LANES };
_Static_assert(sizeof(kiss_fft_cpx) == 2 * LANES * sizeof(float), "a part of a complex number is LANES floats");
_Static_assert(NR_MEL_BLOCK % TOGETHER == 0, "a block is a whole number of transforms");

_Static_assert(NR_MEL_BLOCK == 8 && NR_MFCC_COUNT % 4 == 0, "in fours");
typedef float quad __attribute__((vector_size(4 * sizeof(float))));

/* One number of each of LANES complex signals. */
struct number {
    lanes real, imaginary;
};

/* Power of one bin: the frames in the order that the transforms leave them in. */
union power {
    quad halves[2];
    lanes parts[NR_MEL_BLOCK / LANES];
};

/* A band covers few bins: `weights` has them one after the other. */
struct band {
    int first, count;
    const float *weights;
};

struct nr_mel {
    float window[NR_MEL_WINDOW];
    struct band bands[NR_MEL_BANDS];
    float weights[2 * BINS + 2 * NR_MEL_BANDS];  /* each bin lies in at most two bands */
    kiss_fft_cfg transform;                      /* of HALF numbers */
    struct number *in, *halves;                  /* even samples, then odd ones; and their spectra */
    struct number *out;                          /* the spectrum of NR_MEL_WINDOW samples */
    float turn_real[HALF], turn_imaginary[HALF]; /* exp(-2 pi i k / NR_MEL_WINDOW) */
    union power *power;
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

static struct number *new_numbers(void)
{
    return aligned_alloc(_Alignof(struct number), NR_MEL_WINDOW * sizeof(struct number));
}

enum nr_status nr_mel_new(struct nr_mel **out, struct nr_error *err)
{
    struct nr_mel *mel = calloc(1, sizeof *mel);
    *out = mel;
    if (!mel)
        return nr_fail_nomem(err, "a mel filterbank");
    mel->transform = kiss_fft_alloc(HALF, 0, NULL, NULL);
    mel->in = new_numbers();
    mel->halves = new_numbers();
    mel->out = new_numbers();
    mel->power = aligned_alloc(_Alignof(union power), BINS * sizeof *mel->power);
    if (!mel->transform || !mel->in || !mel->halves || !mel->out || !mel->power) {
        nr_mel_free(mel);
        *out = NULL;
        return nr_fail_nomem(err, "a Fourier transform");
    }
    for (int k = 0; k < HALF; k++) {
        mel->turn_real[k] = (float)cos(-2 * M_PI * k / NR_MEL_WINDOW);
        mel->turn_imaginary[k] = (float)sin(-2 * M_PI * k / NR_MEL_WINDOW);
    }
    for (int i = 0; i < NR_MEL_WINDOW; i++) /* periodic Hann */
        mel->window[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * i / NR_MEL_WINDOW));
    fill_bands(mel);
    return NR_OK;
}

void nr_mel_free(struct nr_mel *mel)
{
    if (!mel)
        return;
    kiss_fft_free(mel->transform);
    free(mel->in);
    free(mel->halves);
    free(mel->out);
    free(mel->power);
    free(mel);
}

/* Each transform takes two frames, one in each part: LANES frames lie in the real parts,
 * the next LANES in the imaginary ones. */
static void window_frames(struct nr_mel *mel, const float *samples)
{
    for (int i = 0; i < NR_MEL_WINDOW; i++) {
        lanes real, imaginary;
        for (int lane = 0; lane < LANES; lane++) {
            LANE(real, lane) = samples[lane * NR_MEL_HOP + i];
            LANE(imaginary, lane) = samples[(LANES + lane) * NR_MEL_HOP + i];
        }
        struct number *to = &mel->in[i % 2 * HALF + i / 2];
        to->real = real * mel->window[i];
        to->imaginary = imaginary * mel->window[i];
    }
}

/* The last step of the transform is done here: KissFFT takes powers of four (1024) in less
 * than 0.8 of the time that it takes for what is left over (2048). With the spectra E and O
 * of even and odd samples, z_k = E_k + exp(-2 pi i k / n) O_k, and z_k+n/2 the difference. */
static void transform(struct nr_mel *mel)
{
    for (int half = 0; half < 2; half++)
        kiss_fft(mel->transform, (const kiss_fft_cpx *)(mel->in + half * HALF),
                 (kiss_fft_cpx *)(mel->halves + half * HALF));
    for (int k = 0; k < HALF; k++) {
        const struct number *even = &mel->halves[k], *odd = &mel->halves[HALF + k];
        lanes real = odd->real * mel->turn_real[k] - odd->imaginary * mel->turn_imaginary[k];
        lanes imaginary = odd->real * mel->turn_imaginary[k] + odd->imaginary * mel->turn_real[k];
        mel->out[k] = (struct number){even->real + real, even->imaginary + imaginary};
        mel->out[HALF + k] = (struct number){even->real - real, even->imaginary - imaginary};
    }
}

/* With a real signal in each part, the even half of the spectrum z belongs to the
 * first and the odd half to the second:
 * A_k = (z_k + conj z_-k) / 2, B_k = (z_k - conj z_-k) / 2i. */
static void split_power(struct nr_mel *mel, int place)
{
    for (int k = 0; k < BINS; k++) {
        int mirror = (NR_MEL_WINDOW - k) % NR_MEL_WINDOW;
        lanes up_real = mel->out[k].real, down_real = mel->out[mirror].real;
        lanes up_imaginary = mel->out[k].imaginary, down_imaginary = mel->out[mirror].imaginary;
        lanes ar = up_real + down_real, ai = up_imaginary - down_imaginary;
        lanes br = up_imaginary + down_imaginary, bi = down_real - up_real;
        mel->power[k].parts[2 * place] = 0.25F * (ar * ar + ai * ai);
        mel->power[k].parts[2 * place + 1] = 0.25F * (br * br + bi * bi);
    }
}

static void sum_bands(const struct nr_mel *mel, float out[NR_MEL_BLOCK][NR_MEL_BANDS])
{
    for (int i = 0; i < NR_MEL_BANDS; i++) {
        const struct band *band = &mel->bands[i];
        quad first = {0}, second = {0};
        for (int j = 0; j < band->count; j++) {
            const union power *power = &mel->power[band->first + j];
            first += band->weights[j] * power->halves[0];
            second += band->weights[j] * power->halves[1];
        }
        for (int frame = 0; frame < NR_MEL_BLOCK / 2; frame++) {
            out[frame][i] = first[frame];
            out[NR_MEL_BLOCK / 2 + frame][i] = second[frame];
        }
    }
}

void nr_mel_block(struct nr_mel *mel, const float *samples, float out[NR_MEL_BLOCK][NR_MEL_BANDS])
{
    for (int place = 0; place < NR_MEL_BLOCK / TOGETHER; place++) {
        window_frames(mel, samples + place * TOGETHER * NR_MEL_HOP);
        transform(mel);
        split_power(mel, place);
    }
    sum_bands(mel, out);
}

void nr_dct_init(struct nr_dct *dct)
{
    for (int j = 0; j < NR_MEL_BANDS; j++)
        for (int k = 0; k < NR_MFCC_COUNT; k++)
            dct->basis[j][k] =
                (float)(sqrt((k ? 2.0 : 1.0) / NR_MEL_BANDS) * cos(M_PI * k * (2 * j + 1) / (2.0 * NR_MEL_BANDS)));
}

/* Of two sets at a time, so that each basis value is read once for both. */
static void dct_of_two(const struct nr_dct *dct, const float *a, const float *b, float out[2][NR_MFCC_COUNT])
{
    quad first[NR_MFCC_COUNT / 4] = {0}, second[NR_MFCC_COUNT / 4] = {0};
    for (int j = 0; j < NR_MEL_BANDS; j++)
        for (int k = 0; k < NR_MFCC_COUNT / 4; k++) {
            quad basis = *(const quad *)&dct->basis[j][4 * k];
            first[k] += a[j] * basis;
            second[k] += b[j] * basis;
        }
    memcpy(out[0], first, sizeof first);
    memcpy(out[1], second, sizeof second);
}

void nr_dct_apply(const struct nr_dct *dct, const float *bands, size_t count, float out[][NR_MFCC_COUNT])
{
    float last[2][NR_MFCC_COUNT];
    size_t i = 0;
    for (; i + 2 <= count; i += 2)
        dct_of_two(dct, bands + i * NR_MEL_BANDS, bands + (i + 1) * NR_MEL_BANDS, out + i);
    if (i < count) {
        dct_of_two(dct, bands + i * NR_MEL_BANDS, bands + i * NR_MEL_BANDS, last);
        memcpy(out[i], last[0], sizeof last[0]);
    }
}
