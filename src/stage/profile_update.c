/* profile_update.c - see nightreel/stage_update.h. */
#include "nightreel/stage_update.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stage/update_digests.h"

#include "core/banned.h"

enum { USERS_AT_ONCE = 50000 };

struct update {
    const struct nr_stage_env *env;
    struct nr_store *store;
    struct nr_dataset *data;
    struct nr_update_tally *tally;
};

/* ---- what is new --------------------------------------------------------------------------- */

/* The log, by the rules of single rows alone. */
static enum nr_status read_log(const struct update *update, struct nr_error *err)
{
    static const enum nr_clean_rule whole[] = {NR_RULE_DUPLICATE, NR_RULE_REPEATED_VIEW, NR_RULE_WATCH_OUTLIER};
    struct nr_settings settings = *update->env->settings;
    struct nr_stage_env env = *update->env;
    for (size_t i = 0; i < NR_COUNT(whole); i++)
        settings.clean.verdicts[whole[i]] = NR_CLEAN_KEEP;
    env.settings = &settings;
    enum nr_status status = nr_stage_clean.run(&env, update->data, NULL, 0, NULL, err);
    for (size_t i = 0; i < update->data->events.count && !status; i++)
        if (update->data->events.events[i].time == NR_TIME_NONE &&
            settings.clean.verdicts[NR_RULE_TIME] == NR_CLEAN_REJECT)
            status = nr_fail(err, NR_ERR_DATA, "'%s' has no times, which a state needs (or --rule time=repair)",
                             settings.behaviour);
    update->tally->events = update->data->events.count;
    return status;
}

static enum nr_status add_events(const struct update *update, struct nr_error *err)
{
    const struct nr_event_log *log = &update->data->events;
    bool once = update->env->settings->clean.verdicts[NR_RULE_DUPLICATE] == NR_CLEAN_MERGE;
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < log->count && !status; i++)
        status = nr_state_add(update->store, &log->events[i], once, err);
    return status;
}

/* ---- the rules that need the whole log ------------------------------------------------------- */

/* All events about one video. */
struct video {
    struct nr_event_log log;
    struct nr_store_event *kept; /* beside each event: as the store has it, without its strings */
    size_t capacity;
};

static enum nr_status take_event(void *ctx, const struct nr_store_event *event, struct nr_error *err)
{
    struct video *video = ctx;
    enum nr_status status = nr_array_reserve((void **)&video->kept, &video->capacity, video->log.count + 1,
                                             sizeof *video->kept, (size_t)1 << 31, err);
    if (!status)
        status = nr_event_log_add(&video->log, &event->event, err);
    if (!status)
        video->kept[video->log.count - 1] = *event;
    return status;
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static enum nr_status mark_events(const struct update *update, struct video *video, const bool *gone,
                                  struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < video->log.count && !status; i++) {
        struct nr_store_event *kept = &video->kept[i];
        double watch = video->log.events[i].watch_seconds;
        if (kept->gone == gone[i] && (gone[i] || same_number(kept->watch_seconds, watch)))
            continue;
        kept->gone = gone[i];
        kept->watch_seconds = watch;
        kept->event = video->log.events[i];
        status = nr_state_mark(update->store, kept, err);
    }
    return status;
}

static enum nr_status judge_video(const struct update *update, const char *video_id, struct nr_error *err)
{
    struct video video = {.kept = NULL};
    bool *gone = NULL;
    enum nr_status status = nr_state_video_events(update->store, video_id, take_event, &video, err);
    if (!status && !(gone = calloc(video.log.count + 1, sizeof *gone)))
        status = nr_fail_nomem(err, "the events of a video");
    if (!status)
        status = nr_clean_whole(&update->env->settings->clean, &video.log, gone, err);
    if (!status)
        status = mark_events(update, &video, gone, err);
    free(gone);
    free(video.kept);
    nr_event_log_release(&video.log);
    return status;
}

static enum nr_status judge_videos(const struct update *update, struct nr_error *err)
{
    struct nr_arena mem = {0};
    struct nr_strings videos;
    enum nr_status status = nr_state_videos(update->store, &mem, &videos, err);
    for (size_t i = 0; i < videos.count && !status; i++)
        status = nr_interrupted() ? NR_ERR_INTERRUPTED : judge_video(update, videos.items[i], err);
    nr_arena_release(&mem);
    return status;
}

/* ---- users ------------------------------------------------------------------------------------ */

static enum nr_status collect_event(void *ctx, const struct nr_store_event *event, struct nr_error *err)
{
    struct nr_event counted = event->event;
    counted.watch_seconds = event->watch_seconds;
    return event->gone ? NR_OK : nr_event_log_add(ctx, &counted, err);
}

/* The declared interests of these users (by id), in the order of their rows; borrowed. */
static enum nr_status choose_declared(const struct nr_declared_list *all, const struct nr_strings *users,
                                      struct nr_declared_list *out, struct nr_error *err)
{
    out->entries = malloc((all->count + 1) * sizeof *out->entries);
    if (!out->entries)
        return nr_fail_nomem(err, "declared interests");
    for (size_t i = 0; i < all->count; i++)
        if (nr_id_find(users->items, users->count, all->entries[i].user_id) != SIZE_MAX)
            out->entries[out->count++] = all->entries[i];
    return NR_OK;
}

/* Writes the new records; a touched user who has none any more loses the old one. */
static enum nr_status put_records(const struct update *update, const struct nr_strings *users,
                                  const struct nr_user_list *made, struct nr_error *err)
{
    struct nr_buf line = {0};
    enum nr_status status = NR_OK;
    size_t at = 0;
    for (size_t u = 0; u < users->count && !status; u++) {
        bool has = at < made->count && strcmp(made->users[at].user_id, users->items[u]) == 0;
        if (has) {
            nr_user_write(&made->users[at++], &line);
            nr_buf_putc(&line, '\n');
            status = nr_buf_status(&line, err);
        }
        if (!status)
            status = nr_state_put(update->store, users->items[u], has ? line.data : NULL, line.length, err);
        nr_buf_clear(&line);
    }
    nr_buf_release(&line);
    update->tally->made += made->count;
    return status;
}

static enum nr_status make_some(const struct update *update, const struct nr_strings *users, struct nr_error *err)
{
    struct nr_dataset some = {.items = update->data->items};
    enum nr_status status = choose_declared(&update->data->declared, users, &some.declared, err);
    for (size_t u = 0; u < users->count && !status; u++)
        status = nr_state_user_events(update->store, users->items[u], collect_event, &some.events, err);
    if (!status)
        status = nr_stage_profile.run(update->env, &some, NULL, 0, NULL, err);
    if (!status)
        status = put_records(update, users, &some.users, err);
    nr_user_list_release(&some.users);
    nr_event_log_release(&some.events);
    free(some.declared.entries);
    return status;
}

static enum nr_status make_users(const struct update *update, struct nr_error *err)
{
    struct nr_arena mem = {0};
    struct nr_strings users;
    enum nr_status status = nr_state_users(update->store, &mem, &users, err);
    for (size_t from = 0; from < users.count && !status; from += USERS_AT_ONCE) {
        size_t left = users.count - from;
        struct nr_strings some = {users.items + from, left < USERS_AT_ONCE ? left : USERS_AT_ONCE};
        status = nr_interrupted() ? NR_ERR_INTERRUPTED : make_some(update, &some, err);
    }
    nr_arena_release(&mem);
    return status;
}

enum nr_status nr_profile_update(const struct nr_stage_env *env, struct nr_store *store, struct nr_dataset *data,
                                 struct nr_update_tally *tally, struct nr_error *err)
{
    struct update update = {env, store, data, tally};
    *tally = (struct nr_update_tally){.events = 0};
    enum nr_status status = read_log(&update, err);
    if (!status)
        status = nr_state_begin(store, err);
    if (status)
        return status;
    status = add_events(&update, err);
    if (!status)
        status = nr_update_note(env, store, data, err);
    if (!status)
        status = judge_videos(&update, err);
    if (!status)
        status = make_users(&update, err);
    enum nr_status ended = nr_state_end(store, !status, status ? NULL : err);
    return status ? status : ended;
}
