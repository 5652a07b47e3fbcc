/* nightreel/stage_backtest.h - models side by side on a log cut in two: each learns from
 * the training side alone, ranks the videos that a user has not had, and is held against
 * the test side.
 *
 * Nothing of the test side reaches a model: what records know of behaviour (the behaviour
 * block, the neighbours of descriptions, the tags' idf) is taken out of them and fitted
 * anew on the training side, and a test pair among the training events stops everything.
 *
 * To add a model of behaviour: see nightreel/interest_models.h. One that needs more than
 * pairs (as `content` does) is a row in src/stage/recommenders.c.
 */
#ifndef NIGHTREEL_STAGE_BACKTEST_H
#define NIGHTREEL_STAGE_BACKTEST_H

#include "nightreel/eval.h"
#include "nightreel/eval_significance.h"
#include "nightreel/interest_models.h"
#include "nightreel/stage.h"

struct nr_backtest_params {
    const char *models;   /* names, by commas; NULL: all */
    const char *positive; /* rule: which events make a pair */
    struct nr_split_params split;
    struct nr_eval_params eval;
    struct nr_model_params model;
    size_t depth; /* videos in a list; at least the greatest cutoff; default 200 */
    /* Further rows for models of content, "drop-block=P[:P...],noise=P[:P...],without=BLOCK[:BLOCK...]", P from 0 to
     * 1; without=each: each block that a video has left out in turn. NULL: none. */
    const char *perturb;
    size_t seed;
    struct nr_significance_params significance; /* its seed and threads are those of the run */
};
void nr_backtest_params_default(struct nr_backtest_params *params);
const char *nr_backtest_params_check(const struct nr_backtest_params *params);

/* A model's row. */
struct nr_backtest_row {
    const char *model;      /* borrowed */
    const char *candidates; /* "all"; with cold-item also "cold": the test videos alone */
    char perturb[40];       /* "drop-block=0.1"; "": as it is */
    double seconds;         /* learning and ranking */
    double peak_bytes;      /* of the process meanwhile; NAN: unknown */
    struct nr_eval_run run;
    struct nr_eval_result result;
    /* Intervals, and differences from the first row with the same candidates; nothing in it
     * where there are too few users (global-time: under 100). */
    struct nr_eval_comparison comparison;
};
struct nr_backtest {
    struct nr_split_tally split;
    struct nr_backtest_row *rows;
    size_t count;
    char *names;                    /* what the rows' models borrow from */
    struct nr_eval_data data, cold; /* truth, train and catalogue; of the test videos alone */
};

/* `items`: the catalogue (changed: see above), or none, and then it is every video of the
 * log. NR_ERR_USAGE: an unknown model, a model that needs a catalogue; NR_ERR_DATA: nothing
 * to test. Release whatever comes back. */
enum nr_status nr_backtest_run(const struct nr_stage_env *env, const struct nr_backtest_params *params,
                               const struct nr_event_log *log, struct nr_item_list *items, struct nr_backtest *out,
                               struct nr_error *err) NR_MUST_CHECK;
void nr_backtest_release(struct nr_backtest *backtest);

/* "name  summary" of every model that backtest knows. */
void nr_backtest_list_models(struct nr_buf *out);

/* NR_ERR_INTERNAL where a pair of the test side is among the events of `train`. */
enum nr_status nr_backtest_check_leak(const struct nr_event_log *train, const struct nr_event_log *test,
                                      struct nr_error *err) NR_MUST_CHECK;
/* Takes out of records what they know of behaviour, and fits tags (idf) and the behaviour
 * block anew on the training events. */
enum nr_status nr_backtest_refit(const struct nr_stage_env *env, const struct nr_event_log *train,
                                 struct nr_item_list *items, struct nr_error *err) NR_MUST_CHECK;

#endif
