/* nightreel/language_reply.h - what a model must answer, and what of its answer is kept. */
#ifndef NIGHTREEL_LANGUAGE_REPLY_H
#define NIGHTREEL_LANGUAGE_REPLY_H

#include "nightreel/core.h"
#include "nightreel/language_prompt.h"
#include "nightreel/record.h"

#define NR_REPLY_TOPICS_MAX   4
#define NR_REPLY_KEYWORDS_MAX 6

/* How a reply begins; a model in process is given it and goes on from there. */
#define NR_REPLY_PREFIX "{\"summary\": \""
/* What follows the part that the grammar fixes; then a sentiment label. */
#define NR_REPLY_SENTIMENT ", \"sentiment\": \""

enum nr_sentiment { NR_SENTIMENT_POSITIVE, NR_SENTIMENT_NEUTRAL, NR_SENTIMENT_NEGATIVE, NR_SENTIMENT_COUNT };
extern const char *const nr_sentiment_names[NR_SENTIMENT_COUNT];

/* Bounds of a summary in characters, by language of the item. */
struct nr_summary_bounds {
    size_t least, most;
};
struct nr_summary_bounds nr_summary_bounds_of(const struct nr_item *item);

/* Appends a GBNF grammar (rule `root`) for what follows NR_REPLY_PREFIX, up to the
 * end of the keywords: one sentence in the item's script and within its bounds, 2 to
 * 4 topics, of which the first is one of the item's tags where it has any in that
 * script, 1 to 5 keywords. */
void nr_grammar_write(const struct nr_item *item, struct nr_buf *out);
/* Appends the same as a JSON schema, sentiment included, for an endpoint. */
void nr_schema_write(const struct nr_item *item, struct nr_buf *out);

struct nr_reply_check {
    char why[160]; /* what was wrong with a rejected reply */
    int sentiment; /* enum nr_sentiment where the reply names one, else -1 */
};
/* Holds a reply against the record and fills summary, topics and keywords of *out
 * (in the item's arena). False: rejected. What is only decoration is dropped or cut
 * instead: keywords that the record does not have, topics that come from the
 * prompt's examples, the rest of a summary after its first sentence. */
bool nr_reply_accept(const char *json, size_t length, struct nr_item *item, const struct nr_template *tmpl,
                     struct nr_description *out, struct nr_reply_check *check);

#endif
