/* layout.c - columns by name, by --map, or by what they look like. */
#include "behaviour/layout.h"

#include <string.h>
#include <strings.h>

#include "core/banned.h"

/* The names of a field: the first is ours and the one that --map takes. RecBole's
 * atomic files write the type behind a colon; it is cut off before comparing. */
static const char *const field_names[NR_LOG_FIELD_COUNT][16] = {
    [NR_LOG_USER] = {"user", "user_id", "userid", "uid", "用户", "用户id"},
    [NR_LOG_VIDEO] = {"video", "video_id", "videoid", "item_id", "itemid", "item", "movie_id", "movieid", "photo_id",
                      "视频", "视频id"},
    [NR_LOG_ACTION] = {"action", "action_type", "event", "event_type", "behavior", "behaviour", "behavior_type",
                       "行为"},
    [NR_LOG_VALUE] = {"value", "rating", "score", "stars", "评分", "值"},
    [NR_LOG_TIME] = {"time", "timestamp", "time_ms", "ts", "datetime", "event_time", "时间", "时间戳"},
    [NR_LOG_WATCH] = {"watch_seconds", "watch", "watch_time", "play_seconds", "play_time_ms", "观看时长"},
    [NR_LOG_COMMENT] = {"comment", "text", "comment_text", "评论内容"},
};

static const struct {
    const char *name;
    enum nr_action action;
} flag_names[] = {
    {"is_click", NR_ACTION_VIEW},      {"is_view", NR_ACTION_VIEW},         {"is_like", NR_ACTION_LIKE},
    {"is_comment", NR_ACTION_COMMENT}, {"is_forward", NR_ACTION_SHARE},     {"is_share", NR_ACTION_SHARE},
    {"is_follow", NR_ACTION_FAVORITE}, {"is_favorite", NR_ACTION_FAVORITE}, {"is_hate", NR_ACTION_DISLIKE},
    {"is_dislike", NR_ACTION_DISLIKE}, {"long_view", NR_ACTION_COMPLETE},   {"is_complete", NR_ACTION_COMPLETE},
};

/* A header without blanks around it and without RecBole's ":token". */
static size_t bare_length(const char **name)
{
    *name += strspn(*name, " \t");
    size_t length = strcspn(*name, ":");
    while (length && strchr(" \t", (*name)[length - 1]))
        length--;
    return length;
}

static bool same_name(const char *header, const char *name, size_t length)
{
    size_t own = bare_length(&header);
    return own == length && strncasecmp(header, name, length) == 0;
}

/* A whole header first: --map may name one with its ":token". */
static int find_column(const char *const *names, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(names[i]) == length && strncmp(names[i], name, length) == 0)
            return (int)i;
    for (size_t i = 0; i < count; i++)
        if (same_name(names[i], name, length))
            return (int)i;
    return -1;
}

static int find_field(const char *name, size_t length)
{
    for (int field = 0; field < NR_LOG_FIELD_COUNT; field++)
        for (size_t k = 0; field_names[field][k]; k++)
            if (strlen(field_names[field][k]) == length && strncasecmp(field_names[field][k], name, length) == 0)
                return field;
    return -1;
}

static void add_flag(struct nr_log_layout *layout, int column, enum nr_action action)
{
    if (layout->flag_count == NR_LOG_FLAGS_MAX)
        return;
    layout->flags[layout->flag_count].column = column;
    layout->flags[layout->flag_count++].action = action;
}

static bool find_action(const char *name, size_t length, enum nr_action *out)
{
    char text[32];
    if (length >= sizeof text)
        return false;
    memcpy(text, name, length);
    text[length] = '\0';
    return nr_action_find(text, out);
}

/* "user=userId,like=is_like" over whatever the names say. */
static enum nr_status apply_map(struct nr_log_layout *layout, const char *map, const char *const *names, size_t count,
                                struct nr_error *err)
{
    while (map && *map) {
        size_t length = strcspn(map, ","), key = strcspn(map, "=");
        enum nr_action action;
        int field = key < length ? find_field(map, key) : -1;
        if (key >= length || (field < 0 && !find_action(map, key, &action)))
            return nr_fail(err, NR_ERR_USAGE,
                           "'--map' takes FIELD=COLUMN with user, video, action, value, time, watch, comment or the "
                           "name of an action, not '%.*s'",
                           (int)length, map);
        const char *column = map + key + 1;
        int at = find_column(names, count, column, length - key - 1);
        if (at < 0)
            return nr_fail(err, NR_ERR_DATA, "'--map' names the column '%.*s', which the log does not have",
                           (int)(length - key - 1), column);
        if (field >= 0)
            layout->columns[field] = at;
        else
            add_flag(layout, at, action);
        layout->has_action |= field == NR_LOG_VALUE; /* said to be ratings, unless there is more */
        map += length + (map[length] == ',');
    }
    return NR_OK;
}

static bool has_flag(const struct nr_log_layout *layout, enum nr_action action)
{
    for (size_t f = 0; f < layout->flag_count; f++)
        if (layout->flags[f].action == action)
            return true;
    return false;
}

static void find_flags(struct nr_log_layout *layout, const char *const *names, size_t count)
{
    size_t mapped = layout->flag_count;
    for (size_t f = 0; f < NR_COUNT(flag_names); f++) {
        int column = find_column(names, count, flag_names[f].name, strlen(flag_names[f].name));
        if (column >= 0 && !(mapped && has_flag(layout, flag_names[f].action)))
            add_flag(layout, column, flag_names[f].action);
    }
}

/* Whether rows without a word about the action can be told: ratings by the name of
 * their column, views by watch times or by RecBole's "user_id:token". */
static bool action_is_plain(const struct nr_log_layout *layout, const char *const *names)
{
    static const char *const ratings[] = {"rating", "score", "stars", "评分"};
    int value = layout->columns[NR_LOG_VALUE];
    for (size_t i = 0; value >= 0 && i < NR_COUNT(ratings); i++)
        if (same_name(names[value], ratings[i], strlen(ratings[i])))
            return true;
    return value < 0 && (layout->columns[NR_LOG_WATCH] >= 0 || strchr(names[layout->columns[NR_LOG_USER]], ':'));
}

/* "play_time_ms", also with a type behind it. */
static bool in_milliseconds(const char *header)
{
    size_t length = bare_length(&header);
    return length > 3 && strncasecmp(header + length - 3, "_ms", 3) == 0;
}

/* MovieLens' u.data: user, item, rating, time stamp, and no header. */
static bool looks_headerless(const char *const *names, size_t count)
{
    double number;
    for (size_t i = 0; i < count; i++)
        if (!nr_parse_double(names[i], strlen(names[i]), &number))
            return false;
    return count == 4;
}

/* "no column for the video and the time; found: ...". */
static enum nr_status refuse_missing(const struct nr_log_layout *layout, bool needs_time, const char *const *names,
                                     size_t count, struct nr_error *err)
{
    const struct {
        const char *name;
        bool missing;
    } needed[] = {
        {"user", layout->columns[NR_LOG_USER] < 0},
        {"video", layout->columns[NR_LOG_VIDEO] < 0},
        {"action", !layout->has_action},
        {"time", needs_time && layout->columns[NR_LOG_TIME] < 0},
    };
    struct nr_buf what = {.max = 100}, how = {.max = 100}, found = {.max = 600};
    for (size_t i = 0; i < NR_COUNT(needed); i++) {
        if (!needed[i].missing)
            continue;
        nr_buf_printf(&what, "%s%s", what.length ? ", " : "", needed[i].name);
        nr_buf_printf(&how, "%s%s=COLUMN", how.length ? "," : "", needed[i].name);
    }
    for (size_t i = 0; i < count; i++)
        nr_buf_printf(&found, "%s%s", i ? ", " : "", names[i]);
    enum nr_status status = NR_OK;
    if (what.length)
        status = nr_fail(err, NR_ERR_DATA, "no column for: %s; found: %s; say which with --map %s", what.data,
                         found.data ? found.data : "nothing", how.data);
    nr_buf_release(&what);
    nr_buf_release(&how);
    nr_buf_release(&found);
    return status;
}

static void assume_ratings(struct nr_log_layout *layout)
{
    static const enum nr_log_field order[] = {NR_LOG_USER, NR_LOG_VIDEO, NR_LOG_VALUE, NR_LOG_TIME};
    for (int i = 0; i < 4; i++)
        layout->columns[order[i]] = i;
    layout->only_action = NR_ACTION_RATING;
    layout->has_action = layout->headerless = true;
}

/* What a row's action is, once the columns are known. */
static void settle_action(struct nr_log_layout *layout, const char *const *names, size_t count)
{
    if (layout->flag_count)
        layout->columns[NR_LOG_ACTION] = -1; /* the map says otherwise */
    if (layout->columns[NR_LOG_ACTION] < 0)
        find_flags(layout, names, count);
    layout->has_action |= layout->columns[NR_LOG_ACTION] >= 0 || layout->flag_count;
    if (!layout->has_action && layout->columns[NR_LOG_USER] >= 0)
        layout->has_action = action_is_plain(layout, names);
    if (layout->columns[NR_LOG_VALUE] >= 0 && !layout->flag_count)
        layout->only_action = NR_ACTION_RATING;
}

enum nr_status nr_log_layout_find(struct nr_log_layout *layout, const char *map, bool needs_time,
                                  const char *const *names, size_t count, struct nr_error *err)
{
    *layout = (struct nr_log_layout){.width = count, .watch_scale = 1, .only_action = NR_ACTION_VIEW};
    for (int field = 0; field < NR_LOG_FIELD_COUNT; field++)
        layout->columns[field] = -1;
    if (!map && looks_headerless(names, count)) {
        assume_ratings(layout);
        return NR_OK;
    }
    for (int field = 0; field < NR_LOG_FIELD_COUNT; field++)
        for (size_t k = 0; field_names[field][k] && layout->columns[field] < 0; k++)
            layout->columns[field] = find_column(names, count, field_names[field][k], strlen(field_names[field][k]));
    enum nr_status status = apply_map(layout, map, names, count, err);
    if (status)
        return status;
    settle_action(layout, names, count);
    if (layout->columns[NR_LOG_WATCH] >= 0 && in_milliseconds(names[layout->columns[NR_LOG_WATCH]]))
        layout->watch_scale = 0.001;
    return refuse_missing(layout, needs_time, names, count, err);
}
