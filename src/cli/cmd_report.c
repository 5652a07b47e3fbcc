/* cmd_report.c - recommendations for people to read. */
#include <string.h>

#include "cli/cli.h"
#include "nightreel/report.h"

#include "core/banned.h"

enum report_format { FORMAT_TEXT };

struct report_options {
    int format;
    const char *users;
};

static const char *const formats[] = {"text", NULL};
static const struct nr_option options[] = {
    {"format", 0, NR_OPTION_CHOICE, NULL, "form of the report (default: text)", offsetof(struct report_options, format),
     formats, NULL},
    {"users", 0, NR_OPTION_STRING, "ID,ID,...", "only these users, in this order (default: all, as in the file)",
     offsetof(struct report_options, users), NULL, NULL},
};
static const struct nr_option_group report_group = {"Report", NR_BASE_COMMAND, options, NR_COUNT(options)};

static enum nr_status put_ranking(const struct nr_ranking *ranking, struct nr_error *err)
{
    struct nr_buf text = {0};
    nr_report_text(ranking, &text);
    nr_buf_putc(&text, '\n');
    enum nr_status status = nr_cli_write(&text, err);
    nr_buf_release(&text);
    return status;
}

static const struct nr_ranking *find_user(const struct nr_ranking_list *list, const char *user_id, size_t length)
{
    for (size_t i = 0; i < list->count; i++)
        if (strlen(list->rankings[i].user_id) == length && memcmp(list->rankings[i].user_id, user_id, length) == 0)
            return &list->rankings[i];
    return NULL;
}

/* The users of a comma-separated list; one that is not there is an error. */
static enum nr_status put_chosen(const struct nr_ranking_list *list, const char *users, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    while (*users && !status) {
        size_t length = strcspn(users, ",");
        const struct nr_ranking *ranking = find_user(list, users, length);
        if (!ranking)
            return nr_fail(err, NR_ERR_DATA, "no recommendations for user '%.*s'", (int)length, users);
        status = put_ranking(ranking, err);
        users += length + (users[length] == ',');
    }
    return status;
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    const struct report_options *own = cli->own;
    struct nr_ranking_list list = {0};
    (void)argc;
    (void)failed_items;
    enum nr_status status = nr_cli_read_rankings(argv[0], &list, err);
    if (!status && own->users)
        status = put_chosen(&list, own->users, err);
    for (size_t i = 0; i < list.count && !own->users && !status; i++)
        status = put_ranking(&list.rankings[i], err);
    nr_ranking_list_release(&list);
    return status;
}

const struct nr_command nr_command_report = {
    .name = "report",
    .summary = "print recommendations for people to read",
    .usage = "[options] RECOMMENDATIONS.jsonl|-",
    .details = "Reads recommendations (JSON Lines) and prints each user's interests and ranked titles with\n"
               "score, probability and the reasons.",
    .example = "nightreel report --users u001,u002 recommendations.jsonl",
    .groups = {&report_group, &nr_options_general},
    .own_size = sizeof(struct report_options),
    .min_args = 1,
    .max_args = 1,
    .run = run,
};
