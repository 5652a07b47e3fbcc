/* nightreel/eval_slices.h - the fourth part of eval.h: for whom, and for which videos, a
 * run is good. A slice is a list of groups, each a view of the same evaluation. */
#ifndef NIGHTREEL_EVAL_SLICES_H
#define NIGHTREEL_EVAL_SLICES_H

#include "nightreel/eval.h"

struct nr_eval_group {
    const char *name;
    struct nr_eval_view view;
};

/* Zeroed is empty. */
struct nr_eval_slice {
    const char *name; /* borrowed */
    struct nr_eval_group *groups;
    size_t count;
    struct nr_arena mem;
};
void nr_eval_slice_release(struct nr_eval_slice *slice);

/* To add a slice: a function and a row in src/eval/slices.c. */
struct nr_slice_def {
    const char *name, *definition;
    enum nr_measure_needs needs;
};
extern const struct nr_slice_def nr_slice_defs[];
extern const size_t nr_slice_count;

/* `name` is one of nr_slice_defs, or a field of the catalogue: "language" (else that of
 * the words), "tags", "actors" or "directors" (the first one counts), or a further
 * column. A field's groups are its values, by how many relevant pairs their videos have:
 * the NR_SLICE_VALUES_MAX with the most, the others as "(other)", and "(none)" for videos
 * without a value or a record; where nothing is relevant there is no group. What is
 * relevant is restricted to the group's videos, lists stay whole.
 *
 * Call it when all of the data and all runs are read: views go by the numbers of users
 * and videos. NR_ERR_USAGE: no such slice or field, or the data lack what it needs. */
#define NR_SLICE_VALUES_MAX 20
enum nr_status nr_eval_slice_make(const struct nr_eval_data *data, const char *name, struct nr_eval_slice *out,
                                  struct nr_error *err) NR_MUST_CHECK;

#endif
