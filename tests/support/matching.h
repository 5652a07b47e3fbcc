/* matching.h - small worlds to match: videos and users with their blocks. */
#ifndef NR_TESTS_MATCHING_H
#define NR_TESTS_MATCHING_H

#include "support/support.h"

#include "nightreel/match.h"

struct nr_world {
    struct nr_item_list items;
    struct nr_user_list users;
    struct nr_ranking_list rankings;
    struct nr_match_params params;
    struct nr_match_tally tally;
    struct nr_error err;
};
void nr_world_init(struct nr_world *world); /* with default parameters */
void nr_world_release(struct nr_world *world);
/* Good until the next one is added. */
struct nr_item *nr_world_item(struct nr_world *world, const char *id);
struct nr_user *nr_world_user(struct nr_world *world, const char *id);

/* "genre:a=1 genre:b=2", sorted by name; divided by their norm. */
void nr_set_tags(struct nr_arena *mem, struct nr_block *block, const char *text);
/* A unit vector that depends on the seed. */
void nr_set_dense(struct nr_arena *mem, struct nr_block *block, size_t length, uint64_t seed);
void nr_set_extra(struct nr_item *item, const char *name, const char *value); /* at most 8 */
/* "a b -c", by id: c with the weight -1. */
void nr_set_watched(struct nr_user *user, const char *ids);

/* Sorts the users and ranks; the rankings before are gone. */
enum nr_status nr_world_rank(struct nr_world *world, unsigned threads);
/* The ids of a user's list, with blanks between; it fails where there is no such list. Good
 * until the next call. */
const char *nr_world_list(struct nr_world *world, const char *user_id);

#endif
