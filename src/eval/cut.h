/* cut.h - the pairs of a log with the side that each is on. Private to eval. */
#ifndef NR_EVAL_CUT_H
#define NR_EVAL_CUT_H

#include "nightreel/eval.h"

struct nr_cut_pair {
    struct nr_positive pair;
    enum nr_split_side side;
};
struct nr_cut {
    struct nr_cut_pair *pairs;
    size_t count;
};

/* Puts every other event on the train side that nr_split_params.all_events means.
 * Leaves the pairs in another order. */
enum nr_status nr_cut_add_known(struct nr_cut *cut, const struct nr_event_log *log,
                                const struct nr_split_params *params, unsigned char *sides,
                                struct nr_error *err) NR_MUST_CHECK;

#endif
