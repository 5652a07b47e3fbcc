/* sentences.c - cutting text into sentences, and choosing some that stand for all. */
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

static size_t count_sentences(const char *text)
{
    size_t pos = 0, start, length, count = 0;
    while (nr_sentence_next(text, &pos, &start, &length))
        count++;
    return count;
}

/* Appends every sentence whose number times `wanted` steps over a multiple of
 * `count`: `wanted` sentences at even distances, the first among them. */
static void append_spread(const char *text, size_t count, size_t wanted, size_t limit, struct nr_buf *out)
{
    size_t pos = 0, start, length, begin = out->length;
    size_t previous = SIZE_MAX;
    for (size_t i = 0; nr_sentence_next(text, &pos, &start, &length); i++) {
        if (i && i * wanted / count == (i - 1) * wanted / count)
            continue;
        const char *gap = out->length == begin ? "" : previous + 1 == i ? " " : " … ";
        size_t used = out->length - begin + strlen(gap);
        if (used + 16 > limit)
            return;
        nr_buf_puts(out, gap);
        nr_text_quote(text + start, length, limit - used, out);
        previous = i;
    }
}

void nr_subtitles_choose(const char *subtitles, size_t limit, struct nr_buf *out)
{
    if (!subtitles)
        return;
    size_t count = count_sentences(subtitles), bytes = strlen(subtitles);
    if (!count)
        return;
    /* " ... " between two chosen ones takes five bytes. */
    size_t each = bytes / count + 5, wanted = bytes <= limit ? count : limit / each;
    if (wanted < 1)
        wanted = 1;
    append_spread(subtitles, count, wanted < count ? wanted : count, limit, out);
}
