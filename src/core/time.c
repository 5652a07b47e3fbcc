/* time.c - time stamps and the monotonic clock. */
#include "nightreel/core.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/banned.h"

enum { MS_PER_SECOND = 1000, SECONDS_PER_DAY = 86400 };

/* Days since 1970-01-01 of a proleptic Gregorian date (Hinnant's days_from_civil). */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static bool valid_date(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap);
}

/* A cursor over text that is read digit by digit. */
struct cursor {
    const char *at, *end;
};

static bool take_digits(struct cursor *in, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (in->at == in->end || *in->at < '0' || *in->at > '9')
            return false;
        *out = *out * 10 + (*in->at++ - '0');
    }
    return true;
}

static bool take_char(struct cursor *in, const char *any)
{
    if (in->at == in->end || !strchr(any, *in->at))
        return false;
    in->at++;
    return true;
}

/* .123456 behind the seconds: milliseconds, the rest cut off. */
static int take_fraction(struct cursor *in)
{
    int ms = 0, scale = 100, digit;
    if (!take_char(in, ".,"))
        return 0;
    while (take_digits(in, 1, &digit)) {
        ms += digit * scale;
        scale /= 10;
    }
    return ms;
}

/* Z, +08, +0800, +08:00 or nothing: seconds east of UTC. */
static bool take_zone(struct cursor *in, int *seconds)
{
    *seconds = 0;
    if (in->at == in->end || take_char(in, "Zz"))
        return true;
    int sign = *in->at == '-' ? -1 : 1, hours, minutes = 0;
    if (!take_char(in, "+-") || !take_digits(in, 2, &hours))
        return false;
    take_char(in, ":");
    if (in->at != in->end && !take_digits(in, 2, &minutes))
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return hours <= 14 && minutes < 60;
}

/* HH:MM[:SS[.fff]][zone] as milliseconds since midnight UTC. */
static bool take_clock(struct cursor *in, int64_t *ms)
{
    int hour, minute, second = 0, fraction = 0, zone;
    if (!take_digits(in, 2, &hour) || !take_char(in, ":") || !take_digits(in, 2, &minute))
        return false;
    if (take_char(in, ":")) {
        if (!take_digits(in, 2, &second))
            return false;
        fraction = take_fraction(in);
    }
    take_char(in, " ");
    if (!take_zone(in, &zone) || hour > 23 || minute > 59 || second > 60)
        return false;
    *ms = ((int64_t)hour * 3600 + minute * 60 + second - zone) * MS_PER_SECOND + fraction;
    return true;
}

static bool parse_iso(const char *text, size_t length, int64_t *out)
{
    struct cursor in = {text, text + length};
    int year, month, day;
    int64_t clock = 0;
    if (!take_digits(&in, 4, &year) || !take_char(&in, "-/") || !take_digits(&in, 2, &month) || !take_char(&in, "-/") ||
        !take_digits(&in, 2, &day) || !valid_date(year, month, day))
        return false;
    if (in.at != in.end && (!take_char(&in, "Tt ") || !take_clock(&in, &clock)))
        return false;
    *out = days_from_civil(year, month, day) * SECONDS_PER_DAY * MS_PER_SECOND + clock;
    return in.at == in.end;
}

bool nr_time_parse(const char *text, size_t length, int64_t *out_ms)
{
    double number;
    while (length && *text == ' ')
        text++, length--;
    while (length && text[length - 1] == ' ')
        length--;
    if (!nr_parse_double(text, length, &number))
        return parse_iso(text, length, out_ms);
    if (fabs(number) < 1e11)
        number *= MS_PER_SECOND;
    if (fabs(number) > 9e15)
        return false;
    *out_ms = (int64_t)llround(number);
    return true;
}

void nr_time_format(char out[NR_NUMBER_MAX], int64_t ms)
{
    out[0] = '\0';
    if (ms == NR_TIME_NONE)
        return;
    int64_t fraction = ((ms % MS_PER_SECOND) + MS_PER_SECOND) % MS_PER_SECOND;
    time_t seconds = (time_t)((ms - fraction) / MS_PER_SECOND);
    struct tm utc;
    if (!gmtime_r(&seconds, &utc))
        return;
    size_t used = strftime(out, NR_NUMBER_MAX, "%Y-%m-%dT%H:%M:%S", &utc);
    if (fraction)
        snprintf(out + used, NR_NUMBER_MAX - used, ".%03dZ", (int)fraction);
    else
        snprintf(out + used, NR_NUMBER_MAX - used, "Z");
}

double nr_clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
