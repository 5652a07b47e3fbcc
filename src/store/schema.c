/* schema.c - the tables and how an older store becomes a current one.
 *
 * To change the schema: raise NR_STORE_SCHEMA, append the statements that turn the
 * version before into the new one. Never edit an older entry. */
#include <stdio.h>
#include <string.h>

#include "store/store.h"

#include "core/banned.h"

/* "nrel" */
#define APPLICATION_ID "1852990828"

static const char *const migrations[NR_STORE_SCHEMA] = {
    /* 0 -> 1 */
    "CREATE TABLE result ("
    "  id INTEGER PRIMARY KEY,"
    "  video_id TEXT NOT NULL,"
    "  stage TEXT NOT NULL,"
    "  key TEXT NOT NULL," /* BLAKE2b-256 of all that the result depends on */
    "  made_at INTEGER NOT NULL,"
    "  used_at INTEGER NOT NULL,"
    "  reason TEXT," /* why it failed, or NULL */
    "  json BLOB NOT NULL,"
    "  UNIQUE (video_id, stage, key));"
    "CREATE TABLE file ("
    "  path TEXT PRIMARY KEY,"
    "  size INTEGER NOT NULL,"
    "  mtime INTEGER NOT NULL," /* ns */
    "  inode INTEGER NOT NULL,"
    "  digest TEXT NOT NULL) WITHOUT ROWID;"
    "PRAGMA application_id = " APPLICATION_ID ";",
    /* 1 -> 2: what profiles are made from (nightreel/store_state.h) */
    "CREATE TABLE event ("
    "  id INTEGER PRIMARY KEY,"
    "  user_id TEXT NOT NULL,"
    "  video_id TEXT NOT NULL," /* '' for a search */
    "  action INTEGER NOT NULL,"
    "  value REAL,"
    "  time INTEGER," /* ms */
    "  watch REAL,"   /* as it came */
    "  comment TEXT,"
    "  gone INTEGER NOT NULL DEFAULT 0," /* merged into another one */
    "  used REAL);"                      /* watch time that counts */
    "CREATE INDEX event_by_user ON event (user_id, video_id);"
    "CREATE INDEX event_by_video ON event (video_id);"
    "CREATE TABLE profile_user (user_id TEXT PRIMARY KEY, json BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE profile_digest ("
    "  kind INTEGER NOT NULL," /* enum nr_state_kind */
    "  key TEXT NOT NULL,"
    "  digest TEXT NOT NULL,"
    "  PRIMARY KEY (kind, key)) WITHOUT ROWID;",
};

static int64_t pragma(struct nr_store *store, const char *name)
{
    char sql[64];
    sqlite3_stmt *statement;
    int64_t value = -1;
    snprintf(sql, sizeof sql, "PRAGMA %s", name);
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        return -1;
    if (sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

enum nr_status nr_store_migrate(struct nr_store *store, bool read_only, struct nr_error *err)
{
    int64_t version = pragma(store, "user_version"), tables = pragma(store, "schema_version");
    char id[32];
    snprintf(id, sizeof id, "%lld", (long long)pragma(store, "application_id"));
    bool ours = version > 0 && strcmp(id, APPLICATION_ID) == 0;
    if (version < 0 || (!ours && (version != 0 || tables != 0)))
        return nr_fail(err, NR_ERR_DATA, "'%s' is not a nightreel store; name another file, or move it away",
                       store->path);
    if (version > NR_STORE_SCHEMA)
        return nr_fail(err, NR_ERR_DATA, "'%s' was made by a newer nightreel (schema %lld, this one knows %d)",
                       store->path, (long long)version, NR_STORE_SCHEMA);
    for (; version < NR_STORE_SCHEMA && !(read_only && version > 0); version++) {
        char end[64];
        enum nr_status status = nr_store_exec(store, "BEGIN IMMEDIATE", err);
        if (!status)
            status = nr_store_exec(store, migrations[version], err);
        snprintf(end, sizeof end, "PRAGMA user_version = %lld; COMMIT", (long long)version + 1);
        if (!status)
            status = nr_store_exec(store, end, err);
        if (status)
            return status;
    }
    return NR_OK;
}
