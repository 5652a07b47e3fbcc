/* examples.h - what rankers learn from: users' candidates, and which of them the users came
 * to watch. Private to interest. */
#ifndef NR_INTEREST_EXAMPLES_H
#define NR_INTEREST_EXAMPLES_H

#include "interest/stack.h"

/* Group g, a user in a slice who has something to foretell among the candidates, has the
 * rows starts[g] to starts[g + 1]. */
struct nr_examples {
    float *rows, *labels; /* `width` features each; 0 or 1 */
    size_t count, width;
    char names[NR_STACK_WIDTH_MAX][NR_STACK_NAME_MAX]; /* of the features */
    size_t *starts, group_count;
    uint32_t *users; /* of each group */
    size_t *held;    /* of each group: what there was to foretell, candidate or not */
    size_t row_room, group_room;
};
/* From the inner slices of params->trees. NR_ERR_DATA: there is nothing to learn from.
 * Release whatever comes back. */
enum nr_status nr_examples_make(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                                struct nr_examples *out, struct nr_error *err) NR_MUST_CHECK;
void nr_examples_release(struct nr_examples *examples);

/* Mean NDCG@10 over the groups of an order by `scores` (of each row); equal ones by their
 * place. */
double nr_examples_ndcg(const struct nr_examples *examples, const double *scores);

#endif
