/* nightreel/pipeline.h - runs stages over a dataset: plans, takes what the store
 * has, runs what is missing, keeps each finished item, counts failures. Names no
 * stage.
 *
 * The flow, for each stage in turn:
 *   - a whole stage (makes == 0) is run on the dataset as it stands;
 *   - for a stage that makes parts of items, the key of every item is computed
 *     (the stage's name and all that its result depends on, digested). A result
 *     stored under that key is merged into the item; the rest is `todo`, in the
 *     order of video_id. The stage runs once over the todo list, and each item
 *     that it finishes is written in a transaction of its own, failures included,
 *     unless the failure is temporary;
 *   - an interrupt is looked at between items: the run ends with
 *     NR_ERR_INTERRUPTED and all finished items are kept.
 * Without a store everything runs and nothing is kept. A shell pipeline of single
 * stages and one run of the chain make the same calls in the same order.
 */
#ifndef NIGHTREEL_PIPELINE_H
#define NIGHTREEL_PIPELINE_H

#include "nightreel/core.h"
#include "nightreel/record.h"
#include "nightreel/stage.h"
#include "nightreel/store.h"

#define NR_PIPELINE_STAGES_MAX 16

struct nr_stage_tally {
    const char *stage;
    size_t reused, made, failed; /* items; failed ones are counted in the others too */
    double seconds;
};

struct nr_pipeline_result {
    struct nr_stage_tally stages[NR_PIPELINE_STAGES_MAX];
    size_t stage_count;
    size_t failed_items; /* items with at least one error, and rows that became no item */
};

/* `store` may be NULL. `env->file_digest` is filled in here where it is NULL. */
enum nr_status nr_pipeline_run(const struct nr_stage *const *stages, size_t count, struct nr_stage_env *env,
                               struct nr_dataset *data, struct nr_store *store, struct nr_pipeline_result *result,
                               struct nr_error *err) NR_MUST_CHECK;

#endif
