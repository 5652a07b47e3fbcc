/* cmd_extract.c - extract, and its parts alone: decode, visual, audio, text. Records
 * come in batches and leave in their order, each as soon as its turn comes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#include "core/banned.h"

enum { BATCH = 256 };

/* What each of the commands decodes and keeps. To add one: a row here, a command below. */
static const struct part {
    const char *command;
    unsigned want, keep;
} parts[] = {
    {"decode", NR_WANT_PICTURE | NR_WANT_SOUND, 0}, {"visual", NR_WANT_PICTURE, NR_WANT_PICTURE},
    {"audio", NR_WANT_SOUND, NR_WANT_SOUND},        {"text", NR_WANT_WORDS, NR_WANT_WORDS},
    {"extract", NR_WANT_ALL, NR_WANT_ALL},
};

static const struct part *find_part(const char *command)
{
    for (size_t i = 0; i < NR_COUNT(parts); i++)
        if (strcmp(parts[i].command, command) == 0)
            return &parts[i];
    return NULL;
}

/* ---- a batch ------------------------------------------------------------------------- */

struct stream {
    struct nr_cli *cli;
    struct nr_dataset batch;
    bool *done;  /* per item of the batch */
    size_t next; /* to be written */
    size_t finished, failed;
    size_t total; /* 0: not known */
};

/* Writes what is done and has nothing undone before it. */
static enum nr_status write_ready(struct stream *stream, struct nr_error *err)
{
    struct nr_buf line = {0};
    enum nr_status status = NR_OK;
    for (; stream->next < stream->batch.items.count && stream->done[stream->next] && !status; stream->next++) {
        nr_item_write(&stream->batch.items.items[stream->next], NR_PART_RECORD, &line);
        nr_buf_putc(&line, '\n');
        status = nr_cli_write(&line, err);
    }
    nr_buf_release(&line);
    if (!status && fflush(stdout) != 0)
        status = nr_fail(err, NR_ERR_IO, "cannot write to standard output: %m");
    return status;
}

static enum nr_status item_done(void *ctx, size_t index, struct nr_error *err)
{
    struct stream *stream = ctx;
    const struct nr_item *item = &stream->batch.items.items[index];
    const char *reason = nr_item_error(item, nr_stage_extract.name);
    stream->done[index] = true;
    stream->finished++;
    if (reason) {
        stream->failed++;
        nr_report(&stream->cli->reporter, NR_LOG_WARNING, "video '%s': %s", item->video_id, reason);
    }
    nr_report_progress(&stream->cli->reporter, stream->cli->command->name, stream->finished, stream->total);
    enum nr_status status = write_ready(stream, err);
    return !status && nr_interrupted() ? nr_fail(err, NR_ERR_INTERRUPTED, "interrupted") : status;
}

/* Runs the stage over the batch and empties it. */
static enum nr_status flush_batch(struct stream *stream, struct nr_error *err)
{
    size_t count = stream->batch.items.count, *todo = calloc(count + 1, sizeof *todo);
    struct nr_stage_sink sink = {item_done, stream};
    stream->done = calloc(count + 1, sizeof *stream->done);
    stream->next = 0;
    enum nr_status status = todo && stream->done ? NR_OK : nr_fail_nomem(err, "a batch of records");
    for (size_t i = 0; !status && i < count; i++)
        todo[i] = i;
    if (!status && count)
        status = nr_stage_extract.run(&stream->cli->env, &stream->batch, todo, count, &sink, err);
    free(todo);
    free(stream->done);
    stream->done = NULL;
    nr_item_list_release(&stream->batch.items);
    return status;
}

/* --per-frame has one matrix to write. */
static enum nr_status check_single(const struct stream *stream, struct nr_error *err)
{
    bool several = stream->finished + stream->batch.items.count > 1;
    return stream->cli->settings.decode.per_frame && several
               ? nr_fail(err, NR_ERR_USAGE, "--per-frame takes one video, not several")
               : NR_OK;
}

/* ---- inputs ------------------------------------------------------------------------------ */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length > end_length && strcasecmp(text + length - end_length, end) == 0;
}

/* Records by their names; anything else is a media file. */
static bool is_records(const char *path)
{
    static const char *const ends[] = {".jsonl", ".json", ".ndjson"};
    static const char *const packed[] = {".gz", ".zst"};
    if (strcmp(path, "-") == 0)
        return true;
    for (size_t i = 0; i < NR_COUNT(ends); i++) {
        char both[16];
        if (ends_with(path, ends[i]))
            return true;
        for (size_t j = 0; j < NR_COUNT(packed); j++) {
            snprintf(both, sizeof both, "%s%s", ends[i], packed[j]);
            if (ends_with(path, both))
                return true;
        }
    }
    return false;
}

static enum nr_status add_line(struct stream *stream, struct nr_input *in, const char *line, size_t length,
                               struct nr_error *err)
{
    struct nr_item *item;
    enum nr_status status = nr_item_list_add(&stream->batch.items, &item, err);
    if (!status)
        status = nr_item_read(item, line, length, NR_PART_RECORD, err);
    return status ? nr_fail_prefix(err, status, "%s:%zu", nr_input_name(in), nr_input_line_number(in)) : NR_OK;
}

static enum nr_status take_records(struct stream *stream, const char *path, struct nr_error *err)
{
    struct nr_input *in;
    const char *line;
    size_t length;
    enum nr_status status = nr_input_open(path, &in, err);
    if (status)
        return status;
    while ((status = nr_input_line(in, &line, &length, err)) == NR_OK) {
        if (strspn(line, " \t\r") == length)
            continue;
        status = add_line(stream, in, line, length, err);
        if (!status)
            status = check_single(stream, err);
        /* The single one of --per-frame waits until it is known to be alone. */
        if (!status && stream->batch.items.count == BATCH)
            status = flush_batch(stream, err);
        if (status)
            break;
    }
    nr_input_close(in);
    return status == NR_END ? NR_OK : status;
}

static enum nr_status take_media(struct stream *stream, const char *path, struct nr_error *err)
{
    struct nr_item *item;
    enum nr_status status = nr_item_list_add(&stream->batch.items, &item, err);
    if (status)
        return status;
    item->video_id = nr_arena_strdup(&item->mem, path);
    item->file = item->video_id;
    if (!item->file)
        return nr_fail_nomem(err, "a record");
    status = check_single(stream, err);
    return !status && stream->batch.items.count == BATCH ? flush_batch(stream, err) : status;
}

/* A missing file among others fails alone; where there is nothing else, so does the command. */
static enum nr_status refuse_all_missing(int argc, char **argv, struct nr_error *err)
{
    for (int i = 0; i < argc; i++)
        if (is_records(argv[i]) || access(argv[i], F_OK) == 0)
            return NR_OK;
    return nr_fail(err, NR_ERR_NOINPUT, "cannot open '%s': %m", argv[0]);
}

static enum nr_status take_all(struct stream *stream, int argc, char **argv, struct nr_error *err)
{
    struct nr_decode_params *decode = &stream->cli->settings.decode;
    enum nr_status status = refuse_all_missing(argc, argv, err);
    for (int i = 0; i < argc && !status; i++) {
        bool records = is_records(argv[i]);
        if (i > 0 && decode->trusted_paths == records) /* the batch is of one kind */
            status = flush_batch(stream, err);
        decode->trusted_paths = !records;
        if (!status)
            status = records ? take_records(stream, argv[i], err) : take_media(stream, argv[i], err);
    }
    return status ? status : flush_batch(stream, err);
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    const struct part *part = find_part(cli->command->name);
    struct stream stream = {.cli = cli};
    bool media_only = true;
    for (int i = 0; i < argc; i++)
        media_only &= !is_records(argv[i]);
    stream.total = media_only ? (size_t)argc : 0;
    cli->settings.decode.want = part->want;
    cli->settings.decode.keep = part->keep;
    enum nr_status status = take_all(&stream, argc, argv, err);
    nr_dataset_release(&stream.batch);
    *failed_items = stream.failed;
    if (!status)
        nr_report(&cli->reporter, NR_LOG_INFO, "%zu videos, %zu failed wholly or in part", stream.finished,
                  stream.failed);
    return status;
}

/* ---- the commands ------------------------------------------------------------------------------ */

static const struct nr_option per_frame[] = {
    {"per-frame", 0, NR_OPTION_STRING, "F.npy",
     "also write what was measured frame by frame (one input only): visual T x 24, audio 20 x T, float32",
     NR_SETTING(decode.per_frame), NULL, NULL},
};
static const struct nr_option_group per_frame_group = {"Frame by frame", NR_BASE_SETTINGS, per_frame,
                                                       NR_COUNT(per_frame)};

#define USAGE "[options] RECORDS.jsonl|-|MEDIA..."
#define INPUTS                                                                                                         \
    "Reads item records (- or *.jsonl, *.json, also .gz and .zst), whose `file` is looked for under\n"                 \
    "--videos, or media files named on the command line (then video_id is the path). Records leave in the\n"           \
    "order they came in. A file that fails, wholly or in part, has its reason under `errors`: exit 3.\n"

const struct nr_command nr_command_extract = {
    .name = "extract",
    .summary = "decode the videos once: picture, sound and words as numbers",
    .usage = USAGE,
    .details = INPUTS "Files are decoded in worker processes; one that crashes or hangs costs its own video.",
    .example = "nightreel catalogue videos.csv | nightreel extract --videos media - > items.jsonl",
    .groups = {&nr_options_videos, &nr_options_decode, &nr_options_pictures, &nr_options_words, &nr_options_general},
    .min_args = 1,
    .max_args = -1,
    .workers = true,
    .light = true,
    .run = run,
};

const struct nr_command nr_command_decode = {
    .name = "decode",
    .summary = "only the `media` part of extract: what a file is, and whether it decodes",
    .usage = USAGE,
    .details = INPUTS,
    .example = "nightreel decode clip.mp4",
    .groups = {&nr_options_videos, &nr_options_decode, &nr_options_pictures, &nr_options_general},
    .min_args = 1,
    .max_args = -1,
    .workers = true,
    .light = true,
    .run = run,
};

const struct nr_command nr_command_visual = {
    .name = "visual",
    .summary = "only the `visual` part of extract: colour histograms and impressions",
    .usage = USAGE,
    .details = INPUTS,
    .example = "nightreel visual --frames fps=1 --per-frame frames.npy clip.mp4",
    .groups = {&nr_options_videos, &nr_options_decode, &nr_options_pictures, &per_frame_group, &nr_options_general},
    .min_args = 1,
    .max_args = -1,
    .workers = true,
    .light = true,
    .run = run,
};

const struct nr_command nr_command_audio = {
    .name = "audio",
    .summary = "only the `audio` part of extract: MFCC and impressions",
    .usage = USAGE,
    .details = INPUTS,
    .example = "nightreel audio --per-frame mfcc.npy song.flac",
    .groups = {&nr_options_videos, &nr_options_decode, &nr_options_pictures, &per_frame_group, &nr_options_general},
    .min_args = 1,
    .max_args = -1,
    .workers = true,
    .light = true,
    .run = run,
};

const struct nr_command nr_command_text = {
    .name = "text",
    .summary = "only the `text` part of extract: words of title, tags, synopsis and subtitles",
    .usage = USAGE,
    .details = INPUTS,
    .example = "nightreel text --videos media items.jsonl",
    .groups = {&nr_options_videos, &nr_options_decode, &nr_options_pictures, &nr_options_words, &nr_options_general},
    .min_args = 1,
    .max_args = -1,
    .workers = true,
    .light = true,
    .run = run,
};
