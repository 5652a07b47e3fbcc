/* fuse_text.c - see fuse_text.h. */
#include "stage/fuse_text.h"

#include "core/banned.h"

/* Scratch: what is fitted on, NULL for items without. */
struct texts {
    struct nr_arena mem;
    const struct nr_terms **words;
    const float **rows;
    size_t length;
};

bool nr_fuse_has_words(const struct nr_item *item)
{
    return item->text && item->text->terms.count > 0;
}

static enum nr_status take_embeddings(struct nr_item *const *items, size_t count, struct texts *texts,
                                      struct nr_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct nr_block *raw = &items[i]->raw_text;
        texts->rows[i] = raw->values;
        if (raw->values && texts->length && raw->length != texts->length)
            return nr_fail(err, NR_ERR_DATA, "videos '%s' and others have 'text' vectors of %zu and %zu numbers",
                           items[i]->video_id, raw->length, texts->length);
        if (raw->values)
            texts->length = raw->length;
    }
    return NR_OK;
}

static enum nr_status hash_words(const struct nr_document_counts *counts, size_t count, struct texts *texts,
                                 struct nr_error *err)
{
    texts->length = NR_HASH_DIMENSIONS;
    for (size_t i = 0; i < count; i++) {
        float *row = texts->words[i] ? nr_arena_alloc(&texts->mem, NR_HASH_DIMENSIONS, sizeof *row) : NULL;
        if (row)
            nr_hash_terms(texts->words[i], counts, row);
        texts->rows[i] = row;
    }
    return texts->mem.failed ? nr_fail_nomem(err, "hashed text") : NR_OK;
}

enum nr_status nr_fuse_text_fit(struct nr_item *const *items, size_t count, struct nr_fuse_stats *stats,
                                struct nr_error *err)
{
    struct texts texts = {.length = 0};
    texts.words = nr_arena_alloc(&texts.mem, count, sizeof *texts.words);
    texts.rows = nr_arena_alloc(&texts.mem, count, sizeof *texts.rows);
    stats->text_hashed = true;
    for (size_t i = 0; i < count && !texts.mem.failed; i++) {
        texts.words[i] = nr_fuse_has_words(items[i]) ? &items[i]->text->terms : NULL;
        stats->text_hashed &= items[i]->raw_text.length == 0;
    }
    enum nr_status status = texts.mem.failed ? nr_fail_nomem(err, "the catalogue's words") : NR_OK;
    if (!status)
        status = nr_document_counts_fit(texts.words, count, &stats->mem, &stats->words, err);
    if (!status)
        status = stats->text_hashed ? hash_words(&stats->words, count, &texts, err)
                                    : take_embeddings(items, count, &texts, err);
    if (!status && texts.length)
        status = nr_block_stats_fit(texts.rows, count, texts.length, nr_block_defs[NR_BLOCK_TEXT].kind, &stats->mem,
                                    &stats->dense[NR_BLOCK_TEXT], err);
    nr_arena_release(&texts.mem);
    return status;
}
