/* nightreel/feature_blocks.h - the second half of feature.h: from raw features to
 * blocks, and blocks to one fused vector. Include nightreel/feature.h. */
#ifndef NIGHTREEL_FEATURE_BLOCKS_H
#define NIGHTREEL_FEATURE_BLOCKS_H

#include "nightreel/feature.h"

struct nr_fuse_params {
    bool write_fused; /* --fused */
};
void nr_fuse_params_default(struct nr_fuse_params *params);
const char *nr_fuse_params_check(const struct nr_fuse_params *params);

#define NR_HASH_DIMENSIONS 256
/* Signed feature hashing (Weinberger et al. 2009) of TF-IDF: documents' word
 * counts to rows of NR_HASH_DIMENSIONS floats. idf = ln((1+N)/(1+df)) + 1. */
enum nr_status nr_hash_tfidf(const struct nr_terms *const *documents, size_t count, float *rows,
                             struct nr_error *err) NR_MUST_CHECK;

/* Applies the statistics of `count` rows to them in place (kind: see
 * nr_block_kind), then gives each row the L2 norm 1 (zero rows stay zero).
 * NULL rows are absent and take no part. Sums run in the order of `rows`. */
enum nr_status nr_block_fit(float *const *rows, size_t count, size_t length, enum nr_block_kind kind,
                            struct nr_error *err) NR_MUST_CHECK;

#endif
