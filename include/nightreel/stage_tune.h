/* nightreel/stage_tune.h - the best parameters for a log.
 *
 * The log is cut in two as a backtest cuts it; the training side is cut again by the same
 * rule (with another salt, where it goes by hash). The search (nightreel/eval_search.h)
 * sees nothing but that second cut: models learn from its training part and are measured,
 * user by user, on its held-out part. The test side is measured twice, at the very end:
 * with the defaults and with what was found, each having learned from the whole training
 * side.
 *
 * beta changes no order, so that no list can tell how good it is: of the content model it
 * is fitted afterwards (nightreel/eval_calibrate.h) to the held-out pairs of the second cut,
 * over the scores of all candidates.
 *
 * What was measured is kept in a file of trials, one line of JSON each, under a digest of
 * all that it depends on: log, items, cut, seed, settings. A run that is killed loses what
 * it was just measuring.
 *
 * To add a parameter: a row in src/stage/tune_params.c.
 */
#ifndef NIGHTREEL_STAGE_TUNE_H
#define NIGHTREEL_STAGE_TUNE_H

#include "nightreel/eval.h"
#include "nightreel/eval_calibrate.h"
#include "nightreel/eval_search.h"
#include "nightreel/interest_models.h"
#include "nightreel/io.h"
#include "nightreel/stage.h"

struct nr_tune_params {
    const char *model;    /* default "content" */
    const char *positive; /* rule: which events make a pair */
    struct nr_split_params split;
    const char *measure; /* one that users have each; default "ndcg@k" */
    size_t k;            /* its cutoff, at least 1; default 10 */
    struct nr_model_params model_params;
    size_t trials, seed;
    const char *trials_file; /* NULL: nothing is kept */
};
void nr_tune_params_default(struct nr_tune_params *params);
const char *nr_tune_params_check(const struct nr_tune_params *params);

struct nr_tune_finding {
    const char *option, *key; /* "weights" and "tags"; key NULL: the option's whole value */
    double default_value;
    struct nr_search_finding found;
};

/* The measure's mean over some users, with the defaults and tuned, and the difference. */
struct nr_tune_comparison {
    size_t users;
    double default_mean, tuned_mean;
    struct nr_search_gain gain;
};

struct nr_tune_beta {
    bool fitted; /* false: another model than content, or no scores to go by */
    double default_value, value;
    enum nr_beta_end end;
    size_t users, pairs;             /* that it was fitted to */
    double loss_default, loss_tuned; /* mean -log P of the held-out pairs */
    size_t test_users, test_pairs;
    double test_loss_default, test_loss_tuned; /* of the test side */
    struct nr_reliability before[NR_RELIABILITY_BINS], after[NR_RELIABILITY_BINS];
};

struct nr_tune {
    struct nr_split_tally outer, inner;
    char digest[NR_DIGEST_HEX]; /* of the log and the items */
    char measure[40];           /* "ndcg@10" */
    struct nr_tune_finding *findings;
    size_t count;
    double towards_equal;
    struct nr_search_gain whole;
    bool reverted;
    size_t points, measured, reused; /* points; measurements made, and taken from the file of trials */
    struct nr_tune_comparison searched, judged, test;
    struct nr_tune_beta beta;
};

/* `items`: the catalogue (what it knows of behaviour is fitted anew), or none. NR_ERR_USAGE:
 * an unknown model or measure, a model that needs a catalogue; NR_ERR_DATA: too little to
 * cut or measure, a file that holds no trials. Release whatever comes back. */
enum nr_status nr_tune_run(const struct nr_stage_env *env, const struct nr_tune_params *params,
                           const struct nr_event_log *log, struct nr_item_list *items, struct nr_tune *out,
                           struct nr_error *err) NR_MUST_CHECK;
void nr_tune_release(struct nr_tune *tune);

/* Options in the form of a config file, one "name = value" line each. */
void nr_tune_write_config(const struct nr_tune *tune, struct nr_buf *out);
/* Every parameter by `put`, for --help. */
typedef void (*nr_tune_entry)(struct nr_buf *out, const char *name, const char *note, const char *text);
void nr_tune_list_parameters(struct nr_buf *out, nr_tune_entry put);

#endif
