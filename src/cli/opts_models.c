/* opts_models.c - options of the models of behaviour. */
#include "cli/cli.h"
#include "nightreel/interest_models.h"

#include "core/banned.h"

#define MODEL(field) offsetof(struct nr_model_params, field)

static const struct nr_option models[] = {
    {"popularity-half-life", 0, NR_OPTION_DOUBLE, "DAYS",
     "popularity: what was watched so long before the log's end counts half (default 0: all the same)",
     MODEL(popularity.half_life_days), NULL, NULL},
    {"knn-neighbours", 0, NR_OPTION_SIZE, "N", "item-knn: nearest videos of each (default 100)",
     MODEL(item_knn.neighbours), NULL, NULL},
    {"knn-shrink", 0, NR_OPTION_DOUBLE, "N", "item-knn: added to the cosine's denominator (default 20)",
     MODEL(item_knn.shrink), NULL, NULL},
    {"ease-lambda", 0, NR_OPTION_DOUBLE, "N", "ease: regularisation (default 300)", MODEL(ease.lambda), NULL, NULL},
    {"ease-recent-lambda", 0, NR_OPTION_DOUBLE, "N", "ease-recent: regularisation (default 300)",
     MODEL(ease_recent.lambda), NULL, NULL},
    {"ease-recent-half-life", 0, NR_OPTION_DOUBLE, "N",
     "ease-recent: videos after which one counts half as much (default 50)", MODEL(ease_recent.half_life), NULL, NULL},
    {"ials-factors", 0, NR_OPTION_SIZE, "N", "ials: length of a vector (default 64)", MODEL(ials.factors), NULL, NULL},
    {"ials-iterations", 0, NR_OPTION_SIZE, "N", "ials: steps (default 15)", MODEL(ials.iterations), NULL, NULL},
    {"ials-cg-steps", 0, NR_OPTION_SIZE, "N",
     "ials: steps of conjugate gradients for a vector (default 3; 0: exactly, by Cholesky, slowly)",
     MODEL(ials.cg_steps), NULL, NULL},
    {"ials-alpha", 0, NR_OPTION_DOUBLE, "A", "ials: what a pair weighs more than none (default 5)", MODEL(ials.alpha),
     NULL, NULL},
    {"ials-lambda", 0, NR_OPTION_DOUBLE, "N", "ials: regularisation (default 30)", MODEL(ials.lambda), NULL, NULL},
    {"content-map-lambda", 0, NR_OPTION_DOUBLE, "N", "content-map: regularisation (default 100)",
     MODEL(content_map.lambda), NULL, NULL},
    {"content-map-least", 0, NR_OPTION_SIZE, "N",
     "content-map: users of a video from which on its own vector is taken (default 3)", MODEL(content_map.least), NULL,
     NULL},
    {"trees-rounds", 0, NR_OPTION_SIZE, "N", "trees: how many (default 200)", MODEL(trees.rounds), NULL, NULL},
    {"trees-depth", 0, NR_OPTION_SIZE, "N", "trees: how deep (default 5)", MODEL(trees.depth), NULL, NULL},
    {"trees-rate", 0, NR_OPTION_DOUBLE, "R", "trees: learning rate (default 0.05)", MODEL(trees.rate), NULL, NULL},
    {"trees-min-weight", 0, NR_OPTION_DOUBLE, "N", "trees: least weight of a leaf (default 10)",
     MODEL(trees.min_weight), NULL, NULL},
    {"trees-columns", 0, NR_OPTION_DOUBLE, "S", "trees: share of the features that each one sees (default 0.6)",
     MODEL(trees.column_share), NULL, NULL},
    {"trees-candidates", 0, NR_OPTION_SIZE, "N", "trees: best videos of each model that are ranked (default 150)",
     MODEL(trees.candidates), NULL, NULL},
    {"trees-folds", 0, NR_OPTION_SIZE, "N", "trees: inner slices to learn from, 1 or 2 (default 2)", MODEL(trees.folds),
     NULL, NULL},
    {"transitions-window", 0, NR_OPTION_SIZE, "N",
     "transitions: places in a sequence that count as soon after (default 10)", MODEL(transitions.window), NULL, NULL},
    {"transitions-half-life", 0, NR_OPTION_DOUBLE, "N",
     "transitions: videos after which one counts half as much (default 5)", MODEL(transitions.half_life), NULL, NULL},
    {"transitions-out-damping", 0, NR_OPTION_DOUBLE, "A",
     "transitions: power of the first video's viewers (default 0.5)", MODEL(transitions.out_damping), NULL, NULL},
    {"transitions-in-damping", 0, NR_OPTION_DOUBLE, "A",
     "transitions: power of the second video's viewers (default 0.3)", MODEL(transitions.in_damping), NULL, NULL},
};
const struct nr_option_group nr_options_models = {"Models", NR_BASE_COMMAND, models, NR_COUNT(models)};
