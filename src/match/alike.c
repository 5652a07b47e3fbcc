/* alike.c - see alike.h. */
#include "match/alike.h"

#include <math.h>

#include "match/similarity.h"

#include "core/banned.h"

/* Tags, titles and viewers say what a video is about; two comedies share all of them. */
static const bool tells_content[NR_BLOCK_COUNT] = {[NR_BLOCK_VISUAL] = true, [NR_BLOCK_AUDIO] = true};

double nr_match_alike(const struct nr_match_index *index, const struct nr_item *a, const struct nr_item *b,
                      bool *content)
{
    double parts[NR_BLOCK_COUNT], value = nr_match_similarity(index->weights, a, b, parts);
    *content = false;
    for (size_t i = 0; i < NR_BLOCK_COUNT; i++)
        *content |= tells_content[i] && !isnan(parts[i]);
    return value;
}
