/* match.c - users and items to rankings. */
#include <stdlib.h>
#include <string.h>

#include "nightreel/stage_learn.h"

#include "core/banned.h"

/* The log's last timestamp, so that a repeated run writes the same bytes. */
static int64_t last_event(const struct nr_user_list *users)
{
    int64_t last = NR_TIME_NONE;
    for (size_t u = 0; u < users->count; u++)
        if (users->users[u].last_event > last)
            last = users->users[u].last_event;
    return last;
}

static enum nr_status choose_now(const struct nr_settings *settings, const struct nr_user_list *users, int64_t *now,
                                 struct nr_error *err)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds;
    *now = settings->match.now;
    if (*now != NR_TIME_NONE)
        return NR_OK;
    if (!epoch || !*epoch) {
        *now = last_event(users);
        return NR_OK;
    }
    if (!nr_parse_int64(epoch, strlen(epoch), &seconds) || seconds < 0 || seconds > INT64_MAX / 1000)
        return nr_fail(err, NR_ERR_USAGE, "SOURCE_DATE_EPOCH '%s' is no number of seconds", epoch);
    *now = seconds * 1000;
    return NR_OK;
}

static enum nr_status rank(const struct nr_stage_env *env, const struct nr_match_params *wanted,
                           struct nr_dataset *data, struct nr_match_tally *tally, struct nr_error *err)
{
    struct nr_match_params params = *wanted;
    struct nr_trained *trained;
    struct nr_learned_source learned = {.numbers = NULL};
    enum nr_status status = nr_learn(env, data, &trained, err);
    if (!status && trained) {
        status = nr_learned_source_init(&learned, trained, &data->items, err);
        params.source = &learned.source;
    }
    if (!status)
        status =
            nr_match_rank(&params, &data->items, &data->users, env->settings->threads, &data->rankings, tally, err);
    nr_learned_source_release(&learned);
    nr_trained_free(trained);
    return status;
}

static enum nr_status run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo, size_t count,
                          const struct nr_stage_sink *sink, struct nr_error *err)
{
    struct nr_match_params params = env->settings->match;
    struct nr_match_tally tally;
    (void)todo;
    (void)count;
    (void)sink;
    enum nr_status status = choose_now(env->settings, &data->users, &params.now, err);
    if (status)
        return status;
    nr_user_list_sort(&data->users);
    nr_report_progress(env->reporter, "match", 0, data->users.count);
    status = rank(env, &params, data, &tally, err);
    if (status)
        return status;
    nr_report_progress(env->reporter, "match", data->users.count, data->users.count);
    nr_report(env->reporter, NR_LOG_DEBUG,
              "match: %zu users, %zu candidate videos, %zu users by popularity, %zu rows scored in double, kernel %s",
              tally.users, tally.candidates, tally.fallbacks, tally.rescanned, tally.kernel);
    return NR_OK;
}

const struct nr_stage nr_stage_match = {
    .name = "match",
    .summary = "rank the videos that each user has not watched",
    .run = run,
};
