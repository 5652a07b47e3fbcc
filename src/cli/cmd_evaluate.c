/* cmd_evaluate.c - measures of runs against a truth. */
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/eval_descriptions.h"
#include "cli/eval_output.h"
#include "cli/opts_eval.h"
#include "nightreel/stage_eval.h"

#include "core/banned.h"

struct evaluate_options {
    const char *truth, *train, *items, *positive, *per_user;
    const char *descriptions, *labels;
    struct nr_eval_params params;
    enum nr_eval_format format;
    bool list_measures;
};

#define OWN(field) offsetof(struct evaluate_options, field)

static const char *const ties[] = {[NR_TIES_ID] = "id", [NR_TIES_TREC] = "trec", NULL};

static const struct nr_option options[] = {
    {"truth", 0, NR_OPTION_STRING, "FILE", "what was liked: a behaviour log (CSV) or TREC judgements (qrels)",
     OWN(truth), NULL, NULL},
    {"train", 0, NR_OPTION_STRING, "FILE", "the log that the lists were made from (CSV)", OWN(train), NULL, NULL},
    {"items", 0, NR_OPTION_STRING, "FILE", "item records: the catalogue, and blocks for diversity (JSON Lines)",
     OWN(items), NULL, NULL},
    {"cutoffs", 'k', NR_OPTION_PARSE, "K,...", "lengths of the lists (default 5,10,20)", OWN(params), NULL,
     nr_parse_cutoffs},
    {"positive", 0, NR_OPTION_STRING, "RULE", "which events make a video relevant (default: " NR_RULE_DEFAULT ")",
     OWN(positive), NULL, NULL},
    {"ties", 0, NR_OPTION_CHOICE, "ORDER",
     "equal scores by video_id rising (id, default), or as trec_eval has them (trec)", OWN(params.ties), ties, NULL},
    {"descriptions", 0, NR_OPTION_STRING, "FILE",
     "measure the descriptions of item records instead; a RUN is another such file", OWN(descriptions), NULL, NULL},
    {"labels", 0, NR_OPTION_STRING, "FILE",
     "an editor's labels for --descriptions: CSV with video_id, topics, sentiment", OWN(labels), NULL, NULL},
    {"measures", 0, NR_OPTION_STRING, "NAME,...", "these measures, or 'all' (default: the usual ones)",
     OWN(params.measures), NULL, NULL},
    {"list-measures", 0, NR_OPTION_FLAG, NULL, "print every measure with its definition and source", OWN(list_measures),
     NULL, NULL},
    {"per-user", 0, NR_OPTION_STRING, "FILE", "write every user's values (CSV)", OWN(per_user), NULL, NULL},
    {"format", 0, NR_OPTION_CHOICE, "NAME", "table (default), json, or csv", OWN(format), nr_eval_format_names, NULL},
};
static const struct nr_option_group evaluate_group = {"Evaluation", NR_BASE_COMMAND, options, NR_COUNT(options)};

static void own_default(void *own)
{
    struct evaluate_options *evaluate = own;
    nr_eval_params_default(&evaluate->params);
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

static enum nr_status check(const struct evaluate_options *own, int argc, struct nr_error *err)
{
    const char *wrong = nr_eval_params_check(&own->params);
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

static enum nr_status write_results(const struct evaluate_options *own, const struct nr_eval_result *results,
                                    size_t count, struct nr_error *err)
{
    struct nr_buf text = {0};
    enum nr_status status = own->per_user ? write_per_user(own->per_user, results, count, err) : NR_OK;
    nr_eval_write(results, count, own->format, &text);
    if (!status)
        status = nr_cli_write(&text, err);
    nr_buf_release(&text);
    return status;
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

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    const struct evaluate_options *own = cli->own;
    struct nr_item_list items = {0};
    struct nr_eval_data data = {.has_train = false};
    (void)failed_items;
    if (own->list_measures)
        return list_measures(err);
    if (own->descriptions)
        return run_descriptions(own, argc, argv, err);
    enum nr_status status = check(own, argc, err);
    if (status)
        return status;
    size_t count = (size_t)argc;
    struct nr_eval_run *runs = calloc(count, sizeof *runs);
    struct nr_eval_result *results = calloc(count, sizeof *results);
    status = runs && results ? read_inputs(cli, argc, argv, &items, &data, runs, err) : nr_fail_nomem(err, "the runs");
    for (size_t r = 0; r < count && !status; r++)
        status = nr_eval_measure(&data, &runs[r], &own->params, &results[r], err);
    if (!status)
        status = write_results(own, results, count, err);
    if (!status)
        nr_report(&cli->reporter, NR_LOG_INFO, "%zu runs, %zu users", count, results[0].users);
    for (size_t r = 0; r < count && runs && results; r++) {
        nr_eval_run_release(&runs[r]);
        nr_eval_result_release(&results[r]);
    }
    free(runs);
    free(results);
    nr_eval_data_release(&data);
    nr_item_list_release(&items);
    return status;
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
               "With --descriptions item records are measured: their topics and sentiments against an editor's\n"
               "labels, their words against the records (see --list-measures), by language.\n"
               "A RULE compares action, value, rating, watch_seconds or time by = != < <= > >= or in (...), joined\n"
               "by and, or, not: \"rating > 3\", \"action in (like, share)\". JSON: {\"runs\":[{\"run\":NAME,\n"
               "\"users\":N,\"measures\":{\"ndcg@10\":0.1,...}}]}, null where undefined.",
    .example = "nightreel evaluate --descriptions items.jsonl --labels labels.csv\n"
               "  nightreel evaluate --truth test.csv --train train.csv -k 10 recommendations.jsonl\n"
               "  nightreel evaluate --truth qrels.txt --ties trec --measures all run.trec",
    .groups = {&evaluate_group, &nr_options_clean, &nr_options_general},
    .own_size = sizeof(struct evaluate_options),
    .own_default = own_default,
    .max_args = -1,
    .run = run,
};
