/* cmd_fuse.c - item records with raw features to records with blocks. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#include "core/banned.h"

/* Every block's length over all records; 0: no record has it. */
static void find_lengths(const struct nr_item_list *items, size_t lengths[NR_BLOCK_COUNT])
{
    for (size_t i = 0; i < items->count; i++)
        for (int b = 0; b < NR_BLOCK_COUNT; b++)
            if (items->items[i].blocks[b].length > lengths[b])
                lengths[b] = items->items[i].blocks[b].length;
}

static void put_fused(const struct nr_item *item, const size_t lengths[NR_BLOCK_COUNT], const float *zeros,
                      struct nr_buf *line)
{
    bool first = true;
    nr_json_put_key(line, "fused");
    nr_json_open(line, '[');
    for (int b = 0; b < NR_BLOCK_COUNT; b++) {
        struct nr_buf part = {0};
        const struct nr_block *block = &item->blocks[b];
        if (lengths[b] == 0)
            continue;
        nr_json_put_floats(&part, block->length == lengths[b] ? block->values : zeros, lengths[b]);
        if (!first)
            nr_buf_putc(line, ',');
        line->failed |= part.failed;
        if (!line->failed)
            nr_buf_append(line, part.data + 1, part.length - 2); /* without its brackets */
        nr_buf_release(&part);
        first = false;
    }
    nr_json_close(line, ']');
}

/* The records with one more key behind the others: readers of records pass over it. */
static enum nr_status write_fused(const struct nr_item_list *items, struct nr_error *err)
{
    struct nr_buf line = {0};
    size_t lengths[NR_BLOCK_COUNT] = {0}, longest = 1;
    enum nr_status status = NR_OK;
    find_lengths(items, lengths);
    for (int b = 0; b < NR_BLOCK_COUNT; b++)
        longest = lengths[b] > longest ? lengths[b] : longest;
    float *zeros = calloc(longest, sizeof *zeros);
    if (!zeros)
        return nr_fail_nomem(err, "fused vectors");
    for (size_t i = 0; i < items->count && !status; i++) {
        nr_item_write(&items->items[i], NR_PART_RECORD, &line);
        if (!line.failed)
            line.data[--line.length] = '\0'; /* the closing bracket */
        put_fused(&items->items[i], lengths, zeros, &line);
        nr_json_close(&line, '}');
        nr_buf_putc(&line, '\n');
        status = nr_cli_write(&line, err);
    }
    free(zeros);
    nr_buf_release(&line);
    return status;
}

static const struct nr_option log_options[] = {
    {"behaviour", 0, NR_OPTION_STRING, "FILE", "behaviour log (CSV) for the block of who watched what",
     NR_SETTING(behaviour), NULL, NULL},
};
static const struct nr_option_group log_group = {"Inputs", NR_BASE_SETTINGS, log_options, NR_COUNT(log_options)};

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    static const struct nr_stage *const stages[] = {&nr_stage_clean, &nr_stage_embed, &nr_stage_fuse};
    struct nr_dataset data = {0};
    (void)argc;
    if (cli->settings.behaviour && strcmp(cli->settings.behaviour, "-") == 0 && strcmp(argv[0], "-") == 0)
        return nr_fail(err, NR_ERR_USAGE, "the records and the log cannot both be standard input");
    enum nr_status status = nr_cli_read_items(argv[0], &data.items, err);
    if (!status)
        status = nr_cli_run_stages(cli, stages, NR_COUNT(stages), &data, failed_items, err);
    if (!status)
        status = cli->settings.fuse.write_fused ? write_fused(&data.items, err) : nr_cli_write_items(&data.items, err);
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
               "else hashed TF-IDF. A video lacks the blocks of what it lacks. With\n"
               "--behaviour, videos that at least 5 people watched get a block of item factors, where the log has\n"
               "at least 100 people and 50 such videos.",
    .example = "nightreel extract --videos media items.jsonl | nightreel fuse - > fused.jsonl",
    .groups = {&log_group, &nr_options_embed, &nr_options_fuse, &nr_options_factors, &nr_options_weights,
               &nr_options_clean, &nr_options_general},
    .min_args = 1,
    .max_args = 1,
    .run = run,
};
