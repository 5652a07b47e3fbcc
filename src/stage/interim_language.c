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
static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    (void)env;
    (void)data;
    (void)todo;
    (void)count;
    (void)sink;
    (void)err;
    return NR_OK;
}
const struct nr_stage nr_stage_embed = {.name = "embed", .run = run};
const struct nr_stage nr_stage_describe = {.name = "describe", .run = run};
const struct nr_stage nr_stage_meaning = {.name = "meaning", .run = run};
const struct nr_stage nr_stage_semantic = {.name = "semantic", .run = run};
