/* profile_searches.h - what users searched for, as things that they watched. */
#ifndef NR_STAGE_PROFILE_SEARCHES_H
#define NR_STAGE_PROFILE_SEARCHES_H

#include "nightreel/stage.h"

struct nr_searches;
/* *out is NULL where the log has no search with words, or they are not to count. Borrows
 * env and the items. */
enum nr_status nr_searches_open(const struct nr_stage_env *env, const struct nr_dataset *data, struct nr_searches **out,
                                struct nr_error *err) NR_MUST_CHECK;
/* Says once what became of them. */
void nr_searches_close(struct nr_searches *searches);
/* One user's events by time: fills input->sought, by text; all of it lives in `mem`. */
enum nr_status nr_searches_take(struct nr_searches *searches, struct nr_event *const *events, size_t count,
                                struct nr_arena *mem, struct nr_profile_input *input,
                                struct nr_error *err) NR_MUST_CHECK;

/* Decay of a user's event `at` among all of theirs, by time (profile.c). */
double nr_past_decay(const struct nr_weight_params *params, struct nr_event *const *events, size_t count, size_t at);

#endif
