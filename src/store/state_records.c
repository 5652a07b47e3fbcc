/* state_records.c - touched names, and the records of users. */
#include "nightreel/store_state.h"

#include "store/store.h"

#include "core/banned.h"

static enum nr_status prepare(struct nr_store *store, const char *sql, sqlite3_stmt **out, struct nr_error *err)
{
    return sqlite3_prepare_v2(store->db, sql, -1, out, NULL) == SQLITE_OK ? NR_OK : nr_store_fail(store, "use", err);
}

static enum nr_status copy_names(struct nr_store *store, const char *count_sql, const char *sql, struct nr_arena *mem,
                                 struct nr_strings *out, struct nr_error *err)
{
    sqlite3_stmt *each;
    size_t room = 0;
    *out = (struct nr_strings){.count = 0};
    enum nr_status status = prepare(store, count_sql, &each, err);
    if (status)
        return status;
    if (sqlite3_step(each) == SQLITE_ROW)
        room = (size_t)sqlite3_column_int64(each, 0);
    sqlite3_finalize(each);
    out->items = nr_arena_alloc(mem, room, sizeof *out->items);
    status = out->items ? prepare(store, sql, &each, err) : nr_fail_nomem(err, "a list of names");
    if (status)
        return status;
    int step = SQLITE_DONE;
    while (out->count < room && (step = sqlite3_step(each)) == SQLITE_ROW)
        out->items[out->count++] = nr_arena_strdup(mem, (const char *)sqlite3_column_text(each, 0));
    sqlite3_finalize(each);
    if (step != SQLITE_DONE && step != SQLITE_ROW)
        return nr_store_fail(store, "read", err);
    return mem->failed ? nr_fail_nomem(err, "a list of names") : NR_OK;
}

enum nr_status nr_state_videos(struct nr_store *store, struct nr_arena *mem, struct nr_strings *out,
                               struct nr_error *err)
{
    return copy_names(store, "SELECT count(*) FROM touched_video", "SELECT id FROM touched_video ORDER BY id", mem, out,
                      err);
}

enum nr_status nr_state_users(struct nr_store *store, struct nr_arena *mem, struct nr_strings *out,
                              struct nr_error *err)
{
    return copy_names(store, "SELECT count(*) FROM touched_user", "SELECT id FROM touched_user ORDER BY id", mem, out,
                      err);
}

enum nr_status nr_state_put(struct nr_store *store, const char *user_id, const char *json, size_t length,
                            struct nr_error *err)
{
    sqlite3_stmt *put = nr_store_statement(store, json ? NR_SQL_USER_PUT : NR_SQL_USER_DROP, err);
    if (!put)
        return NR_ERR_IO;
    sqlite3_bind_text(put, 1, user_id, -1, SQLITE_STATIC);
    if (json)
        sqlite3_bind_blob64(put, 2, json, length, SQLITE_STATIC);
    enum nr_status status = sqlite3_step(put) == SQLITE_DONE ? NR_OK : nr_store_fail(store, "write", err);
    sqlite3_reset(put);
    return status;
}

enum nr_status nr_state_records(struct nr_store *store,
                                enum nr_status (*fn)(void *ctx, const char *json, size_t length, struct nr_error *err),
                                void *ctx, struct nr_error *err)
{
    sqlite3_stmt *each;
    enum nr_status status = prepare(store, "SELECT json FROM profile_user ORDER BY user_id", &each, err);
    int step = SQLITE_DONE;
    if (status)
        return status;
    while (!status && (step = sqlite3_step(each)) == SQLITE_ROW)
        status = fn(ctx, sqlite3_column_blob(each, 0), (size_t)sqlite3_column_bytes(each, 0), err);
    if (!status && step != SQLITE_DONE)
        status = nr_store_fail(store, "read", err);
    sqlite3_finalize(each);
    return status;
}

enum nr_status nr_state_forget(struct nr_store *store, const char *user_id, bool *found, struct nr_error *err)
{
    static const char *const deletes[] = {"DELETE FROM event WHERE user_id = ?1",
                                          "DELETE FROM profile_user WHERE user_id = ?1",
                                          "DELETE FROM profile_digest WHERE kind = 4 AND key = ?1"};
    _Static_assert(NR_STATE_DECLARED == 4, "the kind above");
    enum nr_status status = nr_store_exec(store, "PRAGMA secure_delete = ON; BEGIN IMMEDIATE", err);
    *found = false;
    if (status)
        return status;
    for (size_t i = 0; i < NR_COUNT(deletes) && !status; i++) {
        sqlite3_stmt *statement;
        status = prepare(store, deletes[i], &statement, err);
        if (status)
            break;
        sqlite3_bind_text(statement, 1, user_id, -1, SQLITE_STATIC);
        status = sqlite3_step(statement) == SQLITE_DONE ? NR_OK : nr_store_fail(store, "write", err);
        *found |= sqlite3_changes(store->db) > 0;
        sqlite3_finalize(statement);
    }
    if (status) {
        (void)!nr_store_exec(store, "ROLLBACK", NULL);
        return status;
    }
    return nr_store_exec(store, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)", err);
}
