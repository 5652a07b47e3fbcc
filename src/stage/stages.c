/* stages.c - the chain. */
#include <string.h>

#include "nightreel/stage.h"

#include "core/banned.h"

const struct nr_stage *const nr_stage_chain[] = {
    &nr_stage_clean, &nr_stage_catalogue, &nr_stage_extract, &nr_stage_embed,    &nr_stage_fuse,    &nr_stage_describe,
    &nr_stage_label, &nr_stage_export,    &nr_stage_meaning, &nr_stage_semantic, &nr_stage_profile, &nr_stage_match,
};
const size_t nr_stage_chain_count = NR_COUNT(nr_stage_chain);

const struct nr_stage *nr_stage_find(const char *name)
{
    for (size_t i = 0; i < nr_stage_chain_count; i++)
        if (strcmp(nr_stage_chain[i]->name, name) == 0)
            return nr_stage_chain[i];
    return NULL;
}
