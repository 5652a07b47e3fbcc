/* impressions.c - thresholds between numbers and words, all in one table.
 *
 * Set by eye and ear on films, lectures, animations and camera clips: the outer
 * fifths or so of what videos show get a word, the middle gets none. */
#include "feature/impressions.h"

#include <math.h>

#include "core/banned.h"

enum measure {
    MEASURE_BRIGHTNESS,    /* mean luma, 0..1 */
    MEASURE_COLOURFULNESS, /* Hasler and Suesstrunk's M / 255 */
    MEASURE_MOTION,        /* mean change of luma, 0..1 */
    MEASURE_CUTS,          /* a minute */
    MEASURE_LOUDNESS,      /* RMS dBFS */
    MEASURE_SILENCE,       /* share of silent frames, 0..1 */
    MEASURE_COUNT
};

static const struct {
    const char *word;
    enum measure measure;
    double low, high; /* low <= measure < high */
} impressions[] = {
    {"dark", MEASURE_BRIGHTNESS, -1, 0.25},          {"bright", MEASURE_BRIGHTNESS, 0.60, 2},
    {"colourless", MEASURE_COLOURFULNESS, -1, 0.02}, {"muted", MEASURE_COLOURFULNESS, 0.02, 0.10},
    {"colourful", MEASURE_COLOURFULNESS, 0.25, 9},   {"static", MEASURE_MOTION, -1, 0.005},
    {"calm", MEASURE_MOTION, 0.005, 0.02},           {"fast", MEASURE_MOTION, 0.08, 2},
    {"quick cuts", MEASURE_CUTS, 20, INFINITY},      {"quiet", MEASURE_LOUDNESS, -119, -35},
    {"loud", MEASURE_LOUDNESS, -14, INFINITY},       {"many pauses", MEASURE_SILENCE, 0.40, 0.95},
};

static void put_words(const double values[MEASURE_COUNT], const char *first, struct nr_arena *mem,
                      struct nr_strings *out)
{
    *out = (struct nr_strings){0};
    const char **words = nr_arena_alloc(mem, NR_COUNT(impressions) + 1, sizeof *words);
    if (!words)
        return; /* the arena remembers */
    out->items = words;
    if (first)
        words[out->count++] = nr_arena_strdup(mem, first);
    for (size_t i = 0; i < NR_COUNT(impressions); i++) {
        double value = values[impressions[i].measure];
        if (value >= impressions[i].low && value < impressions[i].high)
            words[out->count++] = nr_arena_strdup(mem, impressions[i].word);
    }
    if (mem->failed)
        *out = (struct nr_strings){0};
}

void nr_impressions_of_picture(const struct nr_visual *visual, struct nr_arena *mem, struct nr_strings *out)
{
    const double values[MEASURE_COUNT] = {
        [MEASURE_BRIGHTNESS] = visual->brightness,
        [MEASURE_COLOURFULNESS] = visual->colourfulness,
        [MEASURE_MOTION] = visual->motion,
        [MEASURE_CUTS] = visual->cuts_per_minute,
        [MEASURE_LOUDNESS] = NAN,
        [MEASURE_SILENCE] = NAN,
    };
    put_words(values, NULL, mem, out);
}

void nr_impressions_of_sound(const struct nr_audio *audio, struct nr_arena *mem, struct nr_strings *out)
{
    const double values[MEASURE_COUNT] = {
        [MEASURE_BRIGHTNESS] = NAN, [MEASURE_COLOURFULNESS] = NAN,        [MEASURE_MOTION] = NAN,
        [MEASURE_CUTS] = NAN,       [MEASURE_LOUDNESS] = audio->loudness, [MEASURE_SILENCE] = audio->silence_ratio,
    };
    put_words(values, audio->hint, mem, out);
}
