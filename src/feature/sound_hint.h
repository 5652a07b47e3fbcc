/* sound_hint.h - speech, music or neither, from energies and band levels. */
#ifndef NR_FEATURE_SOUND_HINT_H
#define NR_FEATURE_SOUND_HINT_H

#include "nightreel/feature.h"

#define NR_SOUND_STRETCH 10 /* hops that contrast is averaged over */

struct nr_sound_hint {
    const float *rms; /* of each hop's samples */
    size_t hops;
    /* filled by nr_sound_hint_add() */
    double contrast, change;
    size_t stretches, changes;
    float last[NR_MEL_BANDS];
};

/* Levels (dB, floored) of the `count` hops from `hop` on, NR_MEL_BANDS each; in order, and
 * all but the last time a multiple of NR_SOUND_STRETCH of them. */
void nr_sound_hint_add(struct nr_sound_hint *hint, size_t hop, const float *levels, size_t count);
/* "speech" "music" "silence" "mixed". `silence_ratio` as in struct nr_audio. */
const char *nr_sound_hint_name(const struct nr_sound_hint *hint, double silence_ratio);

#endif
