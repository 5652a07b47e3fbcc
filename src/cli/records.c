/* records.c - JSON Lines records in and out for the commands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#include "core/banned.h"

/* What differs between reading items, users and rankings. */
typedef enum nr_status (*line_reader)(void *list, const char *line, size_t length, struct nr_error *err);

static enum nr_status read_item_line(void *list, const char *line, size_t length, struct nr_error *err)
{
    struct nr_item *item;
    enum nr_status status = nr_item_list_add(list, &item, err);
    return status ? status : nr_item_read(item, line, length, NR_PART_RECORD, err);
}

static enum nr_status read_user_line(void *list, const char *line, size_t length, struct nr_error *err)
{
    struct nr_user *user;
    enum nr_status status = nr_user_list_add(list, &user, err);
    return status ? status : nr_user_read(user, line, length, err);
}

static enum nr_status read_ranking_line(void *list, const char *line, size_t length, struct nr_error *err)
{
    struct nr_ranking *ranking;
    enum nr_status status = nr_ranking_list_add(list, &ranking, err);
    return status ? status : nr_ranking_read(ranking, line, length, err);
}

static enum nr_status read_lines(const char *path, line_reader reader, void *list, struct nr_error *err)
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
        status = reader(list, line, length, err);
        if (status) {
            status = nr_fail_prefix(err, status, "%s:%zu", nr_input_name(in), nr_input_line_number(in));
            break;
        }
    }
    nr_input_close(in);
    return status == NR_END ? NR_OK : status;
}

static enum nr_status refuse_duplicates(const char *path, const struct nr_item_list *list, struct nr_error *err)
{
    size_t *order;
    enum nr_status status = nr_item_list_order(list, &order, err);
    if (status)
        return status;
    for (size_t i = 1; i < list->count && !status; i++)
        if (strcmp(list->items[order[i - 1]].video_id, list->items[order[i]].video_id) == 0)
            status =
                nr_fail(err, NR_ERR_DATA, "'%s' has two records of video '%s'", path, list->items[order[i]].video_id);
    free(order);
    return status;
}

enum nr_status nr_cli_read_items(const char *path, struct nr_item_list *list, struct nr_error *err)
{
    enum nr_status status = read_lines(path, read_item_line, list, err);
    return status ? status : refuse_duplicates(path, list, err);
}

enum nr_status nr_cli_read_users(const char *path, struct nr_user_list *list, struct nr_error *err)
{
    return read_lines(path, read_user_line, list, err);
}

enum nr_status nr_cli_read_rankings(const char *path, struct nr_ranking_list *list, struct nr_error *err)
{
    return read_lines(path, read_ranking_line, list, err);
}

enum nr_status nr_cli_write(struct nr_buf *buf, struct nr_error *err)
{
    enum nr_status status = nr_buf_status(buf, err);
    if (status)
        return status;
    if (buf->length && fwrite(buf->data, 1, buf->length, stdout) != buf->length)
        return nr_fail(err, NR_ERR_IO, "cannot write to standard output: %m");
    nr_buf_clear(buf);
    return NR_OK;
}

enum nr_status nr_cli_write_items(const struct nr_item_list *list, struct nr_error *err)
{
    struct nr_buf line = {0};
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < list->count && !status; i++) {
        nr_item_write(&list->items[i], NR_PART_RECORD, &line);
        nr_buf_putc(&line, '\n');
        status = nr_cli_write(&line, err);
    }
    nr_buf_release(&line);
    return status;
}

enum nr_status nr_cli_write_users(const struct nr_user_list *list, struct nr_error *err)
{
    struct nr_buf line = {0};
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < list->count && !status; i++) {
        nr_user_write(&list->users[i], &line);
        nr_buf_putc(&line, '\n');
        status = nr_cli_write(&line, err);
    }
    nr_buf_release(&line);
    return status;
}

enum nr_status nr_cli_run_stages(struct nr_cli *cli, const struct nr_stage *const *stages, size_t count,
                                 struct nr_dataset *data, size_t *failed_items, struct nr_error *err)
{
    struct nr_pipeline_result result;
    enum nr_status status = nr_pipeline_run(stages, count, &cli->env, data, NULL, &result, err);
    *failed_items = result.failed_items;
    return status;
}

enum nr_status nr_cli_read_catalogue(struct nr_cli *cli, const char *path, struct nr_dataset *data,
                                     struct nr_error *err)
{
    static const struct nr_stage *const stages[] = {&nr_stage_catalogue, &nr_stage_extract, &nr_stage_embed,
                                                    &nr_stage_fuse};
    size_t failed = 0; /* what a catalogue lacks is no failure of a comparison */
    if (path && cli->settings.catalogue)
        return nr_fail(err, NR_ERR_USAGE, "--items and --catalogue cannot be given together");
    if (path)
        return nr_cli_read_items(path, &data->items, err);
    if (!cli->settings.catalogue)
        return NR_OK;
    enum nr_status status = nr_cli_run_stages(cli, stages, 1, data, &failed, err);
    for (size_t i = 0; i < data->items.count; i++)
        data->items.items[i].file = NULL; /* words only */
    return status ? status : nr_cli_run_stages(cli, stages + 1, NR_COUNT(stages) - 1, data, &failed, err);
}
