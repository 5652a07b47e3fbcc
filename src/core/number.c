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

/* Powers of ten that are doubles. */
static const double exact_tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* Integers and short decimals, as "%.15g" writes them: whole / 10^k is rounded once, so
 * that where it is the value, its at most 15 digits are those that %.15g finds. 0: not
 * one of these. */
static size_t format_short(char out[NR_NUMBER_MAX], double value)
{
    enum { PLACES = 6 };
    double size = fabs(value);
    char digits[NR_NUMBER_MAX];
    int places = 0;
    uint64_t whole = 0;
    if (!(size >= 1e-4 && size < 1e15))
        return 0;
    for (; places <= PLACES && size * exact_tens[places] < 1e15 - 1; places++) {
        whole = (uint64_t)(size * exact_tens[places] + 0.5);
        if ((double)whole / exact_tens[places] == size)
            break;
    }
    if (places > PLACES || !((double)whole / exact_tens[places] == size))
        return 0;
    size_t count = 0, length = 0;
    for (; whole || count <= (size_t)places; whole /= 10)
        digits[count++] = (char)('0' + whole % 10);
    if (value < 0)
        out[length++] = '-';
    while (count) {
        if (count == (size_t)places)
            out[length++] = '.';
        out[length++] = digits[--count];
    }
    out[length] = '\0';
    return length;
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
    size_t length = format_short(out, value);
    if (length)
        return length;
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

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

static void trim(const char **text, size_t *length)
{
    while (*length && is_blank(**text))
        ++*text, --*length;
    while (*length && is_blank((*text)[*length - 1]))
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

/* "-12.5", with at most 15 digits: digits and power of ten are exact, so that one
 * division rounds as strtod does (Clinger 1990). */
static bool parse_short(const char *text, size_t length, double *out)
{
    enum { EXACT_DIGITS = 15 };
    uint64_t whole = 0;
    size_t digits = 0, places = 0, at = length && *text == '-';
    for (; at < length && text[at] >= '0' && text[at] <= '9'; at++, digits++)
        whole = whole * 10 + (uint64_t)(text[at] - '0');
    if (at < length && text[at] == '.')
        for (at++; at < length && text[at] >= '0' && text[at] <= '9'; at++, digits++, places++)
            whole = whole * 10 + (uint64_t)(text[at] - '0');
    if (at < length || digits == 0 || digits > EXACT_DIGITS)
        return false;
    double value = (double)whole / exact_tens[places];
    *out = *text == '-' ? -value : value;
    return true;
}

bool nr_parse_double(const char *text, size_t length, double *out)
{
    char copy[64], *end;
    trim(&text, &length);
    if (parse_short(text, length, out))
        return true;
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
