/* evaluation.h - what is at hand while a run is measured. Private to eval. */
#ifndef NR_EVAL_EVALUATION_H
#define NR_EVAL_EVALUATION_H

#include "eval/measures.h"
#include "eval/spans.h"

/* The order that ties stand in: as asked, and the luckiest and unluckiest one. */
enum { NR_ORDER_GIVEN, NR_ORDER_BEST, NR_ORDER_WORST, NR_ORDER_COUNT };

struct nr_listed {
    double score, gain; /* gain as nr_evaluation.gain_of has it, then at least 0 */
    uint32_t video;
    bool rejected, candidate;
    const char *video_id;
};

/* A judgement that says no, in gain_of. */
#define NR_GAIN_REJECTED (-1.0)

struct nr_evaluation {
    struct nr_eval_data *data;
    const struct nr_eval_params *params;
    struct nr_eval_view view;
    struct nr_eval_result *result;
    struct nr_spans truth, train, run;
    struct nr_eval_shared shared;
    double *watchers;
    size_t catalogue; /* videos, within the view */
    bool *named;      /* by user: the run has a list */
    uint32_t *judged; /* users with something relevant, by user_id */
    size_t judged_count;
    double *gain_of;   /* by video, of the current user */
    uint32_t *seen_by; /* by video: the last user listed with it, + 1 */
    uint32_t *had_by;  /* by video: the last user who has it in train, + 1 */
    struct nr_listed *list;
    double *gains, *ideal; /* of a nr_eval_case, as all the following */
    uint32_t *videos;
    bool *rejected, *candidate;
    struct nr_tie_group *groups;
    struct nr_eval_sums *sums[NR_ORDER_COUNT]; /* by value: those of its cutoff */
    double *totals[NR_ORDER_COUNT];            /* by value */
    double **exposure;                         /* by value, for measures that use it; by video */
    size_t tied, listed;
};

/* May this video be relevant, be in the catalogue and in lists? */
bool nr_evaluation_may_hit(const struct nr_evaluation *eval, uint32_t video);
bool nr_evaluation_in_catalogue(const struct nr_evaluation *eval, uint32_t video);

/* Adds the user at `index` of eval->judged to the sums. */
enum nr_status nr_evaluation_add_user(struct nr_evaluation *eval, size_t index, struct nr_error *err) NR_MUST_CHECK;

#endif
