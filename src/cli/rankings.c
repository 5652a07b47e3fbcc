/* rankings.c - rankings to a file or standard output, in the format asked for. */
#include "cli/cli.h"

#include "core/banned.h"

enum nr_status nr_cli_write_rankings(const struct nr_ranking_list *list, const struct nr_settings *settings,
                                     const char *path, struct nr_error *err)
{
    struct nr_buf text = {.max = (size_t)1 << 36};
    struct nr_output *out = NULL;
    enum nr_status status = nr_ranking_list_write(list, settings->match.format, &text, err);
    if (!status)
        status = nr_output_open(path, &out, err);
    if (!status && text.length)
        status = nr_output_write(out, text.data, text.length, err);
    if (status)
        nr_output_abandon(out);
    else
        status = nr_output_commit(out, err);
    nr_buf_release(&text);
    return status;
}
