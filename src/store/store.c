/* store.c - opening, locking and closing the database. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/banned.h"

enum { BUSY_TIMEOUT_MS = 10000 };

static const char *const statement_texts[NR_SQL_COUNT] = {
    [NR_SQL_GET] = "SELECT id, json FROM result WHERE video_id = ?1 AND stage = ?2 AND key = ?3",
    [NR_SQL_PUT] = "INSERT INTO result (video_id, stage, key, made_at, used_at, reason, json)"
                   " VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)"
                   " ON CONFLICT (video_id, stage, key) DO UPDATE SET"
                   " made_at = ?4, used_at = ?4, reason = ?5, json = ?6",
    [NR_SQL_TOUCH] = "UPDATE result SET used_at = ?2 WHERE id = ?1",
    [NR_SQL_FILE_GET] = "SELECT digest FROM file WHERE path = ?1 AND size = ?2 AND mtime = ?3 AND inode = ?4",
    [NR_SQL_FILE_PUT] = "INSERT OR REPLACE INTO file (path, size, mtime, inode, digest) VALUES (?1, ?2, ?3, ?4, ?5)",
    [NR_SQL_EVENT_ADD] = "INSERT INTO event (user_id, video_id, action, value, time, watch, comment, used)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6)",
    [NR_SQL_EVENT_ADD_ONCE] =
        "INSERT INTO event (user_id, video_id, action, value, time, watch, comment, used)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6 WHERE NOT EXISTS (SELECT 1 FROM event WHERE user_id = ?1 AND"
        " video_id = ?2 AND action = ?3 AND value IS ?4 AND time IS ?5 AND watch IS ?6 AND comment IS ?7)",
    [NR_SQL_EVENT_MARK] = "UPDATE event SET gone = ?2, used = ?3 WHERE id = ?1",
    [NR_SQL_TOUCH_USER] = "INSERT OR IGNORE INTO touched_user VALUES (?1)",
    [NR_SQL_TOUCH_VIDEO] = "INSERT OR IGNORE INTO touched_video VALUES (?1)",
    [NR_SQL_NOTED] = "INSERT OR IGNORE INTO noted VALUES (?1, ?2)",
    [NR_SQL_DIGEST_PUT] = "INSERT INTO profile_digest VALUES (?1, ?2, ?3)"
                          " ON CONFLICT (kind, key) DO UPDATE SET digest = ?3 WHERE digest <> ?3",
    [NR_SQL_USER_PUT] = "INSERT OR REPLACE INTO profile_user VALUES (?1, ?2)",
    [NR_SQL_USER_DROP] = "DELETE FROM profile_user WHERE user_id = ?1",
};

enum nr_status nr_store_fail(const struct nr_store *store, const char *what, struct nr_error *err)
{
    int code = store->db ? sqlite3_errcode(store->db) & 0xff : SQLITE_NOMEM;
    enum nr_status status = code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? NR_ERR_DATA
                            : code == SQLITE_NOMEM                          ? NR_ERR_NOMEM
                            : code == SQLITE_CANTOPEN                       ? NR_ERR_CANTCREATE
                                                                            : NR_ERR_IO;
    return nr_fail(err, status, "cannot %s store '%s': %s", what, store->path,
                   store->db ? sqlite3_errmsg(store->db) : "out of memory");
}

enum nr_status nr_store_exec(struct nr_store *store, const char *sql, struct nr_error *err)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? NR_OK : nr_store_fail(store, "use", err);
}

sqlite3_stmt *nr_store_statement(struct nr_store *store, enum nr_store_statement which, struct nr_error *err)
{
    sqlite3_stmt **slot = &store->statements[which];
    if (*slot) {
        sqlite3_reset(*slot);
        sqlite3_clear_bindings(*slot);
    } else if (sqlite3_prepare_v3(store->db, statement_texts[which], -1, SQLITE_PREPARE_PERSISTENT, slot, NULL) !=
               SQLITE_OK) {
        nr_store_fail(store, "use", err);
        return NULL;
    }
    return *slot;
}

/* One run a store: an flock on PATH.lock (SQLite's own locks sit on PATH). */
static enum nr_status take_lock(struct nr_store *store, struct nr_error *err)
{
    char *path = NULL;
    enum nr_status status = NR_OK;
    if (asprintf(&path, "%s.lock", store->path) < 0)
        return nr_fail_nomem(err, "a path");
    store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->lock < 0)
        status = nr_fail(err, NR_ERR_CANTCREATE, "cannot open lock file '%s': %s", path, strerror(errno));
    else if (flock(store->lock, LOCK_EX | LOCK_NB) != 0)
        status = errno == EWOULDBLOCK
                     ? nr_fail(err, NR_ERR_LOCKED, "another run is using store '%s'; wait for it to end", store->path)
                     : nr_fail(err, NR_ERR_IO, "cannot lock '%s': %s", path, strerror(errno));
    free(path);
    return status;
}

/* The file with mode 0600 before SQLite would make it with another one. */
static enum nr_status create_private(const struct nr_store *store, struct nr_error *err)
{
    int fd = open(store->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return nr_fail(err, NR_ERR_CANTCREATE, "cannot create store '%s': %s", store->path, strerror(errno));
    close(fd);
    return NR_OK;
}

static enum nr_status open_database(struct nr_store *store, enum nr_store_mode mode, struct nr_error *err)
{
    int flags = mode == NR_STORE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    if (sqlite3_open_v2(store->path, &store->db, flags, NULL) != SQLITE_OK)
        return nr_store_fail(store, "open", err);
    sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
    if (mode == NR_STORE_READ)
        return nr_store_migrate(store, true, err);
    enum nr_status status = nr_store_exec(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", err);
    return status ? status : nr_store_migrate(store, false, err);
}

enum nr_status nr_store_open(const char *path, enum nr_store_mode mode, struct nr_store **out, struct nr_error *err)
{
    struct timespec now;
    *out = NULL;
    if (mode == NR_STORE_READ && access(path, R_OK) != 0)
        return nr_fail(err, NR_ERR_NOINPUT, "cannot open store '%s': %s", path, strerror(errno));
    struct nr_store *store = calloc(1, sizeof *store);
    if (!store || !(store->path = strdup(path))) {
        free(store);
        return nr_fail_nomem(err, "the store");
    }
    clock_gettime(CLOCK_REALTIME, &now);
    store->opened_at = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    store->lock = -1;
    enum nr_status status = NR_OK;
    if (mode == NR_STORE_WRITE)
        status = take_lock(store, err);
    if (!status && mode == NR_STORE_WRITE)
        status = create_private(store, err);
    if (!status)
        status = open_database(store, mode, err);
    if (status) {
        nr_store_close(store);
        return status;
    }
    *out = store;
    return NR_OK;
}

/* Notes which results this run took over; losing the note costs nothing but a
 * less informed clean-up, so that failures are let pass. */
static void write_used(struct nr_store *store)
{
    struct nr_error ignored;
    if (store->used_count == 0 || nr_store_exec(store, "BEGIN IMMEDIATE", &ignored))
        return;
    for (size_t i = 0; i < store->used_count; i++) {
        sqlite3_stmt *touch = nr_store_statement(store, NR_SQL_TOUCH, &ignored);
        if (!touch)
            break;
        sqlite3_bind_int64(touch, 1, store->used[i]);
        sqlite3_bind_int64(touch, 2, store->opened_at);
        sqlite3_step(touch);
        sqlite3_reset(touch);
    }
    (void)!nr_store_exec(store, "COMMIT", &ignored);
}

void nr_store_close(struct nr_store *store)
{
    if (!store)
        return;
    if (store->db)
        write_used(store);
    for (int i = 0; i < NR_SQL_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    if (store->lock >= 0)
        close(store->lock);
    free(store->used);
    free(store->path);
    free(store);
}
