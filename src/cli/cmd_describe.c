/* cmd_describe.c - item records in, item records with descriptions out. */
#include "cli/cli.h"

#include "core/banned.h"

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    static const struct nr_stage *const stages[] = {&nr_stage_describe, &nr_stage_label, &nr_stage_export,
                                                    &nr_stage_meaning, &nr_stage_semantic};
    struct nr_dataset data = {0};
    (void)argc;
    enum nr_status status = nr_cli_read_items(argv[0], &data.items, err);
    if (!status)
        status = nr_cli_run_stages(cli, stages, NR_COUNT(stages), &data, failed_items, err);
    if (!status)
        status = nr_cli_write_items(&data.items, err);
    nr_dataset_release(&data);
    return status;
}

const struct nr_command nr_command_describe = {
    .name = "describe",
    .summary = "describe videos by a language model: summary, topics, keywords, sentiment",
    .usage = "[options] RECORDS.jsonl|-",
    .details = "Reads item records (JSON Lines) whole, since a model is told what is near in the\n"
               "catalogue, and writes them with `description` and the `semantic` block. A reply is\n"
               "held against the record; where it does not pass twice, and with --llm none, the\n"
               "description is extractive and says so. An endpoint that stops answering costs no\n"
               "video its description: exit code 3, the videos concerned name the reason.",
    .example = "nightreel describe --llm none fused.jsonl > items.jsonl\n"
               "  nightreel describe --llm http://localhost:8080 - < fused.jsonl > items.jsonl",
    .groups = {&nr_options_describe, &nr_options_embed, &nr_options_pictures, &nr_options_general},
    .min_args = 1,
    .max_args = 1,
    .run = run,
};
