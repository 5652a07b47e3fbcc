/* Holds the link together until the room lands: whoever lands it deletes this file. */
#include "nightreel/stage.h"

#include "core/banned.h"

void nr_match_params_default(struct nr_match_params *params)
{
    *params = (struct nr_match_params){0};
}
const char *nr_match_params_check(const struct nr_match_params *params)
{
    (void)params;
    return NULL;
}
const struct nr_stage nr_stage_match = {.name = "match"};
