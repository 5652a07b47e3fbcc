/* model_params.c - the models' parameters by name, for files. */
#include <stddef.h>

#include "nightreel/interest_trained.h"

#include "core/banned.h"

#define AT(field) offsetof(struct nr_model_params, field)
#define DOUBLE(n, f)                                                                                                   \
    {                                                                                                                  \
        (n), NR_PARAM_DOUBLE, AT(f)                                                                                    \
    }
#define SIZE(n, f)                                                                                                     \
    {                                                                                                                  \
        (n), NR_PARAM_SIZE, AT(f)                                                                                      \
    }

const struct nr_model_param nr_model_param_table[] = {
    DOUBLE("popularity-half-life", popularity.half_life_days),
    SIZE("knn-neighbours", item_knn.neighbours),
    DOUBLE("knn-shrink", item_knn.shrink),
    DOUBLE("ease-lambda", ease.lambda),
    DOUBLE("ease-recent-lambda", ease_recent.lambda),
    DOUBLE("ease-recent-half-life", ease_recent.half_life),
    SIZE("ials-factors", ials.factors),
    SIZE("ials-iterations", ials.iterations),
    DOUBLE("ials-alpha", ials.alpha),
    DOUBLE("ials-lambda", ials.lambda),
    DOUBLE("content-map-lambda", content_map.lambda),
    SIZE("content-map-least", content_map.least),
    DOUBLE("tags-nb-smoothing", tags_nb.smoothing),
    DOUBLE("tags-nb-prior", tags_nb.prior),
    DOUBLE("block-half-life", block.half_life),
    DOUBLE("logistic-lambda", logistic.lambda),
    {"trees-inner", NR_PARAM_INT, AT(trees.inner)},
    SIZE("trees-rounds", trees.rounds),
    SIZE("trees-depth", trees.depth),
    DOUBLE("trees-rate", trees.rate),
    DOUBLE("trees-min-weight", trees.min_weight),
    DOUBLE("trees-columns", trees.column_share),
    SIZE("trees-candidates", trees.candidates),
    SIZE("trees-folds", trees.folds),
    SIZE("transitions-window", transitions.window),
    DOUBLE("transitions-half-life", transitions.half_life),
    DOUBLE("transitions-out-damping", transitions.out_damping),
    DOUBLE("transitions-in-damping", transitions.in_damping),
};
const size_t nr_model_param_count = NR_COUNT(nr_model_param_table);
