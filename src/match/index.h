/* index.h - the videos that may be recommended, in the order and the tiles in
 * which users meet them. Private to match. */
#ifndef NR_MATCH_INDEX_H
#define NR_MATCH_INDEX_H

#include "match/columns.h"
#include "nightreel/match.h"

/* 512 x 512 floats are 1 MiB: a tile stays in the second-level cache while it is
 * searched, and a square is what BLAS has least to copy for. Fixed: an element's last
 * bits depend on its tile. */
enum { NR_TILE_USERS = 512, NR_TILE_ITEMS = 512 };

struct nr_match_index {
    const struct nr_match_params *params;
    const struct nr_item **items; /* that may be recommended, by video_id; borrowed */
    const struct nr_item *list;   /* that they are from, in the caller's order */
    size_t listed;
    size_t count;
    struct nr_match_columns columns;
    struct nr_curriculum *curriculum; /* NULL: no video waits for another */
    struct nr_match_notes notes;
    const struct nr_item **records; /* all, by video_id; with params->explain (past.c) */
    size_t record_count;
    double weights[NR_BLOCK_COUNT];       /* by the mode */
    size_t block_lengths[NR_BLOCK_COUNT]; /* of dense blocks; 0: no item has it */
    uint64_t *keys;                       /* of the ids, to find them by */
    size_t common;                        /* bytes that all ids begin with */
    unsigned threads;                     /* that scorers may make themselves ready with */
};

#define NR_NORM_SQUARE_MAX 1.001 /* of a block; float32 rounding of a unit vector stays far below */

enum nr_status nr_match_index_init(struct nr_match_index *index, const struct nr_match_params *params,
                                   const struct nr_item_list *items, unsigned threads,
                                   struct nr_error *err) NR_MUST_CHECK;
void nr_match_index_release(struct nr_match_index *index);

size_t nr_match_index_tiles(const struct nr_match_index *index);
/* Part of the init: what the search below needs. */
enum nr_status nr_match_index_make_keys(struct nr_match_index *index, struct nr_error *err) NR_MUST_CHECK;
/* Position of a video, or SIZE_MAX. */
size_t nr_match_index_find(const struct nr_match_index *index, const char *video_id);

/* Is this block fit to be matched? `owner` names it in the message ("video",
 * "user"); `length` is what its dense length must be, 0: any. */
enum nr_status nr_match_block_check(const struct nr_block *block, enum nr_block_id id, size_t length, const char *owner,
                                    const char *owner_id, struct nr_error *err) NR_MUST_CHECK;
/* Sum of squares, dense and sparse. */
double nr_match_block_square(const struct nr_block *block);

#endif
