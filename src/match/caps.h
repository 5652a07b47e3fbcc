/* caps.h - at most so many videos of one value in a list. Private to match. */
#ifndef NR_MATCH_CAPS_H
#define NR_MATCH_CAPS_H

#include "match/index.h"

/* What the videos have in one column, the values numbered over all columns. */
struct nr_caps_column {
    size_t *starts; /* items + 1 */
    uint32_t *values;
    size_t most;
};
struct nr_caps {
    struct nr_caps_column columns[NR_CAPS_MAX + 2]; /* and two by which files are the same */
    size_t count, values;
    size_t most; /* no list of the candidates is longer than this */
};

/* The column of a cap; SIZE_MAX: it does not count. */
enum nr_status nr_caps_column(const struct nr_match_params *params, size_t cap, const struct nr_match_columns *columns,
                              size_t *out, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_caps_init(struct nr_caps *caps, const struct nr_match_index *index,
                            struct nr_error *err) NR_MUST_CHECK;
void nr_caps_release(struct nr_caps *caps);

/* `used`: caps->values numbers, how often each value is in the list. */
bool nr_caps_allow(const struct nr_caps *caps, const uint32_t *used, size_t item);
void nr_caps_count(const struct nr_caps *caps, uint32_t *used, size_t item);
void nr_caps_forget(const struct nr_caps *caps, uint32_t *used, size_t item); /* its values are in no list */

#endif
