/* slice_column.h - groups by a field of the catalogue. Private to eval. */
#ifndef NR_EVAL_SLICE_COLUMN_H
#define NR_EVAL_SLICE_COLUMN_H

#include "nightreel/eval_slices.h"

/* As nr_eval_slice_make(). */
enum nr_status nr_slice_by_column(const struct nr_eval_data *data, struct nr_eval_slice *slice,
                                  struct nr_error *err) NR_MUST_CHECK;
/* A mask for all videos (or users), all false, and a group to hold it. */
bool *nr_slice_mask(struct nr_eval_slice *slice, size_t count);
struct nr_eval_group *nr_slice_add(struct nr_eval_slice *slice, const char *name);

#endif
