/* nightreel/match.h - users against items: scores, softmax, the best k, reasons.
 *
 * The score of a user u and a video v, over the blocks b that the user has:
 *
 *   cosine     score = sum_b share_b cos_b(u, v)
 *   Euclidean  score = - sum_b share_b |u_b - v_b|^2
 *   share_b    = w_b / sum of w over the user's blocks
 *
 * Blocks come with L2 norm 1 (or are zero), so cos_b is their dot product; where
 * the video lacks a block its vector is zero. A summand is a part of the score; a
 * block with weight 0, or a user's block of nothing but zeros, takes no part.
 *
 *   P(v | u) = exp(beta s(u, v)) / sum over all candidates c of exp(beta s(u, c))
 *
 * with s the score for the cosine and minus the distance, -sqrt(-score), for the
 * Euclidean one. Candidates are the videos that are published and that the user
 * has not watched; nightreel/match_candidates.h says what else leaves a video out, who
 * gets a list, and what a list may hold. The order is that of the score, ties by video_id
 * bytewise; beta never changes it.
 *
 * A user with clusters (nightreel/interest.h) has for each video the greatest of the clusters'
 * scores, the first cluster's of equal ones; parts and reasons are that cluster's, and s above
 * is that greatest one.
 *
 * A user without any block gets the most watched videos: model "popularity", the
 * score being the share of all users who watched the video with a positive weight
 * in sum, every entry marked as filled. Watched videos are never used to fill a
 * short list up: it stays short.
 *
 * Diversity (maximal marginal relevance, Carbonell and Goldstein 1998): with mmr below 1 a
 * list is picked one by one from the NR_MMR_POOL * k best, each time the video with the
 * greatest
 *
 *   mmr score(v) - (1 - mmr) max over the picked p of sim(v, p)
 *
 * sim being the mean of the cosines of the blocks that both videos have, by the blocks'
 * weights. Scores and probabilities stay what they are; the order is that of picking.
 *
 * With `explain` an entry c says which video of the user's past it is owed to ("because you
 * watched"): of the others than c with a positive
 *
 *   owed(v) = w_v sum_b share_b cos_b(v, c)
 *
 * w_v being the weight of v in the user's record and b the blocks that v and c both have, the
 * one with the greatest (the first by video_id of equal ones), and its share of their sum. A
 * user whose list is not by content has none, unless the scorer says so itself.
 *
 * How it is computed: videos by video_id and users by user_id are cut into fixed
 * tiles, edges padded with zeros. A scorer fills a tile with float scores; the
 * softmax's denominator is summed and the best are kept tile by tile. All that is
 * within twice the error bound of the k-th score is kept and scored again in
 * double in a fixed order (where ties are too many to be kept, the user's whole
 * row is), so that ids, ranks, scores and parts are exact, and the same bytes come
 * out at any number of threads.
 * The denominator's other terms stay in float: a probability's relative error is at most
 * 4e-6 + beta e, e being the error bound of a float score (for cosines 2e-7 times the
 * numbers in a row; most often a hundredth of that). Beside the records a call holds the
 * videos' dense blocks once more, 24 bytes a video, some 6 MiB a thread and the rankings.
 */
#ifndef NIGHTREEL_MATCH_H
#define NIGHTREEL_MATCH_H

#include "nightreel/core.h"
#include "nightreel/match_candidates.h"
#include "nightreel/record.h"

enum nr_match_mode {
    NR_MATCH_CONCAT,   /* all blocks weigh the same */
    NR_MATCH_WEIGHTED, /* by params.weights */
};
enum nr_similarity { NR_SIMILARITY_COSINE, NR_SIMILARITY_EUCLIDEAN };

/* How a list of rankings is written; the table is in src/match/formats.c. */
enum nr_ranking_format {
    NR_RANKING_JSONL, /* one record a line */
    NR_RANKING_JSON,  /* an array of records */
    NR_RANKING_CSV,   /* one row an entry, with a header */
    NR_RANKING_TREC,  /* a TREC run: user Q0 video rank score model */
    NR_RANKING_FORMAT_COUNT
};

/* Instructions for all but the product: for tests, the bytes are the same. */
enum nr_match_kernels { NR_MATCH_KERNELS_BEST, NR_MATCH_KERNELS_AVX2, NR_MATCH_KERNELS_PLAIN };

/* Scores that do not come from blocks: a learned model's. A user whom it knows gets a list
 * by it, `model` being its name; the others get theirs by the blocks. Videos without a score
 * have probability 0 and are not listed, but where a list would be shorter than k the most
 * watched ones of them follow, marked as filled, each with a score below the last one's:
 *   last score - 2 + share of all users who watched it
 * All calls from several threads at once. */
struct nr_match_source {
    const char *model;
    const void *ctx;
    size_t scratch; /* doubles that a call works in */
    bool (*knows)(const void *ctx, const char *user_id);
    /* scores[i] of items->items[i] of the list given to nr_match_rank, finite, or -INFINITY:
     * none. For users whom it knows. */
    void (*score)(const void *ctx, const char *user_id, double *scores, double *scratch);
    /* Appends to out[0 .. count) the summands of the scores of those items, which have one;
     * they live in `mem`. NULL: the score is one part, by the model's name. */
    enum nr_status (*parts)(const void *ctx, const char *user_id, const size_t *items, size_t count, double *scratch,
                            struct nr_arena *mem, struct nr_ranked *out, struct nr_error *err);
    /* For `explain`: what a video of the user's past, of that weight in their record, adds to
     * the score of items->items[item]; only compared with the others' and with their sum.
     * NULL: the model cannot tell. */
    double (*owed)(const void *ctx, const char *user_id, const char *watched_id, double weight, size_t item);
};

struct nr_match_params {
    size_t k;                       /* entries in a list, at least 1 */
    enum nr_match_mode mode;        /* default: concat */
    double weights[NR_BLOCK_COUNT]; /* with NR_MATCH_WEIGHTED; at least 0; default 1 each */
    double beta;                    /* above 0; default 10 */
    enum nr_similarity similarity;  /* default: cosine */
    double mmr;                     /* above 0, at most 1 (default: the order of the scores): see above */
    int64_t now;                    /* ms; NR_TIME_NONE: the log's last timestamp */
    bool include_watched;           /* watched videos are candidates too */
    bool explain;                   /* say which watched video each entry is owed to: see above */
    struct nr_candidate_params candidates;
    struct nr_list_params lists;
    enum nr_ranking_format format;        /* for whoever writes the rankings */
    const struct nr_match_source *source; /* NULL: blocks alone */
    enum nr_match_kernels kernels;        /* default: the best */
};
void nr_match_params_default(struct nr_match_params *params);
const char *nr_match_params_check(const struct nr_match_params *params);

#define NR_MMR_POOL 5

#define NR_MATCH_BECAUSE_MAX 3 /* tags in `because` */

/* What a run did, for the log. */
struct nr_match_tally {
    size_t candidates; /* videos that may be recommended, before what each user watched */
    size_t users;
    size_t fallbacks;   /* users without any block */
    size_t rescanned;   /* whole rows that were scored in double: ties, or lists that go deep */
    const char *kernel; /* the BLAS kernel that made the tiles */
    const char *scan;   /* and what searched them: "plain" "avx2" "avx512" */
    struct nr_match_notes notes;
};

/* Ranks for every user (params->lists: or for some); `users` must be sorted by user_id, no id
 * twice, and items must not share a video_id. Appends to *out by user_id; what it holds
 * is its own. Videos published after params->now are left out (all stay where that
 * is NR_TIME_NONE). `threads` 0: one per processor. NR_ERR_DATA: a block with
 * another length than the other items' or with numbers that are not finite or
 * whose norm is above 1, and what is said above. NR_ERR_USAGE: a column that the catalogue
 * does not have. `tally` may be NULL. */
enum nr_status nr_match_rank(const struct nr_match_params *params, const struct nr_item_list *items,
                             const struct nr_user_list *users, unsigned threads, struct nr_ranking_list *out,
                             struct nr_match_tally *tally, struct nr_error *err) NR_MUST_CHECK;

/* "jsonl" "json" "csv" "trec", NULL-terminated. */
extern const char *const nr_ranking_format_names[NR_RANKING_FORMAT_COUNT + 1];

/* A list of rankings in one format: what stands before the first, each one (`number`
 * from 0), and what stands behind the last; appended, so that a caller can write
 * bit by bit. NR_ERR_DATA where the format cannot hold a ranking: an id with a blank
 * in a TREC run. */
void nr_ranking_format_head(enum nr_ranking_format format, struct nr_buf *out);
enum nr_status nr_ranking_format_put(enum nr_ranking_format format, const struct nr_ranking *ranking, size_t number,
                                     struct nr_buf *out, struct nr_error *err) NR_MUST_CHECK;
void nr_ranking_format_tail(enum nr_ranking_format format, struct nr_buf *out);
/* One CSV field each: "科幻|动作" and "tags=0.51|text=0.22". */
void nr_ranked_put_because(const struct nr_ranked *entry, struct nr_buf *out);
void nr_ranked_put_parts(const struct nr_ranked *entry, struct nr_buf *out);

#endif
