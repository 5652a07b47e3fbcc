/* past.h - which video that a user watched a recommendation is owed to. Private to match. */
#ifndef NR_MATCH_PAST_H
#define NR_MATCH_PAST_H

#include "match/scorer.h"

/* Every record by video_id, candidate or not, with params->explain; `order` sorts them. */
enum nr_status nr_match_past_init(struct nr_match_index *index, const struct nr_item_list *items, const size_t *order,
                                  struct nr_error *err) NR_MUST_CHECK;

/* Sets entry->watched_* where the user's scorer knows; strings go into `mem`. */
enum nr_status nr_match_past_explain(const struct nr_match_index *index, const struct nr_match_user *user,
                                     const void *state, size_t item, struct nr_arena *mem, struct nr_ranked *entry,
                                     struct nr_error *err) NR_MUST_CHECK;

#endif
