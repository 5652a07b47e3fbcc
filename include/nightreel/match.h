/* nightreel/match.h - users against items: scorers, similarity, softmax, top-k. */
#ifndef NIGHTREEL_MATCH_H
#define NIGHTREEL_MATCH_H

#include "nightreel/core.h"
#include "nightreel/record.h"

enum nr_match_mode { NR_MATCH_CONCAT, NR_MATCH_WEIGHTED };
enum nr_similarity { NR_SIMILARITY_COSINE, NR_SIMILARITY_EUCLIDEAN };

struct nr_match_params {
    size_t k;
    enum nr_match_mode mode;
    double weights[NR_BLOCK_COUNT]; /* with NR_MATCH_WEIGHTED */
    double beta;
    enum nr_similarity similarity;
    int64_t now; /* generated_at; NR_TIME_NONE: the log's last timestamp */
    bool include_watched;
};
void nr_match_params_default(struct nr_match_params *params);
const char *nr_match_params_check(const struct nr_match_params *params);

#endif
