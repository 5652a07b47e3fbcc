/* csv_line.h - one line of a table, cut at its delimiters where no quote needs a parser. */
#ifndef NR_IO_CSV_LINE_H
#define NR_IO_CSV_LINE_H

#include "nightreel/core.h"

struct nr_csv_line {
    const char **fields; /* the caller's, of `max` entries: NUL-terminated, without the blanks around them */
    size_t max, count;
    size_t length; /* of the line with its end */
    bool ascii;
};

/* Cuts text[0..length) up to the first LF, CR LF or CR in place. False, with nothing
 * changed, where that needs more than this: a quote or a NUL byte before the end of the
 * line, no end, a CR that may be half of one, more than `max` fields, or nothing but blanks. */
bool nr_csv_line_cut(struct nr_csv_line *line, char *text, size_t length, char delimiter);

#endif
