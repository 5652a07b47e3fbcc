/* nightreel/feature.h - numbers from frames, sound and words: histograms, MFCC,
 * word segmentation. Pure: no files, no clock, no globals. */
#ifndef NIGHTREEL_FEATURE_H
#define NIGHTREEL_FEATURE_H

#include "nightreel/core.h"
#include "nightreel/record.h"

struct nr_text_params {
    size_t max_subtitle_bytes; /* plain subtitle words kept in a record */
};
void nr_text_params_default(struct nr_text_params *params);
const char *nr_text_params_check(const struct nr_text_params *params);

/* Word counts over several texts together: NFKC, case fold, traditional to
 * simplified, ICU word breaks (Chinese by its dictionary), words without letters
 * or digits dropped. */
enum nr_status nr_words_count(const char *const *texts, size_t count, struct nr_arena *mem, struct nr_terms *out,
                              struct nr_error *err) NR_MUST_CHECK;

#include "nightreel/feature_blocks.h"

#endif
