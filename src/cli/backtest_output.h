/* backtest_output.h - a backtest as text, and the line that reproduces it. */
#ifndef NR_CLI_BACKTEST_OUTPUT_H
#define NR_CLI_BACKTEST_OUTPUT_H

#include "cli/eval_output.h"
#include "nightreel/io.h"
#include "nightreel/stage_backtest.h"

/* What a result came from; paths may be NULL. */
struct nr_backtest_source {
    const char *behaviour, *catalogue;
    const char *command; /* the command line */
    const struct nr_backtest_params *params;
    char digest[NR_DIGEST_HEX]; /* over both files */
};
/* Fills in the digest ("" where the log came from standard input). */
enum nr_status nr_backtest_digest(struct nr_backtest_source *source, struct nr_error *err) NR_MUST_CHECK;
void nr_backtest_write(const struct nr_backtest *backtest, const struct nr_backtest_source *source,
                       enum nr_eval_format format, struct nr_buf *out);

#endif
