/* recommenders.h - models as backtest sees them: from a training log to a list a user. */
#ifndef NR_STAGE_RECOMMENDERS_H
#define NR_STAGE_RECOMMENDERS_H

#include "nightreel/stage_backtest.h"

struct nr_training {
    const struct nr_stage_env *env;
    const struct nr_backtest_params *params;
    const struct nr_event_log *log; /* all that training may know */
    struct nr_item_list *items;     /* the catalogue, by video_id */
    const char **ids;               /* theirs */
    const bool *candidates;         /* by item: may be recommended; NULL: all */
    const struct nr_pairs *pairs;   /* what is liked */
    const struct nr_pairs *known;   /* what a user has, liked or not: no candidates. The same users, or more */
    const struct nr_strings *users; /* those who get a list, by user_id */
};

/* Entries of one user's list, best first. */
typedef enum nr_status (*nr_list_sink)(void *ctx, const char *user_id, const char *video_id, double score,
                                       struct nr_error *err);

struct nr_recommender {
    const char *name, *summary;
    bool needs_items; /* a catalogue with tags or blocks */
    enum nr_status (*lists)(const struct nr_training *training, nr_list_sink sink, void *ctx, struct nr_error *err);
};
extern const struct nr_recommender nr_recommender_content;

/* Beside the models of behaviour (nr_models). */
extern const struct nr_recommender *const nr_recommenders[];
extern const size_t nr_recommender_count;
const struct nr_recommender *nr_recommender_find(const char *name); /* NULL: none */
/* NR_ERR_USAGE: no model, of either kind, has that name, or it needs a catalogue. */
enum nr_status nr_recommender_check(const char *name, const struct nr_item_list *items,
                                    struct nr_error *err) NR_MUST_CHECK;
/* The lists of a model of either kind, added to a run. */
enum nr_status nr_recommend(const struct nr_training *training, const char *model, struct nr_eval_data *data,
                            struct nr_eval_run *run, struct nr_error *err) NR_MUST_CHECK;

/* Lists by a model of behaviour; what the model has no score for, and users whom it does
 * not know, get what most people watched. */
enum nr_status nr_model_lists(const struct nr_model *model, const struct nr_training *training, nr_list_sink sink,
                              void *ctx, struct nr_error *err) NR_MUST_CHECK;

/* Changes of blocks, to see what a model can bear: struct nr_perturbation, 0: none. */
struct nr_perturbation {
    double drop;      /* chance that a block of a video is missing */
    double noise;     /* norm of what is added to a block, against its own */
    unsigned without; /* bits 1 << block: no video has it */
    uint64_t seed;
};
/* Changes the items' blocks; what is new lives in `mem`. The caller keeps the old ones. */
enum nr_status nr_perturb_items(const struct nr_perturbation *perturbation, struct nr_item_list *items,
                                struct nr_arena *mem, struct nr_error *err) NR_MUST_CHECK;

#endif
