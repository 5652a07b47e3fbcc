/* cli.h - the command line: the only code that prints, parses argv or chooses
 * exit codes.
 *
 * To add a command: write src/cli/cmd_NAME.c with one `const struct nr_command
 * nr_command_NAME`, declare it below, add it to the table in commands.c. Its
 * --help is printed from the struct and its option groups.
 */
#ifndef NR_CLI_H
#define NR_CLI_H

#include "cli/options.h"
#include "nightreel/core.h"
#include "nightreel/io.h"
#include "nightreel/pipeline.h"
#include "nightreel/stage.h"

#define NR_COMMAND_GROUPS_MAX 32

struct nr_cli {
    const struct nr_command *command;
    struct nr_settings settings;
    struct nr_stage_env env;
    struct nr_spawner *spawner; /* where the command has `workers` */
    struct nr_reporter reporter;
    bool help, verbose;
    const char *log_file, *config;
    int preset;               /* see presets.h; 0: none */
    struct nr_arena mem;      /* strings that outlive a config file */
    const char *command_line; /* as it was given, quoted for a shell */
    void *own;                /* the command's own option struct, zeroed */
};

struct nr_command {
    const char *name;
    const char *summary;                   /* one line */
    const char *usage;                     /* arguments after the name, e.g. "[options] FILE|-" */
    const char *details;                   /* what it reads, writes, and what to know; may be NULL */
    void (*more_help)(struct nr_buf *out); /* appends tables to --help; may be NULL */
    const char *example;                   /* one or more whole lines */
    const struct nr_option_group *groups[NR_COMMAND_GROUPS_MAX]; /* NULL-terminated */
    size_t own_size;                                             /* of the struct behind NR_BASE_COMMAND groups */
    void (*own_default)(void *own);                              /* may be NULL: zeroed */
    int min_args, max_args;                                      /* positional; max -1: any number */
    bool workers;                                                /* fork the media spawner first */
    bool light; /* neither BLAS nor the language engine work in it: their threads need no taming */
    /* Returns a status; *failed_items counts items that failed in an otherwise good run (exit 3). */
    enum nr_status (*run)(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err);
};

extern const struct nr_command nr_command_run, nr_command_clean, nr_command_catalogue, nr_command_decode,
    nr_command_visual, nr_command_audio, nr_command_text, nr_command_extract, nr_command_fuse, nr_command_describe,
    nr_command_profile, nr_command_match, nr_command_split, nr_command_evaluate, nr_command_backtest, nr_command_tune,
    nr_command_similar, nr_command_report, nr_command_store, nr_command_tokens, nr_command_doctor;

extern const struct nr_command *const nr_commands[];
extern const size_t nr_command_count;

/* ---- helpers for commands (records.c) ------------------------------------------ */

/* Reads item records (JSON Lines; "-" is stdin) into *list. A line that is no
 * record is NR_ERR_DATA with file:line; so is a second record of a video_id. */
enum nr_status nr_cli_read_items(const char *path, struct nr_item_list *list, struct nr_error *err) NR_MUST_CHECK;
/* The items of a comparison: records where `path` is given, else the catalogue of the
 * settings through the chain up to its blocks, words only; neither: none. */
enum nr_status nr_cli_read_catalogue(struct nr_cli *cli, const char *path, struct nr_dataset *data,
                                     struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_cli_read_users(const char *path, struct nr_user_list *list, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_cli_read_rankings(const char *path, struct nr_ranking_list *list, struct nr_error *err) NR_MUST_CHECK;
/* Writes to stdout. */
enum nr_status nr_cli_write_items(const struct nr_item_list *list, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_cli_write_users(const struct nr_user_list *list, struct nr_error *err) NR_MUST_CHECK;
/* What users like and dislike, of each the `most` strongest: CSV, or a table for people
 * (tags_output.c). */
enum nr_status nr_cli_write_tags(const struct nr_user_list *users, bool table, size_t most,
                                 struct nr_error *err) NR_MUST_CHECK;
/* Writes rankings in the format of settings->match ("-" is stdout; rankings.c). */
enum nr_status nr_cli_write_rankings(const struct nr_ranking_list *list, const struct nr_settings *settings,
                                     const char *path, struct nr_error *err) NR_MUST_CHECK;
/* Writes one buffer to stdout and clears it. */
enum nr_status nr_cli_write(struct nr_buf *buf, struct nr_error *err) NR_MUST_CHECK;
enum nr_status nr_cli_write_models(struct nr_error *err) NR_MUST_CHECK; /* for --list-models */
/* Runs stages over `data` without a store, counting the items that failed. */
enum nr_status nr_cli_run_stages(struct nr_cli *cli, const struct nr_stage *const *stages, size_t count,
                                 struct nr_dataset *data, size_t *failed_items, struct nr_error *err) NR_MUST_CHECK;

/* ---- inside the command line ------------------------------------------------------ */

int nr_cli_exit_code(enum nr_status status);
enum nr_status nr_options_parse(struct nr_cli *cli, int argc, char **argv, int *positional_count,
                                struct nr_error *err) NR_MUST_CHECK;
/* Whether the command takes an option of that long name. */
bool nr_options_have(const struct nr_cli *cli, const char *name);
/* Sets one option by its long name, as a config file does. */
enum nr_status nr_options_set(struct nr_cli *cli, const char *name, const char *value,
                              struct nr_error *err) NR_MUST_CHECK;
void nr_help_command(const struct nr_command *command, struct nr_buf *out);
void nr_help_overview(struct nr_buf *out);
/* "  name (note)   text", wrapped as options are. */
void nr_help_entry(struct nr_buf *out, const char *name, const char *note, const char *text);

#endif
