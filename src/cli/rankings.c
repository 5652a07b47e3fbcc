/* rankings.c - rankings to a file or standard output, in the format asked for. */
#include "cli/cli.h"

#include "core/banned.h"

enum { FLUSH_BYTES = 1 << 16 };

static enum nr_status flush(struct nr_output *out, struct nr_buf *text, size_t least, struct nr_error *err)
{
    enum nr_status status = nr_buf_status(text, err);
    if (status || text->length < least)
        return status;
    if (text->length)
        status = nr_output_write(out, text->data, text->length, err);
    nr_buf_clear(text);
    return status;
}

static enum nr_status write_all(const struct nr_ranking_list *list, enum nr_ranking_format format,
                                struct nr_output *out, struct nr_error *err)
{
    struct nr_buf text = {0};
    enum nr_status status = NR_OK;
    nr_ranking_format_head(format, &text);
    for (size_t i = 0; i < list->count && !status; i++) {
        status = nr_ranking_format_put(format, &list->rankings[i], i, &text, err);
        if (!status)
            status = flush(out, &text, FLUSH_BYTES, err);
    }
    nr_ranking_format_tail(format, &text);
    if (!status)
        status = flush(out, &text, 0, err);
    nr_buf_release(&text);
    return status;
}

enum nr_status nr_cli_write_rankings(const struct nr_ranking_list *list, const struct nr_settings *settings,
                                     const char *path, struct nr_error *err)
{
    struct nr_output *out = NULL;
    enum nr_status status = nr_output_open(path, &out, err);
    if (!status)
        status = write_all(list, settings->match.format, out, err);
    if (status) {
        nr_output_abandon(out);
        return status;
    }
    return nr_output_commit(out, err);
}
