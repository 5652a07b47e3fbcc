/* tag_list.c - see tag_list.h. */
#include "stage/tag_list.h"

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

/* The tag that starts at *at, trimmed; *at moves behind its separator. */
static const char *next_tag(const char *text, size_t length, size_t *at, size_t *tag_length)
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
    *tag_length = first == length ? 0 : last - first;
    return text + first;
}

enum nr_status nr_tag_list_split(const char *text, struct nr_arena *mem, struct nr_strings *out, struct nr_error *err)
{
    size_t length = strlen(text), at = 0, most = 1, tag_length;
    for (size_t i = 0; i < length;)
        most += is_separator(nr_utf8_next(text, length, &i));
    *out = (struct nr_strings){nr_arena_alloc(mem, most, sizeof *out->items), 0};
    while (out->items && at < length) {
        const char *tag = next_tag(text, length, &at, &tag_length);
        const char *copy = tag_length ? nr_arena_strndup(mem, tag, tag_length) : NULL;
        if (copy && !nr_strings_contain(out, copy))
            out->items[out->count++] = copy;
    }
    return mem->failed ? nr_fail_nomem(err, "tags") : NR_OK;
}
