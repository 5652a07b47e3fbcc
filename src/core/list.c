/* list.c - fields that hold a list. */
#include "nightreel/core.h"

#include <string.h>

#include "core/banned.h"

static bool is_separator(uint32_t c)
{
    return c < 0x80 ? c && strchr(",|/;", (int)c) : c == 0x3001 || c == 0xff0c || c == 0xff1b || c == 0xff5c;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0x3000 || c == 0xa0;
}

/* What stands before the next separator, trimmed; *at moves behind that. */
static const char *cut(const char *text, size_t length, size_t *at, size_t *cut_length)
{
    size_t first = length, last = *at;
    while (*at < length) {
        size_t from = *at;
        uint32_t c = nr_utf8_next(text, length, at);
        if (is_separator(c))
            break;
        if (is_blank(c))
            continue;
        if (first == length)
            first = from;
        last = *at;
    }
    *cut_length = first == length ? 0 : last - first;
    return text + first;
}

bool nr_list_next(const char *text, size_t length, size_t *at, const char **element, size_t *element_length)
{
    while (*at < length) {
        *element = cut(text, length, at, element_length);
        if (*element_length)
            return true;
    }
    return false;
}
