/* terminal.c - standard error and the log file. */
#include "cli/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/banned.h"

enum { BAR_CELLS = 30 };
static const double BAR_INTERVAL = 0.1, LOG_INTERVAL = 10.0;

static void log_line(struct nr_terminal *terminal, const char *message)
{
    char when[NR_NUMBER_MAX];
    struct timespec now;
    if (!terminal->log)
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    nr_time_format(when, (int64_t)now.tv_sec * 1000);
    fprintf(terminal->log, "%s nightreel %s: %s\n", when, terminal->command, message);
    fflush(terminal->log);
}

static void bar_clear(struct nr_terminal *terminal)
{
    if (terminal->bar_shown)
        fputs("\r\033[K", stderr);
    terminal->bar_shown = false;
}

static void bar_draw(struct nr_terminal *terminal, const char *what, size_t done, size_t total)
{
    char cells[BAR_CELLS + 1];
    size_t full = total ? done * BAR_CELLS / total : 0;
    for (size_t i = 0; i < BAR_CELLS; i++)
        cells[i] = i < full ? '#' : '.';
    cells[BAR_CELLS] = '\0';
    if (total)
        fprintf(stderr, "\r\033[K%-10s [%s] %zu/%zu", what, cells, done, total);
    else
        fprintf(stderr, "\r\033[K%-10s %zu", what, done);
    terminal->bar_shown = true;
}

static void on_log(void *ctx, enum nr_log_level level, const char *message)
{
    struct nr_terminal *terminal = ctx;
    log_line(terminal, message);
    if (level == NR_LOG_INFO)
        snprintf(terminal->summary, sizeof terminal->summary, "%s", message);
    if (level == NR_LOG_WARNING) {
        bar_clear(terminal);
        fprintf(stderr, "nightreel %s: %s\n", terminal->command, message);
    }
}

static void on_progress(void *ctx, const char *what, size_t done, size_t total)
{
    struct nr_terminal *terminal = ctx;
    double now = nr_clock_seconds();
    bool last = total && done >= total;
    if (terminal->bar && (now - terminal->bar_drawn >= BAR_INTERVAL)) {
        bar_draw(terminal, what, done, total);
        terminal->bar_drawn = now;
    }
    if (terminal->bar && last)
        bar_clear(terminal);
    if (terminal->log && (last || now - terminal->log_written >= LOG_INTERVAL)) {
        char line[128];
        snprintf(line, sizeof line, "%s %zu/%zu", what, done, total);
        log_line(terminal, line);
        terminal->log_written = now;
    }
}

enum nr_status nr_terminal_open(struct nr_terminal *terminal, const struct nr_cli *cli, struct nr_error *err)
{
    *terminal = (struct nr_terminal){.command = cli->command->name, .verbose = cli->verbose};
    const char *term = getenv("TERM");
    terminal->bar = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
    if (cli->log_file) {
        terminal->log = fopen(cli->log_file, "a");
        if (!terminal->log)
            return nr_fail(err, NR_ERR_CANTCREATE, "cannot open log file '%s': %m", cli->log_file);
    }
    return NR_OK;
}

void nr_terminal_reporter(struct nr_terminal *terminal, struct nr_reporter *reporter)
{
    *reporter = (struct nr_reporter){on_log, on_progress, terminal};
}

void nr_terminal_message(struct nr_terminal *terminal, const char *message)
{
    bar_clear(terminal);
    log_line(terminal, message);
    fprintf(stderr, "nightreel %s: %s\n", terminal->command, message);
}

void nr_terminal_close(struct nr_terminal *terminal, bool summary)
{
    bar_clear(terminal);
    if (summary && terminal->verbose && terminal->summary[0])
        fprintf(stderr, "nightreel %s: %s\n", terminal->command, terminal->summary);
    if (terminal->log)
        fclose(terminal->log);
    terminal->log = NULL;
}
