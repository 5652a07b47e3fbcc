/* search_space.c - see search_space.h. */
#include "stage/search_space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stage/describe_vectors.h"
#include "stage/fuse_text.h"
#include "stage/search_tags.h"

#include "core/banned.h"

struct nr_search_space {
    const struct nr_stage_env *env; /* while it is opened; as the items */
    const struct nr_item_list *items;
    const struct nr_reporter *reporter;
    struct nr_fuse_stats stats;
    struct nr_search_tags tags;
    struct nr_embedder *embedder; /* where the text block is an embedding */
    const char *lacks;
};

static const char ALIKE[] = "the videos' text blocks are not what their words make (fuse: give its --stats here, and "
                            "where it embedded its --embed)";

/* ---- reaching the text block ----------------------------------------------------------- */

static enum nr_status fit_stats(struct nr_search_space *space, struct nr_error *err)
{
    size_t count = space->items->count, *order;
    struct nr_arena mem = {0};
    struct nr_item **items = nr_arena_alloc(&mem, count, sizeof *items);
    const struct nr_terms **tags = nr_arena_alloc(&mem, count, sizeof *tags);
    enum nr_status status = nr_item_list_order(space->items, &order, err);
    if (!status && mem.failed)
        status = nr_fail_nomem(err, "the catalogue's statistics");
    for (size_t i = 0; i < count && !status; i++) {
        items[i] = &space->items->items[order[i]];
        tags[i] = &items[i]->blocks[NR_BLOCK_TAGS].terms;
    }
    if (!status)
        status = nr_document_counts_fit(tags, count, &space->stats.mem, &space->stats.tags, err);
    if (!status)
        status = nr_fuse_text_fit(items, count, &space->stats, err);
    free(order);
    nr_arena_release(&mem);
    return status;
}

/* With the words that an item has, hashing must give it the block that it has. */
static bool hashes_alike(const struct nr_search_space *space, const struct nr_item *item)
{
    float row[NR_HASH_DIMENSIONS];
    const struct nr_block *block = &item->blocks[NR_BLOCK_TEXT];
    if (block->length != NR_HASH_DIMENSIONS || !nr_fuse_has_words(item))
        return false;
    nr_hash_terms(&item->text->terms, &space->stats.words, row);
    nr_block_stats_apply(&space->stats.dense[NR_BLOCK_TEXT], row);
    for (size_t j = 0; j < NR_HASH_DIMENSIONS; j++)
        if (row[j] != block->values[j])
            return false;
    return true;
}

/* A title's words are among its item's: else these are pieces of another tokenizer. */
static enum nr_status counts_alike(const struct nr_item *item, bool *alike, struct nr_error *err)
{
    struct nr_arena mem = {0};
    struct nr_terms words;
    enum nr_status status = nr_words_count(&item->title, 1, &mem, &words, err);
    for (size_t i = 0; i < words.count && !status; i++)
        *alike &= bsearch(&words.items[i], item->text->terms.items, item->text->terms.count, sizeof words.items[i],
                          nr_term_compare) != NULL;
    nr_arena_release(&mem);
    return status;
}

static enum nr_status reach_hashed(struct nr_search_space *space, struct nr_error *err)
{
    enum { TITLES = 20 };
    size_t titles = 0;
    bool alike = true;
    enum nr_status status = NR_OK;
    if (space->stats.dense[NR_BLOCK_TEXT].length != NR_HASH_DIMENSIONS)
        alike = false;
    for (size_t i = 0; i < space->items->count && alike && !status; i++) {
        const struct nr_item *item = &space->items->items[i];
        if (!item->blocks[NR_BLOCK_TEXT].values)
            continue;
        alike = hashes_alike(space, item);
        if (alike && titles++ < TITLES)
            status = counts_alike(item, &alike, err);
    }
    space->lacks = alike ? NULL : ALIKE;
    return status;
}

/* The model must give an item the block that it has; the records' 9 digits and another
 * thread's rounding are let pass. */
static enum nr_status embeds_alike(struct nr_search_space *space, const struct nr_item *item, bool *alike,
                                   struct nr_error *err)
{
    static const double LEAST = 0.999;
    size_t length = nr_embedder_length(space->embedder);
    struct nr_buf head = {0};
    const char *body = nr_text_job.text(item, &head);
    struct nr_document document = {head.data ? head.data : "", body};
    float *vector = malloc(length * sizeof *vector);
    bool present = false;
    double dot = 0;
    enum nr_status status = vector ? nr_buf_status(&head, err) : nr_fail_nomem(err, "an embedding");
    if (!status)
        status = nr_embedder_documents(space->embedder, &document, 1, vector, &present, err);
    if (!status && present) {
        nr_block_stats_apply(&space->stats.dense[NR_BLOCK_TEXT], vector);
        for (size_t j = 0; j < length; j++)
            dot += (double)vector[j] * item->blocks[NR_BLOCK_TEXT].values[j];
    }
    *alike = dot >= LEAST;
    nr_buf_release(&head);
    free(vector);
    return status;
}

static enum nr_status reach_embedded(struct nr_search_space *space, const struct nr_item *item, struct nr_error *err)
{
    bool alike = false;
    enum nr_status status = nr_vectors_open(space->env, &space->embedder, err);
    if (status)
        return status;
    size_t length = space->embedder ? nr_embedder_length(space->embedder) : 0;
    if (length && length == space->stats.dense[NR_BLOCK_TEXT].length && length == item->blocks[NR_BLOCK_TEXT].length)
        status = embeds_alike(space, item, &alike, err);
    space->lacks = alike    ? NULL
                   : length ? "the embedding model or the statistics are not those of the videos' text blocks"
                            : "the videos' text blocks are embeddings, and there is no embedding model";
    return status;
}

static bool lost(enum nr_status status)
{
    return status == NR_ERR_UNAVAILABLE || status == NR_ERR_IO;
}

/* An endpoint that does not answer costs the text blocks, no more. */
static enum nr_status reach_text(struct nr_search_space *space, struct nr_error *err)
{
    const struct nr_item *item = NULL;
    struct nr_error failure = {.text = ""};
    for (size_t i = 0; i < space->items->count && !item; i++)
        if (space->items->items[i].blocks[NR_BLOCK_TEXT].values)
            item = &space->items->items[i];
    space->lacks = "no video has a text block";
    if (!item)
        return NR_OK;
    space->lacks = "the videos' words are tokens of a model";
    if (space->stats.text_hashed && (space->env->settings->text.vocabulary || space->env->settings->text.model))
        return NR_OK;
    if (space->stats.text_hashed)
        return reach_hashed(space, err);
    enum nr_status status = reach_embedded(space, item, &failure);
    if (!lost(status))
        return status ? nr_fail(err, status, "%s", failure.text) : NR_OK;
    nr_report(space->reporter, NR_LOG_WARNING, "searches: %s", failure.text);
    space->lacks = "the embedding model failed";
    return NR_OK;
}

enum nr_status nr_search_space_open(const struct nr_stage_env *env, const struct nr_item_list *items,
                                    struct nr_search_space **out, struct nr_error *err)
{
    struct nr_search_space *space = calloc(1, sizeof *space);
    *out = NULL;
    if (!space)
        return nr_fail_nomem(err, "searches");
    space->env = env;
    space->items = items;
    space->reporter = env->reporter;
    enum nr_status status = env->settings->fuse.stats
                                ? nr_fuse_stats_read(&space->stats, env->settings->fuse.stats, err)
                                : fit_stats(space, err);
    if (!status)
        status = nr_search_tags_make(items, &space->tags, err);
    space->lacks = "--searches tags";
    if (!status && env->settings->profile.searches == NR_SEARCHES_ALL)
        status = reach_text(space, err);
    space->env = NULL;
    space->items = NULL;
    if (status)
        nr_search_space_close(space);
    else
        *out = space;
    return status;
}

void nr_search_space_drop(struct nr_search_space **space)
{
    nr_search_space_close(*space);
    *space = NULL;
}

void nr_search_space_close(struct nr_search_space *space)
{
    if (!space)
        return;
    nr_embedder_close(space->embedder);
    nr_fuse_stats_release(&space->stats);
    nr_search_tags_release(&space->tags);
    free(space);
}

const char *nr_search_space_lacks(const struct nr_search_space *space)
{
    return space->lacks;
}

/* ---- placing searches -------------------------------------------------------------------- */

/* Words that no video has would lie anywhere: they are left out. */
static void keep_known(const struct nr_document_counts *counts, struct nr_terms *words)
{
    size_t kept = 0;
    for (size_t i = 0; i < words->count; i++)
        if (nr_document_count(counts, words->items[i].name) > 0)
            words->items[kept++] = words->items[i];
    words->count = kept;
}

static enum nr_status hash_text(const struct nr_search_space *space, const char *text, struct nr_arena *mem,
                                struct nr_block *out, struct nr_error *err)
{
    struct nr_terms words;
    enum nr_status status = nr_words_count(&text, 1, mem, &words, err);
    if (status)
        return status;
    keep_known(&space->stats.words, &words);
    float *row = words.count ? nr_arena_alloc(mem, NR_HASH_DIMENSIONS, sizeof *row) : NULL;
    if (row) {
        nr_hash_terms(&words, &space->stats.words, row);
        nr_block_stats_apply(&space->stats.dense[NR_BLOCK_TEXT], row);
        *out = (struct nr_block){.values = row, .length = NR_HASH_DIMENSIONS};
    }
    return mem->failed ? nr_fail_nomem(err, "the text of a search") : NR_OK;
}

static enum nr_status embed_texts(struct nr_search_space *space, const char *const *texts, size_t count,
                                  struct nr_arena *mem, struct nr_block (*blocks)[NR_BLOCK_COUNT], struct nr_error *err)
{
    struct nr_document documents[NR_DOCUMENTS_MAX];
    bool present[NR_DOCUMENTS_MAX];
    struct nr_error failure = {.text = ""};
    size_t length = nr_embedder_length(space->embedder);
    float *rows = nr_arena_alloc(mem, count, length * sizeof *rows);
    if (!rows)
        return nr_fail_nomem(err, "the text of a search");
    for (size_t i = 0; i < count; i++)
        documents[i] = (struct nr_document){texts[i], NULL};
    enum nr_status status = nr_embedder_documents(space->embedder, documents, count, rows, present, &failure);
    if (lost(status)) {
        nr_report(space->reporter, NR_LOG_WARNING, "searches: %s", failure.text);
        space->lacks = "the embedding model failed";
        return NR_OK;
    }
    for (size_t i = 0; i < count && !status; i++) {
        if (!present[i])
            continue;
        nr_block_stats_apply(&space->stats.dense[NR_BLOCK_TEXT], rows + i * length);
        blocks[i][NR_BLOCK_TEXT] = (struct nr_block){.values = rows + i * length, .length = length};
    }
    return status ? nr_fail(err, status, "%s", failure.text) : NR_OK;
}

static enum nr_status place_tags(const struct nr_search_space *space, const char *const *texts, size_t count,
                                 struct nr_arena *mem, struct nr_block (*blocks)[NR_BLOCK_COUNT], struct nr_error *err)
{
    struct nr_strings words[NR_DOCUMENTS_MAX] = {{NULL, 0}};
    enum nr_status status = nr_words_list(texts, count, mem, words, err);
    for (size_t i = 0; i < count && !status; i++) {
        struct nr_terms found;
        status = nr_search_tags_find(&space->tags, &words[i], mem, &found, err);
        for (size_t k = 0; k < found.count && !status; k++)
            found.items[k].weight = nr_idf(&space->stats.tags, found.items[k].name);
        if (status || found.count == 0)
            continue;
        nr_terms_normalise(&found);
        blocks[i][NR_BLOCK_TAGS] = (struct nr_block){.terms = found};
    }
    return status;
}

enum nr_status nr_search_space_place(struct nr_search_space *space, const char *const *texts, size_t count,
                                     struct nr_arena *mem, struct nr_block (*blocks)[NR_BLOCK_COUNT],
                                     struct nr_error *err)
{
    enum nr_status status = place_tags(space, texts, count, mem, blocks, err);
    if (!status && !space->lacks && space->embedder)
        return embed_texts(space, texts, count, mem, blocks, err);
    for (size_t i = 0; i < count && !space->lacks && !status; i++)
        status = hash_text(space, texts[i], mem, &blocks[i][NR_BLOCK_TEXT], err);
    return status;
}
