/* backtest_sides.h - a log cut in two, and what training knows of it. */
#ifndef NR_STAGE_BACKTEST_SIDES_H
#define NR_STAGE_BACKTEST_SIDES_H

#include "nightreel/stage_backtest.h"

struct nr_sides {
    struct nr_split_params split;
    struct nr_split_tally tally;
    struct nr_rule *rule;
    struct nr_event_log train, test;
    struct nr_item_list *items; /* the catalogue, borrowed; may be empty */
    struct nr_arena mem;
    const char **ids; /* of the catalogue, bytewise: of the items, else of every video of the log */
    size_t item_count;
    bool *cold;              /* cold-item: the test videos, by item; else NULL */
    struct nr_strings users; /* with a test pair, by user_id */
    struct nr_pairs pairs;   /* training's, by the rule */
    struct nr_pairs known;   /* what users have, liked or not */
};
/* Cuts the log and fits the items' tags and behaviour block anew on the training side.
 * NR_ERR_DATA: nothing to test; NR_ERR_INTERNAL: see nr_backtest_check_leak. Release
 * whatever comes back. */
enum nr_status nr_sides_make(const struct nr_stage_env *env, const char *positive, const struct nr_split_params *split,
                             const struct nr_event_log *log, struct nr_item_list *items, struct nr_sides *out,
                             struct nr_error *err) NR_MUST_CHECK;
void nr_sides_release(struct nr_sides *sides);
/* What an evaluation goes by; `only` (by item): the catalogue is these videos. */
enum nr_status nr_sides_judge(const struct nr_sides *sides, const bool *only, struct nr_eval_data *data,
                              struct nr_error *err) NR_MUST_CHECK;

/* A list of items that borrow all that `items` hold; what is added to them is theirs. */
enum nr_status nr_items_borrow(const struct nr_item_list *items, struct nr_item_list *out,
                               struct nr_error *err) NR_MUST_CHECK;
void nr_items_return(struct nr_item_list *items);

#endif
