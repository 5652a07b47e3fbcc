/* The pipeline with made-up stages: what runs, what is reused, what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "nightreel/io.h"
#include "nightreel/pipeline.h"

static char folder[] = "/tmp/nr-pipeline-XXXXXX";
static char path[64];

/* What the made-up stage did, and how it is to behave. */
static struct {
    char ran[64];
    int version;
    const char *fail_id, *reason, *stop_id;
} script;

static enum nr_status script_key(const struct nr_stage_env *env, const struct nr_item *item, struct nr_buf *key,
                                 struct nr_error *err)
{
    (void)env;
    (void)err;
    nr_buf_printf(key, "version %d title %s", script.version, item->title);
    return NR_OK;
}

static enum nr_status script_run(const struct nr_stage_env *env, struct nr_dataset *data, const size_t *todo,
                                 size_t count, const struct nr_stage_sink *sink, struct nr_error *err)
{
    (void)env;
    for (size_t i = 0; i < count; i++) {
        struct nr_item *item = &data->items.items[todo[i]];
        size_t used = strlen(script.ran);
        snprintf(script.ran + used, sizeof script.ran - used, "%s ", item->video_id);
        item->description = nr_arena_alloc(&item->mem, 1, sizeof *item->description);
        item->description->engine = "extractive";
        item->description->summary = nr_arena_printf(&item->mem, "about %s", item->title);
        item->description->sentiment = "neutral";
        enum nr_status status = NR_OK;
        if (script.fail_id && strcmp(script.fail_id, item->video_id) == 0)
            status = nr_item_set_error(item, "scripted", script.reason, err);
        if (script.stop_id && strcmp(script.stop_id, item->video_id) == 0)
            return nr_fail(err, NR_ERR_IO, "power cut");
        if (!status)
            status = sink->item_done(sink->ctx, todo[i], err);
        if (status)
            return status;
    }
    return NR_OK;
}

static const struct nr_stage scripted = {"scripted", "made up", NR_PART_DESCRIPTION, script_key, script_run};
static const struct nr_stage *const stages[] = {&scripted};

static int setup(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    char command[96];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static int fresh_store(void **state)
{
    static int number;
    (void)state;
    snprintf(path, sizeof path, "%s/%d.db", folder, number++);
    memset(&script, 0, sizeof script);
    return 0;
}

/* Runs over videos b, a, c and writes their records into *out. */
static enum nr_status run_once(struct nr_buf *out, struct nr_pipeline_result *result, bool with_store)
{
    static const char *const records[] = {"{\"video_id\":\"b\",\"title\":\"B\"}",
                                          "{\"video_id\":\"a\",\"title\":\"A\"}",
                                          "{\"video_id\":\"c\",\"title\":\"C\"}"};
    struct nr_dataset data = {0};
    struct nr_stage_env env = {0};
    struct nr_store *store = NULL;
    struct nr_error err;
    struct nr_item *item;
    script.ran[0] = '\0';
    nr_buf_clear(out);
    for (size_t i = 0; i < NR_COUNT(records); i++) {
        assert_int_equal(nr_item_list_add(&data.items, &item, &err), NR_OK);
        assert_int_equal(nr_item_read(item, records[i], strlen(records[i]), NR_PART_RECORD, &err), NR_OK);
    }
    if (with_store)
        assert_int_equal(nr_store_open(path, NR_STORE_WRITE, &store, &err), NR_OK);
    enum nr_status status = nr_pipeline_run(stages, 1, &env, &data, store, result, &err);
    for (size_t i = 0; i < data.items.count; i++) {
        nr_item_write(&data.items.items[i], NR_PART_RECORD, out);
        nr_buf_putc(out, '\n');
    }
    nr_store_close(store);
    nr_dataset_release(&data);
    return status;
}

static void reuses_what_did_not_change(void **state)
{
    struct nr_buf first = {0}, second = {0}, plain = {0};
    struct nr_pipeline_result result;
    (void)state;
    assert_int_equal(run_once(&first, &result, true), NR_OK);
    assert_string_equal(script.ran, "a b c ");
    assert_int_equal(result.stages[0].made, 3);
    assert_int_equal(run_once(&second, &result, true), NR_OK);
    assert_string_equal(script.ran, "");
    assert_int_equal(result.stages[0].reused, 3);
    assert_string_equal(first.data, second.data);
    script.version = 2;
    assert_int_equal(run_once(&second, &result, true), NR_OK);
    assert_string_equal(script.ran, "a b c ");
    script.version = 0; /* the former parameters: still there */
    assert_int_equal(run_once(&second, &result, true), NR_OK);
    assert_string_equal(script.ran, "");
    assert_int_equal(run_once(&plain, &result, false), NR_OK);
    assert_string_equal(script.ran, "a b c ");
    assert_string_equal(first.data, plain.data);
    nr_buf_release(&first);
    nr_buf_release(&second);
    nr_buf_release(&plain);
}

static void keeps_failures_but_not_temporary_ones(void **state)
{
    struct nr_buf first = {0}, second = {0};
    struct nr_pipeline_result result;
    (void)state;
    script.fail_id = "b";
    script.reason = "cannot decode 'b.mp4'";
    assert_int_equal(run_once(&first, &result, true), NR_OK);
    assert_int_equal(result.failed_items, 1);
    assert_non_null(strstr(first.data, "cannot decode 'b.mp4'"));
    assert_int_equal(run_once(&second, &result, true), NR_OK);
    assert_string_equal(script.ran, "");
    assert_int_equal(result.failed_items, 1);
    assert_string_equal(first.data, second.data);
    script.version = 1;
    script.reason = NR_STAGE_TRANSIENT "endpoint is gone";
    assert_int_equal(run_once(&first, &result, true), NR_OK);
    assert_int_equal(run_once(&second, &result, true), NR_OK);
    assert_string_equal(script.ran, "b ");
    nr_buf_release(&first);
    nr_buf_release(&second);
}

static void a_stage_that_stops_keeps_what_was_finished(void **state)
{
    struct nr_buf out = {0};
    struct nr_pipeline_result result;
    (void)state;
    script.stop_id = "b";
    assert_int_equal(run_once(&out, &result, true), NR_ERR_IO);
    assert_string_equal(script.ran, "a b ");
    script.stop_id = NULL;
    assert_int_equal(run_once(&out, &result, true), NR_OK);
    assert_string_equal(script.ran, "b c ");
    nr_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reuses_what_did_not_change, fresh_store),
        cmocka_unit_test_setup(keeps_failures_but_not_temporary_ones, fresh_store),
        cmocka_unit_test_setup(a_stage_that_stops_keeps_what_was_finished, fresh_store),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
