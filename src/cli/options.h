/* options.h - option tables: parsing, --help and the manual are made from them.
 *
 * To add an option: add a row to the group it belongs to (src/cli/opts_*.c, one
 * file per room whose parameters it sets); commands list the groups they take.
 */
#ifndef NR_CLI_OPTIONS_H
#define NR_CLI_OPTIONS_H

#include "nightreel/core.h"
#include "nightreel/stage.h"

enum nr_option_type {
    NR_OPTION_FLAG,   /* bool */
    NR_OPTION_STRING, /* const char * (borrowed from argv) */
    NR_OPTION_UINT,   /* unsigned */
    NR_OPTION_SIZE,   /* size_t */
    NR_OPTION_INT,    /* int */
    NR_OPTION_DOUBLE, /* double */
    NR_OPTION_CHOICE, /* int (an enum): index into `choices` */
    NR_OPTION_PARSE,  /* parse(field, text, err) */
};

struct nr_option {
    const char *name; /* long name without the dashes */
    char letter;      /* short name, or 0 */
    enum nr_option_type type;
    const char *argument;       /* name of the argument in --help; NULL for flags */
    const char *help;           /* with the default, where there is one */
    size_t offset;              /* of the field in the group's struct */
    const char *const *choices; /* NULL-terminated */
    enum nr_status (*parse)(void *field, const char *text, struct nr_error *err);
};

enum nr_option_base {
    NR_BASE_SETTINGS, /* offsets into struct nr_settings */
    NR_BASE_CLI,      /* offsets into struct nr_cli */
    NR_BASE_COMMAND,  /* offsets into the command's own struct: nr_command.own_size */
};

struct nr_option_group {
    const char *title;
    enum nr_option_base base;
    const struct nr_option *options;
    size_t count;
};

#define NR_SETTING(field) offsetof(struct nr_settings, field)

/* A parse() for int64_t fields: a point in time, in ms. */
enum nr_status nr_option_parse_time(void *field, const char *text, struct nr_error *err);

extern const struct nr_option_group nr_options_general;  /* --help, -v, --log-file, --threads */
extern const struct nr_option_group nr_options_clean;    /* behaviour: --map ... */
extern const struct nr_option_group nr_options_weights;  /* behaviour: --decay, --action-weights */
extern const struct nr_option_group nr_options_videos;   /* --videos, --jobs */
extern const struct nr_option_group nr_options_decode;   /* --frames ... */
extern const struct nr_option_group nr_options_pictures; /* --thumbnails */
extern const struct nr_option_group nr_options_words;    /* --tokenizer */
extern const struct nr_option_group nr_options_embed;    /* --embed */
extern const struct nr_option_group nr_options_fuse;     /* --fused ... */
extern const struct nr_option_group nr_options_factors;  /* --factors ... */
extern const struct nr_option_group nr_options_describe; /* --llm ... */
extern const struct nr_option_group nr_options_profile;
extern const struct nr_option_group nr_options_blocks;     /* --mode, --weights: the first of these */
extern const struct nr_option_group nr_options_scores;     /* --mode, --weights, --similarity */
extern const struct nr_option_group nr_options_match;      /* -k, --now ... */
extern const struct nr_option_group nr_options_candidates; /* --filter ... */
extern const struct nr_option_group nr_options_lists;      /* --max-per, --users ... */
extern const struct nr_option_group nr_options_preset;     /* --preset; see presets.h */
extern const struct nr_option_group nr_options_models;     /* --knn-neighbours ... */
extern const struct nr_option_group nr_options_learn;      /* --model, --fallback ... */

#endif
