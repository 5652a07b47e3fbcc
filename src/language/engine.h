/* engine.h - what writes the drafts of descriptions: one table, whatever the engine.
 *
 * An engine gets prompts and gives back JSON. Checking it against the record, a
 * second try and falling back on the extractive description are the same for all
 * (descriptions.c). */
#ifndef NR_LANGUAGE_ENGINE_H
#define NR_LANGUAGE_ENGINE_H

#include "nightreel/language.h"
#include "nightreel/language_prompt.h"
#include "nightreel/language_reply.h"

struct nr_prompt {
    const struct nr_template *tmpl; /* system text and examples */
    enum nr_prompt_language language;
    const char *text; /* the record's block, filled in */
    struct nr_reply_form form;
};

enum nr_draft_state {
    NR_DRAFT_MADE,
    NR_DRAFT_BROKEN,    /* an answer that is none: worth another try */
    NR_DRAFT_LOST,      /* no answer: may work another night */
    NR_DRAFT_POSTPONED, /* not asked for, or not waited for: a limit of the run was reached */
};

/* What is left of the run's budgets, and where it stands. */
struct nr_limits {
    double until;                       /* nr_clock_seconds(); INFINITY: no limit */
    double tokens;                      /* likewise */
    char why[128];                      /* of a draft that is postponed */
    const struct nr_reporter *reporter; /* may be NULL */
    size_t before, total;               /* records of the run finished before this call; all of them */
};
/* Tells how many of this call's prompts are answered. */
void nr_draft_progress(const struct nr_limits *limits, size_t answered);

struct nr_draft {
    enum nr_draft_state state;
    struct nr_buf reply;                /* one JSON object */
    bool judged;                        /* the engine weighed the sentiment labels itself: */
    double chances[NR_SENTIMENT_COUNT]; /* sum to 1 */
    size_t tokens;                      /* that the model read and wrote for it, as far as is known */
    char why[256];                      /* where it was not made */
};

/* Records that are described and committed together. */
enum { NR_GROUP_MAX = 3 * NR_DESCRIBE_WIDTH_MAX };

/* What an engine says of itself once it is open. */
struct nr_engine_info {
    char model[128];                /* for the record */
    unsigned width;                 /* prompts it works on at a time */
    unsigned group;                 /* prompts it takes in one call, at most NR_GROUP_MAX */
    unsigned threads;               /* 0 where meaningless */
    bool repeatable;                /* the same prompt brings the same reply: a bad one is final */
    struct nr_token_counter tokens; /* the model's own count of a text's tokens, or NULL */
};

struct nr_engine {
    const char *name;
    /* All NULL for the extractive one, which has no prompts. */
    enum nr_status (*open)(const struct nr_describe_params *params, const struct nr_describe_plan *plan, void **state,
                           struct nr_engine_info *info, struct nr_error *err);
    /* Answers count <= group prompts. `again`: the first answer was rejected; try to
     * say it differently. The limits are for engines whose prompts go one by one; a batch
     * is begun or not, and then finished. A status only where all is over: interrupted,
     * no memory. */
    enum nr_status (*draft)(void *state, const struct nr_prompt *prompts, size_t count, bool again,
                            const struct nr_limits *limits, struct nr_draft *drafts, struct nr_error *err);
    void (*close)(void *state);
};

extern const struct nr_engine nr_engine_llama, nr_engine_http, nr_engine_replay, nr_engine_extractive;
const struct nr_engine *nr_engine_find(const char *name); /* NULL: none */

#endif
