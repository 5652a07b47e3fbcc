/* describe_vectors.c - sentence embeddings of items, one at a time. */
#include "stage/describe_vectors.h"

#include <stdlib.h>
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
    struct nr_embed_plan plan;
    struct nr_buf head = {0};
    char digest[65] = "";
    enum nr_status status = nr_embed_plan_make(&env->settings->embed, &plan, err);
    if (!status && plan.is_file)
        status = env->file_digest(env->digest_ctx, plan.model, digest, err);
    if (!status && plan.model) {
        const char *body = job->text(item, &head);
        nr_buf_printf(key, "model %s\n", digest);
        nr_embed_key(&plan, key);
        nr_buf_printf(key, "head %zu %s\nbody %s\n", head.length, head.data ? head.data : "", body ? body : "");
        status = nr_buf_status(&head, err);
    }
    nr_embed_plan_release(&plan);
    nr_buf_release(&head);
    return status;
}

enum nr_status nr_vectors_open(const struct nr_stage_env *env, struct nr_embedder **out, struct nr_error *err)
{
    struct nr_embed_plan plan;
    *out = NULL;
    enum nr_status status = nr_embed_plan_make(&env->settings->embed, &plan, err);
    if (!status && plan.model)
        status = nr_embedder_open(&plan, env->settings->threads, out, err);
    nr_embed_plan_release(&plan);
    return status;
}

/* A group of items on its way through the embedder. */
struct group {
    struct nr_item *items[NR_DOCUMENTS_MAX];
    struct nr_buf heads[NR_DOCUMENTS_MAX];
    struct nr_document documents[NR_DOCUMENTS_MAX];
    bool present[NR_DOCUMENTS_MAX];
    size_t count;
    float *vectors;
};

static enum nr_status take_vectors(const struct nr_vector_job *job, const struct group *g, size_t length,
                                   struct nr_error *err)
{
    for (size_t i = 0; i < g->count; i++) {
        struct nr_block *block = job->target(g->items[i]);
        *block = (struct nr_block){.values = NULL};
        if (!g->present[i])
            continue;
        float *values = nr_arena_alloc(&g->items[i]->mem, length, sizeof *values);
        if (!values)
            return nr_fail_nomem(err, "an embedding");
        memcpy(values, g->vectors + i * length, length * sizeof *values);
        *block = (struct nr_block){.values = values, .length = length};
    }
    return NR_OK;
}

/* Embeds the group's items; what went wrong with the model over them is not fatal. */
static enum nr_status embed_group(const struct nr_vector_job *job, struct nr_embedder *embedder, struct group *g,
                                  struct nr_error *err)
{
    enum nr_status status = NR_OK;
    g->vectors = malloc(g->count * nr_embedder_length(embedder) * sizeof *g->vectors);
    if (!g->vectors)
        status = nr_fail_nomem(err, "an embedding");
    for (size_t i = 0; i < g->count && !status; i++) {
        const char *body = job->text(g->items[i], &g->heads[i]);
        status = nr_buf_status(&g->heads[i], err);
        g->documents[i] = (struct nr_document){g->heads[i].data ? g->heads[i].data : "", body};
        *job->target(g->items[i]) = (struct nr_block){.values = NULL};
    }
    if (!status)
        status = nr_embedder_documents(embedder, g->documents, g->count, g->vectors, g->present, err);
    if (!status)
        status = take_vectors(job, g, nr_embedder_length(embedder), err);
    for (size_t i = 0; i < g->count; i++)
        nr_buf_release(&g->heads[i]);
    free(g->vectors);
    return status;
}

/* What an item is told where its group failed: an endpoint may work another time. */
static enum nr_status note_failure(const struct nr_vector_job *job, struct group *g, enum nr_status failed,
                                   const char *text, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    struct nr_buf reason = {.max = 1024};
    bool temporary = failed == NR_ERR_UNAVAILABLE || failed == NR_ERR_IO;
    nr_buf_printf(&reason, "%s%s", temporary ? NR_STAGE_TRANSIENT : "", text);
    for (size_t i = 0; i < g->count && !status; i++)
        status = nr_item_set_error(g->items[i], job->stage, reason.data ? reason.data : text, err);
    nr_buf_release(&reason);
    return status;
}

static bool is_fatal(enum nr_status status)
{
    return status == NR_ERR_INTERRUPTED || status == NR_ERR_NOMEM;
}

/* Embeds todo[first..), at most a group; *lost counts groups without an answer in a row,
 * after two of which none is asked for any more. */
static enum nr_status run_group(const struct nr_vector_job *job, struct nr_embedder *embedder,
                                struct nr_item_list *items, const size_t *todo, size_t count, unsigned *lost,
                                struct nr_error *err)
{
    static const char gone[] = "the embedding endpoint was given up after failing before";
    struct group *g = calloc(1, sizeof *g);
    struct nr_error failure = {.text = ""};
    if (!g)
        return nr_fail_nomem(err, "an embedding");
    for (; g->count < count; g->count++)
        g->items[g->count] = &items->items[todo[g->count]];
    enum nr_status status = *lost < 2 ? embed_group(job, embedder, g, &failure) : NR_ERR_UNAVAILABLE;
    if (is_fatal(status))
        status = nr_fail(err, status, "%s", failure.text);
    else if (status)
        status = note_failure(job, g, status, *lost < 2 ? failure.text : gone, err);
    else
        *lost = 0;
    *lost += failure.text[0] != '\0';
    free(g);
    return status;
}

enum nr_status nr_vectors_ensure_text(struct nr_embedder *embedder, struct nr_item_list *items, const size_t *todo,
                                      size_t count, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    unsigned lost = 0;
    for (size_t i = 0; i < count && !status; i++)
        if (!items->items[todo[i]].raw_text.values)
            status = run_group(&nr_text_job, embedder, items, &todo[i], 1, &lost, err);
    return status;
}

enum nr_status nr_vectors_run(const struct nr_vector_job *job, const struct nr_stage_env *env, struct nr_dataset *data,
                              const size_t *todo, size_t count, const struct nr_stage_sink *sink, struct nr_error *err)
{
    struct nr_embedder *embedder = NULL;
    unsigned lost = 0;
    enum nr_status status = count ? nr_vectors_open(env, &embedder, err) : NR_OK;
    for (size_t at = 0; at < count && !status; at += NR_DOCUMENTS_MAX) {
        size_t n = count - at < NR_DOCUMENTS_MAX ? count - at : NR_DOCUMENTS_MAX;
        if (embedder)
            status = run_group(job, embedder, &data->items, todo + at, n, &lost, err);
        for (size_t i = 0; i < n && !status; i++) {
            if (!embedder)
                *job->target(&data->items.items[todo[at + i]]) = (struct nr_block){.values = NULL};
            status = sink->item_done(sink->ctx, todo[at + i], err);
        }
    }
    nr_embedder_close(embedder);
    return status;
}
