/* scorers.c - the table of scorers. */
#include "match/scorer.h"

#include "core/banned.h"

const struct nr_scorer *const nr_scorers[NR_SCORER_COUNT] = {
    [NR_SCORER_CONTENT] = &nr_scorer_content,
    [NR_SCORER_POPULARITY] = &nr_scorer_popularity,
    [NR_SCORER_SOURCE] = &nr_scorer_source,
};
