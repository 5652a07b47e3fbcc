/* What a catalogue may name, and what it may not. */
#include "support/support.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nightreel/media.h"

static int root = -1;

static int make_tree(void **state)
{
    struct nr_error err;
    char path[4096];
    if (nr_scratch_make(state))
        return 1;
    mkdir(nr_scratch_path("videos"), 0700);
    mkdir(nr_scratch_path("videos/sub"), 0700);
    nr_scratch_puts("secret", "s");
    nr_scratch_puts("videos/a.mp4", "a");
    nr_scratch_puts("videos/sub/b: c.mp4", "b");
    (void)!symlink("../secret", nr_scratch_path("videos/out.mp4"));
    (void)!symlink("../..", nr_scratch_path("videos/sub/up"));
    (void)!symlink("sub/b: c.mp4", nr_scratch_path("videos/in.mp4"));
    snprintf(path, sizeof path, "%s", nr_scratch_path("secret"));
    (void)!symlink(path, nr_scratch_path("videos/absolute.mp4"));
    (void)!mkfifo(nr_scratch_path("videos/fifo.mp4"), 0600);
    return nr_folder_open(nr_scratch_path("videos"), &root, &err) != NR_OK;
}

static int remove_tree(void **state)
{
    close(root);
    return nr_scratch_remove(state);
}

static void a_missing_folder_is_said(void **state)
{
    (void)state;
    struct nr_error err;
    int fd;
    assert_int_equal(nr_folder_open(nr_scratch_path("nowhere"), &fd, &err), NR_ERR_NOINPUT);
    assert_non_null(strstr(err.text, "nowhere"));
    assert_int_equal(nr_folder_open(nr_scratch_path("secret"), &fd, &err), NR_ERR_NOINPUT);
}

static void ways_out_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum nr_status status;
    } cases[] = {
        {"", NR_ERR_DATA},
        {"/etc/passwd", NR_ERR_DATA},
        {"../secret", NR_ERR_DATA},
        {"sub/../../secret", NR_ERR_DATA},
        {"..", NR_ERR_DATA},
        {"sub/..", NR_ERR_DATA},
        {"out.mp4", NR_ERR_DATA},
        {"absolute.mp4", NR_ERR_DATA},
        {"sub/up/secret", NR_ERR_DATA},
        {"http://example.org/a.mp4", NR_ERR_DATA},
        {"file:///etc/passwd", NR_ERR_DATA},
        {"concat:a.mp4|a.mp4", NR_ERR_NOINPUT},
        {"missing.mp4", NR_ERR_NOINPUT},
        {"a.mp4/b", NR_ERR_NOINPUT},
        {"sub", NR_ERR_DATA},
        {".", NR_ERR_DATA},
        {"fifo.mp4", NR_ERR_DATA},
    };
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        struct nr_error err = {.text = ""};
        int fd = 0;
        assert_int_equal(nr_file_open_beneath(root, cases[i].path, &fd, &err), cases[i].status);
        assert_int_equal(fd, -1);
        char quoted[300];
        snprintf(quoted, sizeof quoted, "'%s'", cases[i].path);
        assert_non_null(strstr(err.text, quoted));
    }
}

/* Old kernels have none, nor has valgrind: the fallback is tested there. */
static bool has_openat2(void)
{
    struct open_how how = {.flags = O_PATH};
    int fd = (int)syscall(SYS_openat2, root, ".", &how, sizeof how);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static char first_byte(int fd)
{
    char byte = '?';
    assert_int_equal(pread(fd, &byte, 1, 0), 1);
    close(fd);
    return byte;
}

static void files_inside_are_opened(void **state)
{
    (void)state;
    struct nr_error err;
    int fd;
    assert_int_equal(nr_file_open_beneath(root, "a.mp4", &fd, &err), NR_OK);
    assert_int_equal(first_byte(fd), 'a');
    assert_int_equal(nr_file_open_beneath(root, "./sub//b: c.mp4", &fd, &err), NR_OK);
    assert_int_equal(first_byte(fd), 'b');
    if (!has_openat2()) { /* then no link is followed at all */
        assert_int_equal(nr_file_open_beneath(root, "in.mp4", &fd, &err), NR_ERR_DATA);
        return;
    }
    assert_int_equal(nr_file_open_beneath(root, "in.mp4", &fd, &err), NR_OK);
    assert_int_equal(first_byte(fd), 'b');
}

static void trusted_paths_may_lie_anywhere(void **state)
{
    (void)state;
    struct nr_error err;
    int fd;
    assert_int_equal(nr_file_open_trusted(nr_scratch_path("videos/out.mp4"), &fd, &err), NR_OK);
    assert_int_equal(first_byte(fd), 's');
    assert_int_equal(nr_file_open_trusted(nr_scratch_path("videos/fifo.mp4"), &fd, &err), NR_ERR_DATA);
    assert_int_equal(nr_file_open_trusted(nr_scratch_path("gone"), &fd, &err), NR_ERR_NOINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_folder_is_said),
        cmocka_unit_test(ways_out_are_refused),
        cmocka_unit_test(files_inside_are_opened),
        cmocka_unit_test(trusted_paths_may_lie_anywhere),
    };
    return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
