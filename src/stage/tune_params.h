/* tune_params.h - the table of parameters that can be tuned.
 *
 * To add one:
 *   1. give it a field in struct nr_settings or nr_model_params with a long option
 *      that `run` (or, for a model of behaviour, `backtest`) takes;
 *   2. add a row to nr_tune_rows (src/stage/tune_params.c): the option, the model, the
 *      range and its scale, the field, and when it matters at all;
 *   3. put it into nr_tune_describe (nr_tune_describe_factors, where the behaviour block
 *      depends on it), by which measurements are known again.
 * The search, the trials, the config file, the table and --help then have it.
 */
#ifndef NR_STAGE_TUNE_PARAMS_H
#define NR_STAGE_TUNE_PARAMS_H

#include "nightreel/stage_tune.h"

/* What parameters are written into. */
struct nr_tune_point {
    struct nr_settings settings;
    struct nr_model_params model;
};

/* What decides whether a parameter matters. */
struct nr_tune_facts {
    const char *model;
    const struct nr_tune_point *base;
    bool blocks[NR_BLOCK_COUNT], actions[NR_ACTION_COUNT]; /* that items have, that the log has */
    size_t block_count, action_count;
    bool timed; /* the log has times */
};

struct nr_tune_row {
    const char *option, *key; /* written "option = key=value" (several keys by commas), or "option = value" */
    const char *what;         /* for --help */
    const char *model;
    double low, high;
    bool logarithmic, whole, share;
    size_t offset; /* into struct nr_tune_point: of a double, or of a size_t where whole */
    bool (*matters)(const struct nr_tune_facts *facts, int number); /* NULL: always */
    int number;                                                     /* of the block or action */
};
extern const struct nr_tune_row nr_tune_rows[];
extern const size_t nr_tune_row_count;

/* The rows that matter: at most NR_SEARCH_PARAMETERS_MAX; how many. */
size_t nr_tune_choose(const struct nr_tune_facts *facts, const struct nr_tune_row *rows[NR_SEARCH_PARAMETERS_MAX]);
void nr_tune_range(const struct nr_tune_row *row, const struct nr_tune_point *base, struct nr_search_range *out);
double nr_tune_get(const struct nr_tune_row *row, const struct nr_tune_point *point);
void nr_tune_set(const struct nr_tune_row *row, double value, struct nr_tune_point *point);

/* All that a measurement depends on beside the data, as text: the same text, the same values. */
void nr_tune_describe(const struct nr_tune_point *point, const char *model, struct nr_buf *out);
/* That part of it on which the behaviour block depends. */
void nr_tune_describe_factors(const struct nr_tune_point *point, struct nr_buf *out);

#endif
