/* cmd_catalogue.c - catalogue CSV to item records. */
#include "cli/cli.h"

#include "core/banned.h"

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    static const struct nr_stage *const stages[] = {&nr_stage_catalogue};
    struct nr_dataset data = {0};
    (void)argc;
    cli->settings.catalogue = argv[0];
    enum nr_status status = nr_cli_run_stages(cli, stages, NR_COUNT(stages), &data, failed_items, err);
    if (!status)
        status = nr_cli_write_items(&data.items, err);
    nr_dataset_release(&data);
    return status;
}

const struct nr_command nr_command_catalogue = {
    .name = "catalogue",
    .summary = "read a catalogue (CSV) and write item records",
    .usage = "[options] FILE|-",
    .details = "Columns: video_id (the only one required), title, tags, description, file, subtitles, actors,\n"
               "directors, published_at, duration (seconds or HH:MM:SS), language; others are kept under\n"
               "`extra`. Tags split at 、 , | / ; and their full-width forms. The column `description` becomes\n"
               "the record's `synopsis`: `description` is what the describe stage writes. Rows without an id\n"
               "and repeated ids are left out with a warning (exit code 3).",
    .example = "nightreel catalogue video_content.csv > items.jsonl",
    .groups = {&nr_options_general},
    .min_args = 1,
    .max_args = 1,
    .light = true,
    .run = run,
};
