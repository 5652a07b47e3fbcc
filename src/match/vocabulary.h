/* vocabulary.h - the sparse blocks of all videos turned round: for each term the
 * videos that have it. Private to match. */
#ifndef NR_MATCH_VOCABULARY_H
#define NR_MATCH_VOCABULARY_H

#include "match/index.h"

struct nr_posting {
    uint32_t item; /* position in the index */
    float weight;
};

struct nr_vocabulary {
    const char **names; /* bytewise, no name twice; borrowed from the items */
    size_t *starts;     /* count + 1: postings[starts[t]..starts[t + 1]), items rising */
    size_t count;
    struct nr_posting *postings;
};

enum nr_status nr_vocabulary_init(struct nr_vocabulary *words, const struct nr_match_index *index,
                                  enum nr_block_id block, struct nr_error *err) NR_MUST_CHECK;
void nr_vocabulary_release(struct nr_vocabulary *words);
/* The term's number, or SIZE_MAX. */
size_t nr_vocabulary_find(const struct nr_vocabulary *words, const char *name);
/* First posting of the term whose item is at least `item`. */
size_t nr_vocabulary_seek(const struct nr_vocabulary *words, size_t term, size_t item);

#endif
