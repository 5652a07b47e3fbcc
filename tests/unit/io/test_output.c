/* Outputs: whole or not at all, and what happens when the disk is full. */
#include "support/support.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nightreel/io.h"

static enum nr_status write_file(const char *path, const void *bytes, size_t length, struct nr_error *err)
{
    struct nr_output *out;
    enum nr_status status = nr_output_open(path, &out, err);
    if (status != NR_OK)
        return status;
    status = nr_output_write(out, bytes, length, err);
    if (status == NR_OK)
        return nr_output_commit(out, err);
    nr_output_abandon(out);
    return status;
}

static void assert_file(const char *path, const char *expected)
{
    char *text = nr_scratch_read(path, NULL);
    assert_string_equal(text, expected);
    free(text);
}

static mode_t mode_of(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_mode & 07777;
}

static void what_cannot_be_created_is_named(void **state)
{
    struct nr_error err;
    (void)state;
    assert_int_equal(write_file("/nowhere/x", "", 0, &err), NR_ERR_CANTCREATE);
    assert_string_equal(err.text, "cannot create '/nowhere/x': No such file or directory");
    assert_int_equal(write_file(nr_scratch_folder(), "", 0, &err), NR_ERR_CANTCREATE);
    assert_non_null(strstr(err.text, "Is a directory"));
    nr_output_abandon(NULL);
}

static void nothing_is_there_before_the_commit(void **state)
{
    struct nr_output *out;
    const char *path = nr_scratch_path("late");
    (void)state;
    assert_int_equal(nr_output_open(path, &out, NULL), NR_OK);
    assert_int_equal(nr_output_write(out, "text", 4, NULL), NR_OK);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(nr_output_commit(out, NULL), NR_OK);
    assert_file(path, "text");
    assert_int_equal(nr_scratch_count(), 1);
    unlink(path);
}

static void abandoning_leaves_the_old_file(void **state)
{
    struct nr_output *out;
    const char *path = nr_scratch_puts("kept", "old");
    (void)state;
    assert_int_equal(nr_output_open(path, &out, NULL), NR_OK);
    assert_int_equal(nr_output_write(out, "new", 3, NULL), NR_OK);
    nr_output_abandon(out);
    assert_file(path, "old");
    assert_int_equal(nr_scratch_count(), 1);
    unlink(path);
}

static void big_writes_arrive_whole(void **state)
{
    enum { SIZE = 1000000 };
    char *bytes = malloc(SIZE);
    struct nr_output *out;
    size_t length;
    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (char)(i * 7);
    const char *path = nr_scratch_path("big");
    assert_int_equal(nr_output_open(path, &out, NULL), NR_OK);
    for (size_t at = 0, step = 1; at < SIZE; at += step, step = step * 3 % 100003) {
        size_t piece = step < SIZE - at ? step : SIZE - at;
        assert_int_equal(nr_output_write(out, bytes + at, piece, NULL), NR_OK);
    }
    assert_int_equal(nr_output_commit(out, NULL), NR_OK);
    char *back = nr_scratch_read(path, &length);
    assert_int_equal(length, SIZE);
    assert_memory_equal(back, bytes, SIZE);
    free(back);
    free(bytes);
    unlink(path);
}

static void modes_follow_the_umask_and_the_old_file(void **state)
{
    mode_t mask = umask(027);
    const char *path = nr_scratch_path("mode");
    (void)state;
    assert_int_equal(write_file(path, "x", 1, NULL), NR_OK);
    assert_int_equal(mode_of(path), 0640);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(write_file(path, "y", 1, NULL), NR_OK);
    assert_int_equal(mode_of(path), 0600);
    umask(mask);
    unlink(path);
}

static void a_link_stays_a_link(void **state)
{
    struct stat info;
    const char *target = nr_scratch_puts("target", "old"), *link = nr_scratch_path("link");
    (void)state;
    assert_int_equal(symlink("target", link), 0);
    assert_int_equal(write_file(link, "new", 3, NULL), NR_OK);
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_file(target, "new");
    unlink(link);
    unlink(target);
}

static void a_device_is_written_to_and_stays(void **state)
{
    struct stat info;
    struct nr_error err;
    (void)state;
    assert_int_equal(write_file("/dev/null", "x", 1, NULL), NR_OK);
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
    assert_int_equal(write_file("/dev/full", "x", 1, &err), NR_ERR_IO);
    assert_string_equal(err.text, "cannot write '/dev/full': No space left on device");
}

/* A file-size limit stands for a full disk. */
static void a_full_disk_leaves_nothing_behind(void **state)
{
    struct rlimit before, small;
    struct nr_error err;
    char block[100000] = {0};
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 50000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum nr_status status = write_file(nr_scratch_path("full"), block, sizeof block, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, NR_ERR_IO);
    assert_non_null(strstr(err.text, "cannot write"));
    assert_int_equal(nr_scratch_count(), 0);
}

static enum nr_status write_standard(int fd, const char *text, struct nr_error *err)
{
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    dup2(fd, STDOUT_FILENO);
    enum nr_status status = write_file("-", text, strlen(text), err);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    return status;
}

static void standard_output_reports_a_failed_write(void **state)
{
    struct nr_error err;
    int ends[2], full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    char got[8] = {0};
    (void)state;
    assert_true(full >= 0);
    assert_int_equal(write_standard(full, "x", &err), NR_ERR_IO);
    assert_string_equal(err.text, "cannot write 'standard output': No space left on device");
    close(full);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write_standard(ends[1], "hello", &err), NR_OK);
    assert_int_equal(read(ends[0], got, sizeof got), 5);
    assert_string_equal(got, "hello");
    signal(SIGPIPE, SIG_IGN);
    close(ends[0]);
    assert_int_equal(write_standard(ends[1], "x", &err), NR_ERR_IO);
    assert_non_null(strstr(err.text, "Broken pipe"));
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_created_is_named),         cmocka_unit_test(nothing_is_there_before_the_commit),
        cmocka_unit_test(abandoning_leaves_the_old_file),          cmocka_unit_test(big_writes_arrive_whole),
        cmocka_unit_test(modes_follow_the_umask_and_the_old_file), cmocka_unit_test(a_link_stays_a_link),
        cmocka_unit_test(a_device_is_written_to_and_stays),        cmocka_unit_test(a_full_disk_leaves_nothing_behind),
        cmocka_unit_test(standard_output_reports_a_failed_write),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
