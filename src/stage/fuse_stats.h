/* fuse_stats.h - the catalogue's statistics, and their file. */
#ifndef NR_STAGE_FUSE_STATS_H
#define NR_STAGE_FUSE_STATS_H

#include "nightreel/stage.h"

struct nr_fuse_stats {
    struct nr_arena mem;
    struct nr_block_stats dense[NR_BLOCK_COUNT]; /* length 0: no such block */
    struct nr_document_counts tags, words;
    bool text_hashed; /* no embeddings: the text block is hashed from `words` */
};
void nr_fuse_stats_release(struct nr_fuse_stats *stats);

/* A JSON object; reading back gives the same bits. */
enum nr_status nr_fuse_stats_write(const struct nr_fuse_stats *stats, const char *path,
                                   struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_fuse_stats_read(struct nr_fuse_stats *stats, const char *path, struct nr_error *err) NR_MUST_CHECK;

#endif
