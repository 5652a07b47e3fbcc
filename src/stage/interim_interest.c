/* Holds the link together until the room lands: whoever lands it deletes this file. */
#include "nightreel/stage.h"

#include "core/banned.h"

void nr_clean_params_default(struct nr_clean_params *params)
{
    *params = (struct nr_clean_params){0};
}
const char *nr_clean_params_check(const struct nr_clean_params *params)
{
    (void)params;
    return NULL;
}
void nr_weight_params_default(struct nr_weight_params *params)
{
    *params = (struct nr_weight_params){0};
}
const char *nr_weight_params_check(const struct nr_weight_params *params)
{
    (void)params;
    return NULL;
}
void nr_fuse_params_default(struct nr_fuse_params *params)
{
    *params = (struct nr_fuse_params){0};
}
const char *nr_fuse_params_check(const struct nr_fuse_params *params)
{
    (void)params;
    return NULL;
}
void nr_profile_params_default(struct nr_profile_params *params)
{
    *params = (struct nr_profile_params){0};
}
const char *nr_profile_params_check(const struct nr_profile_params *params)
{
    (void)params;
    return NULL;
}
const struct nr_stage nr_stage_clean = {.name = "clean"};
const struct nr_stage nr_stage_catalogue = {.name = "catalogue"};
const struct nr_stage nr_stage_fuse = {.name = "fuse"};
const struct nr_stage nr_stage_profile = {.name = "profile"};
