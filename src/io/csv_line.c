/* csv_line.c - see csv_line.h; the fields are what libcsv makes of the same line. */
#include "io/csv_line.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "core/banned.h"

/* Where the scan stands. */
struct scan {
    char *text;
    size_t at, length;
    char delimiter;
    bool high;     /* bytes above ASCII */
    bool too_many; /* fields */
};

static bool ends_line(char c)
{
    return c == '\n' || c == '\r' || c == '"' || c == '\0';
}

/* The field behind a delimiter at `at`. */
static void begin_field(struct nr_csv_line *line, struct scan *scan, size_t at)
{
    if (line->count < line->max)
        line->fields[line->count++] = scan->text + at + 1;
    else
        scan->too_many = true;
}

#ifdef __SSE2__
/* Sixteen bytes at a time; false where the line ends in them (scan->at tells where) or
 * fewer are left. */
static bool scan_block(struct nr_csv_line *line, struct scan *scan)
{
    if (scan->length - scan->at < sizeof(__m128i))
        return false;
    __m128i bytes = _mm_loadu_si128((const __m128i *)(scan->text + scan->at));
    __m128i stop = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r'))),
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_setzero_si128())));
    unsigned stops = (unsigned)_mm_movemask_epi8(stop), high = (unsigned)_mm_movemask_epi8(bytes);
    unsigned cuts = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(scan->delimiter)));
    unsigned before = stops ? (stops & -stops) - 1 : ~0U;
    scan->high |= (high & before) != 0;
    for (cuts &= before; cuts; cuts &= cuts - 1)
        begin_field(line, scan, scan->at + (size_t)__builtin_ctz(cuts));
    scan->at += stops ? (size_t)__builtin_ctz(stops) : sizeof bytes;
    return !stops;
}
#endif

static void scan_bytes(struct nr_csv_line *line, struct scan *scan)
{
    for (; scan->at < scan->length && !ends_line(scan->text[scan->at]); scan->at++) {
        scan->high |= (unsigned char)scan->text[scan->at] >= 0x80;
        if (scan->text[scan->at] == scan->delimiter)
            begin_field(line, scan, scan->at);
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Fields as they stand, one delimiter apart: cuts the blanks off and terminates them. */
static void finish_fields(struct nr_csv_line *line, char *text, char *end)
{
    char *from = text;
    for (size_t i = 0; i < line->count; i++) {
        char *to = i + 1 < line->count ? text + (line->fields[i + 1] - text) - 1 : end, *next = to + 1;
        while (from < to && is_blank(*from))
            from++;
        while (from < to && is_blank(to[-1]))
            to--;
        *to = '\0';
        line->fields[i] = from;
        from = next;
    }
}

bool nr_csv_line_cut(struct nr_csv_line *line, char *text, size_t length, char delimiter)
{
    struct scan scan = {.text = text, .length = length, .delimiter = delimiter};
    if (line->max == 0)
        return false;
    line->fields[0] = text;
    line->count = 1;
#ifdef __SSE2__
    while (scan_block(line, &scan))
        ;
#endif
    scan_bytes(line, &scan);
    if (scan.at == length || scan.too_many || text[scan.at] == '"' || text[scan.at] == '\0')
        return false;
    bool cr = text[scan.at] == '\r';
    if (cr && scan.at + 1 == length)
        return false;
    size_t blanks = 0;
    while (blanks < scan.at && is_blank(text[blanks]))
        blanks++;
    if (blanks == scan.at && line->count == 1)
        return false;
    finish_fields(line, text, text + scan.at);
    line->length = scan.at + 1 + (cr && text[scan.at + 1] == '\n');
    line->ascii = !scan.high;
    return true;
}
