/* llama_missing.c - what a build without the language engine answers. */
#ifndef NR_HAVE_LLAMA
#include "language/engine.h"

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

enum nr_status nr_embedder_open(const char *path, unsigned threads, struct nr_embedder **out, struct nr_error *err)
{
    (void)threads;
    *out = NULL;
    return missing(path, err);
}

void nr_embedder_close(struct nr_embedder *embedder)
{
    (void)embedder;
}

size_t nr_embedder_length(const struct nr_embedder *embedder)
{
    (void)embedder;
    return 0;
}

enum nr_status nr_embedder_document(struct nr_embedder *embedder, const char *head, const char *body, float *out,
                                    bool *present, struct nr_error *err)
{
    (void)embedder;
    (void)body;
    (void)out;
    *present = false;
    return missing(head ? head : "", err);
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
