/* terminal.h - what goes to standard error and to the log file while a command
 * runs: a progress bar on a terminal, warnings, with -v the last notice as a summary; everything in the log. */
#ifndef NR_CLI_TERMINAL_H
#define NR_CLI_TERMINAL_H

#include "cli/cli.h"

struct nr_terminal {
    void *log; /* FILE of --log-file, or NULL */
    bool bar;  /* standard error is a terminal */
    bool verbose, bar_shown;
    double bar_drawn, log_written; /* when last, seconds */
    const char *command;
    char summary[512]; /* the last notice: with -v it is printed at the end */
};

enum nr_status nr_terminal_open(struct nr_terminal *terminal, const struct nr_cli *cli,
                                struct nr_error *err) NR_MUST_CHECK;
/* Fills a reporter that leads here. */
void nr_terminal_reporter(struct nr_terminal *terminal, struct nr_reporter *reporter);
/* "nightreel CMD: message" on standard error, and in the log. */
void nr_terminal_message(struct nr_terminal *terminal, const char *message);
/* `summary`: print the summary line where -v asks for it. */
void nr_terminal_close(struct nr_terminal *terminal, bool summary);

#endif
