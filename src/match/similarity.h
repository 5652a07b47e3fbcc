/* similarity.h - how alike two videos are. Private to match. */
#ifndef NR_MATCH_SIMILARITY_H
#define NR_MATCH_SIMILARITY_H

#include "nightreel/match.h"

/* The mean of the cosines of the blocks that both have, by the weights; 0 where they share
 * none. parts (may be NULL): each block's summand, NAN where it has none. */
double nr_match_similarity(const double weights[NR_BLOCK_COUNT], const struct nr_item *a, const struct nr_item *b,
                           double *parts);

/* The tags of both that add most to the tags block's cosine, best first, at most
 * NR_MATCH_BECAUSE_MAX (explain.c). */
enum nr_status nr_match_common_tags(const struct nr_terms *mine, const struct nr_terms *theirs, struct nr_arena *mem,
                                    struct nr_strings *out, struct nr_error *err) NR_MUST_CHECK;

#endif
