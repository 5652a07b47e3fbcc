/* nightreel/eval.h - how good a list is: measures over runs and judgements. Pure:
 * what is read from files is read by src/stage/eval_inputs.c.
 *
 * The users of an evaluation are those with at least one relevant video. One whom
 * a run gives nothing scores 0 in every measure of correctness. Relevant videos that training never saw
 * stay relevant. Candidates are the whole catalogue less what the user has in the
 * training log; they are never sampled. A value without a definition is NAN; how many
 * there were is counted, and nr_eval_params.undefined says what the mean does with them.
 *
 * Means are taken in double over the users by user_id, bytewise.
 */
#ifndef NIGHTREEL_EVAL_H
#define NIGHTREEL_EVAL_H

#include "nightreel/core.h"
#include "nightreel/record.h"

/* ---- ids: every user and video once ------------------------------------------- */

/* Strings numbered from 0 in the order of their arrival. Zeroed is empty. */
struct nr_ids {
    struct nr_arena mem;
    const char **names;
    size_t count, capacity;
    struct nr_id_place {
        uint32_t hash, number; /* number + 1, 0 is free */
    } * table;                 /* open addressing */
    size_t table_size;
    size_t last; /* the number asked for last: files name a user many times in a row */
    size_t last_length;
};
void nr_ids_release(struct nr_ids *ids);
/* The number of a name, which is added where it is new. */
enum nr_status nr_ids_add(struct nr_ids *ids, const char *name, size_t length, uint32_t *out,
                          struct nr_error *err) NR_MUST_CHECK;

/* ---- what is evaluated ----------------------------------------------------------- */

struct nr_judged {
    uint32_t user, video;
    double value; /* truth: the gain, relevant where above 0; a run: the score */
};
struct nr_judged_list {
    struct nr_judged *entries; /* malloc'ed */
    size_t count, capacity;
};

/* Truth, training log and catalogue, with the numbers of all ids that occur in
 * them or in a run. Zeroed is empty. */
struct nr_eval_data {
    struct nr_ids users, videos;
    struct nr_judged_list truth; /* a pair may come twice: the greater gain counts */
    struct nr_judged_list train; /* a pair may come twice: it counts once */
    bool has_train;
    const struct nr_item **items; /* by video number, for what `items` holds; borrowed */
    size_t item_count, item_capacity;
};
void nr_eval_data_release(struct nr_eval_data *data);
enum nr_status nr_eval_add_truth(struct nr_eval_data *data, const char *user, const char *video, double gain,
                                 struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_eval_add_train(struct nr_eval_data *data, const char *user, const char *video,
                                 struct nr_error *err) NR_MUST_CHECK;
/* The catalogue: `items` must outlive the data. Where none is given, it is taken
 * to be every video of truth, training log and runs. */
enum nr_status nr_eval_add_items(struct nr_eval_data *data, const struct nr_item_list *items,
                                 struct nr_error *err) NR_MUST_CHECK;

struct nr_eval_run {
    const char *name; /* borrowed */
    struct nr_judged_list entries;
    struct nr_judged_list lists; /* a user for each list, also for an empty one */
};
void nr_eval_run_release(struct nr_eval_run *run);
/* Says that the run has a list for this user, with or without entries. */
enum nr_status nr_eval_add_list(struct nr_eval_data *data, struct nr_eval_run *run, const char *user,
                                struct nr_error *err) NR_MUST_CHECK;
/* NR_ERR_DATA where the score is not finite. */
enum nr_status nr_eval_add_entry(struct nr_eval_data *data, struct nr_eval_run *run, const char *user,
                                 size_t user_length, const char *video, size_t video_length, double score,
                                 struct nr_error *err) NR_MUST_CHECK;

/* ---- measures ---------------------------------------------------------------------- */

enum nr_ties {
    NR_TIES_ID,   /* equal scores by video_id rising, bytewise */
    NR_TIES_TREC, /* as trec_eval: scores rounded to float, equal ones by id falling */
    /* In no order: a measure of correctness has its exact mean over all orders of equal
     * scores, each as likely as another (McSherry and Najork 2008, ECIR, "Computing
     * information retrieval performance measures efficiently in the presence of tied
     * scores"); f1_avg is that of the means of precision and recall. The others (novelty,
     * diversity, coverage, gini) have the order by id. A list must hold equal scores whole:
     * of one that was cut among them, nobody knows how many there were. */
    NR_TIES_EXPECTED,
};

/* What a mean does with users whose value is undefined. */
enum nr_undefined {
    NR_UNDEFINED_SKIP, /* leaves them out */
    NR_UNDEFINED_ZERO, /* counts them as 0 */
};

/* A part of an evaluation, by the numbers that users and videos have in the data once
 * all of it is read. NULL: no limit. */
struct nr_eval_view {
    const bool *users;    /* only these users count */
    const bool *relevant; /* only these videos may be relevant */
    const bool *listed;   /* only these are in catalogue and lists: others are taken out */
};

#define NR_CUTOFFS_MAX 16
struct nr_eval_params {
    size_t cutoffs[NR_CUTOFFS_MAX]; /* rising; default 5, 10, 20 */
    size_t cutoff_count;
    enum nr_ties ties;
    enum nr_undefined undefined;
    const char *measures;            /* "ndcg,mrr,...", "all"; NULL: the usual ones */
    const struct nr_eval_view *view; /* borrowed; NULL: everything */
};
void nr_eval_params_default(struct nr_eval_params *params);
const char *nr_eval_params_check(const struct nr_eval_params *params);

/* Places of a list whose videos have the same score. */
struct nr_tie_group {
    size_t first, count;
    size_t relevant, rejected;                       /* of these videos */
    size_t relevant_candidate, irrelevant_candidate; /* of those that are candidates */
};

/* One user's list beside what is relevant to them. */
struct nr_eval_case {
    /* NULL: the list has one order. Else all orders of each group are as likely, and a
     * measure of correctness is its mean over them. The groups lie side by side from place 0
     * to the end. */
    const struct nr_tie_group *groups;
    size_t group_count;
    const double *gains;    /* of the listed videos in their order, 0: not relevant; with groups the group's mean */
    const uint32_t *videos; /* the same, by number */
    const bool *rejected;   /* of the listed: judged, and not relevant */
    const bool *candidate;  /* of the listed: in the catalogue and not the user's already */
    size_t listed;
    const double *ideal;       /* gains of the relevant videos, falling */
    size_t relevant;           /* at least 1 */
    size_t relevant_candidate; /* of these: candidates */
    size_t rejections;         /* videos judged not relevant, listed or not */
    size_t candidates;         /* videos that could have been listed */
    const struct nr_eval_shared *shared;
};

/* Sums over all users at one cutoff. */
struct nr_eval_sums {
    size_t k, users;
    double hits, relevant;    /* pooled */
    double precision, recall; /* sums of the users' values */
    const double *exposure;   /* how often each video of the catalogue is listed, rising */
    size_t catalogue;
};

enum nr_measure_needs { NR_NEEDS_NOTHING, NR_NEEDS_TRAIN, NR_NEEDS_ITEMS };

/* To add a measure: a function and a row in src/eval/measures.c, and a line in
 * tests/unit/eval/test_measures_property.c. One of correctness must heed the groups of ties
 * (src/eval/expected.h), or be NAN with them: tests/unit/eval/test_expected.c holds it
 * against all orders. */
struct nr_measure {
    const char *name;   /* "@k" at the end: once for each cutoff */
    bool usual;         /* shown when nothing is asked for (and what it needs is there) */
    bool correctness;   /* a user without a list scores 0; otherwise they are undefined */
    bool of_candidates; /* listed videos that are no candidates make no difference */
    enum nr_measure_needs needs;
    double (*of_user)(const struct nr_eval_case *user, size_t k); /* averaged over users; or */
    double (*of_run)(const struct nr_eval_sums *sums);            /* of all users at once */
    const char *definition, *source;
};
extern const struct nr_measure nr_measures[];
extern const size_t nr_measure_count;

struct nr_eval_value {
    char name[40]; /* "ndcg@10" */
    const struct nr_measure *measure;
    size_t k;           /* SIZE_MAX: no cutoff */
    double value;       /* NAN: undefined */
    double best, worst; /* over all orders of equal scores; NAN but for measures of correctness */
    size_t undefined;   /* users without a value */
    double *per_user;   /* in the order of result->users; NULL for measures of the run */
};

struct nr_eval_result {
    const char *run; /* borrowed */
    size_t users;    /* with something relevant */
    size_t missing;  /* of these: the run does not name them */
    size_t empty;    /* of these: the run names them with an empty list */
    size_t unjudged; /* users of the run with nothing relevant: left out */
    double tie_rate; /* share of listed videos whose score another one of the list has */
    const char **user_ids;
    struct nr_eval_value *values; /* by measure in the table's order, then by cutoff */
    size_t count;
};
void nr_eval_result_release(struct nr_eval_result *result);

/* Evaluates one run. NR_ERR_DATA: a video twice in a user's list; no user has
 * anything relevant (with a view every value is undefined then). NR_ERR_USAGE: an unknown measure, or one that needs what the
 * data does not have. */
enum nr_status nr_eval_measure(struct nr_eval_data *data, struct nr_eval_run *run, const struct nr_eval_params *params,
                               struct nr_eval_result *result, struct nr_error *err) NR_MUST_CHECK;

#include "nightreel/eval_significance.h"
#include "nightreel/eval_slices.h"
#include "nightreel/eval_split.h"

#endif
