/* scorer.h - where scores come from. Private to match.
 *
 * To add a scorer: write one file with one `const struct nr_scorer`, declare it
 * below, put it into the table in scorers.c, and let nr_match_batch_init() in
 * batch.c choose it for the users it is for.
 */
#ifndef NR_MATCH_SCORER_H
#define NR_MATCH_SCORER_H

#include "match/index.h"

struct nr_scorer;

/* A sparse weight of the user's, by the vocabulary of the videos. */
struct nr_match_term {
    uint32_t term;
    float weight; /* share and, for distances, the factor 2 are in it */
    double exact; /* as the user's record has it */
};

/* A user as the scan sees them; the arrays live in the batch's arena. */
struct nr_match_user {
    const struct nr_user *user;
    const struct nr_block *blocks; /* the user's, or a cluster's */
    const struct nr_scorer *scorer;
    struct nr_match_user *faces;    /* the user's clusters, scored each alone: the best one counts */
    size_t face_count;              /* 0: one person */
    float *vector;                  /* of a face: its row of the product */
    double share[NR_BLOCK_COUNT];   /* weight / sum of weights; 0: takes no part */
    double squares[NR_BLOCK_COUNT]; /* |u_b|^2 */
    struct nr_match_term *terms;
    size_t term_count;
    const double *row; /* nr_scorer_source: of every video of index->list, once the row is there */
    uint32_t *watched; /* positions that are no candidates, rising */
    size_t watched_count;
    uint32_t *unlocked; /* positions that wait for others, which the user has watched; rising */
    size_t unlocked_count;
    double reach; /* the highest level of difficulty */
};

/* The users of one tile, and the numbers that go into its product. */
struct nr_match_batch {
    struct nr_match_user users[NR_TILE_USERS];
    size_t count;
    float *vectors; /* NR_TILE_USERS rows of the scorer's width */
    struct nr_arena mem;
};

/* A scorer knows all users and videos when it is opened and is only read after. */
struct nr_scorer {
    const char *model; /* the ranking's name for it */
    enum nr_status (*open)(const struct nr_match_index *index, const struct nr_user_list *users, void **state,
                           struct nr_error *err);
    void (*close)(void *state);
    /* Floats that one row of batch->vectors needs; 0: none. */
    size_t (*width)(const void *state);
    /* Prepares the rows, terms and vectors of its users in the batch. */
    enum nr_status (*begin)(const void *state, struct nr_match_batch *batch, struct nr_error *err);
    /* Fills the rows of its users for one tile of videos. May write anything into
     * the rows of users whose scorer stands behind it in the table. */
    void (*fill)(const void *state, const struct nr_match_batch *batch, size_t tile, float *scores);
    /* No score that fill() gives this user is further than this from exact(). */
    double (*error)(const void *state, const struct nr_match_user *user);
    /* The score in double: the sum, in this order, of parts[0..NR_BLOCK_COUNT). A
     * scorer without blocks leaves the parts alone. */
    double (*exact)(const void *state, const struct nr_match_user *user, size_t item, double *parts);
    /* Asks the processor for what exact() will read of an item; may be NULL. */
    void (*prefetch)(const void *state, size_t item);
    /* What a video of the user's past adds to the score of an item, for --explain: only
     * compared with the others', and with their sum. `record` is NULL where there is none.
     * NULL: the scorer cannot tell. */
    double (*owed)(const void *state, const struct nr_match_user *user, const struct nr_watched *watched,
                   const struct nr_item *record, size_t item);
};

/* Of a user with faces the one whose score of the item is the greatest, the first of equals;
 * else the user. */
const struct nr_match_user *nr_match_best_face(const void *state, const struct nr_match_user *user, size_t item);

/* In the order in which a tile is filled. */
enum nr_scorer_id { NR_SCORER_CONTENT, NR_SCORER_POPULARITY, NR_SCORER_SOURCE, NR_SCORER_COUNT };
extern const struct nr_scorer *const nr_scorers[NR_SCORER_COUNT];
extern const struct nr_scorer nr_scorer_content, nr_scorer_popularity, nr_scorer_source;

/* Place in index->list of the video at a position; `state` is nr_scorer_source's. */
size_t nr_match_source_place(const void *state, size_t item);

#endif
