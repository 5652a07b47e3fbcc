/* nightreel/feature_tokens.h - WordPiece tokens of BERT models.
 *
 * The pieces and numbers are those of the reference tokenizer (BertNormalizer,
 * BertPreTokenizer and WordPiece of Hugging Face's tokenizers; Devlin and others 2018,
 * google-research/bert tokenization.py), without special tokens:
 *   - control characters, U+0000 and U+FFFD go, white space of any kind separates;
 *   - each CJK ideograph is a word of its own;
 *   - uncased: canonical decomposition, nonspacing marks go, lower case;
 *   - each punctuation character (and each ASCII symbol) is a word of its own;
 *   - a word becomes the longest piece that begins it, then the longest "##" piece that
 *     begins the rest, ...; a word of more than 100 characters, or with a rest that no
 *     piece begins, is [UNK].
 */
#ifndef NIGHTREEL_FEATURE_TOKENS_H
#define NIGHTREEL_FEATURE_TOKENS_H

#include "nightreel/core.h"
#include "nightreel/record.h"

#define NR_WORDPIECE_CHARACTERS 100 /* of a word */
#define NR_WORDPIECE_PIECES     (1 << 20)
#define NR_VOCABULARY_MAX       ((size_t)64 << 20) /* bytes of a vocabulary that are read from a file */

struct nr_wordpiece; /* not to be shared between threads */

/* From a vocabulary: UTF-8, one piece a line, a line's place from 0 is its number.
 * NR_ERR_DATA where [UNK] is missing or there are more than NR_WORDPIECE_PIECES. */
enum nr_status nr_wordpiece_new(const char *vocabulary, size_t length, bool cased, struct nr_wordpiece **out,
                                struct nr_error *err) NR_MUST_CHECK;
void nr_wordpiece_free(struct nr_wordpiece *wordpiece);

struct nr_token_ids {
    int32_t *ids; /* malloc'ed */
    size_t count, capacity;
};
/* Appends the numbers of the text's pieces. Bytes that are no UTF-8 are left out. */
enum nr_status nr_wordpiece_encode(struct nr_wordpiece *wordpiece, const char *text, size_t length,
                                   struct nr_token_ids *out, struct nr_error *err) NR_MUST_CHECK;
/* The piece with a number from nr_wordpiece_encode; borrowed. */
const char *nr_wordpiece_piece(const struct nr_wordpiece *wordpiece, int32_t id);
int32_t nr_wordpiece_unknown(const struct nr_wordpiece *wordpiece); /* the number of [UNK] */
/* How often each piece but [UNK] occurs in the texts (NULL is empty) together: the
 * counterpart of nr_words_count(). */
enum nr_status nr_wordpiece_count(struct nr_wordpiece *wordpiece, const char *const *texts, size_t count,
                                  struct nr_arena *mem, struct nr_terms *out, struct nr_error *err) NR_MUST_CHECK;

#endif
