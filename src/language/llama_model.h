/* llama_model.h - a loaded GGUF and the few things that both of its users need.
 * Only the llama_*.c files include this. */
#ifndef NR_LANGUAGE_LLAMA_MODEL_H
#define NR_LANGUAGE_LLAMA_MODEL_H

#include <llama.h>

#include "nightreel/core.h"

struct nr_llama {
    struct llama_model *model;
    const struct llama_vocab *vocab;
};
/* NR_ERR_UNAVAILABLE where it is no GGUF, damaged, or of a kind that is not known. */
enum nr_status nr_llama_load(const char *path, struct nr_llama *out, struct nr_error *err) NR_MUST_CHECK;
/* Its tokens alone: the weights are left in the file. */
enum nr_status nr_llama_load_vocabulary(const char *path, struct nr_llama *out, struct nr_error *err) NR_MUST_CHECK;
void nr_llama_release(struct nr_llama *llama);
/* What the library complained of first since it was loaded or told to forget; "" for nothing. */
const char *nr_llama_complaint(void);
void nr_llama_forget(void);

struct nr_tokens {
    llama_token *items; /* malloc'ed */
    size_t count;
};
/* `special`: the model's own control tokens are recognised in the text; never for
 * text from outside. `edges`: begin and end tokens as the model wants them. */
enum nr_status nr_llama_tokenize(const struct nr_llama *llama, const char *text, size_t length, bool edges,
                                 bool special, struct nr_tokens *out, struct nr_error *err) NR_MUST_CHECK;
void nr_tokens_release(struct nr_tokens *tokens);

/* Adds one token to a batch made by llama_batch_init(capacity, 0, 1). */
void nr_batch_add(struct llama_batch *batch, llama_token token, size_t position, llama_seq_id sequence, bool wanted);
/* The greedy choice among the tokens that the grammar lets through. `logits` is
 * changed: the last `history_count` tokens are made less likely by `penalty` (1: not). */
struct nr_picker {
    const struct nr_llama *llama;
    llama_token_data *all; /* one per token of the vocabulary */
    float penalty;
};
llama_token nr_picker_pick(const struct nr_picker *picker, struct llama_sampler *grammar, float *logits,
                           const llama_token *history, size_t history_count);

#endif
