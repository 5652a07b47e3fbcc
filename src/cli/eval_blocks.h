/* eval_blocks.h - everything that one call of `evaluate` computes. */
#ifndef NR_CLI_EVAL_BLOCKS_H
#define NR_CLI_EVAL_BLOCKS_H

#include "cli/eval_output.h"

struct nr_eval_request {
    struct nr_eval_params params;
    struct nr_significance_params significance;
    bool with_significance;
    const char *slices; /* "history,language"; NULL: none */
};

/* Zeroed is empty. */
struct nr_eval_blocks {
    struct nr_eval_block *blocks;
    size_t count, run_count;
    struct nr_eval_slice *slices; /* whose names and views the blocks borrow */
    size_t slice_count;
    char *names; /* of the slices, cut at the commas */
};
enum nr_status nr_eval_blocks_make(struct nr_eval_data *data, struct nr_eval_run *runs, size_t run_count,
                                   const struct nr_eval_request *request, struct nr_eval_blocks *out,
                                   struct nr_error *err) NR_MUST_CHECK; /* release whatever it returns */
void nr_eval_blocks_release(struct nr_eval_blocks *blocks);

#endif
