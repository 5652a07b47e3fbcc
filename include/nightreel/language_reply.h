/* nightreel/language_reply.h - what a model must answer, and what of its answer is kept. */
#ifndef NIGHTREEL_LANGUAGE_REPLY_H
#define NIGHTREEL_LANGUAGE_REPLY_H

#include "nightreel/core.h"
#include "nightreel/language_prompt.h"
#include "nightreel/language_topics.h"
#include "nightreel/record.h"

#define NR_REPLY_TOPICS_MAX   4
#define NR_REPLY_KEYWORDS_MAX 6
#define NR_KNOWN_TOPICS_MAX   24 /* of the catalogue, to choose from for one record */

/* How a reply begins; a model in process is given it and goes on from there. */
#define NR_REPLY_PREFIX "{\"summary\": \""
/* What follows the part that the grammar fixes; then a label. */
#define NR_REPLY_SENTIMENT ", \"sentiment\": \""
#define NR_REPLY_AUDIENCE  "\", \"audience\": \""

enum nr_sentiment { NR_SENTIMENT_POSITIVE, NR_SENTIMENT_NEUTRAL, NR_SENTIMENT_NEGATIVE, NR_SENTIMENT_COUNT };
extern const char *const nr_sentiment_names[NR_SENTIMENT_COUNT];
int nr_sentiment_find(const char *name); /* ASCII case ignored; -1: none of them, or NULL */

/* Whom a video is for: everybody; made for children; not for children; people who
 * want to learn it; people who know the subject. */
enum nr_audience {
    NR_AUDIENCE_GENERAL,
    NR_AUDIENCE_CHILDREN,
    NR_AUDIENCE_ADULTS,
    NR_AUDIENCE_LEARNERS,
    NR_AUDIENCE_EXPERTS,
    NR_AUDIENCE_COUNT
};
extern const char *const nr_audience_names[NR_AUDIENCE_COUNT];
int nr_audience_find(const char *name);

/* What the reply about one record may be like; borrowed. */
struct nr_reply_form {
    const struct nr_item *item;
    const struct nr_strings *topics;    /* of the catalogue, that may suit it, best first */
    const struct nr_topics *vocabulary; /* all of the catalogue's; NULL: any topic counts as new */
    size_t summary_tokens;              /* as nr_text_tokens() counts */
    size_t pictures;                    /* that the model is shown: evidence which the record's words need not have */
};
/* Bounds of a sentence of a summary in characters, and of the number of sentences. */
struct nr_summary_bounds {
    size_t least, most, sentences;
};
struct nr_summary_bounds nr_summary_bounds_of(const struct nr_reply_form *form);

/* Appends a GBNF grammar (rule `root`) for what follows NR_REPLY_PREFIX, up to the
 * end of the keywords: sentences in the item's script and within its bounds, one or two
 * topics, of which the first is a known one where there are any, and 1 to
 * NR_REPLY_KEYWORDS_MAX keywords. Two: models fill up the list that they are let, and
 * later topics are wrong more often than right (measured on data/labelled). */
void nr_grammar_write(const struct nr_reply_form *form, struct nr_buf *out);
/* Appends the same as a JSON schema, sentiment and audience included, for an endpoint. */
void nr_schema_write(const struct nr_reply_form *form, struct nr_buf *out);

struct nr_reply_check {
    char why[160]; /* what was wrong with a rejected reply */
    int sentiment; /* enum nr_sentiment where the reply names one, else -1 */
    bool labelled; /* a rejected reply, too, has topics of the catalogue and a sentiment: they are in *out */
};
/* Holds a reply against the record and fills summary, topics, keywords and audience of
 * *out (in `mem`). False: rejected. What is only decoration is dropped or cut instead:
 * keywords that neither the record nor the topics have, topics that come from
 * the prompt's examples, sentences of the summary beyond its length. */
bool nr_reply_accept(const char *json, size_t length, const struct nr_reply_form *form, const struct nr_template *tmpl,
                     struct nr_arena *mem, struct nr_description *out, struct nr_reply_check *check);

#endif
