/* nightreel/language.h - sentence embeddings and descriptions by language models:
 * in process (llama.cpp), over HTTP (OpenAI-compatible), or extractive. */
#ifndef NIGHTREEL_LANGUAGE_H
#define NIGHTREEL_LANGUAGE_H

#include "nightreel/core.h"
#include "nightreel/record.h"

struct nr_embed_params {
    const char *model; /* GGUF file, "none", or NULL: the set-up's default where it is found */
};
void nr_embed_params_default(struct nr_embed_params *params);
const char *nr_embed_params_check(const struct nr_embed_params *params);

struct nr_describe_params {
    const char *llm;      /* GGUF file, "none", http(s) URL, or NULL: the set-up's default where it is found */
    unsigned batch_width; /* records decoded together */
    unsigned threads;     /* 0: all */
    unsigned max_tokens;  /* of one reply */
};
void nr_describe_params_default(struct nr_describe_params *params);
const char *nr_describe_params_check(const struct nr_describe_params *params);

#endif
