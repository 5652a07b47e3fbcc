/* trec.c - cuts lines of TREC files into words. */
#include "nightreel/io_trec.h"

#include "io/decimal.h"

#include "core/banned.h"

enum { RUN_WORDS = 6, QRELS_WORDS = 4 };

struct word {
    const char *text;
    size_t length;
};

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Exactly `count` words, no more. */
static bool cut(const char *line, size_t length, struct word *words, size_t count)
{
    const char *at = line, *end = line + length;
    for (size_t w = 0;; w++) {
        while (at < end && blank(*at))
            at++;
        if (at == end)
            return w == count;
        if (w == count)
            return false;
        words[w].text = at;
        while (at < end && !blank(*at))
            at++;
        words[w].length = (size_t)(at - words[w].text);
    }
}

/* -?digits[.digits], which nr_decimal_read() takes. */
static bool plain_decimal(const char *text, size_t length)
{
    size_t at = length && text[0] == '-', point = length;
    size_t first = at;
    for (; at < length; at++) {
        if (text[at] == '.' && point == length)
            point = at;
        else if (text[at] < '0' || text[at] > '9')
            return false;
    }
    return point > first && point + 1 != length && length > first;
}

static bool read_value(const struct word *word, double *out)
{
    return plain_decimal(word->text, word->length) ? nr_decimal_read(word->text, word->length, out)
                                                   : nr_parse_double(word->text, word->length, out);
}

static bool fill(const struct word *words, const struct word *value, struct nr_trec_entry *out)
{
    out->user = words[0].text;
    out->user_length = words[0].length;
    out->video = words[2].text;
    out->video_length = words[2].length;
    return read_value(value, &out->value);
}

bool nr_trec_run_line(const char *line, size_t length, struct nr_trec_entry *out)
{
    struct word words[RUN_WORDS];
    return cut(line, length, words, RUN_WORDS) && fill(words, &words[4], out);
}

bool nr_trec_qrels_line(const char *line, size_t length, struct nr_trec_entry *out)
{
    struct word words[QRELS_WORDS];
    return cut(line, length, words, QRELS_WORDS) && fill(words, &words[3], out);
}
