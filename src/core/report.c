/* report.c - notices, progress, and the wish to stop. */
#include "nightreel/core.h"

#include <signal.h>
#include <stdio.h>

#include "core/banned.h"

static volatile sig_atomic_t stop_signal;

void nr_report(const struct nr_reporter *to, enum nr_log_level level, const char *format, ...)
{
    if (!to || !to->log)
        return;
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    to->log(to->ctx, level, text);
}

void nr_report_progress(const struct nr_reporter *to, const char *what, size_t done, size_t total)
{
    if (to && to->progress)
        to->progress(to->ctx, what, done, total);
}

void nr_interrupt(int signal_number)
{
    stop_signal = signal_number;
}

int nr_interrupted(void)
{
    return stop_signal;
}
