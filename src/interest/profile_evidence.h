/* profile_evidence.h - what speaks for and against a person's liking something, and what is
 * made of it. Private to interest. */
#ifndef NR_INTEREST_PROFILE_EVIDENCE_H
#define NR_INTEREST_PROFILE_EVIDENCE_H

#include "interest/profile_index.h"

struct nr_evidence {
    const struct nr_profile_index *index;
    const struct nr_sought *things; /* no weight is 0; sums run in this order */
    size_t count;
    double liked; /* things with a positive weight, known to the catalogue or not */
};

/* How a thing gives its weight to its tags. */
enum nr_spread {
    NR_BY_BLOCK, /* times the block's values; measured by the L2 norm */
    NR_EVENLY,   /* divided by their number; measured by the sum of the positive ones */
};

/* Behaviour and declared tags, each of measure 1, mixed. `declared` is rescaled. */
enum nr_status nr_evidence_tags(const struct nr_evidence *evidence, enum nr_spread spread, struct nr_terms *declared,
                                struct nr_arena *mem, struct nr_terms *out, struct nr_error *err) NR_MUST_CHECK;
double nr_evidence_positive_sum(const struct nr_terms *terms);

/* Fills blocks that were absent; what is in them lives in `mem`. `declared` is rescaled. */
enum nr_status nr_evidence_blocks(const struct nr_evidence *evidence, struct nr_terms *declared, struct nr_arena *mem,
                                  struct nr_block blocks[NR_BLOCK_COUNT], struct nr_error *err) NR_MUST_CHECK;

/* Divides the positive things among at most `most` clusters (nightreel/interest.h): place[i] is
 * that of thing i, SIZE_MAX for what speaks against something; *count how many, 1 where
 * dividing says nothing. */
enum nr_status nr_evidence_divide(const struct nr_evidence *evidence, size_t most, size_t *place, size_t *count,
                                  struct nr_error *err) NR_MUST_CHECK;

#endif
