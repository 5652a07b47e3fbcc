/* cmd_match.c - user and item records to ranked recommendations. */
#include "cli/cli.h"
#include "cli/presets.h"

#include "core/banned.h"

struct match_options {
    const char *items, *model_file;
};

static const struct nr_option files[] = {
    {"model-file", 0, NR_OPTION_STRING, "FILE",
     "what 'nightreel profile --model-out' wrote: that model ranks for the users that it knows",
     offsetof(struct match_options, model_file), NULL, NULL},
    {"items", 0, NR_OPTION_STRING, "FILE", "item records with their blocks (JSON Lines)",
     offsetof(struct match_options, items), NULL, NULL},
};
static const struct nr_option_group file_group = {"Files", NR_BASE_COMMAND, files, NR_COUNT(files)};

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    static const struct nr_stage *const stages[] = {&nr_stage_match};
    const struct match_options *own = cli->own;
    struct nr_dataset data = {0};
    size_t failed_before;
    (void)argc;
    (void)failed_items; /* items that failed earlier are the business of who made the records */
    if (!own->items)
        return nr_fail(err, NR_ERR_USAGE, "'--items FILE' is missing; see 'nightreel match --help'");
    cli->settings.learn.file = own->model_file;
    enum nr_status status = nr_cli_read_items(own->items, &data.items, err);
    if (!status)
        status = nr_cli_read_users(argv[0], &data.users, err);
    if (!status)
        status = nr_cli_run_stages(cli, stages, NR_COUNT(stages), &data, &failed_before, err);
    if (!status)
        status = nr_cli_write_rankings(&data.rankings, &cli->settings, "-", err);
    if (!status)
        nr_report(&cli->reporter, NR_LOG_INFO, "%zu users, %zu videos", data.users.count, data.items.count);
    nr_dataset_release(&data);
    return status;
}

const struct nr_command nr_command_match = {
    .name = "match",
    .summary = "rank the videos that each user has not watched",
    .usage = "--items RECORDS [options] USERS|-",
    .details = "The score is the weighted mean of the cosines between the user's blocks and the video's, 0\n"
               "where the video lacks one; its summands are the `parts`. P = exp(beta score) / the sum of that\n"
               "over all candidates. Equal scores are ordered by video_id. A user without any block gets the\n"
               "most watched videos, marked \"fill\":\"popularity\". A list is shorter than -k where fewer videos\n"
               "are left: filters take videos out for everybody, what a list may hold (--max-per, ...) is\n"
               "looked for through the whole ranking. CSV columns: user_id,rank,video_id,title,score,\n"
               "probability,because,fill,parts,because_watched,watched_title,watched_share (the last three with\n"
               "--explain).",
    .example = "nightreel match --items items.jsonl -k 20 users.jsonl > recommendations.jsonl",
    .more_help = nr_presets_help,
    .groups = {&file_group, &nr_options_scores, &nr_options_match, &nr_options_candidates, &nr_options_lists,
               &nr_options_preset, &nr_options_general},
    .own_size = sizeof(struct match_options),
    .min_args = 1,
    .max_args = 1,
    .run = run,
};
