/* sound_hint.h - speech, music or neither, from energies and band levels. */
#ifndef NR_FEATURE_SOUND_HINT_H
#define NR_FEATURE_SOUND_HINT_H

#include "nightreel/core.h"

/* One value per hop of sound. */
struct nr_sound_track {
    const float *rms; /* of the hop's samples */
    size_t hops;
    const float *levels; /* hops x NR_MEL_BANDS, dB, floored */
};

/* "speech" "music" "silence" "mixed". `silence_ratio` as in struct nr_audio. */
const char *nr_sound_hint(const struct nr_sound_track *track, double silence_ratio);

#endif
