/* cmd_fuse.c - item records with raw features to records with blocks. */
#include "cli/cli.h"

#include "core/banned.h"

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    static const struct nr_stage *const stages[] = {&nr_stage_embed, &nr_stage_fuse};
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

const struct nr_command nr_command_fuse = {
    .name = "fuse",
    .summary = "make one vector per modality from the features, by the whole catalogue's statistics",
    .usage = "[options] RECORDS|-",
    .details = "Reads all records before it writes. Dense blocks (visual, audio, text) are centred and divided\n"
               "by a shrunken deviation where at least 10 videos have them; tags weigh by ln((1+N)/(1+df)) + 1;\n"
               "then each block gets length 1. The text block is a sentence embedding where a model is found,\n"
               "else hashed TF-IDF. A video lacks the blocks of what it lacks.",
    .example = "nightreel extract --videos media items.jsonl | nightreel fuse - > fused.jsonl",
    .groups = {&nr_options_embed, &nr_options_fuse, &nr_options_general},
    .min_args = 1,
    .max_args = 1,
    .run = run,
};
