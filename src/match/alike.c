/* alike.c - see alike.h. */
#include "match/alike.h"

#include "nightreel/linalg.h"

#include "core/banned.h"

/* Tags, titles and viewers say what a video is about; two comedies share all of them. */
static const bool tells_content[NR_BLOCK_COUNT] = {[NR_BLOCK_VISUAL] = true, [NR_BLOCK_AUDIO] = true};

double nr_match_alike(const struct nr_match_index *index, const struct nr_item *a, const struct nr_item *b,
                      bool *content)
{
    double sum = 0, weights = 0;
    *content = false;
    for (size_t i = 0; i < NR_BLOCK_COUNT; i++) {
        const struct nr_block *left = &a->blocks[i], *right = &b->blocks[i];
        if (!nr_block_present(left) || !nr_block_present(right) || !(index->weights[i] > 0))
            continue;
        sum += index->weights[i] *
               (nr_dot(left->values, right->values, left->length) + nr_terms_dot(&left->terms, &right->terms));
        weights += index->weights[i];
        *content |= tells_content[i];
    }
    return weights > 0 ? sum / weights : 0;
}
