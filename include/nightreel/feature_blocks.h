/* nightreel/feature_blocks.h - the second half of feature.h: from raw features to
 * blocks by the catalogue's statistics. Include nightreel/feature.h.
 *
 * Every sum runs in the order in which rows or documents are given; stages give
 * them by video_id, so that the order of a catalogue's rows changes no bit.
 */
#ifndef NIGHTREEL_FEATURE_BLOCKS_H
#define NIGHTREEL_FEATURE_BLOCKS_H

#include "nightreel/feature.h"

struct nr_fuse_params {
    const char
        *stats; /* file of catalogue statistics: loaded where it is there, else fitted and written; NULL: fitted */
    bool write_fused; /* --fused: the dense blocks one after another, beside the others */
};
void nr_fuse_params_default(struct nr_fuse_params *params);
const char *nr_fuse_params_check(const struct nr_fuse_params *params);

/* ---- words and tags ---------------------------------------------------------- */

/* In how many documents a name occurs: terms.items[i].weight of `documents`. */
struct nr_document_counts {
    struct nr_terms terms;
    size_t documents;
};
/* NULL documents are absent and do not count. */
enum nr_status nr_document_counts_fit(const struct nr_terms *const *documents, size_t count, struct nr_arena *mem,
                                      struct nr_document_counts *out, struct nr_error *err) NR_MUST_CHECK;
double nr_document_count(const struct nr_document_counts *counts, const char *name);
/* idf = ln((1 + N) / (1 + df)) + 1: the smooth inverse document frequency of Salton
 * and Buckley 1988 in scikit-learn's form, positive for names in every document. */
double nr_idf(const struct nr_document_counts *counts, const char *name);

/* The tags of an item as terms "genre:...", "actor:...", "director:...", each with
 * weight 1, sorted; a tag that is named twice counts once. */
enum nr_status nr_tag_terms(const struct nr_item *item, struct nr_arena *mem, struct nr_terms *out,
                            struct nr_error *err) NR_MUST_CHECK;

#define NR_HASH_DIMENSIONS 256
/* Signed feature hashing (Weinberger et al. 2009) of TF-IDF into `row`
 * (NR_HASH_DIMENSIONS floats): a word adds sign * (1 + ln tf) * idf to one place;
 * place and sign are bits 0..7 and 8 of splitmix64(fnv1a(word)). */
void nr_hash_terms(const struct nr_terms *terms, const struct nr_document_counts *counts, float *row);
/* All documents at once: rows of NR_HASH_DIMENSIONS floats one after the other. */
enum nr_status nr_hash_tfidf(const struct nr_terms *const *documents, size_t count, float *rows,
                             struct nr_error *err) NR_MUST_CHECK;

/* ---- dense blocks -------------------------------------------------------------- */

#define NR_BLOCK_FIT_MIN 10 /* fewer rows are not standardised */

/* x -> (x - mean) * scale, then L2 norm 1. */
struct nr_block_stats {
    size_t rows, length;  /* rows that the statistics were fitted on */
    double *mean, *scale; /* NULL: nothing but the norm */
};
/* Statistics of the rows that are there (NULL rows are absent, and so are rows that
 * hold what is not finite).
 *   standardised  scale_j = 1 / sqrt((n s_j^2 + 30 m) / (n + 30)), s_j^2 the
 *                 population variance, m the mean of s^2 over the dimensions: with
 *                 few rows a dimension's deviation is shrunken to the common one;
 *                 0 where the denominator is 0. Fewer than NR_BLOCK_FIT_MIN rows: none.
 *   centred       scale_j = 1
 *   sparse        NR_ERR_USAGE */
enum nr_status nr_block_stats_fit(const float *const *rows, size_t count, size_t length, enum nr_block_kind kind,
                                  struct nr_arena *mem, struct nr_block_stats *out, struct nr_error *err) NR_MUST_CHECK;
/* In place; a row that comes out as zero, or holds what is not finite, is all 0. */
void nr_block_stats_apply(const struct nr_block_stats *stats, float *row);
/* Fits and applies in one go. */
enum nr_status nr_block_fit(float *const *rows, size_t count, size_t length, enum nr_block_kind kind,
                            struct nr_error *err) NR_MUST_CHECK;
/* Gives terms the L2 norm 1 in place; zero stays zero. */
void nr_terms_normalise(struct nr_terms *terms);

#endif
