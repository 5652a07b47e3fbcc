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

#include "nightreel/feature.h"

#include "core/banned.h"

enum { SECOND_HOPS = NR_PCM_RATE / NR_MEL_HOP, STRETCH_HOPS = 10 };

#define LOUD_RMS        3.1623e-3 /* -50 dBFS */
#define SILENCE_SHARE   0.95
#define SPEECH_PAUSES   0.25
#define SPEECH_CONTRAST 2.3
#define SPEECH_CHANGE   2.5
#define MUSIC_PAUSES    0.22
#define MUSIC_CONTRAST  2.7

static bool is_loud(const struct nr_sound_track *track, size_t hop)
{
    return track->rms[hop] > LOUD_RMS;
}

/* Share of pausing hops in the seconds that have sound at all; a clip of less than a
 * second counts as one. NAN: none has. */
static double measure_pauses(const struct nr_sound_track *track)
{
    size_t length = track->hops < SECOND_HOPS ? track->hops : SECOND_HOPS;
    size_t hops = 0, pausing = 0;
    for (size_t start = 0; length && start + length <= track->hops; start += length) {
        double sum = 0;
        bool loud = false;
        for (size_t i = start; i < start + length; i++) {
            sum += track->rms[i];
            loud |= is_loud(track, i);
        }
        for (size_t i = start; i < start + length && loud; i++)
            pausing += track->rms[i] < 0.5 * sum / (double)length;
        hops += loud ? length : 0;
    }
    return hops ? (double)pausing / (double)hops : NAN;
}

static double stretch_contrast(const float *levels)
{
    double band[NR_MEL_BANDS] = {0}, sum = 0;
    for (int hop = 0; hop < STRETCH_HOPS; hop++)
        for (int i = 0; i < NR_MEL_BANDS; i++)
            band[i] += levels[hop * NR_MEL_BANDS + i] / (double)STRETCH_HOPS;
    for (int i = 1; i + 1 < NR_MEL_BANDS; i++)
        sum += fabs(band[i - 1] - 2 * band[i] + band[i + 1]);
    return sum / (NR_MEL_BANDS - 2);
}

/* Mean over the stretches that are loud throughout; 0: there are none. */
static double measure_contrast(const struct nr_sound_track *track)
{
    double sum = 0;
    size_t stretches = 0;
    for (size_t start = 0; start + STRETCH_HOPS <= track->hops; start += STRETCH_HOPS) {
        bool loud = true;
        for (size_t i = start; i < start + STRETCH_HOPS; i++)
            loud &= is_loud(track, i);
        if (loud) {
            sum += stretch_contrast(track->levels + start * NR_MEL_BANDS);
            stretches++;
        }
    }
    return stretches ? sum / (double)stretches : 0;
}

static double measure_change(const struct nr_sound_track *track)
{
    double sum = 0;
    size_t hops = 0;
    for (size_t hop = 1; hop < track->hops; hop++) {
        const float *now = track->levels + hop * NR_MEL_BANDS, *before = now - NR_MEL_BANDS;
        if (!is_loud(track, hop))
            continue;
        for (int i = 0; i < NR_MEL_BANDS; i++)
            sum += fabsf(now[i] - before[i]);
        hops++;
    }
    return hops ? sum / ((double)hops * NR_MEL_BANDS) : 0;
}

const char *nr_sound_hint(const struct nr_sound_track *track, double silence_ratio)
{
    double pauses = measure_pauses(track), contrast = measure_contrast(track);
    if (silence_ratio > SILENCE_SHARE || isnan(pauses))
        return "silence";
    if (pauses >= SPEECH_PAUSES && contrast >= SPEECH_CONTRAST && measure_change(track) >= SPEECH_CHANGE)
        return "speech";
    if (pauses < MUSIC_PAUSES && contrast >= MUSIC_CONTRAST)
        return "music";
    return "mixed";
}
