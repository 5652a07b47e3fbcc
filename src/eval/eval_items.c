/* eval_items.c - how alike two videos are. */
#include <math.h>
#include <string.h>

#include "eval/measures.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

const struct nr_item *nr_eval_item(const struct nr_eval_data *data, uint32_t video)
{
    return video < data->item_capacity ? data->items[video] : NULL;
}

static double block_dot(const struct nr_block *a, const struct nr_block *b)
{
    return nr_dot(a->values, b->values, a->length < b->length ? a->length : b->length) +
           nr_terms_dot(&a->terms, &b->terms);
}

double nr_eval_similarity(const struct nr_item *a, const struct nr_item *b)
{
    double sum = 0;
    size_t shared = 0;
    for (size_t block = 0; block < NR_BLOCK_COUNT; block++) {
        const struct nr_block *left = &a->blocks[block], *right = &b->blocks[block];
        double norms = nr_block_present(left) && nr_block_present(right)
                           ? sqrt(block_dot(left, left) * block_dot(right, right))
                           : 0;
        if (!(norms > 0))
            continue;
        sum += block_dot(left, right) / norms;
        shared++;
    }
    return shared ? sum / (double)shared : NAN;
}
