/* model_block.c - one block of the videos' content: the cosine to the centroid of what a
 * user watched, the last ones weighing more. A member of rankers; alone it is `content`,
 * which knows all blocks and what actions are worth. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/model_table.h"
#include "interest/term_matrix.h"

#include "core/banned.h"

struct block {
    const struct nr_pairs *pairs;
    const struct nr_block_params *params;
    size_t length; /* numbers in a user's vector: of the dense block, or tags */
    struct nr_term_matrix tags;
};

static void block_free(void *state)
{
    struct block *b = state;
    if (!b)
        return;
    nr_term_matrix_release(&b->tags);
    free(b);
}

size_t nr_block_length(const struct nr_pairs *pairs, enum nr_block_id id)
{
    for (size_t i = 0; i < pairs->item_count && pairs->records; i++)
        if (pairs->records[i]->blocks[id].length)
            return pairs->records[i]->blocks[id].length;
    return 0;
}

static enum nr_status fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err)
{
    struct block *b = calloc(1, sizeof *b);
    (void)threads;
    *state = b;
    if (!b)
        return nr_fail_nomem(err, "a model");
    b->pairs = pairs;
    b->params = &params->block;
    if (!pairs->records)
        return nr_fail(err, NR_ERR_USAGE, "nothing is known of the videos: give a catalogue");
    enum nr_status status = NR_OK;
    if (nr_block_defs[params->block.id].kind == NR_BLOCK_SPARSE)
        status = nr_term_matrix_make(pairs, &b->tags, err);
    b->length = b->tags.names ? b->tags.count : nr_block_length(pairs, params->block.id);
    return status;
}

static void add_item(const struct block *b, size_t item, double weight, double *sum)
{
    const struct nr_block *own = &b->pairs->records[item]->blocks[b->params->id];
    if (b->tags.names)
        for (size_t t = b->tags.starts[item]; t < b->tags.starts[item + 1]; t++)
            sum[b->tags.terms[t].term] += weight * b->tags.terms[t].weight;
    else if (own->length == b->length)
        for (size_t j = 0; j < b->length; j++)
            sum[j] += weight * own->values[j];
}

static double multiply(const struct block *b, size_t item, const double *sum)
{
    const struct nr_block *own = &b->pairs->records[item]->blocks[b->params->id];
    double product = 0;
    if (b->tags.names)
        for (size_t t = b->tags.starts[item]; t < b->tags.starts[item + 1]; t++)
            product += sum[b->tags.terms[t].term] * b->tags.terms[t].weight;
    else if (own->length == b->length)
        for (size_t j = 0; j < b->length; j++)
            product += sum[j] * own->values[j];
    return product;
}

static void score(const void *state, size_t user, double *scores, double *scratch)
{
    const struct block *b = state;
    const struct nr_pairs *pairs = b->pairs;
    double square = 0;
    memset(scratch, 0, b->length * sizeof *scratch);
    for (size_t p = pairs->starts[user]; p < pairs->starts[user + 1]; p++) {
        double from_last = (double)(pairs->starts[user + 1] - 1 - p);
        add_item(b, pairs->pairs[p].item, exp2(-from_last / b->params->half_life), scratch);
    }
    for (size_t j = 0; j < b->length; j++)
        square += scratch[j] * scratch[j];
    for (size_t i = 0; i < pairs->item_count; i++)
        scores[i] = square > 0 ? multiply(b, i, scratch) / sqrt(square) : 0;
}

static size_t scratch(const void *state)
{
    return ((const struct block *)state)->length;
}

const struct nr_model nr_model_block = {.name = "block",
                                        .summary = "the cosine of one block",
                                        .needs_records = true,
                                        .looks_at_records = true,
                                        .fit = fit,
                                        .scratch = scratch,
                                        .score = score,
                                        .free = block_free};
