/* sentences.c - cutting text into sentences. */
#include <string.h>

#include "nightreel/language_prompt.h"

#include "core/banned.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Marks that may follow the end of a sentence and belong to it. */
static bool is_closing(uint32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == 0x201D || c == 0x2019 || c == 0x300D || c == 0x300F || c == 0xFF09;
}

static bool is_end(const char *text, uint32_t c, size_t after)
{
    if (c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == '!' || c == '?' || c == 0x2026)
        return true;
    static const char *const behind[] = {"\"", "'", ")", "”", "’", "」"};
    bool ends = c == '.' && (!text[after] || is_space(text[after])); /* not 3.5, not example.org */
    for (size_t i = 0; c == '.' && i < NR_COUNT(behind); i++)
        ends |= strncmp(text + after, behind[i], strlen(behind[i])) == 0;
    return ends;
}

bool nr_sentence_next(const char *text, size_t *pos, size_t *start, size_t *length)
{
    size_t total = *pos + strlen(text + *pos), at = *pos;
    while (at < total && is_space(text[at]))
        at++;
    if (at == total) {
        *pos = total;
        return false;
    }
    *start = at;
    bool ended = false;
    while (at < total && text[at] != '\n') {
        size_t next = at;
        uint32_t c = nr_utf8_next(text, total, &next);
        bool end = is_end(text, c, next);
        if (ended && !end && !is_closing(c))
            break;
        ended = ended || end;
        at = next;
    }
    *pos = at;
    while (at > *start && is_space(text[at - 1]))
        at--;
    *length = at - *start;
    return true;
}
