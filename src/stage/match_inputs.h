/* match_inputs.h - the files that matching reads: lists of videos and users. */
#ifndef NR_STAGE_MATCH_INPUTS_H
#define NR_STAGE_MATCH_INPUTS_H

#include "nightreel/stage.h"

struct nr_match_inputs {
    struct nr_arena mem;
    struct nr_strings allow, deny, users; /* by id, each once */
};
/* Reads the files of settings->match_files; *params points to what they hold. Released
 * whatever happens. */
enum nr_status nr_match_inputs_load(struct nr_match_inputs *inputs, const struct nr_settings *settings,
                                    struct nr_match_params *params, struct nr_error *err) NR_MUST_CHECK;
void nr_match_inputs_release(struct nr_match_inputs *inputs);

/* What would fail at the end of a run, found as soon as there is a catalogue: files that
 * cannot be read, columns that are not there. */
enum nr_status nr_match_inputs_check(const struct nr_settings *settings, const struct nr_item_list *items,
                                     struct nr_error *err) NR_MUST_CHECK;

#endif
