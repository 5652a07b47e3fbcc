/* cmd_evaluate.c - measures of runs against a truth. */
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/eval_blocks.h"
#include "cli/eval_descriptions.h"
#include "cli/opts_eval.h"
#include "nightreel/stage_eval.h"

#include "core/banned.h"

struct evaluate_options {
    const char *truth, *train, *items, *positive, *per_user;
    const char *descriptions, *labels;
    struct nr_eval_request request;
    size_t seed, resamples;
    int significance;
    enum nr_eval_format format;
    bool list_measures;
};

#define OWN(field) offsetof(struct evaluate_options, field)

enum { SIGNIFICANCE_AUTO, SIGNIFICANCE_ON, SIGNIFICANCE_OFF };
static const char *const significance[] = {"auto", "on", "off", NULL};

static const struct nr_option options[] = {
    {"truth", 0, NR_OPTION_STRING, "FILE", "what was liked: a behaviour log (CSV) or TREC judgements (qrels)",
     OWN(truth), NULL, NULL},
    {"train", 0, NR_OPTION_STRING, "FILE", "the log that the lists were made from (CSV)", OWN(train), NULL, NULL},
    {"items", 0, NR_OPTION_STRING, "FILE", "item records: the catalogue, and blocks for diversity (JSON Lines)",
     OWN(items), NULL, NULL},
    {"cutoffs", 'k', NR_OPTION_PARSE, "K,...", "lengths of the lists (default 5,10,20)", OWN(request.params), NULL,
     nr_parse_cutoffs},
    {"positive", 0, NR_OPTION_STRING, "RULE", "which events make a video relevant (default: " NR_RULE_DEFAULT ")",
     OWN(positive), NULL, NULL},
    {"ties", 0, NR_OPTION_CHOICE, "ORDER",
     "equal scores by video_id rising (id, default), as trec_eval has them (trec), or in no order: the mean over all "
     "orders (expected)",
     OWN(request.params.ties), nr_eval_ties_names, NULL},
    {"undefined", 0, NR_OPTION_CHOICE, "RULE",
     "users without a value (a diversity of one video): skip (default) leaves them out of the mean, zero counts 0",
     OWN(request.params.undefined), nr_eval_undefined_names, NULL},
    {"significance", 0, NR_OPTION_CHOICE, "WHEN",
     "intervals of the means, and of differences from the first run with their p: on, off, or auto (default: where "
     "there are two runs or more)",
     OWN(significance), significance, NULL},
    {"resamples", 0, NR_OPTION_SIZE, "N", "of users and of signs, for --significance (default 10000)", OWN(resamples),
     NULL, NULL},
    {"seed", 0, NR_OPTION_SIZE, "N", "of those (default 1)", OWN(seed), NULL, NULL},
    {"slice", 0, NR_OPTION_STRING, "NAME,...",
     "the same once more for groups: history, popularity, cold (all need --train), or a field of --items (language, "
     "tags, ..., a column); --list-measures defines them",
     OWN(request.slices), NULL, NULL},
    {"descriptions", 0, NR_OPTION_STRING, "FILE",
     "measure the descriptions of item records instead; a RUN is another such file", OWN(descriptions), NULL, NULL},
    {"labels", 0, NR_OPTION_STRING, "FILE",
     "an editor's labels for --descriptions: CSV with video_id, topics, sentiment", OWN(labels), NULL, NULL},
    {"measures", 0, NR_OPTION_STRING, "NAME,...", "these measures, or 'all' (default: the usual ones)",
     OWN(request.params.measures), NULL, NULL},
    {"list-measures", 0, NR_OPTION_FLAG, NULL, "print every measure with its definition and source", OWN(list_measures),
     NULL, NULL},
    {"per-user", 0, NR_OPTION_STRING, "FILE", "write every user's values (CSV)", OWN(per_user), NULL, NULL},
    {"format", 0, NR_OPTION_CHOICE, "NAME", "table (default), json, or csv", OWN(format), nr_eval_format_names, NULL},
};
static const struct nr_option_group evaluate_group = {"Evaluation", NR_BASE_COMMAND, options, NR_COUNT(options)};

static void own_default(void *own)
{
    struct evaluate_options *evaluate = own;
    nr_eval_params_default(&evaluate->request.params);
    nr_significance_params_default(&evaluate->request.significance);
    evaluate->seed = (size_t)evaluate->request.significance.seed;
    evaluate->resamples = evaluate->request.significance.resamples;
    evaluate->positive = NR_RULE_DEFAULT;
}

static enum nr_status list_measures(struct nr_error *err)
{
    struct nr_buf text = {0};
    nr_eval_write_measures(&text);
    nr_buf_puts(&text, "\nof descriptions:\n");
    nr_quality_write_measures(&text);
    enum nr_status status = nr_cli_write(&text, err);
    nr_buf_release(&text);
    return status;
}

/* What the options leave to be worked out, and whether they make sense. */
static enum nr_status prepare(struct evaluate_options *own, unsigned threads, int argc, struct nr_error *err)
{
    struct nr_significance_params *sure = &own->request.significance;
    sure->seed = own->seed;
    sure->resamples = sure->permutations = own->resamples;
    sure->threads = threads;
    own->request.with_significance =
        own->significance == SIGNIFICANCE_ON || (own->significance == SIGNIFICANCE_AUTO && argc > 1);
    const char *wrong = nr_eval_params_check(&own->request.params);
    if (!wrong)
        wrong = nr_significance_params_check(sure);
    if (wrong)
        return nr_fail(err, NR_ERR_USAGE, "%s", wrong);
    if (!own->truth)
        return nr_fail(err, NR_ERR_USAGE, "'--truth FILE' is missing; see 'nightreel evaluate --help'");
    if (argc < 1)
        return nr_fail(err, NR_ERR_USAGE, "no run is named; see 'nightreel evaluate --help'");
    return NR_OK;
}

/* All ids of all runs must be known before the first is measured: without records of
 * the catalogue they are part of it. */
static enum nr_status read_inputs(const struct nr_cli *cli, int argc, char **argv, struct nr_item_list *items,
                                  struct nr_eval_data *data, struct nr_eval_run *runs, struct nr_error *err)
{
    const struct evaluate_options *own = cli->own;
    struct nr_rule *rule = NULL;
    enum nr_status status = nr_rule_parse(own->positive, &rule, err);
    if (!status)
        status = nr_eval_read_truth(&cli->env, own->truth, rule, data, err);
    if (!status && own->train)
        status = nr_eval_read_train(&cli->env, own->train, data, err);
    if (!status && own->items)
        status = nr_cli_read_items(own->items, items, err);
    if (!status)
        status = nr_eval_add_items(data, items, err);
    for (int r = 0; r < argc && !status; r++) {
        runs[r].name = argv[r];
        status = nr_eval_read_run(argv[r], data, &runs[r], err);
    }
    nr_rule_free(rule);
    return status;
}

static enum nr_status write_per_user(const char *path, const struct nr_eval_result *results, size_t count,
                                     struct nr_error *err)
{
    struct nr_buf text = {0};
    nr_eval_write_users(results, count, &text);
    enum nr_status status = nr_file_write(path, &text, err);
    nr_buf_release(&text);
    return status;
}

static enum nr_status write_blocks(const struct evaluate_options *own, const struct nr_eval_blocks *blocks,
                                   struct nr_error *err)
{
    struct nr_buf text = {0};
    const struct nr_eval_report report = {&own->request.params, &own->request.significance, blocks->blocks,
                                          blocks->count, blocks->run_count};
    enum nr_status status =
        own->per_user ? write_per_user(own->per_user, blocks->blocks[0].results, blocks->run_count, err) : NR_OK;
    nr_eval_write(&report, own->format, &text);
    if (!status)
        status = nr_cli_write(&text, err);
    nr_buf_release(&text);
    return status;
}

static void say(const struct nr_cli *cli, const struct nr_eval_blocks *blocks)
{
    size_t users = blocks->blocks[0].results[0].users;
    if (blocks->blocks[0].comparisons && users < NR_SIGNIFICANCE_USERS_LEAST)
        nr_report(&cli->reporter, NR_LOG_WARNING,
                  "with %zu users, fewer than %d, little can be said about significance", users,
                  NR_SIGNIFICANCE_USERS_LEAST);
    nr_report(&cli->reporter, NR_LOG_INFO, "%zu runs, %zu users", blocks->run_count, users);
}

static enum nr_status run_descriptions(const struct evaluate_options *own, int argc, char **argv, struct nr_error *err)
{
    size_t count = (size_t)argc + 1;
    const char **files = calloc(count, sizeof *files);
    if (!files)
        return nr_fail_nomem(err, "the files");
    files[0] = own->descriptions;
    for (size_t i = 1; i < count; i++)
        files[i] = argv[i - 1];
    enum nr_status status = nr_evaluate_descriptions(files, count, own->labels, own->format, err);
    free(files);
    return status;
}

static enum nr_status run_runs(const struct nr_cli *cli, int argc, char **argv, struct nr_error *err)
{
    const struct evaluate_options *own = cli->own;
    struct nr_item_list items = {0};
    struct nr_eval_data data = {.has_train = false};
    struct nr_eval_blocks blocks = {.count = 0};
    size_t count = (size_t)argc;
    struct nr_eval_run *runs = calloc(count, sizeof *runs);
    enum nr_status status =
        runs ? read_inputs(cli, argc, argv, &items, &data, runs, err) : nr_fail_nomem(err, "the runs");
    if (!status)
        status = nr_eval_blocks_make(&data, runs, count, &own->request, &blocks, err);
    if (!status)
        status = write_blocks(own, &blocks, err);
    if (!status)
        say(cli, &blocks);
    nr_eval_blocks_release(&blocks);
    for (size_t r = 0; r < count && runs; r++)
        nr_eval_run_release(&runs[r]);
    free(runs);
    nr_eval_data_release(&data);
    nr_item_list_release(&items);
    return status;
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    struct evaluate_options *own = cli->own;
    (void)failed_items;
    if (own->list_measures)
        return list_measures(err);
    if (own->descriptions)
        return run_descriptions(own, argc, argv, err);
    enum nr_status status = prepare(own, cli->settings.threads, argc, err);
    return status ? status : run_runs(cli, argc, argv, err);
}

const struct nr_command nr_command_evaluate = {
    .name = "evaluate",
    .summary = "measure recommendations against what people did",
    .usage = "--truth FILE [options] RUN... | --descriptions FILE [--labels FILE] [FILE...]",
    .details = "A RUN is a file of recommendations (JSON Lines, JSON), a TREC run, or CSV with user_id, video_id\n"
               "and score or rank. Users count who have something relevant in the truth; one to whom a run gives\n"
               "nothing scores 0. The table has them as `missing` (not in the run) and `empty` (an empty list);\n"
               "`unjudged` users of the run have nothing relevant and are left out. Candidates (accuracy,\n"
               "coverage, gini) are the videos of --items less what the user has in --train; without --items,\n"
               "every video of truth, training log and all runs together. [worst, best] is what a value could be\n"
               "in other orders of equal scores; the tie rate is the share of listed videos that share a score.\n"
               "--ties expected: measures of correctness are their exact mean over all orders of equal scores (the\n"
               "others have the order by video_id). The lists must hold equal scores whole: of one that was cut\n"
               "among them, nobody knows how many there were.\n"
               "With several runs, a second table has the intervals of the means by a bootstrap over users, the\n"
               "differences from the first run and their p by a paired randomisation test, of measures that have\n"
               "a value for each user.\n"
               "With --descriptions item records are measured: their topics and sentiments against an editor's\n"
               "labels, their words against the records (see --list-measures), by language.\n"
               "A RULE compares action, value, rating, watch_seconds or time by = != < <= > >= or in (...), joined\n"
               "by and, or, not: \"rating > 3\", \"action in (like, share)\". JSON: {\"runs\":[{\"run\":NAME,\n"
               "\"users\":N,\"measures\":{\"ndcg@10\":0.1,...},...}],...}, null where undefined.",
    .example = "nightreel evaluate --truth test.csv --train train.csv --slice history,cold old.jsonl new.jsonl\n"
               "  nightreel evaluate --descriptions items.jsonl --labels labels.csv\n"
               "  nightreel evaluate --truth test.csv --train train.csv -k 10 recommendations.jsonl\n"
               "  nightreel evaluate --truth qrels.txt --ties trec --measures all run.trec\n"
               "  nightreel evaluate --truth test.csv --ties expected whole.trec",
    .groups = {&evaluate_group, &nr_options_clean, &nr_options_general},
    .own_size = sizeof(struct evaluate_options),
    .own_default = own_default,
    .max_args = -1,
    .light = true,
    .run = run,
};
