/* text.c - UTF-8 and string lists. */
#include "nightreel/core.h"

#include <string.h>

#include "core/banned.h"

bool nr_strings_contain(const struct nr_strings *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

int nr_id_compare(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b); /* strcmp compares as unsigned char */
}

int nr_id_order(const void *a, const void *b)
{
    return nr_id_compare(*(const char *const *)a, *(const char *const *)b);
}

size_t nr_id_find(const char *const *ids, size_t count, const char *id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(ids[middle], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && strcmp(ids[low], id) == 0 ? low : SIZE_MAX;
}

/* Length of the well-formed UTF-8 sequence at text (Unicode 15, table 3-7), or 0. */
static size_t sequence_length(const unsigned char *text, size_t left)
{
    unsigned char lead = text[0];
    if (lead < 0x80)
        return 1;
    size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                    : lead >= 0xe0 && lead <= 0xef ? 3
                    : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                   : 0;
    if (length == 0 || length > left)
        return 0;
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if (text[i] < 0x80 || text[i] > 0xbf)
            return 0;
    return length;
}

size_t nr_utf8_prefix(const char *text, size_t length, size_t limit)
{
    if (length <= limit)
        return length;
    size_t cut = limit;
    while (cut > 0 && limit - cut < 4 && ((unsigned char)text[cut] & 0xc0) == 0x80)
        cut--;
    return cut;
}

bool nr_utf8_valid(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t i = 0; i < length;) {
        size_t step = sequence_length(bytes + i, length - i);
        if (step == 0)
            return false;
        i += step;
    }
    return true;
}

uint32_t nr_utf8_next(const char *text, size_t length, size_t *pos)
{
    const unsigned char *bytes = (const unsigned char *)text + *pos;
    size_t step = sequence_length(bytes, length - *pos);
    if (step == 0) {
        *pos += 1;
        return 0xFFFD;
    }
    static const unsigned char lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t c = bytes[0] & lead_bits[step];
    for (size_t i = 1; i < step; i++)
        c = c << 6 | (bytes[i] & 0x3f);
    *pos += step;
    return c;
}
