/* decimal.h - the codec of long vectors: floats to text and numbers from text, by
 * exact integer arithmetic, some ten times as fast as printf and strtod and with
 * the same bytes and bits; what lies outside goes to those. */
#ifndef NR_IO_DECIMAL_H
#define NR_IO_DECIMAL_H

#include "nightreel/core.h"

/* As nr_format_float. */
size_t nr_decimal_put_float(char out[NR_NUMBER_MAX], float value);
/* As nr_parse_double, for text that is a number by JSON's grammar. */
bool nr_decimal_read(const char *text, size_t length, double *out);

#endif
