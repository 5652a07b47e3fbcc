/* profile_index.h - what profiles are made from. */
#ifndef NR_INTEREST_PROFILE_INDEX_H
#define NR_INTEREST_PROFILE_INDEX_H

#include "nightreel/interest.h"

struct nr_profile_index {
    const struct nr_item_list *items;
    size_t *order; /* by video_id */
    size_t lengths[NR_BLOCK_COUNT];
    const char **tags; /* names of the tags blocks, sorted */
    size_t tag_count;
};

bool nr_profile_index_has_tag(const struct nr_profile_index *index, const char *name);

#endif
