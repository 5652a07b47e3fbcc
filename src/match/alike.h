/* alike.h - how much two videos have in common. Private to match. */
#ifndef NR_MATCH_ALIKE_H
#define NR_MATCH_ALIKE_H

#include "match/index.h"

/* The mean of the cosines of the blocks that both have, by the blocks' weights; 0 where they
 * share none. *content: what is seen or heard is among them. */
double nr_match_alike(const struct nr_match_index *index, const struct nr_item *a, const struct nr_item *b,
                      bool *content);

#endif
