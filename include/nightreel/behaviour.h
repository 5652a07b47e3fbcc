/* nightreel/behaviour.h - behaviour logs: which column means what, cleaning rules,
 * what an event is worth. No files, no clock; the one random number is the key of the
 * hash that tells the repeats of a streamed log.
 *
 * To add a cleaning rule: add its name to enum nr_clean_rule and a row to
 * nr_clean_rules (src/behaviour/rules.c), which --help and the README are made
 * from; apply it in src/behaviour/row.c (one row at a time) or repeats.c (needs the
 * whole log: say so in nr_stream_can(), stream.c).
 */
#ifndef NIGHTREEL_BEHAVIOUR_H
#define NIGHTREEL_BEHAVIOUR_H

#include "nightreel/core.h"
#include "nightreel/record.h"

/* ---- cleaning ---------------------------------------------------------------- */

enum nr_clean_rule {
    NR_RULE_UNREADABLE,
    NR_RULE_COLUMNS,
    NR_RULE_HEADER,
    NR_RULE_USER,
    NR_RULE_VIDEO,
    NR_RULE_ID_LENGTH,
    NR_RULE_BLANKS,
    NR_RULE_ACTION,
    NR_RULE_TIME,
    NR_RULE_TIME_RANGE,
    NR_RULE_RATING,
    NR_RULE_VALUE,
    NR_RULE_WATCH,
    NR_RULE_WATCH_OUTLIER,
    NR_RULE_DUPLICATE,
    NR_RULE_REPEATED_VIEW,
    NR_RULE_COUNT
};

/* What is done with a row that a rule catches. */
enum nr_clean_verdict { NR_CLEAN_REJECT, NR_CLEAN_REPAIR, NR_CLEAN_MERGE, NR_CLEAN_KEEP };
extern const char *const nr_clean_verdict_names[]; /* "reject" "repair" "merge" "keep" */

struct nr_clean_rule_def {
    const char *name;
    const char *what;              /* what it catches and what a repair does */
    enum nr_clean_verdict verdict; /* by default */
    unsigned allowed;              /* bits 1 << verdict that may be chosen */
};
extern const struct nr_clean_rule_def nr_clean_rules[NR_RULE_COUNT];

struct nr_clean_params {
    const char *map; /* "user=userId,like=is_like,...": fields and actions; NULL: by the header */
    enum nr_clean_verdict verdicts[NR_RULE_COUNT];
    int64_t since;     /* ms; events before are out of range; default 1990-01-01 */
    int64_t until;     /* ms; after it; NR_TIME_NONE: a day after `now` */
    double rating_max; /* ratings lie in 0..rating_max; default 5 */
    double max_watch;  /* s; default 86400 */
    double
        outlier_mads; /* watch times further above a video's median, in (scaled) MADs of the logarithm; at least 1 (so
                          * that what is cut does not move the bound), default 5 */
    double repeat_seconds; /* views of one video within this time are one; default 30 */
};
void nr_clean_params_default(struct nr_clean_params *params);
const char *nr_clean_params_check(const struct nr_clean_params *params);
/* "NAME=reject|repair|merge|keep" */
enum nr_status nr_clean_params_set_rule(struct nr_clean_params *params, const char *text,
                                        struct nr_error *err) NR_MUST_CHECK;

/* One row that a rule caught; strings are borrowed during the call. */
struct nr_clean_note {
    size_t line;
    enum nr_clean_verdict verdict;
    enum nr_clean_rule rule;
    const char *detail;
    const char *const *fields; /* the row as read, or as far as it is still known */
    size_t count;
};

struct nr_clean_tally {
    size_t rows_in, kept, rejected, merged; /* rows_in = kept + rejected + merged */
    size_t repaired;                        /* rows among the kept and merged */
    size_t events;                          /* a row with a column for each action may hold several */
    size_t per_rule[NR_RULE_COUNT];         /* times it caught something */
};

/* Cleans one log: header, rows, finish. */
struct nr_cleaner;
typedef enum nr_status (*nr_clean_note_fn)(void *ctx, const struct nr_clean_note *note, struct nr_error *err);
/* `now` (ms) bounds the time where params->until is unset; `params` is copied. */
enum nr_status nr_cleaner_new(const struct nr_clean_params *params, int64_t now, nr_clean_note_fn note, void *ctx,
                              struct nr_cleaner **out, struct nr_error *err) NR_MUST_CHECK;
/* Before the header. Clean events go to `put`, in the order of their rows, and not to a
 * log. They go there as the rows come, and memory grows by 20 to 30 bytes for each
 * different event, where no rule needs the whole log:
 *   - repeated-view is set to keep, or the log holds no views (ratings, say);
 *   - watch-outlier is set to keep, or the log has no watch times;
 *   - duplicate is set to reject or keep, or the log has no watch times.
 * Rows that lack a time wait for the first that has one. Otherwise they go there at the
 * end. Events and counts are the same either way; notes come in the order of the lines,
 * but for those about rows that had to wait. With two threads (0: one)
 * and no notes to write, `put` is called from a thread of its own, one call at a time, the
 * last before finish() returns. */
typedef enum nr_status (*nr_clean_event_fn)(void *ctx, const struct nr_event *event, struct nr_error *err);
enum nr_status nr_cleaner_stream(struct nr_cleaner *cleaner, nr_clean_event_fn put, void *ctx, unsigned threads,
                                 struct nr_error *err) NR_MUST_CHECK;
/* Finds out what the columns mean: by `map`, by well-known names (MovieLens,
 * RecBole, KuaiRand, Chinese), or, where all of four fields are numbers, as
 * MovieLens' u.data, whose first line is data: *is_data tells so.
 *   - There must be a user, a video and, unless the rule `time` is set to repair, a
 *     time.
 *   - The action is that of its column; or of each column named after an action that
 *     is not zero; or a rating where there is a column of ratings; or a view where
 *     there are watch times or RecBole's typed names. Anything else would be a guess.
 * NR_ERR_DATA names what is missing, the columns found, and --map. */
enum nr_status nr_cleaner_header(struct nr_cleaner *cleaner, const char *const *names, size_t count, bool *is_data,
                                 struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_cleaner_row(struct nr_cleaner *cleaner, const char *const *fields, size_t count, size_t line,
                              bool unreadable, struct nr_error *err) NR_MUST_CHECK;
/* Applies the rules that need the whole log; appends the clean events, in the
 * order of the rows, to *log (NULL where they are streamed). Where no row at all has a time, the log counts as one
 * without times: none is missing. */
enum nr_status nr_cleaner_finish(struct nr_cleaner *cleaner, struct nr_event_log *log, struct nr_clean_tally *tally,
                                 struct nr_error *err) NR_MUST_CHECK;
void nr_cleaner_free(struct nr_cleaner *cleaner);

/* The rules that need the whole log (duplicate, repeated-view, watch-outlier), over events that
 * passed the others: what they change of a watch time is changed in the log, gone[i] says that
 * event i was merged into another one. Events about one video do not depend on those about
 * others. */
enum nr_status nr_clean_whole(const struct nr_clean_params *params, struct nr_event_log *log, bool *gone,
                              struct nr_error *err) NR_MUST_CHECK;

/* ---- what an event is worth -------------------------------------------------------- */

/* weight = action weight x min(watch seconds / duration, 1) x decay. The watch ratio
 * applies to views and is absent where either is unknown or the duration is 0. A
 * rating counts (value - middle) / middle of its action weight, the middle being
 * half of rating_max: the lowest rating speaks against as much as the highest for.
 * A comment counts by what its text says of the video, s in [-1, 1],
 *
 *   1 + s where s >= 0,  1 + 2 s where s < 0
 *
 * of its action weight: a neutral one (0) as is, one that is all praise twice that, one
 * that is all blame as much against. Other actions' weights know nothing of a text. */
enum nr_comment_mode {
    NR_COMMENTS_SENTIMENT, /* by what it says; default */
    NR_COMMENTS_PLAIN,     /* as is, whatever it says */
};
struct nr_weight_params {
    double action[NR_ACTION_COUNT];
    int comments;        /* enum nr_comment_mode */
    double rating_max;   /* default 5 */
    double decay_days;   /* half-life in days; 0: none; default 30 */
    double decay_events; /* half-life in events; 0: by days */
};
void nr_weight_params_default(struct nr_weight_params *params);
const char *nr_weight_params_check(const struct nr_weight_params *params);
/* "days=H", "events=N" or "none" */
enum nr_status nr_weight_params_set_decay(struct nr_weight_params *params, const char *text,
                                          struct nr_error *err) NR_MUST_CHECK;
/* "like=2,share=3,..." */
enum nr_status nr_weight_params_set_actions(struct nr_weight_params *params, const char *text,
                                            struct nr_error *err) NR_MUST_CHECK;

/* "sentiment" "plain", NULL-terminated. */
extern const char *const nr_comment_modes[];

/* Without decay; duration in s, NAN or 0 where unknown. */
double nr_event_weight(const struct nr_weight_params *params, const struct nr_event *event, double duration);
/* 2^(-age / half-life) of an event that lies `ms` and `later` events before the user's
 * own last one. */
double nr_event_decay(const struct nr_weight_params *params, int64_t ms, size_t later);

#endif
