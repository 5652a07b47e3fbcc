/* cmd_backtest.c - models side by side, from a log to a table. */
#include <stdlib.h>
#include <string.h>

#include "cli/backtest_output.h"
#include "cli/cli.h"
#include "cli/opts_eval.h"
#include "nightreel/stage_eval.h"

#include "core/banned.h"

struct backtest_options {
    const char *items, *json;
    struct nr_backtest_params params;
    enum nr_eval_format format;
    bool list_models;
};

#define OWN(field) offsetof(struct backtest_options, field)

static const struct nr_option options[] = {
    {"items", 0, NR_OPTION_STRING, "FILE",
     "item records (JSON Lines) instead of --catalogue; what they know of behaviour is taken out and fitted anew on "
     "the training side",
     OWN(items), NULL, NULL},
    {"models", 0, NR_OPTION_STRING, "NAME,...", "models to compare, the first one is the baseline (default: all)",
     OWN(params.models), NULL, NULL},
    {"list-models", 0, NR_OPTION_FLAG, NULL, "print every model", OWN(list_models), NULL, NULL},
    {"split", 0, NR_OPTION_CHOICE, "NAME", "how the log is cut (see 'nightreel split --help'; default hash)",
     OWN(params.split.split), nr_split_names, NULL},
    {"last", 0, NR_OPTION_SIZE, "N", "with leave-last-n: test pairs of each user (default 1)", OWN(params.split.last),
     NULL, NULL},
    {"all-events", 0, NR_OPTION_FLAG, NULL,
     "training also knows events that make no pair (see 'nightreel split --help')", OWN(params.split.all_events), NULL,
     NULL},
    {"positive", 0, NR_OPTION_STRING, "RULE", "which events make a pair (default: " NR_RULE_DEFAULT ")",
     OWN(params.positive), NULL, NULL},
    {"cutoffs", 'k', NR_OPTION_PARSE, "K,...", "lengths of the lists that are measured (default 10)", OWN(params.eval),
     NULL, nr_parse_cutoffs},
    {"measures", 0, NR_OPTION_STRING, "NAME,...",
     "these measures, or 'all' (default: ndcg, recall, precision, hit_rate, mrr, coverage)", OWN(params.eval.measures),
     NULL, NULL},
    {"depth", 0, NR_OPTION_SIZE, "N",
     "videos that a model ranks for a user (default 200): what mrr sees; with --ties expected as many as there are",
     OWN(params.depth), NULL, NULL},
    {"ties", 0, NR_OPTION_CHOICE, "ORDER",
     "equal scores by video_id rising (id, default), as trec_eval has them (trec), or in no order: the mean over all "
     "orders (expected; takes memory for users times videos)",
     OWN(params.eval.ties), nr_eval_ties_names, NULL},
    {"perturb", 0, NR_OPTION_STRING, "WHAT=P,...",
     "further rows for models that look at content: drop-block=P drops each block of a video with chance P, noise=P "
     "adds P times a block's norm of noise; P:P:... for several; without=BLOCK leaves a block out, without=each each "
     "one in turn",
     OWN(params.perturb), NULL, NULL},
    {"resamples", 0, NR_OPTION_SIZE, "N", "of users and of signs, for intervals and p values (default 10000)",
     OWN(params.significance.resamples), NULL, NULL},
    {"seed", 0, NR_OPTION_SIZE, "N", "of everything drawn by chance (default 1)", OWN(params.seed), NULL, NULL},
    {"format", 0, NR_OPTION_CHOICE, "NAME", "table (default), json, or csv", OWN(format), nr_eval_format_names, NULL},
    {"json", 0, NR_OPTION_STRING, "FILE", "write the same as JSON beside it", OWN(json), NULL, NULL},
};
static const struct nr_option_group backtest_group = {"Backtest", NR_BASE_COMMAND, options, NR_COUNT(options)};

static const struct nr_option inputs[] = {
    {"behaviour", 0, NR_OPTION_STRING, "FILE", "behaviour log (CSV)", NR_SETTING(behaviour), NULL, NULL},
    {"catalogue", 0, NR_OPTION_STRING, "FILE", "catalogue (CSV): titles, tags and descriptions; no file is decoded",
     NR_SETTING(catalogue), NULL, NULL},
};
static const struct nr_option_group input_group = {"Inputs", NR_BASE_SETTINGS, inputs, NR_COUNT(inputs)};

static void own_default(void *own)
{
    struct backtest_options *all = own;
    nr_backtest_params_default(&all->params);
}

static enum nr_status write_result(struct nr_cli *cli, const struct nr_backtest *result, struct nr_error *err)
{
    const struct backtest_options *own = cli->own;
    struct nr_backtest_source source = {.behaviour = cli->settings.behaviour,
                                        .catalogue = own->items ? own->items : cli->settings.catalogue,
                                        .command = cli->command_line,
                                        .params = &own->params};
    struct nr_buf text = {0};
    enum nr_status status = nr_backtest_digest(&source, err);
    if (!status && own->json) {
        nr_backtest_write(result, &source, NR_EVAL_JSON, &text);
        status = nr_file_write(own->json, &text, err);
        nr_buf_clear(&text);
    }
    if (!status) {
        nr_backtest_write(result, &source, own->format, &text);
        status = nr_cli_write(&text, err);
    }
    nr_buf_release(&text);
    return status;
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    struct backtest_options *own = cli->own;
    struct nr_event_log log = {0};
    struct nr_dataset data = {0};
    struct nr_backtest result = {.count = 0};
    own->params.significance.permutations = own->params.significance.resamples;
    own->params.model = cli->settings.models;
    const char *wrong = nr_backtest_params_check(&own->params);
    (void)argc;
    (void)argv;
    (void)failed_items; /* what a catalogue lacks is no failure of a comparison */
    if (own->list_models)
        return nr_cli_write_models(err);
    if (wrong)
        return nr_fail(err, NR_ERR_USAGE, "%s", wrong);
    if (!cli->settings.behaviour)
        return nr_fail(err, NR_ERR_USAGE, "'--behaviour FILE' is missing; see 'nightreel backtest --help'");
    enum nr_status status = nr_eval_read_log(&cli->env, cli->settings.behaviour, &log, err);
    if (!status)
        status = nr_cli_read_catalogue(cli, own->items, &data, err);
    if (!status)
        status = nr_backtest_run(&cli->env, &own->params, &log, &data.items, &result, err);
    if (!status)
        status = write_result(cli, &result, err);
    nr_backtest_release(&result);
    nr_dataset_release(&data);
    nr_event_log_release(&log);
    return status;
}

const struct nr_command nr_command_backtest = {
    .name = "backtest",
    .summary = "compare models on a log: learn from one part, measure on the other",
    .usage = "--behaviour FILE [--catalogue FILE | --items RECORDS] [options]",
    .details = "Cuts the log, lets every model learn from the training side and rank, for each user of the test\n"
               "side, all videos but those that the user had in training, and prints a table of models with what\n"
               "each took. Without a catalogue the candidates are all videos of the log. With --split cold-item\n"
               "each model has a second row, among the test videos alone. p: of a difference from the first\n"
               "model as great by chance alone (paired randomisation); [low, high]: 95% of bootstrap samples. Lists "
               "that a model cannot fill go on\n"
               "with what most people watched. The last line reproduces the table. CSV: column `model` first.",
    .example = "nightreel backtest --behaviour ratings.csv --catalogue movies.csv --split user-time \\\n"
               "      --models popularity,item-knn,content -k 5,10,20",
    .groups = {&input_group, &backtest_group, &nr_options_models, &nr_options_clean, &nr_options_weights,
               &nr_options_words, &nr_options_embed, &nr_options_factors, &nr_options_profile, &nr_options_scores,
               &nr_options_general},
    .own_size = sizeof(struct backtest_options),
    .own_default = own_default,
    .max_args = 0,
    .workers = true,
    .run = run,
};
