/* listing.c - what a store holds, for people. */
#include "store/store.h"

#include "core/banned.h"

/* The result that the latest run used or made, of each video and stage. */
static const char listing_sql[] = "SELECT video_id, stage, key, reason, made_at, length(json), json FROM result AS r"
                                  " WHERE (?1 IS NULL OR video_id = ?1) AND (?2 IS NULL OR stage = ?2)"
                                  " AND id = (SELECT id FROM result AS n WHERE n.video_id = r.video_id"
                                  "   AND n.stage = r.stage ORDER BY used_at DESC, id DESC LIMIT 1)"
                                  " ORDER BY video_id, stage";

static struct nr_store_row current_row(sqlite3_stmt *each)
{
    return (struct nr_store_row){
        .video_id = (const char *)sqlite3_column_text(each, 0),
        .stage = (const char *)sqlite3_column_text(each, 1),
        .key = (const char *)sqlite3_column_text(each, 2),
        .reason = (const char *)sqlite3_column_text(each, 3),
        .made_at = sqlite3_column_int64(each, 4),
        .bytes = (size_t)sqlite3_column_int64(each, 5),
        .json = (const char *)sqlite3_column_text(each, 6),
    };
}

enum nr_status nr_store_each(struct nr_store *store, const char *video_id, const char *stage,
                             enum nr_status (*fn)(void *ctx, const struct nr_store_row *row, struct nr_error *err),
                             void *ctx, struct nr_error *err)
{
    sqlite3_stmt *each;
    if (sqlite3_prepare_v2(store->db, listing_sql, -1, &each, NULL) != SQLITE_OK)
        return nr_store_fail(store, "read", err);
    if (video_id)
        sqlite3_bind_text(each, 1, video_id, -1, SQLITE_STATIC);
    if (stage)
        sqlite3_bind_text(each, 2, stage, -1, SQLITE_STATIC);
    enum nr_status status = NR_OK;
    int step = SQLITE_DONE;
    while (!status && (step = sqlite3_step(each)) == SQLITE_ROW) {
        struct nr_store_row row = current_row(each);
        status = fn(ctx, &row, err);
    }
    if (!status && step != SQLITE_DONE)
        status = nr_store_fail(store, "read", err);
    sqlite3_finalize(each);
    return status;
}

enum nr_status nr_store_info(struct nr_store *store, struct nr_store_info *out, struct nr_error *err)
{
    static const char sql[] = "SELECT (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM result),"
                              " (SELECT count(*) FROM result WHERE reason IS NOT NULL), (SELECT count(*) FROM file),"
                              " (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)";
    sqlite3_stmt *one;
    *out = (struct nr_store_info){0};
    if (sqlite3_prepare_v2(store->db, sql, -1, &one, NULL) != SQLITE_OK)
        return nr_store_fail(store, "read", err);
    enum nr_status status = NR_OK;
    if (sqlite3_step(one) == SQLITE_ROW) {
        out->schema_version = sqlite3_column_int64(one, 0);
        out->results = sqlite3_column_int64(one, 1);
        out->failed = sqlite3_column_int64(one, 2);
        out->files = sqlite3_column_int64(one, 3);
        out->bytes = sqlite3_column_int64(one, 4);
    } else {
        status = nr_store_fail(store, "read", err);
    }
    sqlite3_finalize(one);
    return status;
}

const char *nr_store_version(void)
{
    return "SQLite " SQLITE_VERSION;
}
