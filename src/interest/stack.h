/* stack.h - what several models say of the same videos, as features for a ranker of
 * theirs. Private to interest. */
#ifndef NR_INTEREST_STACK_H
#define NR_INTEREST_STACK_H

#include "nightreel/interest_models.h"

enum {
    NR_STACK_BASES_MAX = 16,
    NR_STACK_OWN = 6,
    NR_STACK_WIDTH_MAX = 2 * NR_STACK_BASES_MAX + NR_STACK_OWN,
    NR_STACK_NAME_MAX = 32
};

/* Models learned from the same pairs. */
struct nr_stack {
    const struct nr_pairs *pairs;
    size_t bases, width;                                   /* features of a candidate: two a base, then its own */
    char names[NR_STACK_BASES_MAX][NR_STACK_NAME_MAX - 8]; /* a model's, or a block's */
    const struct nr_model *models[NR_STACK_BASES_MAX];
    struct nr_model_params params[NR_STACK_BASES_MAX];
    void *states[NR_STACK_BASES_MAX];
    double *watchers, *recent; /* by item: pairs, and those of the last tenth of all */
    int64_t *first, *last;     /* by item: times of its pairs; NR_TIME_NONE */
};
enum nr_status nr_stack_fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                            struct nr_stack *out, struct nr_error *err) NR_MUST_CHECK;
void nr_stack_release(struct nr_stack *stack);
/* "ease", "ease rank", ..., "popularity": of feature 0 to width - 1. */
void nr_stack_feature_name(const struct nr_stack *stack, size_t feature, char out[NR_STACK_NAME_MAX]);

/* A user's candidates: the best `most` of each base (of a block a third of that) that the
 * user has not, by item. Each with `width` features: of every base the z-score over all videos and log2(1 + rank)
 * (NAN: no score; ranks beyond `most` count as the double of it); then logarithms of the
 * popularity, of its trend and of the ages of the video's first and last pair at the user's
 * last one (days), of the user's pairs, and how many bases have it among their best. */
struct nr_candidates {
    uint32_t *items; /* malloc'ed, as rows are */
    float *rows;
    size_t count;
};
/* `scratch`: nr_stack_scratch() doubles. */
enum nr_status nr_stack_candidates(const struct nr_stack *stack, size_t user, size_t most, double *scratch,
                                   struct nr_candidates *out, struct nr_error *err) NR_MUST_CHECK;
void nr_candidates_release(struct nr_candidates *candidates);
size_t nr_stack_scratch(const struct nr_stack *stack);

#endif
