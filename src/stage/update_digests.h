/* update_digests.h - what records of users depend on beside their events. */
#ifndef NR_STAGE_UPDATE_DIGESTS_H
#define NR_STAGE_UPDATE_DIGESTS_H

#include "nightreel/stage_update.h"

/* Notes the digests of settings, items, tags, searches and declared interests, touching
 * whom a change concerns. */
enum nr_status nr_update_note(const struct nr_stage_env *env, struct nr_store *store, const struct nr_dataset *data,
                              struct nr_error *err) NR_MUST_CHECK;

#endif
