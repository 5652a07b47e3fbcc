/* number.c - numbers as text, always in the C locale. */
#include "nightreel/core.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

static locale_t c_locale;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;

static void make_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* snprintf with a dot, whatever the process's locale is. */
static size_t print_number(char out[NR_NUMBER_MAX], int digits, double value)
{
    pthread_once(&c_locale_once, make_c_locale);
    locale_t before = uselocale(c_locale);
    int length = snprintf(out, NR_NUMBER_MAX, "%.*g", digits, value);
    uselocale(before);
    return (size_t)length;
}

static double read_number(const char *text, char **end)
{
    pthread_once(&c_locale_once, make_c_locale);
    return strtod_l(text, end, c_locale);
}

static size_t put_null(char out[NR_NUMBER_MAX])
{
    memcpy(out, "null", 5);
    return 4;
}

size_t nr_format_double(char out[NR_NUMBER_MAX], double value)
{
    if (!isfinite(value))
        return put_null(out);
    if (value == 0) { /* also -0: one zero is enough */
        memcpy(out, "0", 2);
        return 1;
    }
    size_t length = 0;
    for (int digits = 15; digits <= 17; digits++) {
        length = print_number(out, digits, value);
        if (read_number(out, NULL) == value)
            break;
    }
    return length;
}

size_t nr_format_float(char out[NR_NUMBER_MAX], float value)
{
    if (!isfinite(value))
        return put_null(out);
    if (value == 0) {
        memcpy(out, "0", 2);
        return 1;
    }
    return print_number(out, 9, (double)value);
}

static void trim(const char **text, size_t *length)
{
    while (*length && strchr(" \t\r\n", **text))
        ++*text, --*length;
    while (*length && strchr(" \t\r\n", (*text)[*length - 1]))
        --*length;
}

/* Copies a trimmed number of plain decimal form into `out`; false where it is none. */
static bool decimal_text(const char *text, size_t length, char *out, size_t size)
{
    trim(&text, &length);
    if (length == 0 || length >= size)
        return false;
    memcpy(out, text, length);
    out[length] = '\0';
    return strspn(out, "0123456789+-.eE") == length; /* neither hex nor nan nor inf */
}

bool nr_parse_double(const char *text, size_t length, double *out)
{
    char copy[64], *end;
    if (!decimal_text(text, length, copy, sizeof copy))
        return false;
    double value = read_number(copy, &end);
    if (*end || end == copy || !isfinite(value))
        return false;
    *out = value;
    return true;
}

bool nr_parse_int64(const char *text, size_t length, int64_t *out)
{
    char copy[64], *end;
    if (!decimal_text(text, length, copy, sizeof copy))
        return false;
    errno = 0;
    long long value = strtoll(copy, &end, 10);
    if (*end || end == copy || errno)
        return false;
    *out = value;
    return true;
}

int nr_double_compare(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}
