/* nightreel/language_heads.h - an editor's labels learned: topics and sentiment by
 * logistic regressions over the videos' sentence embeddings, whatever engine writes the
 * summaries. */
#ifndef NIGHTREEL_LANGUAGE_HEADS_H
#define NIGHTREEL_LANGUAGE_HEADS_H

#include "nightreel/core.h"
#include "nightreel/language_quality.h"

enum { NR_HEAD_POSITIVES_LEAST = 4, NR_HEAD_FOLDS = 5 };

/* One topic or sentiment against all the rest. */
struct nr_head {
    const char *name;
    size_t positives; /* labelled videos that have it */
    double *theta;    /* `length` weights and the bias */
};
/* Heads of one kind with what cross-validation said of them. */
struct nr_head_set {
    struct nr_head *heads;
    size_t count;
    size_t records;               /* labelled ones learned from */
    double lambda;                /* see src/language/logistic.h */
    double threshold;             /* topics: a chance from here on counts */
    double f1, precision, recall; /* topics: pooled, cross-validated */
    double accuracy;              /* sentiment, cross-validated */
    double baseline;              /* sentiment: of always saying the commonest */
};
struct nr_heads {
    struct nr_arena mem;
    const char *model; /* what the vectors were made by; vectors of another model do not fit */
    size_t length;
    float *mean;                          /* of the labelled vectors, subtracted from every vector */
    struct nr_head_set topics, sentiment; /* count 0: not learned */
};

/* A labelled video. */
struct nr_head_example {
    const struct nr_label *label;
    const float *vector;
};
/* Learns a head for every topic that NR_HEAD_POSITIVES_LEAST videos have, and for the
 * sentiments where each of two has as many. The strength of regularisation and the
 * threshold are those with the best pooled F1 (sentiment: accuracy) over NR_HEAD_FOLDS
 * folds, which are told by the hash of the video_id: the order of examples does not
 * matter. NR_ERR_DATA: nothing to learn from. */
enum nr_status nr_heads_train(const struct nr_head_example *examples, size_t count, size_t length, const char *model,
                              unsigned threads, struct nr_heads *out, struct nr_error *err) NR_MUST_CHECK;
void nr_heads_release(struct nr_heads *heads);

/* The file: JSON, weights in 17 digits. Reading checks all of it. */
enum nr_status nr_heads_write(const struct nr_heads *heads, const char *path, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_heads_read(const char *path, struct nr_heads *out, struct nr_error *err) NR_MUST_CHECK;

/* Puts the heads' topics (where a chance reaches the threshold; most likely first, at
 * most NR_REPLY_TOPICS_MAX) and sentiment in place of the description's. The strings
 * are copied to the item's arena. */
enum nr_status nr_heads_apply(const struct nr_heads *heads, const float *vector, struct nr_item *item,
                              struct nr_error *err) NR_MUST_CHECK;

#endif
