/* nightreel/language_quality.h - how good descriptions are, held against an editor's
 * labels and against the records themselves. */
#ifndef NIGHTREEL_LANGUAGE_QUALITY_H
#define NIGHTREEL_LANGUAGE_QUALITY_H

#include "nightreel/core.h"
#include "nightreel/language_topics.h"
#include "nightreel/record.h"

/* What an editor says of a video. */
struct nr_label {
    const char *video_id;
    struct nr_strings topics; /* none: not said */
    int sentiment;            /* enum nr_sentiment of language_reply.h; -1: not said */
};
struct nr_label_list {
    struct nr_label *items; /* by video_id */
    size_t count;
};
const struct nr_label *nr_label_find(const struct nr_label_list *labels, const char *video_id);

/* Sums over records; add up records one by one. */
struct nr_quality {
    size_t records;
    size_t valid;           /* every field there, in its form and within its bounds */
    size_t by_model;        /* described by an engine, not extractive */
    size_t labelled_topics; /* records with gold topics */
    size_t labelled_sentiment;
    size_t predicted, gold, right;       /* topics over the labelled records, ASCII case ignored */
    size_t confusion[3][3];              /* sentiments: gold, said */
    size_t keywords, supported_keywords; /* a keyword of the record's words, or a tag of the catalogue */
    double support;                      /* sum of nr_evidence_support() of the summaries */
    size_t words, wrong_words;           /* of summaries: in the item's script or not */
};
void nr_quality_add(const struct nr_item *item, const struct nr_label *label, const struct nr_topics *vocabulary,
                    struct nr_quality *quality);

/* To add a measure: a function and a row in src/language/quality.c. */
struct nr_quality_measure {
    const char *name, *definition;
    double (*value)(const struct nr_quality *quality); /* NAN: undefined */
};
extern const struct nr_quality_measure nr_quality_measures[];
extern const size_t nr_quality_measure_count;

#endif
