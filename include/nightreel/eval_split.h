/* nightreel/eval_split.h - the second half of eval.h: which events make a video
 * relevant to a user, and how a log is cut in two. Include nightreel/eval.h. */
#ifndef NIGHTREEL_EVAL_SPLIT_H
#define NIGHTREEL_EVAL_SPLIT_H

#include "nightreel/eval.h"

/* ---- the relevance rule ---------------------------------------------------------- */

/* A condition (nightreel/core_condition.h) on one event. Its columns: action (names, English
 * or Chinese), value, rating (the value of a rating), watch_seconds, time (epoch seconds, or
 * ISO 8601). A comparison with a column that the event does not have is false, whatever the
 * operator. */
struct nr_rule;
/* Any action but a dislike; of ratings, those above 0. */
#define NR_RULE_DEFAULT "action != dislike and (action != rating or rating > 0)"
enum nr_status nr_rule_parse(const char *text, struct nr_rule **out, struct nr_error *err) NR_MUST_CHECK;
void nr_rule_free(struct nr_rule *rule);
bool nr_rule_passes(const struct nr_rule *rule, const struct nr_event *event);

/* ---- pairs ------------------------------------------------------------------------- */

/* A user and a video with their earliest event that passes the rule (the first in
 * the log among equally early ones; an unknown time is the earliest of all). */
struct nr_positive {
    const char *user_id, *video_id; /* borrowed from the log */
    int64_t time;
    size_t event; /* in the log */
};
/* By user_id, then video_id, bytewise; searches make no pair; a NULL rule passes all
 * others. Caller frees *out. */
enum nr_status nr_positives_find(const struct nr_event_log *log, const struct nr_rule *rule, struct nr_positive **out,
                                 size_t *count, struct nr_error *err) NR_MUST_CHECK;

/* ---- splits -------------------------------------------------------------------------- */

/* How pairs are divided. Orders are bytewise in ids.
 *   hash          test iff splitmix64(h(user) * 1000003 + h(video)) % 5 == 0, h being
 *                 nr_id_hash()
 *   user-time     a user's pairs by (time, video): the first floor(4n/5) train; all of
 *                 them where n < 5
 *   global-time   all pairs by (time, user, video): the first floor(4n/5) train; test
 *                 pairs of users without a train pair are dropped
 *   leave-last-n  a user's pairs by (time, video): the last n test; users with n or
 *                 fewer train
 *   cold-item     test iff splitmix64(h(video)) % 5 == 0: nobody in train has seen it */
enum nr_split {
    NR_SPLIT_HASH,
    NR_SPLIT_USER_TIME,
    NR_SPLIT_GLOBAL_TIME,
    NR_SPLIT_LEAVE_LAST_N,
    NR_SPLIT_COLD_ITEM,
    NR_SPLIT_COUNT
};
extern const char *const nr_split_names[NR_SPLIT_COUNT + 1]; /* NULL-terminated */

struct nr_split_params {
    enum nr_split split;
    size_t last; /* leave-last-n; default 1 */
    uint64_t
        salt; /* added to what hash and cold-item hash: 0 (default) as above; another one cuts a train side again */
    /* false (default): train is the train pairs, one event each, as test is. true:
     * train holds besides every other event, negative ones and searches too, that was
     * known when the first test pair of its user (global-time: of all) happened, and
     * that is about no test pair (cold-item: no test video). */
    bool all_events;
};
void nr_split_params_default(struct nr_split_params *params);
const char *nr_split_params_check(const struct nr_split_params *params);

/* Whether cold-item takes the video for a test video. */
bool nr_split_is_cold(const struct nr_split_params *params, const char *video_id);

enum nr_split_side { NR_SIDE_NONE, NR_SIDE_TRAIN, NR_SIDE_TEST };

struct nr_split_tally {
    size_t positives, train, test; /* pairs */
    size_t dropped;                /* test pairs of users unseen in train */
    size_t train_events;           /* rows of train */
    size_t users, test_users;
};

/* Sets sides[0 .. log->count), one for each event. */
enum nr_status nr_split_events(const struct nr_event_log *log, const struct nr_rule *rule,
                               const struct nr_split_params *params, unsigned char *sides, struct nr_split_tally *tally,
                               struct nr_error *err) NR_MUST_CHECK;

#endif
