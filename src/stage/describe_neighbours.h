/* describe_neighbours.h - the videos nearest to a video in the fused space. */
#ifndef NR_STAGE_DESCRIBE_NEIGHBOURS_H
#define NR_STAGE_DESCRIBE_NEIGHBOURS_H

#include "nightreel/record.h"

#define NR_NEIGHBOURS 3

/* For each of the items todo[0..count): up to NR_NEIGHBOURS titles of other items,
 * nearest first, ties by video_id; rows[i] is filled, its strings borrowed from the
 * items and its array from `mem`. Near is the cosine of the blocks (but the semantic
 * one, which comes from descriptions) laid side by side; an item that has no block,
 * and one that has nothing positive in common, is no neighbour. */
enum nr_status nr_neighbours_find(const struct nr_item_list *items, const size_t *todo, size_t count, unsigned threads,
                                  struct nr_arena *mem, struct nr_strings *rows, struct nr_error *err) NR_MUST_CHECK;

#endif
