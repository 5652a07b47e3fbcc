/* match.c - users and items to rankings. */
#include <stdlib.h>
#include <string.h>

#include "nightreel/stage_learn.h"
#include "stage/match_inputs.h"

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

static void report_notes(const struct nr_reporter *to, const struct nr_match_notes *notes)
{
    for (int d = 0; d < NR_DOUBT_COUNT; d++)
        if (notes->doubts[d].count)
            nr_report(to, NR_LOG_WARNING, "%zu %s: %s (first: video '%s', '%s')", notes->doubts[d].count,
                      notes->doubts[d].count == 1 ? "video" : "videos", nr_doubt_names[d], notes->doubts[d].video_id,
                      notes->doubts[d].value);
    if (notes->no_course)
        nr_report(
            to, NR_LOG_WARNING,
            "--course-order: the catalogue has neither 'prerequisites' nor 'course' and 'lesson': no video waits");
    if (notes->no_difficulty)
        nr_report(to, NR_LOG_WARNING, "--difficulty-step: the catalogue has no column 'difficulty': no video waits");
}

/* Why there are so few candidates; as a warning where there are none. */
static void report_left_out(const struct nr_reporter *to, const struct nr_match_tally *tally, size_t videos)
{
    struct nr_buf why = {0};
    for (int o = 0; o < NR_OUT_COUNT; o++)
        if (tally->notes.left_out[o])
            nr_buf_printf(&why, "%s%zu %s", why.length ? ", " : "", tally->notes.left_out[o], nr_left_out_names[o]);
    if (tally->candidates == 0 && videos)
        nr_report(to, NR_LOG_WARNING, "no video may be recommended: %s", why.data ? why.data : "");
    else if (why.length)
        nr_report(to, NR_LOG_DEBUG, "%zu of %zu videos may be recommended: %s", tally->candidates, videos, why.data);
    nr_buf_release(&why);
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
    struct nr_match_inputs inputs;
    struct nr_match_tally tally;
    (void)todo;
    (void)count;
    (void)sink;
    enum nr_status status = choose_now(env->settings, &data->users, &params.now, err);
    if (status)
        return status;
    nr_user_list_sort(&data->users);
    nr_report_progress(env->reporter, "match", 0, data->users.count);
    status = nr_match_inputs_load(&inputs, env->settings, &params, err);
    if (!status)
        status = rank(env, &params, data, &tally, err);
    nr_match_inputs_release(&inputs);
    if (status)
        return status;
    nr_report_progress(env->reporter, "match", data->users.count, data->users.count);
    report_notes(env->reporter, &tally.notes);
    report_left_out(env->reporter, &tally, data->items.count);
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
