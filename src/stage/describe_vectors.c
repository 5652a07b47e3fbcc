/* describe_vectors.c - sentence embeddings of items, one at a time. */
#include "stage/describe_vectors.h"

#include <string.h>

#include "core/banned.h"

void nr_vectors_put_list(const struct nr_strings *list, struct nr_buf *out)
{
    for (size_t i = 0; i < list->count; i++)
        nr_buf_printf(out, "%s%s", i ? ", " : "", list->items[i]);
}

enum nr_status nr_vectors_key(const struct nr_vector_job *job, const struct nr_stage_env *env,
                              const struct nr_item *item, struct nr_buf *key, struct nr_error *err)
{
    struct nr_buf path = {0}, head = {0};
    char digest[65];
    enum nr_status status = nr_embed_find(&env->settings->embed, &path, err);
    if (!status && path.length)
        status = env->file_digest(env->digest_ctx, path.data, digest, err);
    if (!status && path.length) {
        const char *body = job->text(item, &head);
        nr_buf_printf(key, "model %s engine %s\nrecipe %s\n", digest, nr_language_engine_version(), NR_EMBED_RECIPE);
        nr_buf_printf(key, "head %zu %s\nbody %s\n", head.length, head.data ? head.data : "", body ? body : "");
        status = nr_buf_status(&head, err);
    }
    nr_buf_release(&path);
    nr_buf_release(&head);
    return status;
}

static enum nr_status embed_item(const struct nr_vector_job *job, struct nr_embedder *embedder, struct nr_item *item,
                                 struct nr_error *err)
{
    struct nr_buf head = {0};
    struct nr_block *block = job->target(item);
    const char *body = job->text(item, &head);
    bool present = false;
    *block = (struct nr_block){.values = NULL};
    float *values = nr_arena_alloc(&item->mem, nr_embedder_length(embedder), sizeof *values);
    enum nr_status status = values ? nr_buf_status(&head, err) : nr_fail_nomem(err, "an embedding");
    if (!status)
        status = nr_embedder_document(embedder, head.data ? head.data : "", body, values, &present, err);
    if (!status && present)
        *block = (struct nr_block){.values = values, .length = nr_embedder_length(embedder)};
    nr_buf_release(&head);
    return status;
}

/* A failure of the model over one text is that item's own. */
static enum nr_status embed_or_note(const struct nr_vector_job *job, struct nr_embedder *embedder, struct nr_item *item,
                                    struct nr_error *err)
{
    struct nr_error failure = {.text = ""};
    enum nr_status status = embed_item(job, embedder, item, &failure);
    if (status == NR_ERR_INTERNAL || status == NR_ERR_DATA)
        return nr_item_set_error(item, job->stage, failure.text, err);
    return status ? nr_fail(err, status, "%s", failure.text) : NR_OK;
}

enum nr_status nr_vectors_open(const struct nr_stage_env *env, struct nr_embedder **out, struct nr_error *err)
{
    struct nr_buf path = {0};
    *out = NULL;
    enum nr_status status = nr_embed_find(&env->settings->embed, &path, err);
    if (!status && path.length)
        status = nr_embedder_open(path.data, env->settings->threads, out, err);
    nr_buf_release(&path);
    return status;
}

enum nr_status nr_vectors_ensure_text(struct nr_embedder *embedder, struct nr_item_list *items, const size_t *todo,
                                      size_t count, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < count && !status; i++) {
        struct nr_error failure = {.text = ""};
        struct nr_item *item = &items->items[todo[i]];
        if (!item->raw_text.values)
            status = embed_item(&nr_text_job, embedder, item, &failure);
        if (status == NR_ERR_INTERNAL || status == NR_ERR_DATA)
            status = NR_OK;
        else if (status)
            status = nr_fail(err, status, "%s", failure.text);
    }
    return status;
}

enum nr_status nr_vectors_run(const struct nr_vector_job *job, const struct nr_stage_env *env, struct nr_dataset *data,
                              const size_t *todo, size_t count, const struct nr_stage_sink *sink, struct nr_error *err)
{
    struct nr_embedder *embedder = NULL;
    enum nr_status status = count ? nr_vectors_open(env, &embedder, err) : NR_OK;
    for (size_t i = 0; i < count && !status; i++) {
        struct nr_item *item = &data->items.items[todo[i]];
        if (embedder)
            status = embed_or_note(job, embedder, item, err);
        else
            *job->target(item) = (struct nr_block){.values = NULL};
        if (!status)
            status = sink->item_done(sink->ctx, todo[i], err);
    }
    nr_embedder_close(embedder);
    return status;
}
