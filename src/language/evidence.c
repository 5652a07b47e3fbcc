/* evidence.c - does the record say so? */
#include "language/characters.h"
#include "language/lexicon.h"
#include "nightreel/language_evidence.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static void add_line(struct nr_buf *text, const char *line)
{
    for (; line && *line; line++)
        nr_buf_putc(text, small(*line));
    nr_buf_putc(text, '\n');
}

static void add_list(struct nr_buf *text, const struct nr_strings *list)
{
    for (size_t i = 0; i < list->count; i++)
        add_line(text, list->items[i]);
}

void nr_evidence_init(struct nr_evidence *evidence, const struct nr_item *item)
{
    *evidence = (struct nr_evidence){{0}};
    struct nr_buf *text = &evidence->text;
    add_line(text, item->title);
    add_list(text, &item->tags);
    add_list(text, &item->directors);
    add_list(text, &item->actors);
    add_line(text, item->synopsis);
    add_line(text, item->text ? item->text->subtitles : NULL);
}

void nr_evidence_release(struct nr_evidence *evidence)
{
    nr_buf_release(&evidence->text);
}

/* Finds phrase[0..length), small letters already, in the evidence. `open_end`: more
 * letters may follow the match. */
static bool find(const struct nr_evidence *evidence, const char *phrase, size_t length, bool open_end)
{
    const char *text = evidence->text.data, *end = text ? text + evidence->text.length : NULL;
    for (const char *at = text; at && (at = memmem(at, (size_t)(end - at), phrase, length)); at++) {
        bool left = at == text || !nr_is_ascii_word(phrase[0]) || !nr_is_ascii_word(at[-1]);
        bool right =
            open_end || at + length == end || !nr_is_ascii_word(phrase[length - 1]) || !nr_is_ascii_word(at[length]);
        if (left && right)
            return true;
    }
    return false;
}

bool nr_evidence_has(const struct nr_evidence *evidence, const char *phrase)
{
    struct nr_buf key = {.max = 4096};
    for (const char *c = phrase; *c; c++)
        nr_buf_putc(&key, small(*c));
    bool found = key.length && !key.failed && find(evidence, key.data, key.length, false);
    nr_buf_release(&key);
    return found;
}

/* The word or number of ASCII letters and digits at text[at]; its length. */
static size_t ascii_run(const char *text, size_t at)
{
    size_t length = 0;
    while (nr_is_ascii_word(text[at + length]))
        length++;
    return length;
}

static bool word_supported(const struct nr_evidence *evidence, const char *word, size_t length)
{
    enum { STEM = 5 };
    char key[STEM];
    size_t keep = length < STEM ? length : STEM;
    for (size_t i = 0; i < keep; i++)
        key[i] = small(word[i]);
    return find(evidence, key, keep, true);
}

/* Words that descriptions use whatever they describe. */
static bool is_common(const char *text, size_t length)
{
    static const char *const words[] = {
        "documentary", "explanation", "film",     "guide", "including", "introduction", "series", "showing", "step",
        "steps",       "story",       "tutorial", "video", "介绍",      "以及",         "内容",   "包括",    "展示",
        "影片",        "故事",        "方法",     "片中",  "讲述",      "讲解",         "视频",   "记录",    "通过"};
    char word[24];
    if (length >= sizeof word)
        return false;
    for (size_t i = 0; i < length; i++)
        word[i] = small(text[i]);
    word[length] = '\0';
    for (size_t i = 0; i < NR_COUNT(words); i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return nr_word_is_stop(word);
}

/* What was looked for in a piece of text, and how much of it was there. A word tells
 * as much as two pairs of characters. */
struct support {
    size_t total, found;
};

static struct support count_support(const struct nr_evidence *evidence, const char *text, size_t length)
{
    struct support support = {0, 0};
    size_t previous = 0;
    bool previous_han = false;
    for (size_t pos = 0; pos < length;) {
        size_t at = pos, word = ascii_run(text, pos);
        if (word) {
            pos += word;
            bool counts = word >= 4 && !is_common(text + at, word);
            support.total += counts ? 2 : 0;
            support.found += counts && word_supported(evidence, text + at, word) ? 2 : 0;
            previous_han = false;
            continue;
        }
        bool han = nr_is_han(nr_utf8_next(text, length, &pos));
        if (han && previous_han && !is_common(text + previous, pos - previous)) {
            support.total++;
            support.found += find(evidence, text + previous, pos - previous, true);
        }
        previous = at;
        previous_han = han;
    }
    return support;
}

double nr_evidence_support(const struct nr_evidence *evidence, const char *text)
{
    struct support support = count_support(evidence, text, strlen(text));
    return support.total ? (double)support.found / (double)support.total : 1;
}

struct nr_word_counts nr_evidence_count_words(const struct nr_evidence *evidence, const char *text)
{
    struct nr_word_counts counts = {0, 0, 0};
    size_t length = strlen(text);
    for (size_t pos = 0; pos < length;) {
        size_t word = ascii_run(text, pos);
        if (!word) {
            counts.han += nr_is_han(nr_utf8_next(text, length, &pos));
            continue;
        }
        if (word >= 2 && strcspn(text + pos, "0123456789") >= word) {
            counts.latin++;
            counts.latin_known += word_supported(evidence, text + pos, word);
        }
        pos += word;
    }
    return counts;
}

static bool ends_clause(uint32_t c)
{
    return c == ',' || c == ';' || c == ':' || c == 0xFF0C || c == 0xFF1B || c == 0xFF1A || c == 0x3002;
}

size_t nr_evidence_supported_length(const struct nr_evidence *evidence, const char *text, double least)
{
    enum { ENOUGH = 6 };
    size_t length = strlen(text), start = 0, end = 0;
    for (size_t pos = 0; pos < length;) {
        size_t at = pos;
        bool ends = ends_clause(nr_utf8_next(text, length, &pos));
        if (!ends && pos < length)
            continue;
        size_t stop = ends ? at : pos;
        struct support support = count_support(evidence, text + start, stop - start);
        if (support.total >= ENOUGH && (double)support.found < least * (double)support.total)
            return end;
        start = pos;
        end = stop;
    }
    return length;
}

bool nr_evidence_has_numbers(const struct nr_evidence *evidence, const char *text)
{
    for (size_t pos = 0; text[pos];) {
        size_t word = ascii_run(text, pos), digits = strspn(text + pos, "0123456789");
        if (digits && !find(evidence, text + pos, digits, true))
            return false;
        pos += word ? word : 1;
    }
    return true;
}
