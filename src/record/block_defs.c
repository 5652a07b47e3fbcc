/* block_defs.c - the table of blocks and of tag kinds. */
#include "nightreel/record.h"

#include <string.h>

#include "core/banned.h"

const struct nr_block_def nr_block_defs[NR_BLOCK_COUNT] = {
    [NR_BLOCK_VISUAL] = {"visual", NR_BLOCK_STANDARDISED},  [NR_BLOCK_AUDIO] = {"audio", NR_BLOCK_STANDARDISED},
    [NR_BLOCK_TEXT] = {"text", NR_BLOCK_STANDARDISED},      [NR_BLOCK_TAGS] = {"tags", NR_BLOCK_SPARSE},
    [NR_BLOCK_BEHAVIOUR] = {"behaviour", NR_BLOCK_CENTRED}, [NR_BLOCK_SEMANTIC] = {"semantic", NR_BLOCK_STANDARDISED},
};

const char *const nr_tag_kind_names[NR_TAG_KIND_COUNT] = {
    [NR_TAG_GENRE] = "genre",
    [NR_TAG_ACTOR] = "actor",
    [NR_TAG_DIRECTOR] = "director",
};

bool nr_block_find(const char *name, size_t length, enum nr_block_id *out)
{
    for (size_t i = 0; i < NR_BLOCK_COUNT; i++) {
        if (strlen(nr_block_defs[i].name) == length && memcmp(nr_block_defs[i].name, name, length) == 0) {
            *out = (enum nr_block_id)i;
            return true;
        }
    }
    return false;
}

bool nr_block_present(const struct nr_block *block)
{
    return block->length > 0 || block->terms.count > 0;
}
