/* model_table.c - the table of models, and their parameters. */
#include <math.h>
#include <string.h>

#include "interest/als.h"
#include "interest/model_table.h"

#include "core/banned.h"

const struct nr_model *const nr_models[] = {
    &nr_model_popularity, &nr_model_item_knn, &nr_model_ease,        &nr_model_ease_recent,   &nr_model_transitions,
    &nr_model_ials,       &nr_model_tags_nb,  &nr_model_content_map, &nr_model_logistic,      &nr_model_trees,
    &nr_model_hybrid,     &nr_model_random,   &nr_model_newest,      &nr_model_tag_popularity};
const size_t nr_model_count = NR_COUNT(nr_models);

const struct nr_model *nr_model_find(const char *name, size_t length)
{
    for (size_t i = 0; i < nr_model_count; i++)
        if (strlen(nr_models[i]->name) == length && memcmp(nr_models[i]->name, name, length) == 0)
            return nr_models[i];
    return NULL;
}

void nr_model_params_default(struct nr_model_params *params)
{
    *params = (struct nr_model_params){
        .item_knn = {.neighbours = 100, .shrink = 20},
        .tags_nb = {.smoothing = 10, .prior = 1},
        .block = {.half_life = 20},
        .logistic = {.lambda = 1e-4},
        .content_map = {.lambda = 100, .least = 3},
        .trees = {.folds = 2,
                  .candidates = 150,
                  .rounds = 200,
                  .depth = 5,
                  .rate = 0.05,
                  .min_weight = 10,
                  .column_share = 0.6},
        .ials = {.factors = 64, .iterations = 15, .cg_steps = 3, .alpha = 2, .lambda = 30},
        .ease = {.lambda = 300},
        .ease_recent = {.lambda = 300, .half_life = 50},
        .transitions = {.window = 10, .half_life = 5, .out_damping = 0.5, .in_damping = 0.3},
    };
}

static const char *check_ease(const struct nr_ease_params *ease)
{
    if (!isfinite(ease->lambda) || ease->lambda <= 0)
        return "--ease-lambda and --ease-recent-lambda must be above 0";
    return !isfinite(ease->half_life) || ease->half_life < 0 ? "--ease-recent-half-life must be 0 (none) or more videos"
                                                             : NULL;
}

static const char *check_ials(const struct nr_ials_params *ials)
{
    if (ials->factors < 1 || ials->factors > NR_ALS_FACTORS_MAX)
        return "--ials-factors must be from 1 to 256";
    if (ials->iterations < 1 || ials->iterations > 1000)
        return "--ials-iterations must be from 1 to 1000";
    if (ials->cg_steps > 100)
        return "--ials-cg-steps must be from 0 (Cholesky) to 100";
    bool good = isfinite(ials->alpha) && ials->alpha > 0 && isfinite(ials->lambda) && ials->lambda > 0;
    return good ? NULL : "--ials-alpha and --ials-lambda must be above 0";
}

static const char *check_trees(const struct nr_trees_params *trees)
{
    if (trees->folds < 1 || trees->folds > 2)
        return "--trees-folds must be 1 or 2";
    if (trees->candidates < 1 || trees->candidates > 10000)
        return "--trees-candidates must be from 1 to 10000";
    if (trees->rounds < 1 || trees->rounds > 10000 || trees->depth < 1 || trees->depth > 16)
        return "--trees-rounds must be from 1 to 10000 and --trees-depth from 1 to 16";
    bool good = trees->rate > 0 && trees->rate <= 1 && trees->min_weight >= 0 && isfinite(trees->min_weight) &&
                trees->column_share > 0 && trees->column_share <= 1;
    return good ? NULL : "--trees-rate and --trees-columns must be above 0 and at most 1, --trees-min-weight 0 or more";
}

static const char *check_transitions(const struct nr_transition_params *transitions)
{
    if (transitions->window < 1 || transitions->window > 1000)
        return "--transitions-window must be from 1 to 1000";
    if (!isfinite(transitions->half_life) || transitions->half_life <= 0)
        return "--transitions-half-life must be above 0";
    bool damped = transitions->out_damping >= 0 && transitions->out_damping <= 1 && transitions->in_damping >= 0 &&
                  transitions->in_damping <= 1;
    return damped ? NULL : "--transitions-damping must be from 0 to 1";
}

static const char *check_content(const struct nr_model_params *params)
{
    if (!isfinite(params->content_map.lambda) || params->content_map.lambda <= 0)
        return "--content-map-lambda must be above 0";
    if (!isfinite(params->tags_nb.smoothing) || params->tags_nb.smoothing <= 0)
        return "--tags-nb-smoothing must be above 0";
    if (!isfinite(params->tags_nb.prior) || params->tags_nb.prior < 0)
        return "--tags-nb-prior must be 0 or more";
    if (!isfinite(params->block.half_life) || params->block.half_life <= 0)
        return "--block-half-life must be above 0";
    bool good = isfinite(params->logistic.lambda) && params->logistic.lambda > 0;
    return good ? NULL : "--logistic-lambda must be above 0";
}

const char *nr_model_params_check(const struct nr_model_params *params)
{
    if (!isfinite(params->popularity.half_life_days) || params->popularity.half_life_days < 0)
        return "--popularity-half-life must be 0 (none) or more days";
    if (params->item_knn.neighbours < 1 || params->item_knn.neighbours > 100000)
        return "--knn-neighbours must be from 1 to 100000";
    if (!isfinite(params->item_knn.shrink) || params->item_knn.shrink < 0)
        return "--knn-shrink must be 0 or more";
    const char *wrong = check_ease(&params->ease);
    wrong = wrong ? wrong : check_ease(&params->ease_recent);
    wrong = wrong ? wrong : check_ials(&params->ials);
    wrong = wrong ? wrong : check_trees(&params->trees);
    wrong = wrong ? wrong : check_content(params);
    return wrong ? wrong : check_transitions(&params->transitions);
}
