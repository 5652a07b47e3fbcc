/* lexicon.h - two small word lists, Chinese and English, for descriptions without a model. */
#ifndef NR_LANGUAGE_LEXICON_H
#define NR_LANGUAGE_LEXICON_H

#include <stdbool.h>

/* Words that say nothing about a subject (the, and, 的, 我们). Small letters. */
bool nr_word_is_stop(const char *word);
/* +1 for a pleasant word, -1 for an unpleasant one, else 0. Small letters. */
int nr_word_feeling(const char *word);
/* Whom a video is for that speaks of this: enum nr_audience; 0 (everybody) where the
 * word says nothing about it. Small letters. */
int nr_word_audience(const char *word);

#endif
