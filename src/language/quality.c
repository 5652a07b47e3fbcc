/* quality.c - measures of descriptions. */
#include "nightreel/language_quality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "nightreel/language.h"
#include "nightreel/language_evidence.h"
#include "nightreel/language_reply.h"

#include "core/banned.h"

static int by_id(const void *key, const void *member)
{
    return nr_id_compare(key, ((const struct nr_label *)member)->video_id);
}

const struct nr_label *nr_label_find(const struct nr_label_list *labels, const char *video_id)
{
    return labels->count ? bsearch(video_id, labels->items, labels->count, sizeof *labels->items, by_id) : NULL;
}

/* ---- one record -------------------------------------------------------------------------- */

static bool has_topic(const struct nr_strings *list, const char *topic)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcasecmp(list->items[i], topic) == 0)
            return true;
    return false;
}

static bool is_valid(const struct nr_description *d)
{
    return d->engine && d->summary && *d->summary && nr_utf8_valid(d->summary, strlen(d->summary)) &&
           d->topics.count <= NR_REPLY_TOPICS_MAX && d->keywords.count <= NR_REPLY_KEYWORDS_MAX && d->language &&
           *d->language && d->sentiment && nr_sentiment_find(d->sentiment) >= 0 && fabs(d->sentiment_score) <= 1 &&
           d->audience && nr_audience_find(d->audience) >= 0;
}

static void add_label(const struct nr_description *d, const struct nr_label *label, struct nr_quality *quality)
{
    int said = d->sentiment ? nr_sentiment_find(d->sentiment) : -1;
    quality->labelled_topics += label->topics.count > 0;
    for (size_t i = 0; i < label->topics.count; i++)
        quality->right += has_topic(&d->topics, label->topics.items[i]);
    if (label->topics.count) {
        quality->gold += label->topics.count;
        quality->predicted += d->topics.count;
    }
    if (label->sentiment >= 0) {
        quality->labelled_sentiment++;
        quality->confusion[label->sentiment][said >= 0 ? said : NR_SENTIMENT_NEUTRAL]++;
    }
}

static void add_keywords(const struct nr_description *d, const struct nr_evidence *evidence,
                         const struct nr_topics *vocabulary, struct nr_quality *quality)
{
    for (size_t i = 0; i < d->keywords.count; i++) {
        const char *keyword = d->keywords.items[i];
        quality->keywords++;
        quality->supported_keywords += nr_evidence_has(evidence, keyword) || nr_topics_find(vocabulary, keyword);
    }
}

/* Chinese text: Han characters, and words of Latin letters that the record itself does
 * not have; other text: words, and Han characters. */
static void add_words(const struct nr_item *item, const struct nr_evidence *evidence, struct nr_quality *quality)
{
    struct nr_word_counts counts = nr_evidence_count_words(evidence, item->description->summary);
    bool zh = strcmp(nr_item_language(item), "zh") == 0;
    quality->words += counts.han + counts.latin;
    quality->wrong_words += zh ? counts.latin - counts.latin_known : counts.han;
}

void nr_quality_add(const struct nr_item *item, const struct nr_label *label, const struct nr_topics *vocabulary,
                    struct nr_quality *quality)
{
    static const struct nr_description none = {.engine = NULL};
    const struct nr_description *d = item->description ? item->description : &none;
    struct nr_evidence evidence;
    quality->records++;
    if (label)
        add_label(d, label, quality);
    if (!item->description || !d->summary)
        return;
    quality->valid += is_valid(d);
    quality->by_model += d->engine && strcmp(d->engine, "extractive") != 0;
    nr_evidence_init(&evidence, item);
    add_keywords(d, &evidence, vocabulary, quality);
    add_words(item, &evidence, quality);
    quality->support += nr_evidence_support(&evidence, d->summary);
    nr_evidence_release(&evidence);
}

/* ---- measures ------------------------------------------------------------------------------ */

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static double topic_f1(const struct nr_quality *q)
{
    return share(2.0 * (double)q->right, (double)(q->predicted + q->gold));
}

static double topic_precision(const struct nr_quality *q)
{
    return share((double)q->right, (double)q->predicted);
}

static double topic_recall(const struct nr_quality *q)
{
    return share((double)q->right, (double)q->gold);
}

static double sentiment_accuracy(const struct nr_quality *q)
{
    size_t right = q->confusion[0][0] + q->confusion[1][1] + q->confusion[2][2];
    return share((double)right, (double)q->labelled_sentiment);
}

/* Mean over the labels of 2 TP / (said + gold); a label that nobody says or means has none. */
static double sentiment_f1(const struct nr_quality *q)
{
    double sum = 0;
    size_t labels = 0;
    for (int i = 0; i < NR_SENTIMENT_COUNT; i++) {
        size_t gold = 0, said = 0;
        for (int j = 0; j < NR_SENTIMENT_COUNT; j++) {
            gold += q->confusion[i][j];
            said += q->confusion[j][i];
        }
        if (!(gold + said))
            continue;
        sum += 2.0 * (double)q->confusion[i][i] / (double)(gold + said);
        labels++;
    }
    return share(sum, (double)labels);
}

static double supported_keywords(const struct nr_quality *q)
{
    return share((double)q->supported_keywords, (double)q->keywords);
}

static double summary_support(const struct nr_quality *q)
{
    return share(q->support, (double)q->records);
}

static double wrong_language(const struct nr_quality *q)
{
    return share((double)q->wrong_words, (double)q->words);
}

static double schema_valid(const struct nr_quality *q)
{
    return share((double)q->valid, (double)q->records);
}

static double by_model(const struct nr_quality *q)
{
    return share((double)q->by_model, (double)q->records);
}

const struct nr_quality_measure nr_quality_measures[] = {
    {"topic_f1", "2 right / (said + gold) topics, pooled over the labelled records", topic_f1},
    {"topic_precision", "right / said topics", topic_precision},
    {"topic_recall", "right / gold topics", topic_recall},
    {"sentiment_accuracy", "records whose sentiment is the label's", sentiment_accuracy},
    {"sentiment_f1", "F1 of each sentiment, mean over the sentiments", sentiment_f1},
    {"supported_keywords", "keywords that the record has, or that are tags of the catalogue", supported_keywords},
    {"summary_support", "mean share of a summary's words that the record supports", summary_support},
    {"wrong_language", "words of summaries that are not in the record's language", wrong_language},
    {"schema_valid", "records with a description whose fields are all there and within bounds", schema_valid},
    {"by_model", "records described by a model, not extractive", by_model},
};
const size_t nr_quality_measure_count = NR_COUNT(nr_quality_measures);
