/* item_language.c - which language a video's description is written in. */
#include <string.h>
#include <strings.h>

#include "nightreel/language_prompt.h"

#include "core/banned.h"

/* Half of the letters or more are Han characters, counted over title and synopsis:
 * one character says as much as several letters, so each counts for three. */
static bool mostly_han(const struct nr_item *item)
{
    const char *const texts[] = {item->title, item->synopsis};
    size_t han = 0, other = 0;
    for (size_t t = 0; t < NR_COUNT(texts); t++) {
        size_t length = texts[t] ? strlen(texts[t]) : 0, pos = 0;
        while (pos < length) {
            uint32_t c = nr_utf8_next(texts[t], length, &pos);
            if ((c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x323AF))
                han += 3;
            else if ((c | 0x20) - 'a' < 26 || c >= 0xC0)
                other++;
        }
    }
    return han > other;
}

static const char *known_code(const char *code)
{
    static const char *const codes[] = {"zh", "en", "ja", "ko", "fr", "de", "es", "it", "pt", "ru"};
    for (size_t i = 0; code && i < NR_COUNT(codes); i++)
        if (strncasecmp(code, codes[i], 2) == 0 && (!code[2] || code[2] == '-' || code[2] == '_'))
            return codes[i];
    return NULL;
}

const char *nr_item_language(const struct nr_item *item)
{
    const char *code = known_code(item->language);
    if (!code && item->text)
        code = known_code(item->text->language);
    if (!code)
        code = mostly_han(item) ? "zh" : "en";
    return code;
}

enum nr_prompt_language nr_prompt_language_of(const struct nr_item *item)
{
    return strcmp(nr_item_language(item), "zh") == 0 ? NR_PROMPT_ZH : NR_PROMPT_EN;
}
