/* Holds the link together until the room lands: whoever lands it deletes this file. */
#include "nightreel/stage.h"

#include "core/banned.h"

void nr_embed_params_default(struct nr_embed_params *params)
{
    *params = (struct nr_embed_params){0};
}
const char *nr_embed_params_check(const struct nr_embed_params *params)
{
    (void)params;
    return NULL;
}
void nr_describe_params_default(struct nr_describe_params *params)
{
    *params = (struct nr_describe_params){0};
}
const char *nr_describe_params_check(const struct nr_describe_params *params)
{
    (void)params;
    return NULL;
}
const struct nr_stage nr_stage_embed = {.name = "embed"};
const struct nr_stage nr_stage_describe = {.name = "describe"};
const struct nr_stage nr_stage_meaning = {.name = "meaning"};
const struct nr_stage nr_stage_semantic = {.name = "semantic"};
