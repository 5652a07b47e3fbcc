/* nightreel/language_sentiment.h - what a short text, such as a comment, thinks of what it
 * is about. By word lists, Chinese and English: no model, no files.
 */
#ifndef NIGHTREEL_LANGUAGE_SENTIMENT_H
#define NIGHTREEL_LANGUAGE_SENTIMENT_H

#include "nightreel/core.h"

/* Of words in their order, in small letters and simplified characters (as
 * nr_words_list() gives them):
 *
 *   s = (p - n) / (p + n + 1/2)
 *
 * p the words that praise, n those that blame, each turned round where it is one of the
 * two words behind a negation (not, isn't, 不, 没). Between -1 and 1, both excluded; 0
 * where nothing or as much of both is said. Irony it does not see. */
double nr_words_sentiment(const struct nr_strings *words);

#endif
