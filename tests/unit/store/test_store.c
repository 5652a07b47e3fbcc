/* The store: keeping, finding, locking, refusing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nightreel/io.h"
#include "nightreel/store.h"

static char folder[] = "/tmp/nr-store-XXXXXX";
static char path[64], other[64];

static int setup(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/a.db", folder);
    snprintf(other, sizeof other, "%s/other", folder);
    return 0;
}

static int teardown(void **state)
{
    char command[96];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void open_refuses_what_is_no_store(void **state)
{
    struct nr_store *store;
    struct nr_error err;
    (void)state;
    assert_int_equal(nr_store_open("/nowhere/a.db", NR_STORE_READ, &store, &err), NR_ERR_NOINPUT);
    assert_int_equal(nr_store_open("/nowhere/a.db", NR_STORE_WRITE, &store, &err), NR_ERR_CANTCREATE);
    write_file(other,
               "user_id,video_id\n this is a text file and longer than a header, which SQLite looks at first....\n");
    assert_int_equal(nr_store_open(other, NR_STORE_WRITE, &store, &err), NR_ERR_DATA);
    assert_non_null(strstr(err.text, other));
    assert_null(store);
}

static void keeps_finds_and_replaces(void **state)
{
    struct nr_store *store;
    struct nr_error err;
    struct nr_buf out = {0};
    struct stat info;
    bool found;
    (void)state;
    assert_int_equal(nr_store_open(path, NR_STORE_WRITE, &store, &err), NR_OK);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(nr_store_get(store, "v1", "extract", "k1", &out, &found, &err), NR_OK);
    assert_false(found);
    assert_int_equal(nr_store_put(store, "v1", "extract", "k1", "{}\nA", 4, NULL, &err), NR_OK);
    assert_int_equal(nr_store_put(store, "v1", "extract", "k2", "B\0B", 3, "broken", &err), NR_OK);
    assert_int_equal(nr_store_put(store, "v1", "extract", "k1", "{}\nC", 4, NULL, &err), NR_OK);
    nr_store_close(store);

    assert_int_equal(nr_store_open(path, NR_STORE_WRITE, &store, &err), NR_OK);
    assert_int_equal(nr_store_get(store, "v1", "extract", "k1", &out, &found, &err), NR_OK);
    assert_true(found);
    assert_string_equal(out.data, "{}\nC");
    nr_buf_clear(&out);
    assert_int_equal(nr_store_get(store, "v1", "extract", "k2", &out, &found, &err), NR_OK);
    assert_int_equal(out.length, 3);
    assert_memory_equal(out.data, "B\0B", 3);
    assert_int_equal(nr_store_get(store, "v1", "describe", "k1", &out, &found, &err), NR_OK);
    assert_false(found);
    nr_buf_release(&out);
    nr_store_close(store);
}

static void one_writer_and_any_readers(void **state)
{
    struct nr_store *first, *second;
    struct nr_error err;
    (void)state;
    assert_int_equal(nr_store_open(path, NR_STORE_WRITE, &first, &err), NR_OK);
    assert_int_equal(nr_store_open(path, NR_STORE_WRITE, &second, &err), NR_ERR_LOCKED);
    assert_int_equal(nr_store_open(path, NR_STORE_READ, &second, &err), NR_OK);
    nr_store_close(second);
    nr_store_close(first);
    assert_int_equal(nr_store_open(path, NR_STORE_WRITE, &first, &err), NR_OK);
    nr_store_close(first);
    nr_store_close(NULL);
}

struct seen {
    char text[256];
};

static enum nr_status see_row(void *ctx, const struct nr_store_row *row, struct nr_error *err)
{
    struct seen *seen = ctx;
    size_t used = strlen(seen->text);
    (void)err;
    snprintf(seen->text + used, sizeof seen->text - used, "%s/%s/%s/%s ", row->video_id, row->stage, row->key,
             row->reason ? row->reason : "ok");
    return NR_OK;
}

static void lists_the_result_used_last(void **state)
{
    struct nr_store *store;
    struct nr_error err;
    struct nr_buf out = {0};
    struct nr_store_info info;
    struct seen seen = {""}, one = {""};
    bool found;
    (void)state;
    assert_int_equal(nr_store_open(path, NR_STORE_WRITE, &store, &err), NR_OK);
    assert_int_equal(nr_store_put(store, "v0", "extract", "k", "x", 1, NULL, &err), NR_OK);
    assert_int_equal(nr_store_get(store, "v1", "extract", "k1", &out, &found, &err), NR_OK);
    nr_store_close(store); /* notes that k1 was used, not k2 */
    assert_int_equal(nr_store_open(path, NR_STORE_READ, &store, &err), NR_OK);
    assert_int_equal(nr_store_each(store, NULL, NULL, see_row, &seen, &err), NR_OK);
    assert_string_equal(seen.text, "v0/extract/k/ok v1/extract/k1/ok ");
    assert_int_equal(nr_store_each(store, "v0", "extract", see_row, &one, &err), NR_OK);
    assert_string_equal(one.text, "v0/extract/k/ok ");
    assert_int_equal(nr_store_info(store, &info, &err), NR_OK);
    assert_int_equal(info.results, 3);
    assert_int_equal(info.failed, 1);
    nr_store_close(store);
    nr_buf_release(&out);
}

/* A digest is taken over only while size, time and inode are the same. */
static void file_digest_follows_the_content(void **state)
{
    struct nr_store *store;
    struct nr_error err;
    char first[65], again[65], changed[65], plain[65];
    struct timespec old[2] = {{1000000000, 0}, {1000000000, 0}}, newer[2] = {{1000000001, 0}, {1000000001, 0}};
    (void)state;
    write_file(other, "abc");
    assert_int_equal(utimensat(-1, other, old, 0), 0);
    assert_int_equal(nr_store_open(path, NR_STORE_WRITE, &store, &err), NR_OK);
    assert_int_equal(nr_store_file_digest(store, other, first, &err), NR_OK);
    assert_int_equal(nr_digest_file(other, plain, &err), NR_OK);
    assert_string_equal(first, plain);
    write_file(other, "xyz"); /* behind the cache's back: the same size and time */
    assert_int_equal(utimensat(-1, other, old, 0), 0);
    assert_int_equal(nr_store_file_digest(store, other, again, &err), NR_OK);
    assert_string_equal(first, again);
    assert_int_equal(utimensat(-1, other, newer, 0), 0);
    assert_int_equal(nr_store_file_digest(store, other, changed, &err), NR_OK);
    assert_string_not_equal(first, changed);
    assert_int_equal(nr_store_file_digest(store, "/nowhere", changed, &err), NR_ERR_NOINPUT);
    nr_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_refuses_what_is_no_store),   cmocka_unit_test(keeps_finds_and_replaces),
        cmocka_unit_test(one_writer_and_any_readers),      cmocka_unit_test(lists_the_result_used_last),
        cmocka_unit_test(file_digest_follows_the_content),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
