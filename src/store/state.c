/* state.c - see nightreel/store_state.h. */
#include "nightreel/store_state.h"

#include <math.h>

#include "store/store.h"

#include "core/banned.h"

static const char begin_sql[] =
    "BEGIN IMMEDIATE;"
    "CREATE TEMP TABLE IF NOT EXISTS touched_user (id TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE IF NOT EXISTS touched_video (id TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TEMP TABLE IF NOT EXISTS noted (kind INTEGER, key TEXT, PRIMARY KEY (kind, key))"
    " WITHOUT ROWID;"
    "DELETE FROM touched_user; DELETE FROM touched_video; DELETE FROM noted;";

#define TOUCH_USERS "INSERT OR IGNORE INTO touched_user "
/* Whom a change of each kind touches; ?1 is the key. */
static const char *const touch_sql[NR_STATE_KIND_COUNT][2] = {
    [NR_STATE_SETTINGS] = {TOUCH_USERS "SELECT user_id FROM profile_user UNION SELECT user_id FROM event WHERE ?1 = ''",
                           "INSERT OR IGNORE INTO touched_video SELECT DISTINCT video_id FROM event WHERE ?1 = ''"},
    [NR_STATE_SEARCHES] = {TOUCH_USERS "SELECT DISTINCT user_id FROM event WHERE ?1 = '' AND action = 7"
                                       " AND comment IS NOT NULL",
                           NULL},
    [NR_STATE_TAGS] = {TOUCH_USERS "SELECT key FROM profile_digest WHERE ?1 = '' AND kind = 4", NULL},
    [NR_STATE_ITEM] = {TOUCH_USERS "SELECT DISTINCT user_id FROM event WHERE video_id = ?1", NULL},
    [NR_STATE_DECLARED] = {TOUCH_USERS "VALUES (?1)", NULL},
};
_Static_assert(NR_ACTION_SEARCH == 7 && NR_STATE_DECLARED == 4, "numbers in the statements above");

static enum nr_status prepare(struct nr_store *store, const char *sql, sqlite3_stmt **out, struct nr_error *err)
{
    return sqlite3_prepare_v2(store->db, sql, -1, out, NULL) == SQLITE_OK ? NR_OK : nr_store_fail(store, "use", err);
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    if (text)
        sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

static void bind_number(sqlite3_stmt *statement, int at, double value)
{
    if (!isnan(value))
        sqlite3_bind_double(statement, at, value);
}

/* Steps a statement that gives no rows, and ends it. */
static enum nr_status finish(struct nr_store *store, sqlite3_stmt *statement, struct nr_error *err)
{
    enum nr_status status = sqlite3_step(statement) == SQLITE_DONE ? NR_OK : nr_store_fail(store, "write", err);
    sqlite3_finalize(statement);
    return status;
}

static enum nr_status run_with(struct nr_store *store, const char *sql, const char *key, struct nr_error *err)
{
    sqlite3_stmt *statement;
    enum nr_status status = prepare(store, sql, &statement, err);
    if (status)
        return status;
    bind_text(statement, 1, key);
    return finish(store, statement, err);
}

enum nr_status nr_state_begin(struct nr_store *store, struct nr_error *err)
{
    return nr_store_exec(store, begin_sql, err);
}

enum nr_status nr_state_end(struct nr_store *store, bool keep, struct nr_error *err)
{
    return nr_store_exec(store, keep ? "COMMIT" : "ROLLBACK", err);
}

/* ---- events ----------------------------------------------------------------------------- */

static void bind_event(sqlite3_stmt *statement, const struct nr_event *event)
{
    bind_text(statement, 1, event->user_id);
    bind_text(statement, 2, event->video_id);
    sqlite3_bind_int(statement, 3, (int)event->action);
    bind_number(statement, 4, event->value);
    if (event->time != NR_TIME_NONE)
        sqlite3_bind_int64(statement, 5, event->time);
    bind_number(statement, 6, event->watch_seconds);
    bind_text(statement, 7, event->comment);
}

enum nr_status nr_state_add(struct nr_store *store, const struct nr_event *event, bool once, struct nr_error *err)
{
    static const enum nr_store_statement touch[] = {NR_SQL_TOUCH_USER, NR_SQL_TOUCH_VIDEO};
    const char *const ids[] = {event->user_id, event->video_id};
    sqlite3_stmt *add = nr_store_statement(store, once ? NR_SQL_EVENT_ADD_ONCE : NR_SQL_EVENT_ADD, err);
    if (!add)
        return NR_ERR_IO;
    bind_event(add, event);
    enum nr_status status = sqlite3_step(add) == SQLITE_DONE ? NR_OK : nr_store_fail(store, "write", err);
    sqlite3_reset(add);
    bool added = sqlite3_changes(store->db) > 0;
    for (size_t i = 0; i < NR_COUNT(touch) && !status && added; i++) {
        sqlite3_stmt *statement = nr_store_statement(store, touch[i], err);
        if (!statement)
            return NR_ERR_IO;
        bind_text(statement, 1, ids[i]);
        status = sqlite3_step(statement) == SQLITE_DONE ? NR_OK : nr_store_fail(store, "write", err);
        sqlite3_reset(statement);
    }
    return status;
}

enum nr_status nr_state_mark(struct nr_store *store, const struct nr_store_event *event, struct nr_error *err)
{
    sqlite3_stmt *mark = nr_store_statement(store, NR_SQL_EVENT_MARK, err);
    if (!mark)
        return NR_ERR_IO;
    sqlite3_bind_int64(mark, 1, event->id);
    sqlite3_bind_int(mark, 2, event->gone);
    bind_number(mark, 3, event->watch_seconds);
    enum nr_status status = sqlite3_step(mark) == SQLITE_DONE ? NR_OK : nr_store_fail(store, "write", err);
    sqlite3_reset(mark);
    return status ? status : run_with(store, TOUCH_USERS "VALUES (?1)", event->event.user_id, err);
}

static double column_number(sqlite3_stmt *row, int at)
{
    return sqlite3_column_type(row, at) == SQLITE_NULL ? NAN : sqlite3_column_double(row, at);
}

static struct nr_store_event event_of(sqlite3_stmt *row)
{
    struct nr_store_event out = {.id = sqlite3_column_int64(row, 0)};
    struct nr_event *event = &out.event;
    event->user_id = (const char *)sqlite3_column_text(row, 1);
    event->video_id = (const char *)sqlite3_column_text(row, 2);
    event->action = (enum nr_action)sqlite3_column_int(row, 3);
    event->value = column_number(row, 4);
    event->time = sqlite3_column_type(row, 5) == SQLITE_NULL ? NR_TIME_NONE : sqlite3_column_int64(row, 5);
    event->watch_seconds = column_number(row, 6);
    event->comment = (const char *)sqlite3_column_text(row, 7);
    event->sentiment = event->comment ? NAN : 0;
    out.gone = sqlite3_column_int(row, 8) != 0;
    out.watch_seconds = column_number(row, 9);
    return out;
}

static enum nr_status each_event(struct nr_store *store, const char *sql, const char *key, nr_store_event_fn fn,
                                 void *ctx, struct nr_error *err)
{
    sqlite3_stmt *each;
    enum nr_status status = prepare(store, sql, &each, err);
    int step = SQLITE_DONE;
    if (status)
        return status;
    bind_text(each, 1, key);
    while (!status && (step = sqlite3_step(each)) == SQLITE_ROW) {
        struct nr_store_event event = event_of(each);
        if (event.event.action >= NR_ACTION_COUNT || !event.event.user_id || !event.event.video_id)
            status = nr_fail(err, NR_ERR_DATA, "store '%s' holds an event that no nightreel wrote", store->path);
        else
            status = fn(ctx, &event, err);
    }
    if (!status && step != SQLITE_DONE)
        status = nr_store_fail(store, "read", err);
    sqlite3_finalize(each);
    return status;
}

#define EVENTS "SELECT id, user_id, video_id, action, value, time, watch, comment, gone, used FROM event WHERE "

enum nr_status nr_state_video_events(struct nr_store *store, const char *video_id, nr_store_event_fn fn, void *ctx,
                                     struct nr_error *err)
{
    return each_event(store, EVENTS "video_id = ?1 ORDER BY id", video_id, fn, ctx, err);
}

enum nr_status nr_state_user_events(struct nr_store *store, const char *user_id, nr_store_event_fn fn, void *ctx,
                                    struct nr_error *err)
{
    return each_event(store, EVENTS "user_id = ?1 ORDER BY id", user_id, fn, ctx, err);
}

/* ---- digests ------------------------------------------------------------------------------ */

static enum nr_status touch(struct nr_store *store, enum nr_state_kind kind, const char *key, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < 2 && touch_sql[kind][i] && !status; i++)
        status = run_with(store, touch_sql[kind][i], key, err);
    return status;
}

enum nr_status nr_state_note(struct nr_store *store, enum nr_state_kind kind, const char *key, const char *digest,
                             struct nr_error *err)
{
    static const enum nr_store_statement both[] = {NR_SQL_NOTED, NR_SQL_DIGEST_PUT};
    int changed = 0;
    for (size_t i = 0; i < NR_COUNT(both); i++) {
        sqlite3_stmt *statement = nr_store_statement(store, both[i], err);
        if (!statement)
            return NR_ERR_IO;
        sqlite3_bind_int(statement, 1, (int)kind);
        bind_text(statement, 2, key);
        if (both[i] == NR_SQL_DIGEST_PUT)
            bind_text(statement, 3, digest);
        int step = sqlite3_step(statement);
        changed = sqlite3_changes(store->db); /* of the last one */
        sqlite3_reset(statement);
        if (step != SQLITE_DONE)
            return nr_store_fail(store, "write", err);
    }
    return changed > 0 ? touch(store, kind, key, err) : NR_OK;
}

enum nr_status nr_state_settle(struct nr_store *store, enum nr_state_kind kind, struct nr_error *err)
{
    static const char old_sql[] = "SELECT key FROM profile_digest WHERE kind = ?1 AND"
                                  " NOT EXISTS (SELECT 1 FROM noted WHERE noted.kind = ?1 AND noted.key ="
                                  " profile_digest.key) ORDER BY key";
    static const char drop_sql[] = "DELETE FROM profile_digest WHERE kind = ?1 AND"
                                   " NOT EXISTS (SELECT 1 FROM noted WHERE noted.kind = ?1 AND noted.key ="
                                   " profile_digest.key)";
    sqlite3_stmt *statement;
    enum nr_status status = prepare(store, old_sql, &statement, err);
    int step = SQLITE_DONE;
    if (status)
        return status;
    sqlite3_bind_int(statement, 1, (int)kind);
    while (!status && (step = sqlite3_step(statement)) == SQLITE_ROW)
        status = touch(store, kind, (const char *)sqlite3_column_text(statement, 0), err);
    if (!status && step != SQLITE_DONE)
        status = nr_store_fail(store, "read", err);
    sqlite3_finalize(statement);
    if (!status)
        status = prepare(store, drop_sql, &statement, err);
    if (status)
        return status;
    sqlite3_bind_int(statement, 1, (int)kind);
    return finish(store, statement, err);
}
