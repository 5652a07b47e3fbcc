/* semantic.c - the semantic block: the descriptions' embeddings with the catalogue's
 * statistics, or, without an embedding model, their words hashed. Sums run in the
 * order of video_id, whatever the order of the records. */
#include <stdlib.h>

#include "nightreel/stage.h"

#include "core/banned.h"

struct semantic {
    struct nr_item_list *items;
    size_t *order;
    float **rows; /* by order; NULL: absent */
    size_t length;
};

/* Embeddings of one length: that of the first item which has one. */
static enum nr_status take_embeddings(struct semantic *s, struct nr_error *err)
{
    for (size_t i = 0; i < s->items->count; i++) {
        struct nr_item *item = &s->items->items[s->order[i]];
        const struct nr_block *raw = &item->raw_semantic;
        if (!raw->values || (s->length && raw->length != s->length))
            continue;
        s->length = raw->length;
        s->rows[i] = nr_arena_alloc(&item->mem, s->length, sizeof **s->rows);
        if (!s->rows[i])
            return nr_fail_nomem(err, "the semantic block");
        for (size_t j = 0; j < s->length; j++)
            s->rows[i][j] = raw->values[j];
    }
    return NR_OK;
}

static enum nr_status count_words(const struct nr_item *item, struct nr_arena *mem, struct nr_terms *out,
                                  struct nr_error *err)
{
    const struct nr_description *d = item->description;
    size_t count = 0;
    *out = (struct nr_terms){.count = 0};
    if (!d)
        return NR_OK;
    const char **texts = nr_arena_alloc(mem, d->topics.count + d->keywords.count + 1, sizeof *texts);
    if (!texts)
        return nr_fail_nomem(err, "the words of a description");
    texts[count++] = d->summary ? d->summary : "";
    for (size_t i = 0; i < d->topics.count; i++)
        texts[count++] = d->topics.items[i];
    for (size_t i = 0; i < d->keywords.count; i++)
        texts[count++] = d->keywords.items[i];
    return nr_words_count(texts, count, mem, out, err);
}

/* Rows of all items; those without a word are absent. */
static enum nr_status hash_all(struct semantic *s, struct nr_arena *mem, struct nr_error *err)
{
    size_t n = s->items->count;
    struct nr_terms *words = nr_arena_alloc(mem, n, sizeof *words);
    const struct nr_terms **documents = nr_arena_alloc(mem, n, sizeof *documents);
    float *hashed = nr_arena_alloc(mem, n, NR_HASH_DIMENSIONS * sizeof *hashed);
    if (!words || !documents || !hashed)
        return nr_fail_nomem(err, "the words of the descriptions");
    s->length = NR_HASH_DIMENSIONS;
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < n && !status; i++) {
        documents[i] = &words[i];
        status = count_words(&s->items->items[s->order[i]], mem, &words[i], err);
    }
    if (!status)
        status = nr_hash_tfidf(documents, n, hashed, err);
    for (size_t i = 0; i < n && !status; i++) {
        if (!words[i].count)
            continue;
        s->rows[i] = nr_arena_alloc(&s->items->items[s->order[i]].mem, s->length, sizeof **s->rows);
        if (!s->rows[i])
            return nr_fail_nomem(err, "the semantic block");
        for (size_t j = 0; j < s->length; j++)
            s->rows[i][j] = hashed[i * s->length + j];
    }
    return status;
}

static enum nr_status fill(struct semantic *s, struct nr_error *err)
{
    struct nr_arena mem = {0};
    enum nr_status status = take_embeddings(s, err);
    if (!status && !s->length)
        status = hash_all(s, &mem, err);
    if (!status && s->length)
        status = nr_block_fit(s->rows, s->items->count, s->length, nr_block_defs[NR_BLOCK_SEMANTIC].kind, err);
    for (size_t i = 0; i < s->items->count && !status; i++) {
        struct nr_block *block = &s->items->items[s->order[i]].blocks[NR_BLOCK_SEMANTIC];
        *block = (struct nr_block){.values = s->rows[i], .length = s->rows[i] ? s->length : 0};
    }
    nr_arena_release(&mem);
    return status;
}

static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    struct semantic s = {.items = &data->items};
    (void)env;
    (void)todo;
    (void)count;
    (void)sink;
    if (!data->items.count)
        return NR_OK;
    enum nr_status status = nr_item_list_order(&data->items, &s.order, err);
    if (status)
        return status;
    s.rows = calloc(data->items.count, sizeof *s.rows);
    status = s.rows ? fill(&s, err) : nr_fail_nomem(err, "the semantic block");
    free(s.rows);
    free(s.order);
    return status;
}

const struct nr_stage nr_stage_semantic = {
    .name = "semantic",
    .summary = "the semantic block, with the catalogue's statistics",
    .run = run,
};
