/* tune_trials.h - what was measured, kept in a file: after a line that says what the file
 * is, one JSON object a line,
 *   {"key":"32 hex digits","side":"validation","from":0,"to":38,"values":[...]}
 * (values of users [from, to) of the order; of a fit of beta, its numbers as tune_beta.c packs them).
 * Lines are added at the end, each in one write. One that was cut short is passed over. */
#ifndef NR_STAGE_TUNE_TRIALS_H
#define NR_STAGE_TUNE_TRIALS_H

#include "nightreel/core.h"

#define NR_TRIAL_KEY 33 /* hex digits and the NUL */

struct nr_trials;
/* `path` NULL: nothing is kept. NR_ERR_DATA: the file is there and holds something else. */
enum nr_status nr_trials_open(const char *path, struct nr_trials **out, struct nr_error *err) NR_MUST_CHECK;
/* The values under the key, if there are `count` of them (borrowed), else NULL. */
const double *nr_trials_find(const struct nr_trials *trials, const char key[NR_TRIAL_KEY], size_t count);
/* Writes them behind what is there; nr_trials_find does not know them before the file is
 * opened anew. `side` and `from` are for people to read. */
enum nr_status nr_trials_add(struct nr_trials *trials, const char key[NR_TRIAL_KEY], const char *side, size_t from,
                             const double *values, size_t count, struct nr_error *err) NR_MUST_CHECK;
void nr_trials_close(struct nr_trials *trials);

#endif
