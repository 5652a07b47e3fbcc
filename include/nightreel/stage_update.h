/* nightreel/stage_update.h - profiles from night to night: only what changed is made anew.
 */
#ifndef NIGHTREEL_STAGE_UPDATE_H
#define NIGHTREEL_STAGE_UPDATE_H

#include "nightreel/stage.h"
#include "nightreel/store_state.h"

/* Cleans the log of the settings, adds its events to the state in the store, and makes anew
 * the records of the users whom that, or a change of the items (data->items) they have events
 * about, of their declared interests or of the settings, concerns. Afterwards
 * nr_state_records() has the very bytes that nr_stage_clean and nr_stage_profile would make of
 * all logs joined in one, with the same items and settings, in whatever order they came:
 *   - events are kept as they pass the rules of single rows; the rules that need the whole
 *     log are applied anew to all events about a video that has new ones;
 *   - a log that was taken in before changes nothing (where `duplicate` merges);
 *   - rules of single rows are those of the night on which a log came.
 * All of it is one transaction. NR_ERR_DATA: an event without a time, which could not be
 * told to be a fault of a joined log. Uses data->events and data->declared. */
struct nr_update_tally {
    size_t events, made; /* read from the log; records made anew */
};
enum nr_status nr_profile_update(const struct nr_stage_env *env, struct nr_store *store, struct nr_dataset *data,
                                 struct nr_update_tally *tally, struct nr_error *err) NR_MUST_CHECK;

#endif
