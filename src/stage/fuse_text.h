/* fuse_text.h - the catalogue's statistics of texts. */
#ifndef NR_STAGE_FUSE_TEXT_H
#define NR_STAGE_FUSE_TEXT_H

#include "stage/fuse_stats.h"

bool nr_fuse_has_words(const struct nr_item *item);

/* Fits stats->words, text_hashed and the text block: on embeddings where any item has one,
 * else on hashed words. Items by video_id. */
enum nr_status nr_fuse_text_fit(struct nr_item *const *items, size_t count, struct nr_fuse_stats *stats,
                                struct nr_error *err) NR_MUST_CHECK;

#endif
