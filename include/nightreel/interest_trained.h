/* nightreel/interest_trained.h - a model together with what it learned from, to be kept in
 * a file: what `profile --model-out` writes and `match --model-file` reads.
 *
 * The file is text, one JSON value a line:
 *   {"nightreel_model":1,"model":NAME,"items":N,"users":M,"params":{OPTION:VALUE,...}}
 *   {"items":[VIDEO_ID,...]}
 *   {"user":USER_ID,"items":[number of a video,...],"times":[ms,...]}     M lines
 *   {"learned":...}     what took long to learn, as the model has it; null: nothing
 * What a model learns in a moment is learned anew, from the same pairs, when the file is
 * read: the scores are the same bits.
 */
#ifndef NIGHTREEL_INTEREST_TRAINED_H
#define NIGHTREEL_INTEREST_TRAINED_H

#include "nightreel/interest_models.h"
#include "nightreel/io.h"

struct nr_trained {
    const struct nr_model *model;
    struct nr_model_params params;
    struct nr_pairs pairs;
    const struct nr_item **records; /* by item; pairs.records */
    void *state;
};

/* Learns. Takes *pairs over, whatever happens; `items` are borrowed: the records of the
 * pairs' items (any order, others too; a video without one counts as one of which nothing
 * is known). NR_ERR_DATA: the model cannot learn from this, and why. */
enum nr_status nr_trained_fit(const struct nr_model *model, const struct nr_model_params *params,
                              struct nr_pairs *pairs, const struct nr_item_list *items, unsigned threads,
                              struct nr_trained **out, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_trained_write(const struct nr_trained *trained, const char *path, struct nr_error *err) NR_MUST_CHECK;
/* NR_ERR_DATA: not such a file, or a damaged one, with the line. */
enum nr_status nr_trained_read(const char *path, const struct nr_item_list *items, unsigned threads,
                               struct nr_trained **out, struct nr_error *err) NR_MUST_CHECK;
void nr_trained_free(struct nr_trained *trained);

/* The options of the models' parameters. */
struct nr_model_param {
    const char *name; /* "ease-lambda" */
    enum { NR_PARAM_DOUBLE, NR_PARAM_SIZE, NR_PARAM_INT } type;
    size_t offset; /* into struct nr_model_params */
};
extern const struct nr_model_param nr_model_param_table[];
extern const size_t nr_model_param_count;

#endif
