/* nightreel/interest.h - what a person likes: interest tags and a vector per block,
 * from what they did and from what they declared. Pure: no files, no clock.
 *
 * A user's events are summed up by video (struct nr_watched: action weight x watch
 * ratio x decay, see nightreel/behaviour.h). Then, for each block,
 *
 *   p = sum of w_v b(v) over watched videos with w_v > 0
 *   n = sum of |w_v| b(v) over those with w_v < 0
 *   u = p - min(1, |p| / (2 |n|)) n,  then L2 norm 1
 *
 * so that negatives take away at most half of the positive norm. A block that no
 * watched video has, or that comes out as zero, is absent.
 *
 * Declared interests give the tags block: weight 0.8^position. A tag counts for each
 * kind (genre, actor, director) under which the catalogue knows it; one that it does
 * not know counts as a genre in the norm, and is listed as unknown; where it knows none
 * of them there is no block, and the user gets what is popular. Where there is
 * behaviour too, the two unit vectors are mixed, the declared one with the weight of
 * NR_DECLARED_VIDEOS watched videos: d = D / (D + n), n the number of videos with a
 * positive weight.
 *
 * Words that were searched for are one more thing watched, with the weights of their
 * searches: a text is a vector in the space of the videos' text blocks (hashed TF-IDF or an
 * embedding, whichever those are, by the same statistics), and has a tags block of the
 * catalogue's tags that it names, by their idf. Where the space of the text blocks cannot
 * be reached (their statistics or their model are not at hand) the tags alone count. A
 * search that leads to a video counts for that video besides. Of a user's searches the last
 * NR_SEARCHES_MAX with words count.
 *
 * Many people are several people: with `clusters` above 1 the liked things, each the unit
 * vector of its blocks side by side, are divided by spherical k-means. Of 1 to `clusters`
 * parts, each of at least NR_CLUSTER_LEAST things, the number with the greatest
 *
 *   sum of w_v cos(v, rest of v's part) / sum of w_v - NR_CLUSTER_PRICE (parts - 1)
 *
 * is taken: a thing does not speak for its own part, so that dividing what has no parts
 * gains nothing. Each part then has blocks made as the whole user's are, of what is liked in
 * it and everything disliked and declared. A user who is in one part has no clusters.
 *
 * Interest tags are for people to read, so that they leave the idf out (by which the
 * one actor of one film would come first): each watched video spreads its weight
 * evenly over its tags, sums of negatives are taken off (by at most half of the
 * positive sum), the result is divided by its positive sum; declared tags with their
 * weights, divided by their sum, are mixed in with the share d.
 */
#ifndef NIGHTREEL_INTEREST_H
#define NIGHTREEL_INTEREST_H

#include "nightreel/core.h"
#include "nightreel/record.h"

#define NR_DECLARED_DECAY  0.8
#define NR_DECLARED_VIDEOS 5.0
#define NR_SEARCHES_MAX    50
#define NR_CLUSTERS_MAX    16
#define NR_CLUSTER_LEAST   3
#define NR_CLUSTER_PRICE   0.02

enum nr_search_mode {
    NR_SEARCHES_ALL,  /* by their words in the text block, and the tags they name; default */
    NR_SEARCHES_TAGS, /* by the tags they name alone */
    NR_SEARCHES_OFF,  /* not at all */
};
extern const char *const nr_search_modes[]; /* "all" "tags" "off", NULL-terminated */

struct nr_profile_params {
    size_t max_interests; /* the first interest tags kept in a user record; default 20 */
    int searches;         /* enum nr_search_mode */
    size_t clusters;      /* parts that a past may be divided into, 1 to NR_CLUSTERS_MAX; default 1 */
};
void nr_profile_params_default(struct nr_profile_params *params);
const char *nr_profile_params_check(const struct nr_profile_params *params);

/* Items by video_id, and which tags there are: made once, used for every user.
 * Borrows the items. */
struct nr_profile_index;
enum nr_status nr_profile_index_new(const struct nr_item_list *items, struct nr_profile_index **out,
                                    struct nr_error *err) NR_MUST_CHECK;
void nr_profile_index_free(struct nr_profile_index *index);
const struct nr_item *nr_profile_index_find(const struct nr_profile_index *index, const char *video_id); /* or NULL */

/* Something besides videos that counts as one that was watched: what was searched for. */
struct nr_sought {
    const struct nr_block *blocks; /* NR_BLOCK_COUNT of them, as long as the items' */
    double weight;
};
/* What is known of a user beside user->watched. */
struct nr_profile_input {
    const struct nr_strings *declared; /* tags, best first; NULL: none */
    const struct nr_sought *sought;    /* in a fixed order, since sums run in it */
    size_t sought_count;
};
/* Fills source, interests, unknown_tags and blocks of *user from user->watched and
 * *input. */
enum nr_status nr_profile_make(const struct nr_profile_params *params, const struct nr_profile_index *index,
                               const struct nr_profile_input *input, struct nr_user *user,
                               struct nr_error *err) NR_MUST_CHECK;

/* ---- item factors from who watched what ---------------------------------------- */

/* Implicit alternating least squares (Hu, Koren, Volinsky 2008): minimises
 *   sum over users u, items i of c_ui (p_ui - x_u . y_i)^2 + lambda (|X|^2 + |Y|^2)
 * with p = 1 and c = 1 + alpha r where u watched i with weight r > 0, else p = 0, c = 1.
 * From start values that are hashes of the items' ids, each row improved by a few steps of
 * conjugate gradients in float (nightreel/linalg_normal.h) or solved by Cholesky in double:
 * the bits do not depend on threads or on the order of ids. */
struct nr_factor_params {
    size_t factors;              /* 1 to 256; default 32 */
    size_t iterations;           /* default 10 */
    size_t cg_steps;             /* of conjugate gradients, at most 100; 0: Cholesky; default 3 */
    double alpha, lambda;        /* default 2 and 5 */
    size_t min_item_users;       /* items with fewer users get no factors; default 5 */
    size_t min_users, min_items; /* less than this is not enough behaviour at all; default 100 and 50 */
};
void nr_factor_params_default(struct nr_factor_params *params);
const char *nr_factor_params_check(const struct nr_factor_params *params);

struct nr_interaction {
    size_t user, item; /* indices */
    double weight;     /* above 0 */
};
/* `interactions` sorted by user, then item, no pair twice. `ids`: of the items.
 * rows[i] becomes `factors` floats in *mem, or NULL where item i has too few users;
 * all are NULL where there is not enough behaviour. */
enum nr_status nr_item_factors_fit(const struct nr_factor_params *params, const struct nr_interaction *interactions,
                                   size_t count, const char *const *ids, size_t items, unsigned threads,
                                   struct nr_arena *mem, float **rows, struct nr_error *err) NR_MUST_CHECK;

#endif
