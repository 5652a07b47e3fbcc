/* curriculum.h - which videos wait for others, and which are too hard: what each user may
 * be shown of a course. Private to match. */
#ifndef NR_MATCH_CURRICULUM_H
#define NR_MATCH_CURRICULUM_H

#include "match/index.h"

struct nr_match_user;

/* Made once, read by all threads; NULL where nothing is asked for. Says in *notes what it
 * cannot read. `items`: the whole catalogue, since people have a level from videos that are
 * no candidates any more. */
enum nr_status nr_curriculum_new(const struct nr_match_index *index, const struct nr_item_list *items,
                                 struct nr_match_notes *notes, struct nr_curriculum **out,
                                 struct nr_error *err) NR_MUST_CHECK;
void nr_curriculum_free(struct nr_curriculum *curriculum);

/* Finds out what the user is ready for: user->unlocked and user->reach, in *mem. */
enum nr_status nr_curriculum_begin(const struct nr_curriculum *curriculum, const struct nr_match_index *index,
                                   struct nr_match_user *user, struct nr_arena *mem,
                                   struct nr_error *err) NR_MUST_CHECK;
/* Whether the user must not be shown a video yet. *next goes through user->unlocked with
 * rising items; it starts at 0. */
bool nr_curriculum_bars(const struct nr_curriculum *curriculum, const struct nr_match_user *user, size_t item,
                        size_t *next);

#endif
