/* eval_output.h - results of an evaluation as text. */
#ifndef NR_CLI_EVAL_OUTPUT_H
#define NR_CLI_EVAL_OUTPUT_H

#include "nightreel/eval.h"

/* To add a format: a value, a name and a function in eval_output.c. */
enum nr_eval_format { NR_EVAL_TABLE, NR_EVAL_JSON, NR_EVAL_CSV, NR_EVAL_FORMAT_COUNT };
extern const char *const nr_eval_format_names[NR_EVAL_FORMAT_COUNT + 1]; /* NULL-terminated */

/* All results must be of the same measures. */
void nr_eval_write(const struct nr_eval_result *results, size_t count, enum nr_eval_format format, struct nr_buf *out);
/* CSV: run,user_id,measure,value. */
void nr_eval_write_users(const struct nr_eval_result *results, size_t count, struct nr_buf *out);
/* Every measure with its definition and source. */
void nr_eval_write_measures(struct nr_buf *out);

#endif
