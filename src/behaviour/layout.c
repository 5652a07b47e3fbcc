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

/* "user=userId,video=movieId" over whatever the names say. */
static enum nr_status apply_map(struct nr_log_layout *layout, const char *map, const char *const *names, size_t count,
                                struct nr_error *err)
{
    while (map && *map) {
        size_t length = strcspn(map, ","), key = strcspn(map, "=");
        int field = key < length ? find_field(map, key) : -1;
        if (field < 0)
            return nr_fail(err, NR_ERR_USAGE,
                           "'--map' takes FIELD=COLUMN with user, video, action, value, time, watch or comment, not "
                           "'%.*s'",
                           (int)length, map);
        const char *column = map + key + 1;
        layout->columns[field] = find_column(names, count, column, length - key - 1);
        if (layout->columns[field] < 0)
            return nr_fail(err, NR_ERR_DATA, "'--map' names the column '%.*s', which the log does not have",
                           (int)(length - key - 1), column);
        map += length + (map[length] == ',');
    }
    return NR_OK;
}

static void find_flags(struct nr_log_layout *layout, const char *const *names, size_t count)
{
    for (size_t f = 0; f < NR_COUNT(flag_names); f++) {
        int column = find_column(names, count, flag_names[f].name, strlen(flag_names[f].name));
        if (column >= 0 && layout->flag_count < NR_LOG_FLAGS_MAX) {
            layout->flags[layout->flag_count].column = column;
            layout->flags[layout->flag_count++].action = flag_names[f].action;
        }
    }
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

static enum nr_status refuse(const char *const *names, size_t count, struct nr_error *err)
{
    struct nr_buf list = {.max = 600};
    for (size_t i = 0; i < count; i++)
        nr_buf_printf(&list, "%s%s", i ? ", " : "", names[i]);
    nr_fail(err, NR_ERR_DATA,
            "no column for the user or the video; found: %s; say which with --map user=COLUMN,"
            "video=COLUMN",
            list.data ? list.data : "nothing");
    nr_buf_release(&list);
    return NR_ERR_DATA;
}

enum nr_status nr_log_layout_find(struct nr_log_layout *layout, const char *map, const char *const *names, size_t count,
                                  struct nr_error *err)
{
    *layout = (struct nr_log_layout){.width = count, .watch_scale = 1, .only_action = NR_ACTION_VIEW};
    for (int field = 0; field < NR_LOG_FIELD_COUNT; field++)
        layout->columns[field] = -1;
    if (!map && looks_headerless(names, count)) {
        static const enum nr_log_field order[] = {NR_LOG_USER, NR_LOG_VIDEO, NR_LOG_VALUE, NR_LOG_TIME};
        for (int i = 0; i < 4; i++)
            layout->columns[order[i]] = i;
        layout->only_action = NR_ACTION_RATING;
        layout->headerless = true;
        return NR_OK;
    }
    for (int field = 0; field < NR_LOG_FIELD_COUNT; field++)
        for (size_t k = 0; field_names[field][k] && layout->columns[field] < 0; k++)
            layout->columns[field] = find_column(names, count, field_names[field][k], strlen(field_names[field][k]));
    enum nr_status status = apply_map(layout, map, names, count, err);
    if (status)
        return status;
    if (layout->columns[NR_LOG_USER] < 0 || layout->columns[NR_LOG_VIDEO] < 0)
        return refuse(names, count, err);
    if (layout->columns[NR_LOG_ACTION] < 0)
        find_flags(layout, names, count);
    if (layout->columns[NR_LOG_VALUE] >= 0 && !layout->flag_count)
        layout->only_action = NR_ACTION_RATING;
    if (layout->columns[NR_LOG_WATCH] >= 0 && in_milliseconds(names[layout->columns[NR_LOG_WATCH]]))
        layout->watch_scale = 0.001;
    return NR_OK;
}
