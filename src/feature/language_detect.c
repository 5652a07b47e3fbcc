/* language_detect.c - a language by its script. */
#include <string.h>

#include "feature/stop_words.h"
#include "nightreel/feature.h"

#include "core/banned.h"

/* Blocks of letters that name a language well enough. To add one: a row. */
enum script {
    SCRIPT_LATIN,
    SCRIPT_HAN,
    SCRIPT_KANA,
    SCRIPT_HANGUL,
    SCRIPT_CYRILLIC,
    SCRIPT_ARABIC,
    SCRIPT_HEBREW,
    SCRIPT_GREEK,
    SCRIPT_THAI,
    SCRIPT_DEVANAGARI,
    SCRIPT_COUNT
};

static const struct {
    uint32_t first, last;
    enum script script;
} blocks[] = {
    {'A', 'Z', SCRIPT_LATIN},        {'a', 'z', SCRIPT_LATIN},          {0xC0, 0x24F, SCRIPT_LATIN},
    {0x370, 0x3FF, SCRIPT_GREEK},    {0x400, 0x52F, SCRIPT_CYRILLIC},   {0x590, 0x5FF, SCRIPT_HEBREW},
    {0x600, 0x6FF, SCRIPT_ARABIC},   {0x900, 0x97F, SCRIPT_DEVANAGARI}, {0xE00, 0xE7F, SCRIPT_THAI},
    {0x1100, 0x11FF, SCRIPT_HANGUL}, {0x3041, 0x30FF, SCRIPT_KANA},     {0x3400, 0x4DBF, SCRIPT_HAN},
    {0x4E00, 0x9FFF, SCRIPT_HAN},    {0xAC00, 0xD7A3, SCRIPT_HANGUL},   {0xF900, 0xFAFF, SCRIPT_HAN},
    {0x20000, 0x323AF, SCRIPT_HAN},
};

static const char *const languages[SCRIPT_COUNT] = {
    [SCRIPT_LATIN] = "en",    [SCRIPT_HAN] = "zh",        [SCRIPT_KANA] = "ja",   [SCRIPT_HANGUL] = "ko",
    [SCRIPT_CYRILLIC] = "ru", [SCRIPT_ARABIC] = "ar",     [SCRIPT_HEBREW] = "he", [SCRIPT_GREEK] = "el",
    [SCRIPT_THAI] = "th",     [SCRIPT_DEVANAGARI] = "hi",
};

/* A Latin letter is a fifth of a word where a Han character is half of one, and
 * Japanese mixes kana into Han: weights make the counts comparable. */
enum { HAN_WEIGHT = 3, ENOUGH = 2, LOOK_BYTES = 1 << 16 };

static void count_scripts(const char *text, size_t counts[SCRIPT_COUNT])
{
    size_t length = strnlen(text, LOOK_BYTES);
    for (size_t pos = 0; pos < length;) {
        uint32_t c = nr_utf8_next(text, length, &pos);
        for (size_t i = 0; i < NR_COUNT(blocks) && c >= blocks[i].first; i++)
            if (c <= blocks[i].last) {
                counts[blocks[i].script]++;
                break;
            }
    }
}

const char *nr_language_detect(const char *const *texts, size_t count)
{
    size_t counts[SCRIPT_COUNT] = {0}, best = 0;
    for (size_t i = 0; i < count; i++)
        if (texts[i])
            count_scripts(texts[i], counts);
    if (counts[SCRIPT_KANA] * 5 >= counts[SCRIPT_HAN] && counts[SCRIPT_KANA] > 0) {
        counts[SCRIPT_KANA] += counts[SCRIPT_HAN];
        counts[SCRIPT_HAN] = 0;
    }
    counts[SCRIPT_HAN] *= HAN_WEIGHT;
    counts[SCRIPT_KANA] *= HAN_WEIGHT;
    for (size_t i = 1; i < SCRIPT_COUNT; i++)
        if (counts[i] > counts[best])
            best = i;
    return counts[best] >= ENOUGH ? languages[best] : "";
}
