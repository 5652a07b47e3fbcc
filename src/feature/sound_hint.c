#include "feature/sound_hint.h"
#include "core/banned.h"
const char *nr_sound_hint(const struct nr_sound_track *track, double silence_ratio)
{
    (void)track;
    return silence_ratio > 0.95 ? "silence" : "mixed";
}
