/* nightreel/language.h - descriptions by language models: in process (llama.cpp), over
 * HTTP (OpenAI-compatible), replayed, or extractive, which takes no model and always
 * works; the models that the set-up gets. Sentence embeddings: language_embed.h.
 *
 * To add a describe engine: write src/language/engine_NAME.c with one `const
 * struct nr_engine nr_engine_NAME` (see language/engine.h), put it into the table
 * in src/language/engines.c, and say there which --llm values mean it.
 *
 * The llama.cpp library is named in src/language/llama_*.c only and may be
 * missing from a build: nr_language_engine_version() tells.
 */
#ifndef NIGHTREEL_LANGUAGE_H
#define NIGHTREEL_LANGUAGE_H

#include "nightreel/core.h"
#include "nightreel/language_embed.h"
#include "nightreel/language_topics.h"
#include "nightreel/record.h"

/* ---- the models that the set-up gets ------------------------------------------ */

enum nr_model_use { NR_MODEL_DESCRIBE, NR_MODEL_EMBED };

struct nr_known_model {
    enum nr_model_use use;
    const char *file; /* in the cache's folder `models` */
    const char *title;
    const char *sha256;
    const char *licence;
    const char *setup; /* arguments of scripts/setup that get it */
};
/* Best first within a use: without --llm or --embed the first one found is taken. */
extern const struct nr_known_model nr_known_models[];
extern const size_t nr_known_model_count;

/* Appends the path ${XDG_CACHE_HOME:-$HOME/.cache}/nightreel/models/FILE; true where
 * a file is there. */
bool nr_known_model_path(const struct nr_known_model *model, struct nr_buf *path);
/* The in-process engine, e.g. "llama.cpp (ggml 0.25.3)"; NULL where it is not built in. */
const char *nr_language_engine_version(void);

/* ---- descriptions ------------------------------------------------------------------ */

#define NR_DESCRIBE_WIDTH_MAX 32

struct nr_describe_params {
    const char *llm;          /* GGUF file, "none", http(s) URL, or NULL: the set-up's default where it is found */
    const char *llm_model;    /* model name for a URL; NULL: the first one that the endpoint lists */
    const char *prompt;       /* one template file for all languages, or NULL */
    const char *prompt_dir;   /* folder with describe.zh.txt and describe.en.txt; NULL: the built-in ones */
    const char *lora;         /* adapter for a model in process, FILE or FILE:SCALE; or NULL */
    const char *record;       /* file that gets every prompt and reply (JSON Lines), or NULL */
    unsigned batch_width;     /* records decoded together, 1..NR_DESCRIBE_WIDTH_MAX */
    unsigned threads;         /* 0: all */
    unsigned max_tokens;      /* of one reply */
    unsigned summary_tokens;  /* of the summary, as nr_text_tokens() counts */
    unsigned subtitle_tokens; /* of the subtitles in a prompt, as the model counts */
    double timeout;           /* seconds for one reply of an endpoint */
    unsigned requests;        /* to an endpoint at a time, 1..NR_DESCRIBE_WIDTH_MAX */
    unsigned retries;         /* of a request to an endpoint that is busy or fails */
    bool vision;              /* the endpoint's model is shown pictures of the video */
    unsigned vision_pictures; /* of one video at most, 1..64 */
    const char *pictures;     /* folder of the thumbnails that records name */
    double budget_seconds;    /* of a whole run; 0: no limit */
    double budget_tokens;     /* read and written by the model in a whole run; 0: no limit */
};
void nr_describe_params_default(struct nr_describe_params *params);
const char *nr_describe_params_check(const struct nr_describe_params *params);

/* Which engine, model and prompts the parameters mean. */
struct nr_describe_plan {
    struct nr_arena mem;
    const char *engine; /* "llama" "http" "replay" "extractive" */
    const char *model;  /* path of the GGUF or of the replies, URL of the endpoint; NULL for extractive */
    bool model_is_file;
    const char *lora; /* path of the adapter; NULL: none */
    double lora_scale;
    const char *prompt_hash; /* 16 hex digits over the prompts of all languages; NULL for extractive */
    struct nr_template *templates;
};
/* NR_ERR_UNAVAILABLE: a named file is not there, or the engine is not built in;
 * NR_ERR_NOINPUT, NR_ERR_DATA: a prompt file. Loads no model, calls nobody. */
enum nr_status nr_describe_plan_make(const struct nr_describe_params *params, struct nr_describe_plan *plan,
                                     struct nr_error *err) NR_MUST_CHECK;
void nr_describe_plan_release(struct nr_describe_plan *plan);
/* Appends, as text lines, what the description of `item` depends on, but for the
 * digest of a model file. Neighbours, batch width and threads are left out: they
 * are frozen, and stored, with the text that they helped to make. */
void nr_describe_key(const struct nr_describe_params *params, const struct nr_describe_plan *plan,
                     const struct nr_item *item, struct nr_buf *key);
/* Pictures of the item that the model is shown: 0 without `vision`. */
size_t nr_describe_pictures(const struct nr_describe_params *params, const struct nr_item *item);

/* nr_words_count() of nightreel/feature.h: rooms do not call one another. */
typedef enum nr_status (*nr_word_counter)(const char *const *texts, size_t count, struct nr_arena *mem,
                                          struct nr_terms *out, struct nr_error *err);

struct nr_describe_task {
    struct nr_item *item;         /* gets its `description` */
    struct nr_strings neighbours; /* titles nearest in the fused space, best first */
    struct nr_strings topics;     /* tags of the catalogue that may suit it, best first */
};

/* Called for each task in order, as soon as its group is finished. `problem`: why it
 * got an extractive description for now (worth trying again), or NULL; it begins with
 * NR_DESCRIBE_POSTPONED where nothing went wrong and a budget was used up. */
#define NR_DESCRIBE_POSTPONED "postponed: "
typedef enum nr_status (*nr_describe_done)(void *ctx, size_t task, const char *problem, struct nr_error *err);

struct nr_describe_tally {
    size_t described;       /* by the engine itself */
    size_t retried;         /* a first reply was rejected */
    size_t rejected;        /* so was the second: extractive, for good */
    size_t lost;            /* the endpoint failed: extractive, for now */
    size_t postponed;       /* the budget was used up: extractive, for now */
    double seconds, tokens; /* that the engine took */
};

/* Everything that a run of descriptions needs; borrowed. */
struct nr_describe_job {
    const struct nr_describe_params *params;
    const struct nr_describe_plan *plan;
    const char *model_hash; /* hex digest of the model file, or NULL */
    nr_word_counter count_words;
    const struct nr_topics *vocabulary; /* the catalogue's tags */
    const struct nr_describe_task *tasks;
    size_t count;
    nr_describe_done done;
    void *ctx;
    const struct nr_reporter *reporter; /* of progress within a group; may be NULL */
};
/* Opens the engine and describes all tasks in their order, in groups of a few widths that
 * are finished whole. Once a budget is used up, no group is begun. NR_ERR_UNAVAILABLE: the
 * engine cannot start. */
enum nr_status nr_describe(const struct nr_describe_job *job, struct nr_describe_tally *tally,
                           struct nr_error *err) NR_MUST_CHECK;

/* "zh", "en" or another two-letter code: the catalogue's language, else the detected
 * one, else by the share of Han characters. The description is written in it. */
const char *nr_item_language(const struct nr_item *item);

/* The description without a model, a pure function of the item: summary = title and
 * the sentence whose words weigh most, at most `summary_tokens` long, topics = the first
 * tags, keywords = the words that weigh most, sentiment and audience by small word lists.
 * Everything lives in the item's arena. */
enum nr_status nr_describe_extractive(struct nr_item *item, unsigned summary_tokens, nr_word_counter count_words,
                                      struct nr_error *err) NR_MUST_CHECK;

#endif
