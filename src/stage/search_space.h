/* search_space.h - words that people searched for, in the blocks of the items. */
#ifndef NR_STAGE_SEARCH_SPACE_H
#define NR_STAGE_SEARCH_SPACE_H

#include "nightreel/stage.h"

struct nr_search_space;

/* The space of these items; the names of their tags are borrowed. The text block is reached by what fuse used: where
 * it hashed words, by the statistics of settings->fuse.stats or, without, those of the
 * items' own words; where it embedded, by the embedding model of the settings and
 * statistics (from the file, or from raw_text, which records do not carry). It counts as
 * reached where it gives the items the very blocks that they have; else searches have a tags
 * block alone. */
enum nr_status nr_search_space_open(const struct nr_stage_env *env, const struct nr_item_list *items,
                                    struct nr_search_space **out, struct nr_error *err) NR_MUST_CHECK;
void nr_search_space_close(struct nr_search_space *space);
/* Why there are no text blocks, in words; NULL: there are. */
const char *nr_search_space_lacks(const struct nr_search_space *space);

/* Fills blocks[i] (zeroed by the caller) of texts[i], at most NR_DOCUMENTS_MAX; what is in
 * them lives in `mem`. Text: absent where a text has no word that any video has (of an
 * embedding: no word). Tags: those known to the catalogue all of whose words the text has in
 * a row, by their idf, norm 1. */
enum nr_status nr_search_space_place(struct nr_search_space *space, const char *const *texts, size_t count,
                                     struct nr_arena *mem, struct nr_block (*blocks)[NR_BLOCK_COUNT],
                                     struct nr_error *err) NR_MUST_CHECK;

#endif
