/* llama_missing.c - what a build without the language engine answers. */
#ifndef NR_HAVE_LLAMA
#include "language/embed_engine.h"
#include "language/engine.h"
#include "nightreel/language_tokens.h"

#include "core/banned.h"

const char *nr_language_engine_version(void)
{
    return NULL;
}

static enum nr_status missing(const char *path, struct nr_error *err)
{
    return nr_fail(err, NR_ERR_UNAVAILABLE,
                   "cannot use model '%s': this build has no language engine; run scripts/setup and build again", path);
}

static enum nr_status open_missing_encoder(const struct nr_embed_plan *plan, unsigned threads, void **state,
                                           size_t *length, struct nr_error *err)
{
    (void)threads;
    *state = NULL;
    *length = 0;
    return missing(plan->model, err);
}

static void close_nothing(void *state)
{
    (void)state;
}

const struct nr_embed_engine nr_embed_llama = {.open = open_missing_encoder, .close = close_nothing};

enum nr_status nr_model_tokenizer_open(const char *path, struct nr_model_tokenizer **out, struct nr_error *err)
{
    *out = NULL;
    return missing(path, err);
}

void nr_model_tokenizer_close(struct nr_model_tokenizer *tokenizer)
{
    (void)tokenizer;
}

enum nr_status nr_model_tokenizer_encode(const struct nr_model_tokenizer *tokenizer, const char *text, size_t length,
                                         int32_t **ids, size_t *count, struct nr_error *err)
{
    (void)tokenizer;
    (void)text;
    (void)length;
    *ids = NULL;
    *count = 0;
    return missing("", err);
}

void nr_model_tokenizer_piece(const struct nr_model_tokenizer *tokenizer, int32_t id, struct nr_buf *out)
{
    (void)tokenizer;
    (void)id;
    (void)out;
}

enum nr_status nr_model_tokenizer_count(const struct nr_model_tokenizer *tokenizer, const char *const *texts,
                                        size_t count, struct nr_arena *mem, struct nr_terms *out, struct nr_error *err)
{
    (void)tokenizer;
    (void)texts;
    (void)count;
    (void)mem;
    *out = (struct nr_terms){.count = 0};
    return missing("", err);
}

static enum nr_status open_missing(const struct nr_describe_params *params, const struct nr_describe_plan *plan,
                                   void **state, struct nr_engine_info *info, struct nr_error *err)
{
    (void)params;
    (void)info;
    *state = NULL;
    return missing(plan->model, err);
}

const struct nr_engine nr_engine_llama = {.name = "llama", .open = open_missing};
#else
typedef int nr_language_engine_is_built_in; /* no empty file */
#endif
