/* model_table.c - the table of models, and their parameters. */
#include <math.h>
#include <string.h>

#include "interest/model_table.h"

#include "core/banned.h"

const struct nr_model *const nr_models[] = {&nr_model_popularity, &nr_model_item_knn};
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
    *params = (struct nr_model_params){.item_knn = {.neighbours = 100, .shrink = 20}};
}

const char *nr_model_params_check(const struct nr_model_params *params)
{
    if (!isfinite(params->popularity.half_life_days) || params->popularity.half_life_days < 0)
        return "--popularity-half-life must be 0 (none) or more days";
    if (params->item_knn.neighbours < 1 || params->item_knn.neighbours > 100000)
        return "--knn-neighbours must be from 1 to 100000";
    if (!isfinite(params->item_knn.shrink) || params->item_knn.shrink < 0)
        return "--knn-shrink must be 0 or more";
    return NULL;
}
