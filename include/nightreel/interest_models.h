/* nightreel/interest_models.h - models of who likes what, learned from who watched what.
 * Pure: no files, no clock; the same bits at any number of threads and order of rows.
 *
 * A model learns from pairs of user and video and then scores every video for one user
 * at a time. Scores are finite, or NR_NO_SCORE where the model has nothing to say of a
 * video: such videos come behind all others.
 *
 * To add a model: write src/interest/model_NAME.c with one `const struct nr_model`, its
 * parameters into struct nr_model_params with a default and into nr_model_param_table (for files;
 * src/interest/model_params.c), options into src/cli/opts_models.c, a row into nr_models
 * (src/interest/model_table.c).
 * `backtest` and `tune` then have it.
 */
#ifndef NIGHTREEL_INTEREST_MODELS_H
#define NIGHTREEL_INTEREST_MODELS_H

#include <math.h>

#include "nightreel/core.h"
#include "nightreel/record.h"

#define NR_NO_SCORE (-INFINITY)

/* ---- pairs ---------------------------------------------------------------------- */

struct nr_pair {
    uint32_t item;
    double weight; /* of the events that made it, above 0; 1 for a mere pair */
    int64_t time;  /* ms; NR_TIME_NONE: unknown */
};

/* Users and items are numbered in the order of their ids, bytewise. */
struct nr_pairs {
    struct nr_arena mem;
    const char **users, **items; /* ids */
    size_t user_count, item_count;
    size_t *starts;        /* user_count + 1: user u has pairs[starts[u] .. starts[u + 1]) */
    struct nr_pair *pairs; /* of each user by time, then item */
    int64_t last_time;     /* of all pairs; NR_TIME_NONE: none has a time */
    /* What is known of the items themselves, by number; NULL: nothing. Borrowed. */
    const struct nr_item *const *records;
};
/* The pairs of the log's events that are `wanted` (NULL: all), each once, with its earliest
 * time and weight 1. `items`: the catalogue's ids, sorted bytewise, no two alike; events
 * about other videos are left out. Ids are copied. Release whatever comes back. */
typedef bool (*nr_event_test)(const void *ctx, const struct nr_event *event);
enum nr_status nr_pairs_make(const struct nr_event_log *log, nr_event_test wanted, const void *ctx,
                             const char *const *items, size_t item_count, struct nr_pairs *out,
                             struct nr_error *err) NR_MUST_CHECK;
void nr_pairs_release(struct nr_pairs *pairs);

/* Who has an item: the users, rising, are users[starts[i] .. starts[i + 1]). */
struct nr_viewers {
    size_t *starts; /* item_count + 1 */
    uint32_t *users;
};
enum nr_status nr_viewers_make(const struct nr_pairs *pairs, struct nr_viewers *out,
                               struct nr_error *err) NR_MUST_CHECK;
void nr_viewers_release(struct nr_viewers *viewers);

/* ---- models ---------------------------------------------------------------------- */

struct nr_popularity_params {
    double half_life_days; /* a pair's weight halves with its distance from the last one; 0: never; default 0 */
};

/* Cosine between videos' sets of users with shrinkage, each video's nearest ones kept
 * (Sarwar, Karypis, Konstan, Riedl 2001; the shrinkage as Bell and Koren 2007):
 *   sim(i, j) = |U_i & U_j| / (sqrt(|U_i| |U_j|) + shrink)
 *   score(u, i) = sum of sim(i, j) over the videos j of u among i's `neighbours` nearest */
struct nr_item_knn_params {
    size_t neighbours; /* default 100 */
    double shrink;     /* default 20 */
};

/* Embarrassingly shallow autoencoder (Steck 2019): with X the users' videos,
 *   P = (X'X + lambda I)^-1,  B = I - P diag(P)^-1,  score = w B
 * w being the user's row, or, with a half-life, 2^(-places from the user's last video /
 * half-life) instead of 1. Where there are fewer users than videos the inverse is found
 * through the users' system (Woodbury): (I - X'(XX' + lambda I)^-1 X) / lambda. */
struct nr_ease_params {
    double lambda;    /* above 0 */
    double half_life; /* in videos; 0: none */
};

/* What follows what: score(u, i) = sum over the user's videos j, the p-th from the last,
 *   2^(-p / half_life) T(j, i) / (n_j^a n_i^b)
 * with T(j, i) the sum, over the users who had i at most `window` places behind j, of
 * 1 / (places between), n the number of users of a video, a = out_damping, b = in_damping. */
struct nr_transition_params {
    size_t window;                  /* default 10 */
    double half_life;               /* in videos; default 5 */
    double out_damping, in_damping; /* default 0.5 and 0.3 */
};

/* Implicit alternating least squares as in nightreel/interest.h, with every user and
 * video; score = x_u . y_i. */
struct nr_ials_params {
    size_t factors, iterations; /* default 64 and 15 */
    size_t cg_steps;            /* of conjugate gradients; 0: Cholesky; default 3 */
    double alpha, lambda;       /* default 2 and 30 */
};
/* What ials minimised, of the state that its fit() left. */
double nr_ials_objective(const void *state);

/* For videos that nobody, or hardly anybody, has watched: a ridge regression from what a
 * video is (its tags, its dense blocks, the year it is from) to the vectors of ials,
 *   W = argmin sum over videos i of n_i |F_i W - y_i|^2 + lambda |W|^2
 * n_i its users. score = x_u . (F_i W) for videos with fewer than `least` users, x_u . y_i
 * for the others. */
struct nr_content_map_params {
    double lambda; /* above 0; default 100 */
    size_t least;  /* default 3 */
};

/* Naive Bayes over the videos' tags, actors and directors:
 *   score(u, i) = prior log((n_i + 1) / (n + items))
 *               + sum over i's tags t of log((n_ut + s q_t) / ((n_u + s) q_t))
 * n_i the pairs of the video, n all of them, n_u the user's, n_ut those whose video has t,
 * q_t = (n_t + 1/2) / (n + 1) the share of all pairs whose video has it, s = smoothing. */
struct nr_tags_nb_params {
    double smoothing; /* above 0: pairs of anybody's that a user is thought to have; default 10 */
    double prior;     /* 0: tags alone; default 1 */
};

/* How rankers see a block of content: the cosine between a video's block and
 *   sum over the user's videos j, the p-th from the last, of 2^(-p / half_life) b(j) */
struct nr_block_params {
    double half_life;    /* in videos; default 20 */
    enum nr_block_id id; /* set by the rankers */
};

/* How the training side is cut again, for models that learn from others' scores: as the
 * log was cut. */
enum nr_inner_split { NR_INNER_USER_TIME, NR_INNER_HASH, NR_INNER_GLOBAL_TIME, NR_INNER_COLD_ITEM };

/* Rankers learn from what all other models say of a video: z-scores and ranks, with records
 * also of each block's cosine; popularity and its trend, age. Labels are the pairs of
 * `folds` inner slices, which the other models have not seen; candidates are each model's
 * best.
 *   trees     gradient-boosted trees of the chance of a pair (logistic loss, by XGBoost);
 *             score: the logarithm of its odds
 *   hybrid    score = sum over the other models m of w_m z_m, and w_trees times the score of
 *             trees; weights, 0 or more, are the ones that raise NDCG@10 most on the inner
 *             slices, where trees foretell users whom they have not learned from
 */
struct nr_trees_params {
    enum nr_inner_split inner;
    size_t folds;            /* 1 or 2; default 2 */
    size_t candidates;       /* best ones of each model; default 150 */
    size_t rounds, depth;    /* default 200 trees of depth 5 */
    double rate, min_weight; /* default 0.05 and 10 */
    double column_share;     /* default 0.6 */
};

/* Logistic regression over the same features as trees, each with mean 0 and deviation 1 over
 * the examples (missing: 0), by nr_logistic_fit. */
struct nr_logistic_params {
    double lambda; /* above 0; default 1e-4 */
};

struct nr_model_params {
    struct nr_trees_params trees;
    struct nr_ials_params ials;
    struct nr_content_map_params content_map;
    struct nr_tags_nb_params tags_nb;
    struct nr_block_params block;
    struct nr_logistic_params logistic;
    struct nr_ease_params ease, ease_recent;
    struct nr_transition_params transitions;
    struct nr_popularity_params popularity;
    struct nr_item_knn_params item_knn;
};
void nr_model_params_default(struct nr_model_params *params);
const char *nr_model_params_check(const struct nr_model_params *params);

/* Named summands of a score; the names are the state's. */
struct nr_model_parts {
    struct nr_part *items;
    size_t count;
};

struct nr_json;
struct nr_json_doc;

struct nr_model {
    const char *name, *summary;
    bool needs_records;    /* pairs->records must be there */
    bool looks_at_records; /* learns something else with them than without */
    /* Learns; `pairs` and `params` are borrowed as long as the state lives. NR_ERR_DATA: it
     * cannot, and why. */
    enum nr_status (*fit)(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err);
    /* Doubles that a call of score() works in; NULL: none. */
    size_t (*scratch)(const void *state);
    /* Fills scores[0 .. item_count) for a user of `pairs`; from several threads at once. */
    void (*score)(const void *state, size_t user, double *scores, double *scratch);
    void (*free)(void *state);
    /* The rest may be NULL. Summands of the scores of some videos that have one, into out[0 ..
     * count); NULL: the score is one part, by the model's name. They add up to what score()
     * gives to 1e-9. `scratch` as for score(). */
    enum nr_status (*parts)(const void *state, size_t user, const uint32_t *items, size_t count, double *scratch,
                            struct nr_arena *mem, struct nr_model_parts *out, struct nr_error *err);
    /* What the pair pairs->pairs[place] of the user adds to the score of a video, or to what the
     * score mostly goes by; only compared with the others' and with their sum. NULL: it cannot
     * be told. */
    double (*owed)(const void *state, size_t user, size_t place, uint32_t item);
    /* Appends in words, a line each, what was learned. */
    void (*tell)(const void *state, struct nr_buf *out);
    /* What took long to learn, as one JSON value; load() makes a state from it and the same
     * pairs. NULL: it is learned anew. */
    enum nr_status (*save)(const void *state, struct nr_buf *out, struct nr_error *err);
    enum nr_status (*load)(const struct nr_model_params *params, const struct nr_pairs *pairs,
                           const struct nr_json_doc *doc, const struct nr_json *learned, unsigned threads, void **state,
                           struct nr_error *err);
};
extern const struct nr_model *const nr_models[];
extern const size_t nr_model_count;
const struct nr_model *nr_model_find(const char *name, size_t length); /* NULL: none */

#endif
