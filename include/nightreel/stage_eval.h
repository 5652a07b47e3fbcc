/* nightreel/stage_eval.h - what an evaluation reads: behaviour logs through the
 * cleaning stage, judgements, runs. */
#ifndef NIGHTREEL_STAGE_EVAL_H
#define NIGHTREEL_STAGE_EVAL_H

#include "nightreel/eval.h"
#include "nightreel/stage.h"

/* A behaviour log (CSV) with env's cleaning parameters; nothing else is written. */
enum nr_status nr_eval_read_log(const struct nr_stage_env *env, const char *path, struct nr_event_log *log,
                                struct nr_error *err) NR_MUST_CHECK;

/* The truth: TREC judgements (lines of USER 0 VIDEO RELEVANCE, the relevance being
 * the gain) or a behaviour log (a pair that passes the rule has the gain 1). Told
 * apart by the first line; standard input is taken as a log. */
enum nr_status nr_eval_read_truth(const struct nr_stage_env *env, const char *path, const struct nr_rule *rule,
                                  struct nr_eval_data *data, struct nr_error *err) NR_MUST_CHECK;

/* The training log: every video that a user has, whatever they thought of it. */
enum nr_status nr_eval_read_train(const struct nr_stage_env *env, const char *path, struct nr_eval_data *data,
                                  struct nr_error *err) NR_MUST_CHECK;

/* A run, told by its first character that is not blank: '{' recommendation records,
 * one a line; '[' an array of them; otherwise six words a TREC run, else CSV with
 * the columns user_id, video_id and score or rank. An entry of a record without a
 * score gets minus its rank, and so do all of a list whose ranks are its places and whose
 * scores rise somewhere: it is in an order of its own (diversified). Standard input cannot be CSV. */
enum nr_status nr_eval_read_run(const char *path, struct nr_eval_data *data, struct nr_eval_run *run,
                                struct nr_error *err) NR_MUST_CHECK;

#endif
