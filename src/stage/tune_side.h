/* tune_side.h - one cut of a log, on which points are measured user by user. */
#ifndef NR_STAGE_TUNE_SIDE_H
#define NR_STAGE_TUNE_SIDE_H

#include "stage/backtest_sides.h"
#include "stage/tune_params.h"
#include "stage/tune_trials.h"

/* What all sides share; borrowed. */
struct nr_tuner {
    const struct nr_stage_env *env;
    const struct nr_tune_params *params;
    const char *digest; /* of the data */
    size_t depth;       /* videos in a list */
    struct nr_trials *trials;
    size_t measured, reused;
};

struct nr_tune_side {
    struct nr_tuner *tuner;
    const char *name;          /* "validation", "test" */
    struct nr_item_list items; /* borrow what they do not share: see nr_items_borrow */
    struct nr_sides sides;
    struct nr_eval_data data;
    const char **order; /* the users with a held-out pair, drawn by the seed */
    size_t count;
    struct nr_item_list fitted; /* items with the behaviour block that some settings make */
    struct nr_buf fitted_for;   /* which: nr_tune_describe_factors */
};
/* Cuts the log; `items` stay as they are. NR_ERR_DATA: nothing is held back. Release
 * whatever comes back. */
enum nr_status nr_tune_side_make(struct nr_tuner *tuner, const char *name, const struct nr_split_params *split,
                                 const struct nr_event_log *log, const struct nr_item_list *items,
                                 struct nr_tune_side *out, struct nr_error *err) NR_MUST_CHECK;
void nr_tune_side_release(struct nr_tune_side *side);

/* The measure of users [from, to) of the order; from the file of trials where it has it. */
enum nr_status nr_tune_side_measure(struct nr_tune_side *side, const struct nr_tune_point *point, size_t from,
                                    size_t to, double *out, struct nr_error *err) NR_MUST_CHECK;
/* side->fitted for this point. */
enum nr_status nr_tune_side_fit(struct nr_tune_side *side, const struct nr_tune_point *point,
                                struct nr_error *err) NR_MUST_CHECK;
/* Training events of these users (by id), borrowed; caller frees out->events. */
enum nr_status nr_tune_side_events(const struct nr_tune_side *side, const struct nr_strings *users,
                                   struct nr_event_log *out, struct nr_error *err) NR_MUST_CHECK;
/* Users [from, to) of the order, by id; caller frees out->items. */
enum nr_status nr_tune_side_users(const struct nr_tune_side *side, size_t from, size_t to, struct nr_strings *out,
                                  struct nr_error *err) NR_MUST_CHECK;

/* Under which key the file of trials has what is measured of these users; `what`: a line that
 * says what else it depends on. */
enum nr_status nr_tune_side_key(const struct nr_tune_side *side, const struct nr_tune_point *point, size_t from,
                                size_t to, const char *what, char key[NR_DIGEST_HEX],
                                struct nr_error *err) NR_MUST_CHECK;

/* Fits beta, from beta->default_value, to the held-out pairs of some of the users; then what
 * it is worth on another side (tune_beta.c). From the file of trials, too. */
enum nr_status nr_tune_fit_beta(struct nr_tune_side *side, const struct nr_tune_point *point, struct nr_tune_beta *beta,
                                struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_tune_test_beta(struct nr_tune_side *side, const struct nr_tune_point *point,
                                 struct nr_tune_beta *beta, struct nr_error *err) NR_MUST_CHECK;

#endif
