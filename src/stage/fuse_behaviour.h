/* fuse_behaviour.h - the behaviour block: item factors from the log. */
#ifndef NR_STAGE_FUSE_BEHAVIOUR_H
#define NR_STAGE_FUSE_BEHAVIOUR_H

#include "nightreel/stage.h"

/* Items by video_id. Sets or clears their behaviour block; none where the log has not
 * enough behaviour. */
enum nr_status nr_fuse_behaviour(const struct nr_stage_env *env, const struct nr_event_log *log, struct nr_item **items,
                                 size_t count, struct nr_error *err) NR_MUST_CHECK;

#endif
