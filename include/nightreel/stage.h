/* nightreel/stage.h - a stage turns records into a room's calls and back. The
 * pipeline runs stages from the table below and knows nothing else about them.
 *
 * To add a stage:
 *   1. write src/stage/NAME.c with one `const struct nr_stage nr_stage_NAME`;
 *   2. declare it below and put it into nr_stage_chain in src/stage/stages.c where
 *      it belongs;
 *   3. put its parameters, a struct of the room's header, into nr_settings;
 *   4. give it a command: src/cli/cmd_NAME.c and a row in src/cli/commands.c.
 */
#ifndef NIGHTREEL_STAGE_H
#define NIGHTREEL_STAGE_H

#include "nightreel/behaviour.h"
#include "nightreel/core.h"
#include "nightreel/feature.h"
#include "nightreel/interest.h"
#include "nightreel/interest_models.h"
#include "nightreel/language.h"
#include "nightreel/match.h"
#include "nightreel/media.h"
#include "nightreel/record.h"

/* Topics and sentiment learned from an editor's labels; NULL where not given. */
struct nr_label_params {
    const char *train; /* labels (CSV) to learn from in this run */
    const char *heads; /* what was learned: written where `train` is given, else read */
};

/* Ids, one a line; blank lines and those that begin with # are passed over. NULL: none. */
struct nr_match_files {
    const char *allow, *deny; /* videos */
    const char *users;
};
/* A learned model that ranks instead of content; NULL where not given. */
struct nr_learn_params {
    const char *model;    /* its name; NULL and "content": none */
    const char *fallback; /* where it cannot be trained; NULL: that is an error */
    const char *positive; /* rule: which events it learns from; NULL: NR_RULE_DEFAULT */
    const char *file;     /* read instead of learning */
};

/* Everything that can be set from the command line or a config file. Strings are
 * borrowed. nr_settings_default() first, then change, then nr_settings_check(). */
struct nr_settings {
    const char *behaviour; /* paths of a run's inputs; NULL where not given */
    const char *catalogue;
    const char *interests;
    const char *videos;        /* directory; a catalogue's `file` must stay inside it */
    const char *rejects;       /* clean: every dropped or repaired row */
    const char *clean_summary; /* clean: counts as JSON */
    const char *training;      /* pairs of evidence and accepted description (JSON Lines) */
    unsigned jobs;             /* worker processes; 0: nr_cpu_count() */
    unsigned threads;          /* 0: nr_cpu_count() */
    struct nr_clean_params clean;
    struct nr_weight_params weights;
    struct nr_decode_params decode;
    struct nr_text_params text;
    struct nr_embed_params embed;
    struct nr_fuse_params fuse;
    struct nr_factor_params factors;
    struct nr_describe_params describe;
    struct nr_label_params label;
    struct nr_profile_params profile;
    struct nr_match_params match;
    struct nr_match_files match_files;
    struct nr_learn_params learn;
    struct nr_model_params models;
};

void nr_settings_default(struct nr_settings *settings);
/* What is wrong with them in words, or NULL. */
const char *nr_settings_check(const struct nr_settings *settings);

/* What a stage may use; owned by whoever runs it. */
struct nr_stage_env {
    const struct nr_settings *settings;
    struct nr_spawner *spawner; /* forks media workers; NULL where no stage needs one */
    const struct nr_reporter *reporter;
    /* BLAKE2b-256 of a file. Cached by the store where there is one. */
    enum nr_status (*file_digest)(void *ctx, const char *path, char out[65], struct nr_error *err);
    void *digest_ctx;
    nr_clean_event_fn put_event; /* clean: takes the events (nr_cleaner_stream); NULL: data->events */
    void *event_ctx;
    struct nr_subtitle_folders *folders; /* NULL: every name is tried */
    /* How searches are placed among the items, kept between several runs of profile over the
     * same texts and tags, and closed by nr_search_space_drop(); NULL: found anew each time. */
    struct nr_search_space **search_space;
};

void nr_search_space_drop(struct nr_search_space **space);

/* The stage calls this as soon as one item is finished (its parts and errors
 * set); what was finished survives whatever happens next. */
struct nr_stage_sink {
    enum nr_status (*item_done)(void *ctx, size_t index, struct nr_error *err);
    void *ctx;
};

struct nr_stage {
    const char *name;
    const char *summary; /* one line, for --help */
    /* 0: works on the whole dataset, runs every time and keeps nothing.
     * Otherwise the nr_item_part bits that it makes for each item, independently
     * of the other items, and that the store keeps. */
    unsigned makes;
    /* Only where `makes`: appends to *key, as text lines, all that this item's
     * result depends on: parameters, engine and model versions, content of its
     * inputs. Nothing appended: never stored. */
    enum nr_status (*key)(const struct nr_stage_env *env, const struct nr_item *item, struct nr_buf *key,
                          struct nr_error *err);
    /* Runs for the items data->items.items[todo[0..count)] (whole stages: todo NULL,
     * count 0). An item that fails gets nr_item_set_error and is done like any other;
     * a status is returned only where the whole stage cannot go on. Error text ending
     * up with a reason that may be gone next time starts with NR_STAGE_TRANSIENT and
     * is not stored. */
    enum nr_status (*run)(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err);
};
#define NR_STAGE_TRANSIENT "temporary: "
/* Likewise for what was left for another run on purpose: it is no failure. */
#define NR_STAGE_POSTPONED NR_DESCRIBE_POSTPONED

extern const struct nr_stage nr_stage_clean;     /* settings.behaviour, .interests -> events, declared */
extern const struct nr_stage nr_stage_catalogue; /* settings.catalogue -> items (catalogue part) */
extern const struct nr_stage nr_stage_extract;   /* per item: media, visual, audio, text */
extern const struct nr_stage nr_stage_embed;     /* per item: raw_text */
extern const struct nr_stage nr_stage_fuse;      /* blocks but semantic */
extern const struct nr_stage nr_stage_describe;  /* per item: description */
extern const struct nr_stage nr_stage_label;     /* topics and sentiment of the descriptions, by labels */
extern const struct nr_stage nr_stage_export;    /* items -> settings.training */
extern const struct nr_stage nr_stage_meaning;   /* per item: raw_semantic, the description's embedding */
extern const struct nr_stage nr_stage_semantic;  /* the semantic block with its statistics */
extern const struct nr_stage nr_stage_profile;   /* events, declared, items -> users */
extern const struct nr_stage nr_stage_match;     /* users, items -> rankings */

/* The whole chain in order. */
extern const struct nr_stage *const nr_stage_chain[];
extern const size_t nr_stage_chain_count;
const struct nr_stage *nr_stage_find(const char *name); /* NULL: none */

/* The job of the media workers (src/stage/extract_job.c); handed to
 * nr_spawner_start() before anything else happens in the process. */
enum nr_status nr_extract_job(const char *request, size_t length, const int *fds, size_t fd_count, struct nr_buf *reply,
                              struct nr_error *err);

#endif
