/* ranker.h - a model over all other models: they learn from inner slices of the training
 * side, the ranker learns from how well they foretold the rest, then all learn anew from
 * everything. Private to interest. */
#ifndef NR_INTEREST_RANKER_H
#define NR_INTEREST_RANKER_H

#include "interest/booster.h"
#include "interest/examples.h"

struct nr_ranker;

/* To add a ranker: write model_NAME.c with one of these and NR_RANKER_MODEL, and a row of
 * the table of models. */
struct nr_ranker_kind {
    const char *name;
    bool trees;                      /* learns ->booster */
    size_t (*weights)(size_t width); /* how many ->weights, by the features */
    enum nr_status (*learn)(struct nr_ranker *ranker, const struct nr_examples *examples, struct nr_error *err);
    /* Scores all candidates of one user. */
    enum nr_status (*score)(const struct nr_ranker *ranker, const float *rows, size_t count, double *out,
                            struct nr_error *err);
    /* Summands of the scores of the candidates at `places`. */
    enum nr_status (*parts)(const struct nr_ranker *ranker, const struct nr_candidates *candidates,
                            const size_t *places, size_t count, struct nr_arena *mem, struct nr_model_parts *out,
                            struct nr_error *err);
};

struct nr_ranker {
    const struct nr_ranker_kind *kind;
    const struct nr_model_params *params;
    unsigned threads;
    size_t width; /* features */
    char names[NR_STACK_WIDTH_MAX][NR_STACK_NAME_MAX];
    struct nr_stack stack; /* of all pairs */
    struct nr_booster *booster;
    double *weights; /* what they mean is the kind's */
    size_t weight_count;
};
enum nr_status nr_ranker_fit(const struct nr_ranker_kind *kind, const struct nr_model_params *params,
                             const struct nr_pairs *pairs, unsigned threads, void **state,
                             struct nr_error *err) NR_MUST_CHECK;
/* As struct nr_model has them. Where a user's memory cannot be had, no video has a score. */
size_t nr_ranker_scratch(const void *state);
void nr_ranker_score(const void *state, size_t user, double *scores, double *scratch);
void nr_ranker_free(void *state);
enum nr_status nr_ranker_parts(const void *state, size_t user, const uint32_t *items, size_t count, double *scratch,
                               struct nr_arena *mem, struct nr_model_parts *out, struct nr_error *err) NR_MUST_CHECK;
double nr_ranker_owed(const void *state, size_t user, size_t place,
                      uint32_t item); /* by its first base that can tell */
enum nr_status nr_ranker_save(const void *state, struct nr_buf *out, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_ranker_load(const struct nr_ranker_kind *kind, const struct nr_model_params *params,
                              const struct nr_pairs *pairs, const struct nr_json_doc *doc,
                              const struct nr_json *learned, unsigned threads, void **state,
                              struct nr_error *err) NR_MUST_CHECK;
/* Lines "share  feature" of what the trees' splits gained, the greatest first. */
void nr_ranker_tell(const void *state, struct nr_buf *out);

/* Room for `room` parts; NULL: no memory. Then, one by one, parts that are not 0. */
bool nr_parts_make(struct nr_model_parts *parts, size_t room, struct nr_arena *mem);
void nr_parts_add(struct nr_model_parts *parts, const char *name, double value);

/* The model nr_model_ID of a ranker's kind, called as the kind is. */
#define NR_RANKER_MODEL(id, of_kind, model_name, in_short, telling)                                                    \
    static enum nr_status id##_fit(const struct nr_model_params *params, const struct nr_pairs *pairs,                 \
                                   unsigned threads, void **state, struct nr_error *err)                               \
    {                                                                                                                  \
        return nr_ranker_fit(&(of_kind), params, pairs, threads, state, err);                                          \
    }                                                                                                                  \
    static enum nr_status id##_load(const struct nr_model_params *params, const struct nr_pairs *pairs,                \
                                    const struct nr_json_doc *doc, const struct nr_json *learned, unsigned threads,    \
                                    void **state, struct nr_error *err)                                                \
    {                                                                                                                  \
        return nr_ranker_load(&(of_kind), params, pairs, doc, learned, threads, state, err);                           \
    }                                                                                                                  \
    const struct nr_model nr_model_##id = {.name = (model_name),                                                       \
                                           .summary = (in_short),                                                      \
                                           .looks_at_records = true,                                                   \
                                           .fit = id##_fit,                                                            \
                                           .scratch = nr_ranker_scratch,                                               \
                                           .score = nr_ranker_score,                                                   \
                                           .free = nr_ranker_free,                                                     \
                                           .parts = nr_ranker_parts,                                                   \
                                           .owed = nr_ranker_owed,                                                     \
                                           .tell = (telling),                                                          \
                                           .save = nr_ranker_save,                                                     \
                                           .load = id##_load}

/* Trees from the rows of some groups (NULL: all), by params->trees. */
enum nr_status nr_ranker_grow(const struct nr_ranker *ranker, const struct nr_examples *examples, const bool *groups,
                              struct nr_booster **out, struct nr_error *err) NR_MUST_CHECK;

#endif
