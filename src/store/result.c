/* result.c - results by (video, stage, key), and the digests of files. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "nightreel/io.h"
#include "store/store.h"

#include "core/banned.h"

#define USED_MAX ((size_t)1 << 28) /* results noted as used in one run */

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static enum nr_status note_used(struct nr_store *store, int64_t id, struct nr_error *err)
{
    if (store->lock < 0) /* reading only */
        return NR_OK;
    enum nr_status status = nr_array_reserve((void **)&store->used, &store->used_capacity, store->used_count + 1,
                                             sizeof *store->used, USED_MAX, err);
    if (!status)
        store->used[store->used_count++] = id;
    return status;
}

enum nr_status nr_store_get(struct nr_store *store, const char *video_id, const char *stage, const char *key,
                            struct nr_buf *out, bool *found, struct nr_error *err)
{
    *found = false;
    sqlite3_stmt *get = nr_store_statement(store, NR_SQL_GET, err);
    if (!get)
        return NR_ERR_IO;
    bind_text(get, 1, video_id);
    bind_text(get, 2, stage);
    bind_text(get, 3, key);
    int step = sqlite3_step(get);
    enum nr_status status = NR_OK;
    if (step == SQLITE_ROW) {
        *found = true;
        nr_buf_append(out, sqlite3_column_blob(get, 1), (size_t)sqlite3_column_bytes(get, 1));
        status = nr_buf_status(out, err);
        if (!status)
            status = note_used(store, sqlite3_column_int64(get, 0), err);
    } else if (step != SQLITE_DONE) {
        status = nr_store_fail(store, "read", err);
    }
    sqlite3_reset(get);
    return status;
}

enum nr_status nr_store_put(struct nr_store *store, const char *video_id, const char *stage, const char *key,
                            const char *json, size_t length, const char *reason, struct nr_error *err)
{
    struct timespec now;
    sqlite3_stmt *put = nr_store_statement(store, NR_SQL_PUT, err);
    if (!put)
        return NR_ERR_IO;
    clock_gettime(CLOCK_REALTIME, &now);
    bind_text(put, 1, video_id);
    bind_text(put, 2, stage);
    bind_text(put, 3, key);
    sqlite3_bind_int64(put, 4, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    if (reason)
        bind_text(put, 5, reason);
    sqlite3_bind_blob64(put, 6, json, length, SQLITE_STATIC);
    enum nr_status status = sqlite3_step(put) == SQLITE_DONE ? NR_OK : nr_store_fail(store, "write", err);
    sqlite3_reset(put);
    return status;
}

static void bind_stat(sqlite3_stmt *statement, const char *path, const struct stat *info)
{
    bind_text(statement, 1, path);
    sqlite3_bind_int64(statement, 2, info->st_size);
    sqlite3_bind_int64(statement, 3, (int64_t)info->st_mtim.tv_sec * 1000000000 + info->st_mtim.tv_nsec);
    sqlite3_bind_int64(statement, 4, (int64_t)info->st_ino);
}

/* A file changed within the last seconds may change again within the same time
 * stamp: its digest is not kept. */
static bool settled(const struct stat *info)
{
    enum { SETTLE_SECONDS = 2 };
    return time(NULL) - info->st_mtim.tv_sec > SETTLE_SECONDS;
}

enum nr_status nr_store_file_digest(struct nr_store *store, const char *path, char out[65], struct nr_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return nr_fail(err, NR_ERR_NOINPUT, "cannot open '%s': %s", path, strerror(errno));
    sqlite3_stmt *get = nr_store_statement(store, NR_SQL_FILE_GET, err);
    if (!get)
        return NR_ERR_IO;
    bind_stat(get, path, &info);
    bool known = sqlite3_step(get) == SQLITE_ROW && sqlite3_column_bytes(get, 0) == NR_DIGEST_HEX - 1;
    if (known)
        memcpy(out, sqlite3_column_text(get, 0), NR_DIGEST_HEX);
    sqlite3_reset(get);
    if (known)
        return NR_OK;
    enum nr_status status = nr_digest_file(path, out, err);
    if (status || !settled(&info))
        return status;
    sqlite3_stmt *put = nr_store_statement(store, NR_SQL_FILE_PUT, err);
    if (!put)
        return NR_ERR_IO;
    bind_stat(put, path, &info);
    bind_text(put, 5, out);
    status = sqlite3_step(put) == SQLITE_DONE ? NR_OK : nr_store_fail(store, "write", err);
    sqlite3_reset(put);
    return status;
}
