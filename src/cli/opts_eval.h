/* opts_eval.h - option parsers that evaluation and splitting share. */
#ifndef NR_CLI_OPTS_EVAL_H
#define NR_CLI_OPTS_EVAL_H

#include "nightreel/eval.h"

/* "5,10,20" into the struct nr_eval_params behind `field`; sorted, each once. */
enum nr_status nr_parse_cutoffs(void *field, const char *text, struct nr_error *err) NR_MUST_CHECK;

#endif
