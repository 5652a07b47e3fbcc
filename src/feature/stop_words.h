/* stop_words.h - words that say nothing about what a text is about. */
#ifndef NR_FEATURE_STOP_WORDS_H
#define NR_FEATURE_STOP_WORDS_H

#include <stdbool.h>

/* Of a folded, simplified word. */
bool nr_stop_word(const char *word);

#endif
