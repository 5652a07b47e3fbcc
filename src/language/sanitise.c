/* sanitise.c - untrusted text made fit to stand between quotation marks in a prompt. */
#include <string.h>

#include "nightreel/language_prompt.h"

#include "core/banned.h"

#define ELLIPSIS "…"

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0x3000 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029;
}

/* Characters that show nothing or reorder what is shown. */
static bool is_dropped(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || (c >= 0xE000 && c <= 0xF8FF) ||
           c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFF) || c >= 0xE0000;
}

/* A likeness of a character that could end the quotation or spell a control token
 * (<|im_end|>, </s>, [INST], {placeholder}); NULL where it may stay. */
static const char *likeness(uint32_t c)
{
    switch (c) {
    case '"':
    case '`':
        return "'";
    case '<':
        return "‹";
    case '>':
        return "›";
    case '[':
    case '{':
        return "(";
    case ']':
    case '}':
        return ")";
    case '\\':
    case '|':
        return "/";
    case 0x2581: /* the blank of SentencePiece vocabularies */
        return "_";
    default:
        return NULL;
    }
}

void nr_text_quote(const char *text, size_t length, size_t limit, struct nr_buf *out)
{
    size_t begin = out->length, pos = 0;
    bool blank = false;
    while (pos < length) {
        size_t at = pos;
        uint32_t c = nr_utf8_next(text, length, &pos);
        if (is_blank(c)) {
            blank = out->length > begin;
            continue;
        }
        if (is_dropped(c))
            continue;
        const char *other = likeness(c);
        size_t bytes = other ? strlen(other) : pos - at;
        if (out->length - begin + blank + bytes > limit) {
            nr_buf_puts(out, ELLIPSIS);
            return;
        }
        if (blank)
            nr_buf_putc(out, ' ');
        blank = false;
        nr_buf_append(out, other ? other : text + at, bytes);
    }
}
