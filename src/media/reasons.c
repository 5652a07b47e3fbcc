/* reasons.c - a list of reasons in one line. */
#include "media/reasons.h"

#include <stdio.h>
#include <string.h>

#include "core/banned.h"

void nr_reason_add(struct nr_error *reasons, const char *format, ...)
{
    char text[sizeof reasons->text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (strstr(reasons->text, text))
        return;
    size_t length = strlen(reasons->text);
    snprintf(reasons->text + length, sizeof reasons->text - length, "%s%s", length ? "; " : "", text);
}
