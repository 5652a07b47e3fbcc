/* eval_descriptions.h - `nightreel evaluate --descriptions`. */
#ifndef NR_CLI_EVAL_DESCRIPTIONS_H
#define NR_CLI_EVAL_DESCRIPTIONS_H

#include "cli/cli.h"
#include "cli/eval_output.h"

/* Measures files of item records side by side, as a whole and by language, and
 * writes the result to stdout. `labels`: CSV, or NULL. */
enum nr_status nr_evaluate_descriptions(const char *const *files, size_t count, const char *labels,
                                        enum nr_eval_format format, struct nr_error *err) NR_MUST_CHECK;
/* Every measure with its definition. */
void nr_quality_write_measures(struct nr_buf *out);

#endif
