/* store.h - inside the store: the open database and its helpers. */
#ifndef NR_STORE_STORE_H
#define NR_STORE_STORE_H

#include <sqlite3.h>

#include "nightreel/store.h"

enum nr_store_statement {
    NR_SQL_GET,
    NR_SQL_PUT,
    NR_SQL_TOUCH,
    NR_SQL_FILE_GET,
    NR_SQL_FILE_PUT,
    NR_SQL_EVENT_ADD, /* from here on: state.c */
    NR_SQL_EVENT_ADD_ONCE,
    NR_SQL_EVENT_MARK,
    NR_SQL_TOUCH_USER,
    NR_SQL_TOUCH_VIDEO,
    NR_SQL_NOTED,
    NR_SQL_DIGEST_PUT,
    NR_SQL_USER_PUT,
    NR_SQL_USER_DROP,
    NR_SQL_COUNT
};

struct nr_store {
    char *path;
    sqlite3 *db;
    int lock;          /* descriptor of PATH.lock, or -1 */
    int64_t opened_at; /* ms */
    sqlite3_stmt *statements[NR_SQL_COUNT];
    int64_t *used; /* rows of `result` that this run took over */
    size_t used_count, used_capacity;
};

/* "'night.db': what: SQLite's message" */
enum nr_status nr_store_fail(const struct nr_store *store, const char *what, struct nr_error *err);
enum nr_status nr_store_exec(struct nr_store *store, const char *sql, struct nr_error *err) NR_MUST_CHECK;
/* The prepared statement, reset and without bindings; NULL (and *err) on failure. */
sqlite3_stmt *nr_store_statement(struct nr_store *store, enum nr_store_statement which, struct nr_error *err);

/* Brings an empty or older database to the current schema; where it is only read, an older
 * one stays as it is. */
enum nr_status nr_store_migrate(struct nr_store *store, bool read_only, struct nr_error *err) NR_MUST_CHECK;
#define NR_STORE_SCHEMA 2

#endif
