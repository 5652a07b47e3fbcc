/* nightreel/language_evidence.h - what a record really says, to hold a model's reply against. */
#ifndef NIGHTREEL_LANGUAGE_EVIDENCE_H
#define NIGHTREEL_LANGUAGE_EVIDENCE_H

#include "nightreel/core.h"
#include "nightreel/record.h"

/* Title, tags, people, synopsis and subtitles, a line each, ASCII letters small. */
struct nr_evidence {
    struct nr_buf text;
};
void nr_evidence_init(struct nr_evidence *evidence, const struct nr_item *item);
void nr_evidence_release(struct nr_evidence *evidence);

/* Whether the words of `phrase` stand there in one piece (ASCII case ignored; a
 * phrase that begins or ends with an ASCII letter or digit must do so at a word's
 * edge). Empty phrases do not. */
bool nr_evidence_has(const struct nr_evidence *evidence, const char *phrase);

/* How much of `text` the record supports, 0..1: the share, among its pairs of
 * neighbouring Han characters and its words of four and more letters, of those that
 * occur in the evidence (words by their first five letters, so that endings may
 * differ), stop words and words like "guide" or 讲述 aside, a word for two pairs.
 * 1 where there is nothing to look for. */
double nr_evidence_support(const struct nr_evidence *evidence, const char *text);
/* Bytes of text up to the first clause (between commas and the like) that the record
 * supports by less than `least`; its whole length where there is none. Clauses with
 * less than six pairs or three words are let pass. What a model makes up is mostly
 * one clause at the end of a true sentence. */
size_t nr_evidence_supported_length(const struct nr_evidence *evidence, const char *text, double least);
/* Han characters, words of two and more ASCII letters, and those of the words that the
 * evidence has. */
struct nr_word_counts {
    size_t han, latin, latin_known;
};
struct nr_word_counts nr_evidence_count_words(const struct nr_evidence *evidence, const char *text);
/* Whether every number written in digits occurs in the evidence. */
bool nr_evidence_has_numbers(const struct nr_evidence *evidence, const char *text);

/* ---- plain properties of a text -------------------------------------------------- */

size_t nr_text_characters(const char *text);
/* Tokens by a rule that every engine shares: a Han, kana or hangul character is one, each
 * eight letters or digits begun of a word are one, any other mark that is no blank is one.
 * A language model's own count is seldom greater. */
size_t nr_text_tokens(const char *text, size_t length);
/* Bytes of the longest beginning of whole words with at most `most` such tokens. */
size_t nr_text_tokens_cut(const char *text, size_t length, size_t most);
/* Han characters among all letters and Han characters, 0..1; 0 where there is none. */
double nr_text_han_share(const char *text);
/* Whether the text goes round in circles: four characters or more, three times and
 * more in a row, or less than half of its character triples are distinct. */
bool nr_text_loops(const char *text);

#endif
