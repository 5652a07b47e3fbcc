/* nightreel/language_tokens.h - a language model's own tokens (of any GGUF; its weights
 * are not loaded). */
#ifndef NIGHTREEL_LANGUAGE_TOKENS_H
#define NIGHTREEL_LANGUAGE_TOKENS_H

#include "nightreel/core.h"
#include "nightreel/record.h"

struct nr_model_tokenizer;

/* Appends the path of the model: `name` itself, or where it is empty the language model
 * that the set-up gets. NR_ERR_UNAVAILABLE: there is none, or no engine to read it. */
enum nr_status nr_model_tokenizer_find(const char *name, struct nr_buf *path, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_model_tokenizer_open(const char *path, struct nr_model_tokenizer **out,
                                       struct nr_error *err) NR_MUST_CHECK;
void nr_model_tokenizer_close(struct nr_model_tokenizer *tokenizer);

/* The numbers of the text's tokens, without begin and end; control tokens that the text
 * spells are plain text. *ids is malloc'ed. */
enum nr_status nr_model_tokenizer_encode(const struct nr_model_tokenizer *tokenizer, const char *text, size_t length,
                                         int32_t **ids, size_t *count, struct nr_error *err) NR_MUST_CHECK;
/* Appends the bytes of a token. They need not be whole characters. */
void nr_model_tokenizer_piece(const struct nr_model_tokenizer *tokenizer, int32_t id, struct nr_buf *out);
/* How often each token occurs in the texts (NULL is empty) together, by name, blanks
 * at its edges left out; tokens that are no whole characters, or nothing but marks and
 * digits, do not count. */
enum nr_status nr_model_tokenizer_count(const struct nr_model_tokenizer *tokenizer, const char *const *texts,
                                        size_t count, struct nr_arena *mem, struct nr_terms *out,
                                        struct nr_error *err) NR_MUST_CHECK;

#endif
