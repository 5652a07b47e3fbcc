/* sound_hint.c - a guess at speech or music from three plain measures.
 *
 *   pauses    share of hops whose RMS is below half of the mean of their second: words
 *             come in bursts, music holds (the low-energy rate of Scheirer and Slaney,
 *             "Construction and evaluation of a robust multifeature speech/music
 *             discriminator", 1997)
 *   contrast  how sharply neighbouring mel bands differ, averaged over a quarter of a
 *             second: voices and notes have lines, noise has none
 *   change    mean change of a band from one hop to the next, dB: speech hardly ever
 *             holds a sound
 *
 * The thresholds part Chinese and English readings, lectures, films with scores, chip
 * tunes, rain and crowd noise; what fits neither is "mixed". */
#include "feature/sound_hint.h"

#include <math.h>
#include <string.h>

#include "core/banned.h"

enum { SECOND_HOPS = NR_PCM_RATE / NR_MEL_HOP };

#define LOUD_RMS        3.1623e-3 /* -50 dBFS */
#define SILENCE_SHARE   0.95
#define SPEECH_PAUSES   0.25
#define SPEECH_CONTRAST 2.3
#define SPEECH_CHANGE   2.5
#define MUSIC_PAUSES    0.22
#define MUSIC_CONTRAST  2.7

static bool is_loud(const struct nr_sound_hint *hint, size_t hop)
{
    return hint->rms[hop] > LOUD_RMS;
}

/* Share of pausing hops in the seconds that have sound at all; a clip of less than a
 * second counts as one. NAN: none has. */
static double measure_pauses(const struct nr_sound_hint *hint)
{
    size_t length = hint->hops < SECOND_HOPS ? hint->hops : SECOND_HOPS;
    size_t hops = 0, pausing = 0;
    for (size_t start = 0; length && start + length <= hint->hops; start += length) {
        double sum = 0;
        bool loud = false;
        for (size_t i = start; i < start + length; i++) {
            sum += hint->rms[i];
            loud |= is_loud(hint, i);
        }
        for (size_t i = start; i < start + length && loud; i++)
            pausing += hint->rms[i] < 0.5 * sum / (double)length;
        hops += loud ? length : 0;
    }
    return hops ? (double)pausing / (double)hops : NAN;
}

static double stretch_contrast(const float *levels)
{
    double band[NR_MEL_BANDS] = {0}, sum = 0;
    for (int hop = 0; hop < NR_SOUND_STRETCH; hop++)
        for (int i = 0; i < NR_MEL_BANDS; i++)
            band[i] += levels[hop * NR_MEL_BANDS + i] / (double)NR_SOUND_STRETCH;
    for (int i = 1; i + 1 < NR_MEL_BANDS; i++)
        sum += fabs(band[i - 1] - 2 * band[i] + band[i + 1]);
    return sum / (NR_MEL_BANDS - 2);
}

/* The stretches that are loud throughout. */
static void add_contrast(struct nr_sound_hint *hint, size_t hop, const float *levels, size_t count)
{
    for (size_t start = 0; start + NR_SOUND_STRETCH <= count; start += NR_SOUND_STRETCH) {
        bool loud = true;
        for (size_t i = start; i < start + NR_SOUND_STRETCH; i++)
            loud &= is_loud(hint, hop + i);
        if (loud) {
            hint->contrast += stretch_contrast(levels + start * NR_MEL_BANDS);
            hint->stretches++;
        }
    }
}

static void add_change(struct nr_sound_hint *hint, size_t hop, const float *levels, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const float *now = levels + i * NR_MEL_BANDS, *before = i > 0 ? now - NR_MEL_BANDS : hint->last;
        if (hop + i == 0 || !is_loud(hint, hop + i))
            continue;
        float sum = 0;
        for (int band = 0; band < NR_MEL_BANDS; band++)
            sum += fabsf(now[band] - before[band]);
        hint->change += sum;
        hint->changes++;
    }
    memcpy(hint->last, levels + (count - 1) * NR_MEL_BANDS, sizeof hint->last);
}

void nr_sound_hint_add(struct nr_sound_hint *hint, size_t hop, const float *levels, size_t count)
{
    if (hop >= hint->hops)
        return;
    if (count > hint->hops - hop)
        count = hint->hops - hop;
    add_contrast(hint, hop, levels, count);
    add_change(hint, hop, levels, count);
}

const char *nr_sound_hint_name(const struct nr_sound_hint *hint, double silence_ratio)
{
    double pauses = measure_pauses(hint);
    double contrast = hint->stretches ? hint->contrast / (double)hint->stretches : 0;
    double change = hint->changes ? hint->change / ((double)hint->changes * NR_MEL_BANDS) : 0;
    if (silence_ratio > SILENCE_SHARE || isnan(pauses))
        return "silence";
    if (pauses >= SPEECH_PAUSES && contrast >= SPEECH_CONTRAST && change >= SPEECH_CHANGE)
        return "speech";
    if (pauses < MUSIC_PAUSES && contrast >= MUSIC_CONTRAST)
        return "music";
    return "mixed";
}
