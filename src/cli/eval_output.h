/* eval_output.h - results of an evaluation as text. */
#ifndef NR_CLI_EVAL_OUTPUT_H
#define NR_CLI_EVAL_OUTPUT_H

#include "nightreel/eval.h"

/* To add a format: a value, a name and a function in eval_output.c. */
enum nr_eval_format { NR_EVAL_TABLE, NR_EVAL_JSON, NR_EVAL_CSV, NR_EVAL_FORMAT_COUNT };
extern const char *const nr_eval_format_names[NR_EVAL_FORMAT_COUNT + 1]; /* NULL-terminated */

/* All runs over everybody (slice NULL), or over a group of a slice. */
struct nr_eval_block {
    const char *slice, *group;
    struct nr_eval_result *results;         /* of the same measures */
    struct nr_eval_comparison *comparisons; /* NULL: not asked for */
};
struct nr_eval_report {
    const struct nr_eval_params *params;
    const struct nr_significance_params *significance;
    const struct nr_eval_block *blocks; /* the first is over everybody */
    size_t block_count, run_count;
};

void nr_eval_write(const struct nr_eval_report *report, enum nr_eval_format format, struct nr_buf *out);
/* CSV: run,user_id,measure,value. */
void nr_eval_write_users(const struct nr_eval_result *results, size_t count, struct nr_buf *out);
/* Every measure with its definition and source, every slice with its definition. */
void nr_eval_write_measures(struct nr_buf *out);

/* The single formats. */
void nr_eval_write_table(const struct nr_eval_report *report, struct nr_buf *out);
void nr_eval_write_json(const struct nr_eval_report *report, struct nr_buf *out);
void nr_eval_write_csv(const struct nr_eval_report *report, struct nr_buf *out);
extern const char *const nr_eval_undefined_names[]; /* by enum nr_undefined; NULL-terminated */
extern const char *const nr_eval_ties_names[];      /* by enum nr_ties; NULL-terminated */

#endif
