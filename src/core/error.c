/* error.c - messages of failures. */
#include "nightreel/core.h"

#include <stdio.h>
#include <string.h>

#include "core/banned.h"

static void set_text(struct nr_error *err, const char *text, size_t length)
{
    size_t kept = nr_utf8_prefix(text, length, sizeof err->text - 1);
    memcpy(err->text, text, kept);
    err->text[kept] = '\0';
}

enum nr_status nr_fail(struct nr_error *err, enum nr_status status, const char *format, ...)
{
    if (err) {
        char text[2 * sizeof err->text];
        va_list args;
        va_start(args, format);
        vsnprintf(text, sizeof text, format, args);
        va_end(args);
        set_text(err, text, strlen(text));
    }
    return status;
}

enum nr_status nr_fail_prefix(struct nr_error *err, enum nr_status status, const char *format, ...)
{
    if (err) {
        char text[3 * sizeof err->text];
        va_list args;
        va_start(args, format);
        int written = vsnprintf(text, sizeof text, format, args);
        va_end(args);
        size_t used = written < 0 ? 0 : (size_t)written < sizeof text ? (size_t)written : sizeof text - 1;
        snprintf(text + used, sizeof text - used, ": %s", err->text);
        set_text(err, text, strlen(text));
    }
    return status;
}

enum nr_status nr_fail_nomem(struct nr_error *err, const char *what)
{
    return nr_fail(err, NR_ERR_NOMEM, "out of memory for %s", what);
}
