/* gate.h - which videos may be recommended to anybody. Private to match. */
#ifndef NR_MATCH_GATE_H
#define NR_MATCH_GATE_H

#include "match/columns.h"

struct nr_gate {
    const struct nr_match_params *params;
    const struct nr_match_columns *columns;
    struct nr_condition *filters[NR_FILTERS_MAX];
    size_t filter_count;
    size_t from, until, age; /* columns; SIZE_MAX: none */
};

/* NR_ERR_USAGE: a filter or an option names a column that there is not. */
enum nr_status nr_gate_init(struct nr_gate *gate, const struct nr_match_params *params,
                            const struct nr_match_columns *columns, struct nr_error *err) NR_MUST_CHECK;
void nr_gate_release(struct nr_gate *gate);
/* Counts in *notes why not. */
bool nr_gate_passes(const struct nr_gate *gate, const struct nr_item *item, struct nr_match_notes *notes);

#endif
