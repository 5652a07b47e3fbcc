/* cmd_tune.c - the best parameters for a log, as a config file and a table. */
#include <string.h>

#include "cli/cli.h"
#include "cli/opts_eval.h"
#include "cli/tune_output.h"
#include "nightreel/stage_eval.h"

#include "core/banned.h"

struct tune_options {
    const char *items, *out, *resume;
    struct nr_tune_params params;
};

#define OWN(field) offsetof(struct tune_options, field)

static const struct nr_option inputs[] = {
    {"behaviour", 0, NR_OPTION_STRING, "FILE", "behaviour log (CSV)", NR_SETTING(behaviour), NULL, NULL},
    {"catalogue", 0, NR_OPTION_STRING, "FILE", "catalogue (CSV): titles, tags and descriptions; no file is decoded",
     NR_SETTING(catalogue), NULL, NULL},
};
static const struct nr_option_group input_group = {"Inputs", NR_BASE_SETTINGS, inputs, NR_COUNT(inputs)};

static const struct nr_option options[] = {
    {"items", 0, NR_OPTION_STRING, "FILE",
     "item records (JSON Lines) instead of --catalogue: all their blocks are tuned", OWN(items), NULL, NULL},
    {"out", 0, NR_OPTION_STRING, "FILE", "the best parameters, as a config file", OWN(out), NULL, NULL},
    {"resume", 0, NR_OPTION_STRING, "FILE",
     "what was measured is kept here, and taken from here (default: the name of --out and .trials)", OWN(resume), NULL,
     NULL},
    {"model", 0, NR_OPTION_STRING, "NAME", "model to tune (default content; see 'nightreel backtest --list-models')",
     OWN(params.model), NULL, NULL},
    {"trials", 0, NR_OPTION_SIZE, "N", "points that are drawn (default 40)", OWN(params.trials), NULL, NULL},
    {"seed", 0, NR_OPTION_SIZE, "N", "of everything drawn by chance (default 1)", OWN(params.seed), NULL, NULL},
    {"measure", 0, NR_OPTION_STRING, "NAME", "what is to become greater (default ndcg@k)", OWN(params.measure), NULL,
     NULL},
    {"cutoff", 'k', NR_OPTION_SIZE, "K", "length of the lists that are measured (default 10)", OWN(params.k), NULL,
     NULL},
    {"split", 0, NR_OPTION_CHOICE, "NAME",
     "how the log is cut, and its training side again (see 'nightreel split --help'; default hash)",
     OWN(params.split.split), nr_split_names, NULL},
    {"last", 0, NR_OPTION_SIZE, "N", "with leave-last-n: test pairs of each user (default 1)", OWN(params.split.last),
     NULL, NULL},
    {"all-events", 0, NR_OPTION_FLAG, NULL,
     "training also knows events that make no pair (see 'nightreel split --help'); needed to tune what a dislike is "
     "worth",
     OWN(params.split.all_events), NULL, NULL},
    {"positive", 0, NR_OPTION_STRING, "RULE", "which events make a pair (default: " NR_RULE_DEFAULT ")",
     OWN(params.positive), NULL, NULL},
};
static const struct nr_option_group tune_group = {"Tuning", NR_BASE_COMMAND, options, NR_COUNT(options)};

static void own_default(void *own)
{
    struct tune_options *all = own;
    nr_tune_params_default(&all->params);
}

static enum nr_status check(const struct nr_cli *cli, struct nr_error *err)
{
    const struct tune_options *own = cli->own;
    const char *wrong = nr_tune_params_check(&own->params);
    if (wrong)
        return nr_fail(err, NR_ERR_USAGE, "%s", wrong);
    if (!cli->settings.behaviour)
        return nr_fail(err, NR_ERR_USAGE, "'--behaviour FILE' is missing; see 'nightreel tune --help'");
    if (!own->out || strcmp(own->out, "-") == 0)
        return nr_fail(err, NR_ERR_USAGE,
                       own->out ? "'--out' must name a file: standard output gets the table"
                                : "'--out FILE' is missing; see 'nightreel tune --help'");
    return NR_OK;
}

/* The file first: a table that cannot be printed does not lose it. */
static enum nr_status write_result(struct nr_cli *cli, const struct nr_tune *tune, struct nr_error *err)
{
    const struct tune_options *own = cli->own;
    struct nr_buf text = {0};
    nr_tune_put_config(tune, &own->params, cli->command_line, &text);
    enum nr_status status = nr_file_write(own->out, &text, err);
    nr_buf_clear(&text);
    if (!status) {
        nr_tune_put_table(tune, &own->params, &text);
        status = nr_cli_write(&text, err);
    }
    nr_buf_release(&text);
    return status;
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    struct tune_options *own = cli->own;
    struct nr_event_log log = {0};
    struct nr_dataset data = {0};
    struct nr_tune tune = {.count = 0};
    double started = nr_clock_seconds();
    (void)argc;
    (void)argv;
    (void)failed_items;
    own->params.model_params = cli->settings.models;
    enum nr_status status = check(cli, err);
    if (status)
        return status;
    own->params.trials_file = own->resume ? own->resume : nr_arena_printf(&cli->mem, "%s.trials", own->out);
    if (!own->params.trials_file)
        return nr_fail_nomem(err, "a name");
    status = nr_eval_read_log(&cli->env, cli->settings.behaviour, &log, err);
    if (!status)
        status = nr_cli_read_catalogue(cli, own->items, &data, err);
    if (!status)
        status = nr_tune_run(&cli->env, &own->params, &log, &data.items, &tune, err);
    if (!status)
        status = write_result(cli, &tune, err);
    if (!status)
        nr_report(&cli->reporter, NR_LOG_INFO, "%zu points, %zu measurements made, %zu taken from '%s'; %.1f s",
                  tune.points, tune.measured, tune.reused, own->params.trials_file, nr_clock_seconds() - started);
    nr_tune_release(&tune);
    nr_dataset_release(&data);
    nr_event_log_release(&log);
    return status;
}

static void put_parameters(struct nr_buf *out)
{
    nr_tune_list_parameters(out, nr_help_entry);
}

const struct nr_command nr_command_tune = {
    .name = "tune",
    .summary = "find the best parameters for a log, and say what each is worth",
    .usage = "--behaviour FILE [--catalogue FILE | --items RECORDS] --out FILE [options]",
    .details = "Cuts the log in two, the training side again, and searches for parameters on that second cut\n"
               "alone, on half of its users. To the other half all changes together, and each of them taken\n"
               "back alone (gain), must be worth more than one standard error, else the default stays. The test\n"
               "side is measured once, at the end. Options that are tuned say where to start from. What was\n"
               "measured is kept: a second run, or one after a run that was stopped, does not do it again.",
    .more_help = put_parameters,
    .example = "nightreel tune --behaviour user_behavior.csv --items items.jsonl --split user-time --out best.ini\n"
               "  nightreel run --config best.ini --behaviour user_behavior.csv ...",
    .groups = {&input_group, &tune_group, &nr_options_models, &nr_options_clean, &nr_options_weights, &nr_options_words,
               &nr_options_embed, &nr_options_factors, &nr_options_profile, &nr_options_scores, &nr_options_general},
    .own_size = sizeof(struct tune_options),
    .own_default = own_default,
    .max_args = 0,
    .workers = true,
    .run = run,
};
