/* nightreel/store.h - results kept between runs in one SQLite file (WAL, mode
 * 0600, at most one writer). Deleting it loses time, never results that exist
 * elsewhere.
 *
 * A result is found by (video, stage, key); the key is the digest of all that the
 * result depends on. An older result of the same video and stage stays until
 * `gc`, so that going back to former parameters costs nothing.
 */
#ifndef NIGHTREEL_STORE_H
#define NIGHTREEL_STORE_H

#include "nightreel/core.h"

struct nr_store;

enum nr_store_mode {
    NR_STORE_WRITE, /* created where missing; takes the lock, NR_ERR_LOCKED where another has it */
    NR_STORE_READ,  /* NR_ERR_NOINPUT where missing; takes no lock */
};

/* Opens and migrates forward. NR_ERR_DATA: not a nightreel store, or made by a
 * newer version. */
enum nr_status nr_store_open(const char *path, enum nr_store_mode mode, struct nr_store **out,
                             struct nr_error *err) NR_MUST_CHECK;
void nr_store_close(struct nr_store *store);

/* Appends the stored result to *out and sets *found. Marks it as used by this run. */
enum nr_status nr_store_get(struct nr_store *store, const char *video_id, const char *stage, const char *key,
                            struct nr_buf *out, bool *found, struct nr_error *err) NR_MUST_CHECK;
/* Keeps a result, in a transaction of its own. `reason`: why it failed, or NULL. */
enum nr_status nr_store_put(struct nr_store *store, const char *video_id, const char *stage, const char *key,
                            const char *json, size_t length, const char *reason, struct nr_error *err) NR_MUST_CHECK;

/* BLAKE2b-256 of a file's content: from the cache while size, mtime and inode are
 * those of the last time, computed otherwise. */
enum nr_status nr_store_file_digest(struct nr_store *store, const char *path, char out[65],
                                    struct nr_error *err) NR_MUST_CHECK;

/* One row of `ls`. Strings are borrowed during the call. */
struct nr_store_row {
    const char *video_id, *stage, *key, *reason; /* reason NULL: fine */
    int64_t made_at;                             /* ms */
    size_t bytes;
    const char *json;
};
/* Calls fn for the newest result of each video and stage, by video_id then stage;
 * video_id and stage NULL mean all. fn returning other than NR_OK ends it. */
enum nr_status nr_store_each(struct nr_store *store, const char *video_id, const char *stage,
                             enum nr_status (*fn)(void *ctx, const struct nr_store_row *row, struct nr_error *err),
                             void *ctx, struct nr_error *err) NR_MUST_CHECK;

struct nr_store_info {
    int64_t schema_version, results, failed, files;
    int64_t bytes;
};
enum nr_status nr_store_info(struct nr_store *store, struct nr_store_info *out, struct nr_error *err) NR_MUST_CHECK;

/* The library behind the store, e.g. "SQLite 3.40.1". */
const char *nr_store_version(void);

#endif
