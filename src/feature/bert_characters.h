/* bert_characters.h - what BERT's normalizer and pre-tokenizer make of a character. */
#ifndef NR_FEATURE_BERT_CHARACTERS_H
#define NR_FEATURE_BERT_CHARACTERS_H

#include "nightreel/core.h"

enum nr_bert_kind {
    NR_BERT_DROPPED,
    NR_BERT_SPACE,
    NR_BERT_IDEOGRAPH, /* a word of its own */
    NR_BERT_OTHER
};

/* Up to NR_BERT_UNITS code points that a character becomes (none: it vanishes): the
 * longest canonical decompositions have 4. */
#define NR_BERT_UNITS 4
struct nr_bert_character {
    uint8_t kind, count;
    uint8_t punctuation; /* bit i: unit i is a word of its own */
    int32_t units[NR_BERT_UNITS];
};

/* Looked up, and found out on the first look of a page of characters. */
struct nr_bert_characters {
    bool cased;
    struct nr_bert_character *pages[0x110000 >> 8];
};
/* NULL: out of memory. */
const struct nr_bert_character *nr_bert_character(struct nr_bert_characters *characters, int32_t c);
void nr_bert_characters_release(struct nr_bert_characters *characters);

#endif
