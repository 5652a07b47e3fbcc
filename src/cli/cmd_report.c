/* cmd_report.c - recommendations for people to read. */
#include <string.h>

#include "cli/cli.h"
#include "nightreel/report.h"
#include "nightreel/report_changes.h"

#include "core/banned.h"

enum report_format { FORMAT_TEXT, FORMAT_JSON };

struct report_options {
    int format;
    const char *users, *since;
    struct nr_changes_params changes;
};

static const char *const formats[] = {[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", NULL};
static const struct nr_option options[] = {
    {"format", 0, NR_OPTION_CHOICE, NULL, "form of the report: text (default), or, with --since, json",
     offsetof(struct report_options, format), formats, NULL},
    {"users", 0, NR_OPTION_STRING, "ID,ID,...", "only these users, in this order (default: all, as in the file)",
     offsetof(struct report_options, users), NULL, NULL},
    {"since", 0, NR_OPTION_STRING, "OLD",
     "what changed since these recommendations (JSON Lines): per user what entered, left and moved, and how much of "
     "the "
     "lists is the same",
     offsetof(struct report_options, since), NULL, NULL},
    {"top", 'k', NR_OPTION_SIZE, "N", "with --since: only the first N of each list (default: all)",
     offsetof(struct report_options, changes.k), NULL, NULL},
    {"rbo", 0, NR_OPTION_DOUBLE, "P",
     "with --since: persistence of the rank-biased overlap; at 0.9 the first ten have 86% of the weight (default 0.9)",
     offsetof(struct report_options, changes.p), NULL, NULL},
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

/* Keeps the lists of these users alone. */
static void choose_lists(struct nr_ranking_list *list, const char *users)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool wanted = false;
        for (const char *at = users; *at && !wanted; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ','))
            wanted = strlen(list->rankings[i].user_id) == strcspn(at, ",") &&
                     strncmp(list->rankings[i].user_id, at, strcspn(at, ",")) == 0;
        if (wanted)
            list->rankings[kept++] = list->rankings[i];
        else
            nr_ranking_release(&list->rankings[i]);
    }
    list->count = kept;
}

static enum nr_status write_changes(const struct nr_changes *changes, int format, struct nr_error *err)
{
    struct nr_buf text = {0};
    enum nr_status status = NR_OK;
    if (format == FORMAT_JSON) {
        nr_changes_write(changes, &text);
        nr_buf_putc(&text, '\n');
    }
    for (size_t i = 0; i < changes->count && format == FORMAT_TEXT && !status; i++) {
        nr_changes_put_user(&changes->users[i], &text);
        status = nr_cli_write(&text, err);
    }
    if (format == FORMAT_TEXT)
        nr_changes_put_summary(changes, &text);
    if (!status)
        status = nr_cli_write(&text, err);
    nr_buf_release(&text);
    return status;
}

static enum nr_status compare(const struct report_options *own, struct nr_ranking_list *now, struct nr_error *err)
{
    struct nr_ranking_list before = {0};
    struct nr_changes changes = {.count = 0};
    enum nr_status status = nr_cli_read_rankings(own->since, &before, err);
    if (!status && own->users) {
        choose_lists(&before, own->users);
        choose_lists(now, own->users);
    }
    if (!status)
        status = nr_changes_make(&own->changes, &before, now, &changes, err);
    if (!status)
        status = write_changes(&changes, own->format, err);
    nr_changes_release(&changes);
    nr_ranking_list_release(&before);
    return status;
}

static void own_default(void *own)
{
    nr_changes_params_default(&((struct report_options *)own)->changes);
}

static enum nr_status check(const struct report_options *own, const char *path, struct nr_error *err)
{
    const char *wrong = nr_changes_params_check(&own->changes);
    if (wrong)
        return nr_fail(err, NR_ERR_USAGE, "%s", wrong);
    if (!own->since && own->format == FORMAT_JSON)
        return nr_fail(err, NR_ERR_USAGE,
                       "'--format json' is of '--since' (recommendations are JSON Lines as they are)");
    if (own->since && strcmp(own->since, "-") == 0 && strcmp(path, "-") == 0)
        return nr_fail(err, NR_ERR_USAGE, "both recommendations cannot be standard input");
    return NR_OK;
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    const struct report_options *own = cli->own;
    struct nr_ranking_list list = {0};
    (void)argc;
    (void)failed_items;
    enum nr_status status = check(own, argv[0], err);
    if (!status)
        status = nr_cli_read_rankings(argv[0], &list, err);
    if (!status && own->since)
        status = compare(own, &list, err);
    else if (!status && own->users)
        status = put_chosen(&list, own->users, err);
    for (size_t i = 0; i < list.count && !own->users && !own->since && !status; i++)
        status = put_ranking(&list.rankings[i], err);
    nr_ranking_list_release(&list);
    return status;
}

const struct nr_command nr_command_report = {
    .name = "report",
    .summary = "print recommendations for people to read",
    .usage = "[options] RECOMMENDATIONS.jsonl|-",
    .details = "Reads recommendations (JSON Lines) and prints each user's interests and ranked titles with\n"
               "score, probability and the reasons. With --since: what entered, left and moved since another\n"
               "night's, mean overlap and rank-biased overlap.",
    .example = "nightreel report --users u001,u002 recommendations.jsonl\n"
               "nightreel report --since yesterday.jsonl -k 10 today.jsonl",
    .groups = {&report_group, &nr_options_general},
    .own_size = sizeof(struct report_options),
    .own_default = own_default,
    .min_args = 1,
    .max_args = 1,
    .run = run,
};
