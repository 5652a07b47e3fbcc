/* The workers' job, called here in one process, where sanitizers see all of it; the
 * stage through real workers; keys. */
#include "support/support.h"

#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "nightreel/io.h"
#include "nightreel/stage.h"

static struct nr_spawner *spawner;

static const char *fixture(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/visual/%s", NR_TEST_DATA, name);
    return path;
}

/* ---- the job --------------------------------------------------------------------------- */

static enum nr_status run_job(const char *request, const int *fds, size_t fd_count, struct nr_buf *reply,
                              struct nr_error *err)
{
    return nr_extract_job(request, strlen(request), fds, fd_count, reply, err);
}

static void malformed_requests_are_refused(void **state)
{
    (void)state;
    static const char *const requests[] = {"", "{}", "\n", "{\n{}", "{}\n{", "{\"media\":true}\n{\"video_id\":\"1\"}"};
    for (size_t i = 0; i < NR_COUNT(requests); i++) {
        struct nr_buf reply = {0};
        struct nr_error err = {.text = ""};
        assert_int_not_equal(run_job(requests[i], NULL, 0, &reply, &err), NR_OK);
        assert_true(err.text[0] != '\0');
        nr_buf_release(&reply);
    }
}

static void one_pass_fills_every_part(void **state)
{
    (void)state;
    static const char request[] =
        "{\"frames\":2,\"fps\":1,\"audio_track\":-1,\"want\":7,\"keep\":7,\"max_subtitle_bytes\":100,\"media\":true,"
        "\"subtitles\":true,\"subtitle_file\":\"a/clip.zh.srt\"}\n"
        "{\"video_id\":\"1\",\"title\":\"星际穿越\",\"tags\":[\"科幻\"],\"file\":\"clip.mp4\"}";
    struct nr_buf reply = {0};
    struct nr_error err = {.text = ""};
    struct nr_item item = {.published_at = NR_TIME_NONE, .duration = NAN};
    int fds[2] = {open(fixture("untagged.mp4"), O_RDONLY | O_CLOEXEC),
                  open(nr_scratch_puts("s.srt", "1\n00:00:00,000 --> 00:00:01,000\n虫洞\n"), O_RDONLY | O_CLOEXEC)};
    assert_int_equal(run_job(request, fds, 2, &reply, &err), NR_OK);
    const char *record = strchr(reply.data, '\n') + 1;
    assert_int_equal(nr_item_read(&item, record, strcspn(record, "\n"), NR_PART_RECORD & ~NR_PART_CATALOGUE, &err),
                     NR_OK);
    assert_int_equal(item.media->status, NR_MEDIA_OK);
    assert_string_equal(item.media->subtitles.items[0], "file UTF-8 clip.zh.srt");
    assert_int_equal(item.visual->frames, 4);
    assert_false(isnan(item.visual->motion));
    assert_null(item.audio);
    assert_string_equal(item.text->language, "zh");
    assert_string_equal(item.text->subtitles, "虫洞");
    assert_int_equal(item.error_count, 0);
    close(fds[0]);
    close(fds[1]);
    nr_item_release(&item);
    nr_buf_release(&reply);
}

/* ---- the stage ---------------------------------------------------------------------------- */

static enum nr_status count_done(void *ctx, size_t index, struct nr_error *err)
{
    (void)index;
    (void)err;
    ++*(size_t *)ctx;
    return NR_OK;
}

static enum nr_status digest(void *ctx, const char *path, char out[65], struct nr_error *err)
{
    (void)ctx;
    return nr_digest_file(path, out, err);
}

static struct nr_item *add_item(struct nr_dataset *data, const char *id, const char *file)
{
    struct nr_item *item;
    struct nr_error err;
    assert_int_equal(nr_item_list_add(&data->items, &item, &err), NR_OK);
    item->video_id = nr_arena_strdup(&item->mem, id);
    item->title = "A title";
    item->file = nr_arena_strdup(&item->mem, file);
    return item;
}

static void copy_fixture(const char *name, const char *to)
{
    size_t length;
    char *bytes = nr_scratch_read(fixture(name), &length);
    nr_scratch_write(to, bytes, length);
    free(bytes);
}

static void an_older_error_of_the_stage_goes(void **state)
{
    (void)state;
    struct nr_settings settings;
    struct nr_dataset data = {0};
    struct nr_error err = {.text = ""};
    size_t done = 0;
    const size_t todo[] = {0, 1, 2};
    nr_settings_default(&settings);
    settings.videos = nr_scratch_folder();
    copy_fixture("untagged.mp4", "clip.mp4");
    struct nr_stage_env env = {.settings = &settings, .spawner = spawner};
    struct nr_stage_sink sink = {count_done, &done};
    struct nr_item *item = add_item(&data, "1", "clip.mp4");
    assert_int_equal(nr_item_set_error(item, "extract", "long ago", &err), NR_OK);
    assert_int_equal(nr_item_set_error(item, "describe", "another's", &err), NR_OK);
    add_item(&data, "2", NULL);
    add_item(&data, "3", "gone.mp4");
    assert_int_equal(nr_stage_extract.run(&env, &data, todo, 3, &sink, &err), NR_OK);
    assert_int_equal(done, 3);
    const struct nr_item *items = data.items.items;
    assert_null(nr_item_error(&items[0], "extract"));
    assert_string_equal(nr_item_error(&items[0], "describe"), "another's");
    assert_int_equal(items[0].media->status, NR_MEDIA_OK);
    assert_int_equal(items[1].media->status, NR_MEDIA_NONE);
    assert_int_equal(items[2].media->status, NR_MEDIA_FAILED);
    assert_string_equal(nr_item_error(&items[2], "extract"), "cannot open 'gone.mp4': No such file or directory");
    for (int i = 0; i < 3; i++)
        assert_int_equal(items[i].text->terms.count, 1);
    nr_dataset_release(&data);
}

static char *key_of(const struct nr_settings *settings, const struct nr_item *item)
{
    struct nr_stage_env env = {.settings = settings, .spawner = spawner, .file_digest = digest};
    struct nr_buf key = {0};
    struct nr_error err = {.text = ""};
    assert_int_equal(nr_stage_extract.key(&env, item, &key, &err), NR_OK);
    return nr_buf_detach(&key);
}

/* One file after the other through confined workers; what they were refused. */
struct asking {
    const char *const *names;
    size_t count, next, replies;
    unsigned refused;
};

static enum nr_status next_file(void *ctx, struct nr_work *work, struct nr_error *err)
{
    static const char request[] =
        "{\"frames\":2,\"fps\":1,\"audio_track\":-1,\"want\":7,\"keep\":7,\"max_subtitle_bytes\":100,\"media\":true,"
        "\"thumbnails\":4,\"exact\":true,\"subtitles\":false,\"subtitle_file\":\"\"}\n{\"video_id\":\"1\"}";
    struct asking *asking = ctx;
    if (asking->next == asking->count)
        return NR_END;
    work->label = asking->names[asking->next++];
    work->request = strdup(request);
    work->length = strlen(request);
    work->fd_count = 1;
    return nr_file_open_trusted(fixture(work->label), &work->fds[0], err);
}

static enum nr_status count_refused(void *ctx, const struct nr_work_result *result, struct nr_error *err)
{
    struct asking *asking = ctx;
    (void)err;
    asking->replies += result->reply != NULL;
    asking->refused += result->refused;
    return NR_OK;
}

/* Decoders, converters and encoders of every kind live without a single call that the
 * filter refuses: all that a worker touches is the descriptor it was handed. */
static void workers_open_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"untagged.mp4", "odd.mkv", "rgb.png", "ten_bit.mp4", "grey.mkv", "yuv444.mp4"};
    struct asking asking = {.names = names, .count = NR_COUNT(names)};
    const struct nr_work_source source = {next_file, count_refused, &asking};
    const struct nr_worker_limits limits = {.seconds = 60, .memory = (size_t)1 << 30, .confined = true};
    struct nr_error err = {.text = ""};
    if (!nr_worker_can_be_confined())
        skip();
    assert_int_equal(nr_spawner_run(spawner, 1, &limits, &source, &err), NR_OK);
    assert_int_equal(asking.replies, NR_COUNT(names));
    assert_int_equal(asking.refused, 0);
}

/* Whether the key changes from what it was; keeps the new one. */
static bool key_changes(char **last, const struct nr_settings *settings, const struct nr_item *item)
{
    char *key = key_of(settings, item);
    bool changed = strcmp(*last, key) != 0;
    free(*last);
    *last = key;
    return changed;
}

static void the_key_follows_all_that_matters(void **state)
{
    (void)state;
    struct nr_settings settings;
    struct nr_dataset data = {0};
    nr_settings_default(&settings);
    settings.videos = nr_scratch_folder();
    nr_scratch_puts("key.mp4", "one");
    struct nr_item *item = add_item(&data, "1", "key.mp4");
    char *last = key_of(&settings, item);
    assert_false(key_changes(&last, &settings, item));
    settings.decode.frames = NR_FRAMES_ALL;
    assert_true(key_changes(&last, &settings, item));
    settings.decode.exact = true;
    assert_true(key_changes(&last, &settings, item));
    settings.jobs = 7;
    settings.decode.timeout_seconds = 9;
    assert_false(key_changes(&last, &settings, item));
    nr_scratch_puts("key.mp4", "two");
    assert_true(key_changes(&last, &settings, item));
    nr_scratch_puts("key.zh.srt", "1\n00:00:00,000 --> 00:00:01,000\na\n");
    assert_true(key_changes(&last, &settings, item));
    nr_scratch_puts("key.zh.srt", "1\n00:00:00,000 --> 00:00:01,000\nb\n");
    assert_true(key_changes(&last, &settings, item));
    item->title = "Another title";
    assert_true(key_changes(&last, &settings, item));
    item->published_at = 0;
    assert_false(key_changes(&last, &settings, item));
    unlink(nr_scratch_path("key.mp4"));
    assert_true(key_changes(&last, &settings, item));
    item->file = "../key.mp4"; /* not read, though it may exist */
    assert_true(key_changes(&last, &settings, item));
    assert_non_null(strstr(last, "media ../key.mp4 absent"));
    free(last);
    nr_dataset_release(&data);
}

static void a_missing_folder_ends_the_stage(void **state)
{
    (void)state;
    struct nr_settings settings;
    struct nr_dataset data = {0};
    struct nr_error err = {.text = ""};
    const size_t todo[] = {0};
    size_t done = 0;
    nr_settings_default(&settings);
    settings.videos = "/nonexistent";
    add_item(&data, "1", "a.mp4");
    struct nr_stage_env env = {.settings = &settings, .spawner = spawner};
    struct nr_stage_sink sink = {count_done, &done};
    assert_int_equal(nr_stage_extract.run(&env, &data, todo, 1, &sink, &err), NR_ERR_NOINPUT);
    assert_int_equal(done, 0);
    nr_dataset_release(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_requests_are_refused),   cmocka_unit_test(one_pass_fills_every_part),
        cmocka_unit_test(an_older_error_of_the_stage_goes), cmocka_unit_test(workers_open_nothing),
        cmocka_unit_test(the_key_follows_all_that_matters), cmocka_unit_test(a_missing_folder_ends_the_stage),
    };
    struct nr_error err;
    if (nr_spawner_start(nr_extract_job, &spawner, &err))
        return 1;
    int failed = cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
    nr_spawner_stop(spawner);
    return failed;
}
