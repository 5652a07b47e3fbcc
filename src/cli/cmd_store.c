/* cmd_store.c - looks into a store: ls, show, export; forgets users. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "nightreel/store_state.h"

#include "core/banned.h"

struct store_options {
    const char *stage;
    bool failed;
};

static const struct nr_option options[] = {
    {"stage", 0, NR_OPTION_STRING, "NAME", "only results of this stage", offsetof(struct store_options, stage), NULL,
     NULL},
    {"failed", 0, NR_OPTION_FLAG, NULL, "only results that failed", offsetof(struct store_options, failed), NULL, NULL},
};
static const struct nr_option_group store_group = {"Store", NR_BASE_COMMAND, options, NR_COUNT(options)};

enum { EXPORTED = NR_PART_RECORD | NR_PART_RAW_TEXT | NR_PART_RAW_SEMANTIC };

/* What the row functions share. */
struct listing {
    const struct store_options *own;
    struct nr_buf text;
    struct nr_item item; /* being put together by export */
    size_t rows;
};

static bool wanted(const struct listing *listing, const struct nr_store_row *row)
{
    return !listing->own->failed || row->reason;
}

static enum nr_status list_row(void *ctx, const struct nr_store_row *row, struct nr_error *err)
{
    struct listing *listing = ctx;
    char when[NR_NUMBER_MAX];
    if (!wanted(listing, row))
        return NR_OK;
    nr_time_format(when, row->made_at / 1000 * 1000);
    listing->rows++;
    nr_buf_printf(&listing->text, "%s\t%s\t%s\t%zu\t%s\n", row->video_id, row->stage, when, row->bytes,
                  row->reason ? row->reason : "ok");
    return nr_cli_write(&listing->text, err);
}

/* A stored result is two lines: {"reason":...} and the item's parts. */
static const char *parts_of(const struct nr_store_row *row, size_t *length)
{
    const char *newline = memchr(row->json, '\n', row->bytes);
    *length = newline ? row->bytes - (size_t)(newline + 1 - row->json) : 0;
    return newline ? newline + 1 : NULL;
}

static enum nr_status show_row(void *ctx, const struct nr_store_row *row, struct nr_error *err)
{
    struct listing *listing = ctx;
    size_t length;
    const char *parts = parts_of(row, &length);
    if (!wanted(listing, row) || !parts)
        return NR_OK;
    listing->rows++;
    nr_json_open(&listing->text, '{');
    nr_json_put_key(&listing->text, "stage");
    nr_json_put_string(&listing->text, row->stage);
    nr_json_put_key(&listing->text, "key");
    nr_json_put_string(&listing->text, row->key);
    nr_json_put_key(&listing->text, "reason");
    nr_json_put_string(&listing->text, row->reason);
    nr_json_put_key(&listing->text, "result");
    nr_buf_append(&listing->text, parts, length);
    nr_buf_puts(&listing->text, "}\n");
    return nr_cli_write(&listing->text, err);
}

static enum nr_status flush_item(struct listing *listing, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    if (listing->item.video_id) {
        nr_item_write(&listing->item, EXPORTED, &listing->text);
        nr_buf_putc(&listing->text, '\n');
        status = nr_cli_write(&listing->text, err);
    }
    nr_item_release(&listing->item);
    return status;
}

/* Rows come by video: the parts of one are merged until the next begins. */
static enum nr_status export_row(void *ctx, const struct nr_store_row *row, struct nr_error *err)
{
    struct listing *listing = ctx;
    struct nr_item *item = &listing->item;
    size_t length;
    const char *parts = parts_of(row, &length);
    enum nr_status status = NR_OK;
    if (!wanted(listing, row) || !parts)
        return NR_OK;
    if (item->video_id && strcmp(item->video_id, row->video_id) != 0)
        status = flush_item(listing, err);
    if (!status && !item->video_id) {
        *item = (struct nr_item){.published_at = NR_TIME_NONE, .duration = NAN};
        item->video_id = nr_arena_strdup(&item->mem, row->video_id);
    }
    if (!status)
        status = nr_item_read(item, parts, length, EXPORTED & ~(unsigned)NR_PART_CATALOGUE, err);
    if (!status && row->reason)
        status = nr_item_set_error(item, row->stage, row->reason, err);
    listing->rows++;
    return status;
}

static enum nr_status print_info(struct nr_store *store, struct listing *listing, struct nr_error *err)
{
    struct nr_store_info info;
    enum nr_status status = nr_store_info(store, &info, err);
    if (status)
        return status;
    nr_buf_printf(&listing->text,
                  "schema %" PRId64 ", %" PRId64 " results (%" PRId64 " failed), %" PRId64 " files, %" PRId64
                  " bytes, SQLite %s\n",
                  info.schema_version, info.results, info.failed, info.files, info.bytes, nr_store_version());
    return nr_cli_write(&listing->text, err);
}

static enum nr_status forget(const char *path, const char *user_id, struct nr_error *err)
{
    struct nr_store *store = NULL;
    bool found = false;
    if (!user_id)
        return nr_fail(err, NR_ERR_USAGE, "'forget' needs a user: store forget STORE USER");
    if (access(path, F_OK) != 0)
        return nr_fail(err, NR_ERR_NOINPUT, "cannot open store '%s': %m", path);
    enum nr_status status = nr_store_open(path, NR_STORE_WRITE, &store, err);
    if (!status)
        status = nr_state_forget(store, user_id, &found, err);
    if (!status && !found)
        status = nr_fail(err, NR_ERR_DATA, "store '%s' knows nothing of user '%s'", path, user_id);
    nr_store_close(store);
    return status;
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    struct listing listing = {.own = cli->own};
    const char *action = argv[0], *video = argc > 2 ? argv[2] : NULL, *stage = listing.own->stage;
    struct nr_store *store = NULL;
    (void)failed_items;
    if (strcmp(action, "forget") == 0)
        return forget(argv[1], video, err);
    enum nr_status status = nr_store_open(argv[1], NR_STORE_READ, &store, err);
    if (status)
        return status;
    if (strcmp(action, "ls") == 0)
        status = nr_store_each(store, video, stage, list_row, &listing, err);
    else if (strcmp(action, "show") == 0)
        status = video ? nr_store_each(store, video, stage, show_row, &listing, err) : print_info(store, &listing, err);
    else if (strcmp(action, "export") == 0)
        status = nr_store_each(store, video, stage, export_row, &listing, err);
    else
        status = nr_fail(err, NR_ERR_USAGE, "unknown action '%s'; it is one of ls, show, export, forget", action);
    if (!status && strcmp(action, "export") == 0)
        status = flush_item(&listing, err);
    if (!status && video && listing.rows == 0)
        status = nr_fail(err, NR_ERR_DATA, "store '%s' has no such result of video '%s'", argv[1], video);
    nr_item_release(&listing.item);
    nr_buf_release(&listing.text);
    nr_store_close(store);
    return status;
}

const struct nr_command nr_command_store = {
    .name = "store",
    .summary = "look into a store: ls, show, export; forget a user",
    .usage = "[options] ls|show|export STORE [VIDEO], or forget STORE USER",
    .details = "ls      a line for each video and stage: id, stage, when, bytes, 'ok' or why it failed\n"
               "show    the results of VIDEO as JSON Lines; without VIDEO what the store holds in all\n"
               "export  item records (JSON Lines) put together from the stored results\n"
               "forget  remove a user's events and record (what 'profile --update' keeps) from the file",
    .example = "nightreel store --failed ls night.db",
    .groups = {&store_group, &nr_options_general},
    .own_size = sizeof(struct store_options),
    .min_args = 2,
    .max_args = 3,
    .run = run,
};
