/* decimal.c - floats as 9 significant digits and short decimals as doubles. */
#include "io/decimal.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/banned.h"

_Static_assert(FLT_EVAL_METHOD == 0, "one rounding for each operation, or the fast reading is not exact");

enum { DIGITS = 9, POWER_MAX = 27, EXACT_MAX = 22 };
#define LOWEST  UINT64_C(100000000)  /* of DIGITS digits */
#define HIGHEST UINT64_C(1000000000) /* of more */

typedef unsigned __int128 wide;

static uint64_t power_of_five(int k)
{
    uint64_t power = 1;
    while (k-- > 0)
        power *= 5;
    return power;
}

/* mantissa 2^exponent 10^k to the nearest whole number, ties to even, as printf
 * rounds. The product has 24 + 63 bits: nothing is lost before the rounding. */
static uint64_t scale(uint32_t mantissa, int exponent, int k)
{
    wide product = (wide)mantissa * power_of_five(k);
    int shift = exponent + k; /* 10^k = 5^k 2^k */
    if (shift >= 0)
        return (uint64_t)(product << shift);
    wide half = (wide)1 << (-shift - 1), whole = product >> -shift, rest = product & ((half << 1) - 1);
    whole += rest > half || (rest == half && (whole & 1));
    return (uint64_t)whole;
}

/* DIGITS digits of a positive value and the power of ten of the first one; false
 * where it lies outside of what is exact here. */
static bool nine_digits(float value, uint64_t *digits, int *power)
{
    int exponent;
    uint32_t mantissa = (uint32_t)ldexpf(frexpf(value, &exponent), 24);
    exponent -= 24;
    *power = ((exponent + 23) * 1233) >> 12; /* 1233 / 4096 ~ log10(2): right or one too low */
    for (;; ++*power) {
        int k = DIGITS - 1 - *power;
        if (k < 0 || k > POWER_MAX)
            return false;
        *digits = scale(mantissa, exponent, k);
        if (*digits < HIGHEST)
            return *digits >= LOWEST;
    }
}

/* Digits without their trailing zeros; how many are left. */
static int digit_text(uint64_t digits, char text[DIGITS])
{
    int count = DIGITS;
    for (int i = DIGITS - 1; i >= 0; i--, digits /= 10)
        text[i] = (char)('0' + digits % 10);
    while (text[count - 1] == '0')
        count--;
    return count;
}

/* d.ddde-XX, as %g writes what is below 1e-4; `power` has two digits at most. */
static char *put_scientific(char *at, const char *text, int count, int power)
{
    *at++ = text[0];
    if (count > 1) {
        *at++ = '.';
        memcpy(at, text + 1, (size_t)count - 1);
        at += count - 1;
    }
    memcpy(at, "e-", 2);
    at[2] = (char)('0' - power / 10);
    at[3] = (char)('0' - power % 10);
    return at + 4;
}

static char *put_plain(char *at, const char *text, int count, int power)
{
    if (power < 0) {
        memcpy(at, "0.0000", 6);
        at += 1 - power; /* "0." and the zeros behind it */
        memcpy(at, text, (size_t)count);
        return at + count;
    }
    for (int i = 0; i < count || i <= power; i++) {
        if (i == power + 1)
            *at++ = '.';
        *at++ = i < count ? text[i] : '0';
    }
    return at;
}

size_t nr_decimal_put_float(char out[NR_NUMBER_MAX], float value)
{
    uint64_t digits;
    int power;
    char text[DIGITS], *at = out;
    if (!isfinite(value) || value == 0 || !nine_digits(fabsf(value), &digits, &power))
        return nr_format_float(out, value);
    if (value < 0)
        *at++ = '-';
    int count = digit_text(digits, text);
    at = power < -4 ? put_scientific(at, text, count, power) : put_plain(at, text, count, power);
    *at = '\0';
    return (size_t)(at - out);
}

/* The digits as a whole number and the power of ten that it is to be multiplied by
 * (Clinger 1990: up to 2^53 and 10^22 both are doubles, and one operation rounds
 * once). False where there is more to it. */
static bool short_decimal(const char *text, size_t length, uint64_t *whole, int *power)
{
    bool fraction = false;
    size_t at = 0;
    *whole = 0;
    *power = 0;
    for (; at < length && text[at] != 'e' && text[at] != 'E'; at++) {
        if (text[at] == '.') {
            fraction = true;
            continue;
        }
        if (*whole >= UINT64_C(900000000000000)) /* ten times as much is below 2^53 */
            return false;
        *whole = *whole * 10 + (uint64_t)(text[at] - '0');
        *power -= fraction;
    }
    if (at == length)
        return true;
    at++;
    bool negative = text[at] == '-';
    at += negative || text[at] == '+';
    int exponent = 0;
    for (; at < length && exponent < 1000; at++)
        exponent = exponent * 10 + (text[at] - '0');
    *power += negative ? -exponent : exponent;
    return true;
}

bool nr_decimal_read(const char *text, size_t length, double *out)
{
    static const double powers[EXACT_MAX + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    bool negative = *text == '-';
    uint64_t whole;
    int power;
    if (!short_decimal(text + negative, length - negative, &whole, &power) || power < -EXACT_MAX || power > EXACT_MAX)
        return nr_parse_double(text, length, out);
    double value = power < 0 ? (double)whole / powers[-power] : (double)whole * powers[power];
    *out = negative ? -value : value;
    return true;
}
