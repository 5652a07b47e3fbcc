/* model_table.h - the rows of the table of models. Private to interest. */
#ifndef NR_INTEREST_MODEL_TABLE_H
#define NR_INTEREST_MODEL_TABLE_H

#include "nightreel/interest_models.h"

extern const struct nr_model nr_model_random, nr_model_newest, nr_model_tag_popularity, nr_model_popularity,
    nr_model_item_knn, nr_model_ease, nr_model_ease_recent, nr_model_transitions, nr_model_ials, nr_model_tags_nb,
    nr_model_content_map, nr_model_logistic, nr_model_trees, nr_model_hybrid;

/* A state of ease or ease-recent for other parameters with the same lambda; it borrows what
 * took long from `state`, which must outlive it. */
enum nr_status nr_ease_share(const void *state, const struct nr_ease_params *params, void **out,
                             struct nr_error *err) NR_MUST_CHECK;

/* A member of rankers only: see model_block.c. */
extern const struct nr_model nr_model_block;
/* Numbers in a dense block of the records; 0: no video has it. */
size_t nr_block_length(const struct nr_pairs *pairs, enum nr_block_id id);

#endif
