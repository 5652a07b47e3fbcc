/* cmd_split.c - a behaviour log into a training and a test log. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/event_csv.h"
#include "nightreel/stage_eval.h"

#include "core/banned.h"

struct split_options {
    const char *train, *test, *positive;
    struct nr_split_params params;
};

#define OWN(field) offsetof(struct split_options, field)

static const struct nr_option options[] = {
    {"split", 0, NR_OPTION_CHOICE, "NAME",
     "hash (default): one pair in five; user-time: the last fifth of every user's; global-time: the last fifth of "
     "all; leave-last-n: every user's last --last; cold-item: all pairs of one video in five",
     OWN(params.split), nr_split_names, NULL},
    {"train", 0, NR_OPTION_STRING, "FILE", "write the training log here (CSV)", OWN(train), NULL, NULL},
    {"test", 0, NR_OPTION_STRING, "FILE", "write the test log here (CSV)", OWN(test), NULL, NULL},
    {"last", 0, NR_OPTION_SIZE, "N", "with leave-last-n: test pairs of each user (default 1)", OWN(params.last), NULL,
     NULL},
    {"positive", 0, NR_OPTION_STRING, "RULE", "which events make a pair (default: " NR_RULE_DEFAULT ")", OWN(positive),
     NULL, NULL},
    {"all-events", 0, NR_OPTION_FLAG, NULL,
     "train holds, besides its pairs, every other event (negatives, searches, repetitions) that happened before the "
     "first test pair and is about none",
     OWN(params.all_events), NULL, NULL},
};
static const struct nr_option_group split_group = {"Splitting", NR_BASE_COMMAND, options, NR_COUNT(options)};

static void own_default(void *own)
{
    struct split_options *split = own;
    nr_split_params_default(&split->params);
    split->positive = NR_RULE_DEFAULT;
}

static int compare_events(const void *a, const void *b)
{
    const struct nr_event *left = *(const struct nr_event *const *)a, *right = *(const struct nr_event *const *)b;
    if (left->time != right->time)
        return left->time < right->time ? -1 : 1;
    int order = strcmp(left->user_id, right->user_id);
    order = order ? order : nr_id_compare(left->video_id, right->video_id);
    return order ? order : (left > right) - (left < right); /* the order of the log */
}

/* The events of one side by time, user, video; NULL: no memory. */
static const struct nr_event **choose_side(const struct nr_event_log *log, const unsigned char *sides,
                                           enum nr_split_side side, size_t *count)
{
    const struct nr_event **chosen = malloc((log->count + 1) * sizeof *chosen);
    *count = 0;
    for (size_t i = 0; i < log->count && chosen; i++)
        if (sides[i] == side)
            chosen[(*count)++] = &log->events[i];
    if (*count > 1)
        qsort(chosen, *count, sizeof *chosen, compare_events);
    return chosen;
}

static enum nr_status write_rows(const struct nr_event *const *rows, size_t count, struct nr_output *out,
                                 struct nr_error *err)
{
    enum { FLUSH_BYTES = 1 << 16 };
    struct nr_buf text = {0};
    enum nr_status status = NR_OK;
    nr_buf_puts(&text, NR_EVENT_CSV_HEADER);
    for (size_t i = 0; i <= count && !status; i++) {
        if (i < count)
            nr_event_put_csv(rows[i], &text);
        status = nr_buf_status(&text, err);
        if (status || (i < count && text.length < FLUSH_BYTES))
            continue;
        status = nr_output_write(out, text.data, text.length, err);
        nr_buf_clear(&text);
    }
    nr_buf_release(&text);
    return status;
}

static enum nr_status write_side(const struct nr_event_log *log, const unsigned char *sides, enum nr_split_side side,
                                 const char *path, struct nr_error *err)
{
    struct nr_output *out = NULL;
    size_t count;
    const struct nr_event **rows = choose_side(log, sides, side, &count);
    if (!rows)
        return nr_fail_nomem(err, "the rows of a log");
    enum nr_status status = nr_output_open(path, &out, err);
    if (!status)
        status = write_rows(rows, count, out, err);
    free(rows);
    if (status) {
        nr_output_abandon(out);
        return status;
    }
    return nr_output_commit(out, err);
}

/* What came of it: on standard output, unless that is one of the logs. */
static enum nr_status report(const struct nr_cli *cli, const struct nr_split_tally *tally, struct nr_error *err)
{
    const struct split_options *own = cli->own;
    struct nr_buf text = {0};
    double tested = (double)(tally->test + tally->dropped);
    nr_buf_printf(&text,
                  "split %s: %zu pairs of %zu users; train %zu pairs (%zu rows); test %zu pairs of %zu users; dropped "
                  "%zu test pairs of users unseen in train (%.2f%%)\n",
                  nr_split_names[own->params.split], tally->positives, tally->users, tally->train, tally->train_events,
                  tally->test, tally->test_users, tally->dropped,
                  tested > 0 ? 100 * (double)tally->dropped / tested : 0);
    if (own->params.split == NR_SPLIT_GLOBAL_TIME && tally->test_users < 100)
        nr_buf_puts(&text, "fewer than 100 test users: differences between runs are not significant\n");
    enum nr_status status = strcmp(own->train, "-") != 0 && strcmp(own->test, "-") != 0 ? nr_cli_write(&text, err)
                                                                                        : nr_buf_status(&text, err);
    nr_buf_release(&text);
    return status;
}

static enum nr_status check(const struct split_options *own, struct nr_error *err)
{
    const char *wrong = nr_split_params_check(&own->params);
    if (wrong)
        return nr_fail(err, NR_ERR_USAGE, "%s", wrong);
    if (!own->train || !own->test)
        return nr_fail(err, NR_ERR_USAGE, "'--train FILE' or '--test FILE' is missing; see 'nightreel split --help'");
    if (strcmp(own->train, own->test) == 0)
        return nr_fail(err, NR_ERR_USAGE, "'--train' and '--test' are the same file '%s'", own->train);
    return NR_OK;
}

static enum nr_status run(struct nr_cli *cli, int argc, char **argv, size_t *failed_items, struct nr_error *err)
{
    const struct split_options *own = cli->own;
    struct nr_event_log log = {0};
    struct nr_rule *rule = NULL;
    struct nr_split_tally tally;
    unsigned char *sides = NULL;
    (void)argc;
    (void)failed_items;
    enum nr_status status = check(own, err);
    if (!status)
        status = nr_rule_parse(own->positive, &rule, err);
    if (!status)
        status = nr_eval_read_log(&cli->env, argv[0], &log, err);
    if (!status && !(sides = malloc(log.count + 1)))
        status = nr_fail_nomem(err, "the rows of a log");
    if (!status)
        status = nr_split_events(&log, rule, &own->params, sides, &tally, err);
    if (!status)
        status = write_side(&log, sides, NR_SIDE_TRAIN, own->train, err);
    if (!status)
        status = write_side(&log, sides, NR_SIDE_TEST, own->test, err);
    if (!status)
        status = report(cli, &tally, err);
    free(sides);
    nr_rule_free(rule);
    nr_event_log_release(&log);
    return status;
}

const struct nr_command nr_command_split = {
    .name = "split",
    .summary = "cut a behaviour log into a training and a test log",
    .usage = "--split NAME --train FILE --test FILE [options] BEHAVIOUR|-",
    .details = "A user and a video are a pair where an event passes the RULE; its earliest such event stands for\n"
               "it, and pairs, not events, are divided. Both logs hold one row for each pair (train more with\n"
               "--all-events), by time, user and video, in the columns of a clean log. Orders and hashes are\n"
               "those of the ids' bytes, so that the same log always falls apart the same way. With fewer than\n"
               "five pairs a user trains only (user-time). Test pairs of users unseen in train are dropped\n"
               "(global-time), and how many is printed.",
    .example = "nightreel split --split user-time --train train.csv --test test.csv user_behavior.csv",
    .groups = {&split_group, &nr_options_clean, &nr_options_general},
    .own_size = sizeof(struct split_options),
    .own_default = own_default,
    .min_args = 1,
    .max_args = 1,
    .run = run,
};
