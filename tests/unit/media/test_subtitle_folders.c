/* Which videos may have subtitles beside them, by listings of folders. */
#include "support/support.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nightreel/media.h"

static bool may_have(const char *video)
{
    struct nr_subtitle_folders *folders = nr_subtitle_folders_new();
    struct nr_error err;
    int root;
    assert_int_equal(nr_folder_open(nr_scratch_folder(), &root, &err), NR_OK);
    bool beneath = nr_subtitle_folders_may_have(folders, root, video);
    bool trusted = nr_subtitle_folders_may_have(folders, -1, nr_scratch_path(video));
    assert_int_equal(beneath, trusted);
    nr_subtitle_folders_free(folders);
    close(root);
    return beneath;
}

static void names_that_begin_with_the_stem_count(void **state)
{
    (void)state;
    assert_int_equal(mkdir(nr_scratch_path("deep"), 0700), 0);
    static const char *const files[] = {"a-b.srt", "ab.srt", "c.zh.ass", "d.txt", "deep/e.vtt", "f.g.srt", ".srt"};
    for (size_t i = 0; i < NR_COUNT(files); i++)
        nr_scratch_puts(files[i], "x");
    assert_true(may_have("ab.mp4") && may_have("a-b.mp4") && may_have("c.mkv") && may_have("deep/e.mp4"));
    assert_true(may_have("ab") && may_have("f.g.mp4") && may_have("f.mp4")); /* f.g.srt may be in language "g" */
    assert_false(may_have("a.mp4") || may_have("b.mp4") || may_have("d.mp4") || may_have("e.mp4"));
    assert_false(may_have("deep/ab.mp4") || may_have("c.zh-CN.mp4") || may_have("abc.mp4"));
}

/* Every name that is tried is one that is found. */
static void what_is_tried_is_found(void **state)
{
    (void)state;
    struct nr_buf name = {0};
    for (size_t i = 0; nr_subtitles_beside("clip.one.mp4", "fr", i, &name); i++) {
        const char *path = nr_scratch_puts(name.data, "x");
        assert_true(may_have("clip.one.mp4"));
        assert_int_equal(unlink(path), 0);
        assert_false(may_have("clip.one.mp4"));
    }
    nr_buf_release(&name);
}

static void a_folder_that_cannot_be_listed_may_have_anything(void **state)
{
    (void)state;
    assert_true(may_have("nowhere/a.mp4"));
}

static void a_listing_is_read_once(void **state)
{
    (void)state;
    struct nr_subtitle_folders *folders = nr_subtitle_folders_new();
    assert_false(nr_subtitle_folders_may_have(folders, -1, nr_scratch_path("late.mp4")));
    nr_scratch_puts("late.srt", "x");
    assert_false(nr_subtitle_folders_may_have(folders, -1, nr_scratch_path("late.mp4")));
    assert_true(may_have("late.mp4"));
    nr_subtitle_folders_free(folders);
    nr_subtitle_folders_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_begin_with_the_stem_count),
        cmocka_unit_test(what_is_tried_is_found),
        cmocka_unit_test(a_folder_that_cannot_be_listed_may_have_anything),
        cmocka_unit_test(a_listing_is_read_once),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
