/* nightreel/stage_learn.h - learned models between the behaviour log and the lists: which
 * events they learn from, and how their scores get into the matching. */
#ifndef NIGHTREEL_STAGE_LEARN_H
#define NIGHTREEL_STAGE_LEARN_H

#include "nightreel/interest_trained.h"
#include "nightreel/stage.h"

/* The model that settings->learn names, learned from data->events and data->items, or read
 * from its file; *out stays NULL for `content`. NR_ERR_DATA: it cannot be trained, and why,
 * unless there is a fallback, which is then reported and takes its place. */
enum nr_status nr_learn(const struct nr_stage_env *env, const struct nr_dataset *data, struct nr_trained **out,
                        struct nr_error *err) NR_MUST_CHECK;

/* A trained model as a source of the matching; both and `items` must outlive it. */
struct nr_learned_source {
    struct nr_match_source source;
    const struct nr_trained *trained;
    size_t *numbers; /* by place in the list: the model's number of the video, or SIZE_MAX */
    size_t count;
};
enum nr_status nr_learned_source_init(struct nr_learned_source *learned, const struct nr_trained *trained,
                                      const struct nr_item_list *items, struct nr_error *err) NR_MUST_CHECK;
void nr_learned_source_release(struct nr_learned_source *learned);

/* NR_ERR_USAGE: a model that there is not, a rule that says nothing: to be asked before
 * anything that takes long. */
enum nr_status nr_learn_check(const struct nr_learn_params *params, struct nr_error *err) NR_MUST_CHECK;

#endif
