/* llama_embed.c - sentence embeddings by llama.cpp.
 *
 * One window is encoded at a time: measured on multilingual-e5-small, a window's bits
 * do not depend on the number of threads, but do on what else is in the batch. */
#ifdef NR_HAVE_LLAMA
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "language/embed_engine.h"
#include "language/llama_model.h"

#include "core/banned.h"

enum { EDGES = 32 }; /* tokens left for prefix, begin and end */

struct encoder {
    struct nr_llama llama;
    struct llama_context *context;
    struct llama_batch batch;
    size_t length, window;
    struct nr_tokens prefix; /* without edges */
    char *prefix_text;
    bool begins, ends; /* the model wants begin and end tokens */
};

static bool on_abort(void *ctx)
{
    (void)ctx;
    return nr_interrupted() != 0;
}

/* What the model was trained to see before a document; the E5 family names it so. */
static const char *document_prefix(const struct nr_llama *llama, const char *path)
{
    char name[128] = "";
    const char *file = strrchr(path, '/');
    llama_model_meta_val_str(llama->model, "general.name", name, sizeof name);
    return strcasestr(name, "e5") || strcasestr(file ? file + 1 : path, "e5-") ? "passage: " : "";
}

static enum llama_pooling_type pooling_of(const char *name)
{
    if (!name)
        return LLAMA_POOLING_TYPE_UNSPECIFIED;
    return strcmp(name, "cls") == 0    ? LLAMA_POOLING_TYPE_CLS
           : strcmp(name, "last") == 0 ? LLAMA_POOLING_TYPE_LAST
                                       : LLAMA_POOLING_TYPE_MEAN;
}

static enum nr_status make_context(struct encoder *e, unsigned threads, enum llama_pooling_type pooling,
                                   struct nr_error *err)
{
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = params.n_batch = params.n_ubatch = (uint32_t)(e->window + EDGES);
    params.n_seq_max = 1;
    params.embeddings = true;
    params.pooling_type = pooling;
    params.n_threads = params.n_threads_batch = (int32_t)(threads ? threads : nr_cpu_count());
    params.no_perf = true;
    params.abort_callback = on_abort;
    e->context = llama_init_from_model(e->llama.model, params);
    return e->context ? NR_OK
                      : nr_fail(err, NR_ERR_UNAVAILABLE, "cannot use the embedding model: %s", nr_llama_complaint());
}

static enum nr_status prepare(struct encoder *e, const struct nr_embed_plan *plan, unsigned threads,
                              struct nr_error *err)
{
    const char *prefix = plan->form.prefix ? plan->form.prefix : document_prefix(&e->llama, plan->model);
    int32_t trained = llama_model_n_ctx_train(e->llama.model);
    e->window =
        trained > EDGES && plan->form.window + EDGES > (unsigned)trained ? (size_t)trained - EDGES : plan->form.window;
    enum nr_status status = make_context(e, threads, pooling_of(plan->form.pooling), err);
    if (!status && llama_pooling_type(e->context) == LLAMA_POOLING_TYPE_NONE) {
        llama_free(e->context);
        status = make_context(e, threads, LLAMA_POOLING_TYPE_MEAN, err);
    }
    if (status)
        return status;
    e->batch = llama_batch_init((int32_t)e->window + EDGES, 0, 1);
    e->length = (size_t)llama_model_n_embd_out(e->llama.model);
    e->begins = llama_vocab_get_add_bos(e->llama.vocab);
    e->ends = llama_vocab_get_add_eos(e->llama.vocab) || llama_vocab_get_add_sep(e->llama.vocab);
    e->prefix_text = strdup(prefix);
    if (!e->prefix_text)
        return nr_fail_nomem(err, "an embedding model");
    status = nr_llama_tokenize(&e->llama, prefix, strlen(prefix), false, false, &e->prefix, err);
    if (!status && (e->prefix.count + 8 > e->window || !e->length))
        status = nr_fail(err, NR_ERR_UNAVAILABLE, "'%s' is no model for sentence embeddings", plan->model);
    return status;
}

static void encoder_close(void *state)
{
    struct encoder *e = state;
    if (!e)
        return;
    nr_tokens_release(&e->prefix);
    free(e->prefix_text);
    if (e->batch.token)
        llama_batch_free(e->batch);
    if (e->context)
        llama_free(e->context);
    nr_llama_release(&e->llama);
    free(e);
}

static enum nr_status encoder_open(const struct nr_embed_plan *plan, unsigned threads, void **state, size_t *length,
                                   struct nr_error *err)
{
    struct encoder *e = calloc(1, sizeof *e);
    *state = e;
    if (!e)
        return nr_fail_nomem(err, "an embedding model");
    enum nr_status status = nr_llama_load(plan->model, &e->llama, err);
    if (!status)
        status = prepare(e, plan, threads, err);
    *length = e->length;
    return status;
}

/* Adds the L2-normalised vector of one window to sum[0..length). */
static enum nr_status add_window(struct encoder *e, const llama_token *tokens, size_t count, double *sum,
                                 struct nr_error *err)
{
    llama_memory_t memory = llama_get_memory(e->context);
    size_t n = 0;
    e->batch.n_tokens = 0;
    if (e->begins)
        nr_batch_add(&e->batch, llama_vocab_bos(e->llama.vocab), n++, 0, true);
    for (size_t i = 0; i < e->prefix.count; i++)
        nr_batch_add(&e->batch, e->prefix.items[i], n++, 0, true);
    for (size_t i = 0; i < count; i++)
        nr_batch_add(&e->batch, tokens[i], n++, 0, true);
    if (e->ends)
        nr_batch_add(&e->batch,
                     llama_vocab_get_add_eos(e->llama.vocab) ? llama_vocab_eos(e->llama.vocab)
                                                             : llama_vocab_sep(e->llama.vocab),
                     n++, 0, true);
    if (memory)
        llama_memory_clear(memory, false);
    int32_t failed = memory ? llama_decode(e->context, e->batch) : llama_encode(e->context, e->batch);
    const float *vector = failed ? NULL : llama_get_embeddings_seq(e->context, 0);
    if (nr_interrupted())
        return nr_fail(err, NR_ERR_INTERRUPTED, "interrupted");
    if (!vector)
        return nr_fail(err, NR_ERR_INTERNAL, "the embedding model failed: %s", nr_llama_complaint());
    nr_add_unit(vector, e->length, sum);
    return NR_OK;
}

/* The text's tokens behind the prefix. They are cut out of prefix and text taken
 * together, since words are split differently at the very beginning of a text. */
static enum nr_status tokens_of(struct encoder *e, const char *text, struct nr_tokens *out, struct nr_error *err)
{
    struct nr_buf whole = {0};
    nr_buf_puts(&whole, e->prefix_text);
    nr_buf_puts(&whole, text);
    enum nr_status status = nr_buf_status(&whole, err);
    if (!status)
        status = nr_llama_tokenize(&e->llama, whole.data, whole.length, false, false, out, err);
    nr_buf_release(&whole);
    if (status)
        return status;
    size_t skip = 0;
    while (skip < e->prefix.count && skip < out->count && out->items[skip] == e->prefix.items[skip])
        skip++;
    out->count -= skip;
    memmove(out->items, out->items + skip, out->count * sizeof *out->items);
    return NR_OK;
}

static enum nr_status add_text(struct encoder *e, const char *text, double *sum, struct nr_error *err)
{
    struct nr_tokens tokens = {0};
    enum nr_status status = tokens_of(e, text, &tokens, err);
    size_t room = e->window - e->prefix.count - 2, windows = (tokens.count + room - 1) / room;
    size_t taken = nr_windows_taken(windows);
    for (size_t i = 0; i < taken && !status; i++) {
        size_t first = i * windows / taken * room;
        size_t count = tokens.count - first < room ? tokens.count - first : room;
        status = add_window(e, tokens.items + first, count, sum, err);
    }
    nr_tokens_release(&tokens);
    return status;
}

static enum nr_status encoder_encode(void *state, const char *const *texts, size_t count, double *sums,
                                     struct nr_error *err)
{
    struct encoder *e = state;
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < count && !status; i++)
        status = add_text(e, texts[i], sums + i * e->length, err);
    return status;
}

const struct nr_embed_engine nr_embed_llama = {.open = encoder_open, .encode = encoder_encode, .close = encoder_close};
#endif
