/* tune_output.h - what tuning found, as a table and as a config file. */
#ifndef NR_CLI_TUNE_OUTPUT_H
#define NR_CLI_TUNE_OUTPUT_H

#include "nightreel/stage_tune.h"

void nr_tune_put_table(const struct nr_tune *tune, const struct nr_tune_params *params, struct nr_buf *out);
/* `command`: what made it, quoted for a shell. */
void nr_tune_put_config(const struct nr_tune *tune, const struct nr_tune_params *params, const char *command,
                        struct nr_buf *out);

#endif
