/* text_measures.c - plain properties of a text. */
#include <string.h>

#include "language/characters.h"
#include "nightreel/language_evidence.h"

#include "core/banned.h"

size_t nr_text_characters(const char *text)
{
    size_t length = strlen(text), count = 0;
    for (size_t pos = 0; pos < length; count++)
        nr_utf8_next(text, length, &pos);
    return count;
}

double nr_text_han_share(const char *text)
{
    size_t length = strlen(text), han = 0, letters = 0;
    for (size_t pos = 0; pos < length;) {
        uint32_t c = nr_utf8_next(text, length, &pos);
        han += nr_is_han(c);
        letters += nr_is_han(c) || (c < 0x80 && nr_is_ascii_word((char)c)) || (c >= 0xC0 && c < 0x2000);
    }
    return letters ? (double)han / (double)letters : 0;
}

static bool repeats_in_a_row(const uint32_t *text, size_t count)
{
    for (size_t period = 4; period * 3 <= count; period++) {
        size_t run = 0; /* characters equal to the one a period before */
        for (size_t i = period; i < count; i++) {
            run = text[i] == text[i - period] ? run + 1 : 0;
            if (run >= 2 * period)
                return true;
        }
    }
    return false;
}

static bool few_triples(const uint32_t *text, size_t count)
{
    size_t distinct = 0;
    for (size_t i = 0; i + 3 <= count; i++) {
        size_t j = 0;
        while (j < i && memcmp(text + i, text + j, 3 * sizeof *text) != 0)
            j++;
        distinct += j == i;
    }
    return count >= 20 && distinct * 2 < count - 2;
}

bool nr_text_loops(const char *text)
{
    enum { LIMIT = 400 }; /* characters looked at: the search is quadratic */
    uint32_t characters[LIMIT];
    size_t length = strlen(text), count = 0;
    for (size_t pos = 0; pos < length && count < LIMIT;)
        characters[count++] = nr_utf8_next(text, length, &pos);
    return repeats_in_a_row(characters, count) || few_triples(characters, count);
}

/* ---- tokens ---------------------------------------------------------------------------- */

enum { LETTERS_A_TOKEN = 8 };

static bool is_letter(uint32_t c)
{
    return (c < 0x80 && nr_is_ascii_word((char)c)) || (c >= 0xC0 && c < 0x2000 && c != 0xD7 && c != 0xF7);
}

static bool is_blank(uint32_t c)
{
    return c <= ' ' || c == 0xA0 || c == 0x3000;
}

/* Tokens of text[0..length), stopping before the word that would go beyond `most`;
 * *end is where it stopped. */
static size_t count_tokens(const char *text, size_t length, size_t most, size_t *end)
{
    size_t count = 0;
    *end = 0;
    for (size_t pos = 0; pos < length;) {
        size_t letters = 0, next = pos;
        uint32_t c = nr_utf8_next(text, length, &next);
        while (is_letter(c)) {
            letters++;
            pos = next;
            c = next < length ? nr_utf8_next(text, length, &next) : ' ';
        }
        if (!letters)
            pos = next;
        size_t add = letters ? (letters + LETTERS_A_TOKEN - 1) / LETTERS_A_TOKEN : !is_blank(c);
        if (count + add > most)
            return count;
        count += add;
        if (add)
            *end = pos;
    }
    return count;
}

size_t nr_text_tokens(const char *text, size_t length)
{
    size_t end;
    return count_tokens(text, length, SIZE_MAX, &end);
}

size_t nr_text_tokens_cut(const char *text, size_t length, size_t most)
{
    size_t end;
    count_tokens(text, length, most, &end);
    return end;
}
