/* cells.h - text in columns of a terminal. */
#ifndef NR_REPORT_CELLS_H
#define NR_REPORT_CELLS_H

#include "nightreel/core.h"

/* Appends `text` cut and padded to `columns`; 0 columns: neither. Control characters and
 * bytes that are no UTF-8 become '?'. */
void nr_cell_put(struct nr_buf *out, const char *text, int columns);
/* Columns that a text takes. */
int nr_cell_columns(const char *text);

#endif
