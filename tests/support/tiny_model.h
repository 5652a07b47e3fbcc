/* tiny_model.h - language models of a few thousand random weights, and adapters for
 * them, made where a test wants the engine in process and not a model's wit.
 *
 * The same values make the same file. Two architectures:
 *   llama  a decoder; SentencePiece pieces: ASCII characters, bytes for the rest
 *   t5     an encoder and a decoder; unigram pieces: ASCII and a few Chinese
 *          characters, the rest is unknown to it
 * Both tell the words for sentiments and audiences apart by their first tokens.
 */
#ifndef NR_TESTS_TINY_MODEL_H
#define NR_TESTS_TINY_MODEL_H

#include "support/support.h"

struct nr_tiny_model {
    const char *architecture;
    size_t width;   /* of the embeddings, a multiple of 4 */
    uint64_t seed;  /* of the weights */
    bool startless; /* t5: does not say with which token its decoder starts */
    bool latin;     /* t5: knows no Chinese characters */
};
/* The path of the file in the scratch folder, as nr_scratch_write(). */
const char *nr_tiny_model_write(const struct nr_tiny_model *model, const char *name);
/* A low-rank adapter with other weights for the model of that architecture and width. */
const char *nr_tiny_adapter_write(const struct nr_tiny_model *model, uint64_t seed, const char *name);

#endif
