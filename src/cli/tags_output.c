/* tags_output.c - what users like and dislike, for people and programs. */
#include "cli/cli.h"
#include "nightreel/report.h"

#include "core/banned.h"

static void put_tags_csv(const struct nr_user *user, size_t most, struct nr_buf *out)
{
    for (size_t i = 0; i < user->interest_count; i++) {
        if (!nr_report_tag_shown(user, i, most))
            continue;
        nr_csv_put(out, user->user_id);
        nr_buf_printf(out, ",%s,", nr_tag_kind_names[user->interests[i].kind]);
        nr_csv_put(out, user->interests[i].tag);
        nr_buf_putc(out, ',');
        nr_buf_double(out, user->interests[i].weight);
        nr_buf_putc(out, '\n');
    }
}

enum nr_status nr_cli_write_tags(const struct nr_user_list *users, bool table, size_t most, struct nr_error *err)
{
    struct nr_buf text = {0};
    enum nr_status status = NR_OK;
    if (!table)
        nr_buf_puts(&text, "user_id,kind,tag,weight\n");
    for (size_t u = 0; u < users->count && !status; u++) {
        if (!table)
            put_tags_csv(&users->users[u], most, &text);
        else
            nr_report_tags(&users->users[u], most, &text);
        status = nr_cli_write(&text, err);
    }
    if (!status)
        status = nr_cli_write(&text, err);
    nr_buf_release(&text);
    return status;
}
