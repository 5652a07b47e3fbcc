/* cmd_run.c - the whole chain, through the store. */
#include <string.h>

#include "cli/cli.h"
#include "nightreel/stage_learn.h"
#include "nightreel/store.h"

#include "core/banned.h"

struct run_options {
    const char *store, *out;
};

static const struct nr_option inputs[] = {
    {"behaviour", 0, NR_OPTION_STRING, "FILE", "behaviour log (CSV)", NR_SETTING(behaviour), NULL, NULL},
    {"catalogue", 0, NR_OPTION_STRING, "FILE", "catalogue (CSV)", NR_SETTING(catalogue), NULL, NULL},
    {"interests", 0, NR_OPTION_STRING, "FILE", "declared interests (CSV: user_id,tags)", NR_SETTING(interests), NULL,
     NULL},
    {"rejects", 0, NR_OPTION_STRING, "FILE", "write every dropped, merged or repaired row of the log here (CSV)",
     NR_SETTING(rejects), NULL, NULL},
    {"summary", 0, NR_OPTION_STRING, "FILE", "write the counts of the cleaning here (JSON)", NR_SETTING(clean_summary),
     NULL, NULL},
};
static const struct nr_option_group input_group = {"Inputs", NR_BASE_SETTINGS, inputs, NR_COUNT(inputs)};

static const struct nr_option outputs[] = {
    {"store", 0, NR_OPTION_STRING, "FILE", "results kept between runs (SQLite); without it everything is computed anew",
     offsetof(struct run_options, store), NULL, NULL},
    {"out", 0, NR_OPTION_STRING, "FILE", "recommendations ('-': standard output)", offsetof(struct run_options, out),
     NULL, NULL},
};
static const struct nr_option_group output_group = {"Outputs", NR_BASE_COMMAND, outputs, NR_COUNT(outputs)};

static enum nr_status check(const struct nr_cli *cli, struct nr_error *err)
{
    const struct run_options *own = cli->own;
    if (!cli->settings.catalogue)
        return nr_fail(err, NR_ERR_USAGE, "'--catalogue FILE' is missing; see 'nightreel run --help'");
    if (!cli->settings.behaviour && !cli->settings.interests)
        return nr_fail(err, NR_ERR_USAGE, "'--behaviour FILE' is missing (or '--interests FILE', or both)");
    if (!own->out)
        return nr_fail(err, NR_ERR_USAGE, "'--out FILE' is missing ('-' is standard output)");
    return nr_learn_check(&cli->settings.learn, err);
}

/* Names each item that failed, by video_id, then stage. */
static void report_failures(const struct nr_cli *cli, const struct nr_item_list *items)
{
    for (size_t i = 0; i < items->count; i++)
        for (size_t e = 0; e < items->items[i].error_count; e++)
            if (strncmp(items->items[i].errors[e].reason, NR_STAGE_POSTPONED, strlen(NR_STAGE_POSTPONED)) != 0)
                nr_report(&cli->reporter, NR_LOG_WARNING, "video '%s': %s: %s", items->items[i].video_id,
                          items->items[i].errors[e].stage, items->items[i].errors[e].reason);
}

static void report_summary(const struct nr_cli *cli, const struct nr_dataset *data,
                           const struct nr_pipeline_result *result, double seconds)
{
    size_t made = 0, reused = 0;
    for (size_t i = 0; i < result->stage_count; i++) {
        made += result->stages[i].made;
        reused += result->stages[i].reused;
    }
    nr_report(&cli->reporter, NR_LOG_INFO,
              "%zu videos (%zu failed), %zu events, %zu users; %zu results made, %zu reused; %.1f s", data->items.count,
              result->failed_items, data->events.count, data->users.count, made, reused, seconds);
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    const struct run_options *own = cli->own;
    struct nr_dataset data = {0};
    struct nr_pipeline_result result = {0};
    struct nr_store *store = NULL;
    double started = nr_clock_seconds();
    (void)argc;
    (void)argv;
    enum nr_status status = check(cli, err);
    if (!status && own->store)
        status = nr_store_open(own->store, NR_STORE_WRITE, &store, err);
    if (!status)
        status = nr_pipeline_run(nr_stage_chain, nr_stage_chain_count, &cli->env, &data, store, &result, err);
    if (!status)
        status = nr_cli_write_rankings(&data.rankings, &cli->settings, own->out, err);
    report_failures(cli, &data.items);
    if (!status)
        report_summary(cli, &data, &result, nr_clock_seconds() - started);
    *failed_items = result.failed_items;
    nr_store_close(store);
    nr_dataset_release(&data);
    return status;
}

const struct nr_command nr_command_run = {
    .name = "run",
    .summary = "the whole chain: logs, catalogue and videos in, ranked recommendations out",
    .usage = "--catalogue FILE --behaviour FILE --videos DIR --store FILE --out FILE [options]",
    .details = "Only new work is done: what the store has of unchanged files and parameters is reused. Videos\n"
               "that fail are named with the reason on standard error, and the exit code is 3; everything\n"
               "else is recommended as usual.",
    .example = "nightreel run --behaviour user_behavior.csv --catalogue video_content.csv \\\n"
               "      --videos media --store night.db --out recommendations.jsonl -k 10 -v",
    .groups = {&input_group, &output_group, &nr_options_clean, &nr_options_weights, &nr_options_videos,
               &nr_options_decode, &nr_options_pictures, &nr_options_words, &nr_options_embed, &nr_options_factors,
               &nr_options_describe, &nr_options_profile, &nr_options_learn, &nr_options_models, &nr_options_scores,
               &nr_options_match, &nr_options_general},
    .own_size = sizeof(struct run_options),
    .max_args = 0,
    .workers = true,
    .run = run,
};
