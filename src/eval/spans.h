/* spans.h - pairs by user. Private to eval. */
#ifndef NR_EVAL_SPANS_H
#define NR_EVAL_SPANS_H

#include "nightreel/eval.h"

/* The pairs of user u are entries[starts[u] .. starts[u + 1]). */
struct nr_spans {
    size_t *starts;
    struct nr_judged *entries;
};

/* A counting sort by user, stable. Release whatever it returns. */
enum nr_status nr_spans_init(struct nr_spans *spans, const struct nr_judged_list *list, size_t users,
                             struct nr_error *err) NR_MUST_CHECK;
void nr_spans_release(struct nr_spans *spans);
/* Leaves each video once in a user's span, with its greatest value. */
void nr_spans_reduce(struct nr_spans *spans, size_t users);
/* Pairs of the user with the most. */
size_t nr_spans_longest(const struct nr_spans *spans, size_t users);

#endif
