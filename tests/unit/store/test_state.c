/* test_state.c - what is kept between nights, and whom a change touches. */
#include "support/support.h"

#include "nightreel/store_state.h"

static struct nr_store *open_store(const char *name)
{
    struct nr_store *store;
    assert_int_equal(nr_store_open(nr_scratch_path(name), NR_STORE_WRITE, &store, NULL), NR_OK);
    assert_int_equal(nr_state_begin(store, NULL), NR_OK);
    return store;
}

static void close_store(struct nr_store *store, bool keep)
{
    assert_int_equal(nr_state_end(store, keep, NULL), NR_OK);
    nr_store_close(store);
}

static void add(struct nr_store *store, const char *user, const char *video, enum nr_action action, const char *comment)
{
    struct nr_event event = {user, video, action, NAN, 1000, 2.5, comment, 0};
    assert_int_equal(nr_state_add(store, &event, true, NULL), NR_OK);
}

/* "a b c", of the touched users or videos. */
static const char *touched(struct nr_store *store, bool users)
{
    static char text[200];
    struct nr_arena mem = {0};
    struct nr_strings names;
    assert_int_equal((users ? nr_state_users : nr_state_videos)(store, &mem, &names, NULL), NR_OK);
    text[0] = '\0';
    for (size_t i = 0; i < names.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", names.items[i]);
    nr_arena_release(&mem);
    return text;
}

struct seen {
    size_t count, gone;
    double watch;
    char last[100];
};

static enum nr_status see(void *ctx, const struct nr_store_event *event, struct nr_error *err)
{
    struct seen *seen = ctx;
    (void)err;
    seen->count++;
    seen->gone += event->gone;
    seen->watch += isnan(event->watch_seconds) ? 0 : event->watch_seconds;
    snprintf(seen->last, sizeof seen->last, "%s %s %d %s", event->event.user_id, event->event.video_id,
             (int)event->event.action, event->event.comment ? event->event.comment : "-");
    assert_true(isnan(event->event.value) && event->event.time == 1000 && event->event.watch_seconds == 2.5);
    return NR_OK;
}

static struct seen events_of(struct nr_store *store, const char *id, bool user)
{
    struct seen seen = {0};
    assert_int_equal((user ? nr_state_user_events : nr_state_video_events)(store, id, see, &seen, NULL), NR_OK);
    return seen;
}

static void events_come_back_once(void **state)
{
    (void)state;
    struct nr_store *store = open_store("events.db");
    add(store, "u", "v", NR_ACTION_COMMENT, "评论, \"x\"");
    add(store, "u", "v", NR_ACTION_COMMENT, "评论, \"x\"");
    add(store, "u", "v", NR_ACTION_COMMENT, NULL);
    add(store, "w", "v", NR_ACTION_VIEW, NULL);
    add(store, "w", "", NR_ACTION_SEARCH, "words");
    assert_string_equal(touched(store, true), "u w");
    assert_string_equal(touched(store, false), " v");
    assert_int_equal(events_of(store, "v", false).count, 3);
    assert_int_equal(events_of(store, "u", true).count, 2);
    assert_string_equal(events_of(store, "w", true).last, "w  7 words");
    assert_string_equal(events_of(store, "u", true).last, "u v 2 -");
    struct nr_event again = {"u", "v", NR_ACTION_COMMENT, NAN, 1000, 2.5, NULL, 0};
    assert_int_equal(nr_state_add(store, &again, false, NULL), NR_OK);
    assert_int_equal(events_of(store, "u", true).count, 3);
    close_store(store, true);
}

/* A killed process is as one that gave up. */
static void what_is_not_kept_leaves_nothing(void **state)
{
    (void)state;
    struct nr_store *store = open_store("rollback.db");
    add(store, "u", "v", NR_ACTION_VIEW, NULL);
    assert_int_equal(nr_state_put(store, "u", "{}", 2, NULL), NR_OK);
    close_store(store, true);
    store = open_store("rollback.db");
    assert_string_equal(touched(store, true), "");
    add(store, "u", "v2", NR_ACTION_VIEW, NULL);
    assert_int_equal(nr_state_put(store, "u", NULL, 0, NULL), NR_OK);
    close_store(store, false);
    store = open_store("rollback.db");
    assert_int_equal(events_of(store, "u", true).count, 1);
    nr_store_close(store); /* in the middle of a transaction */
    store = open_store("rollback.db");
    assert_int_equal(events_of(store, "u", true).count, 1);
    close_store(store, true);
}

static void marks_touch_their_users(void **state)
{
    (void)state;
    struct nr_store *store = open_store("marks.db");
    add(store, "u", "v", NR_ACTION_VIEW, NULL);
    close_store(store, true);
    store = open_store("marks.db");
    struct nr_store_event event = {.id = 1, .event = {.user_id = "u"}, .gone = true, .watch_seconds = 9};
    assert_int_equal(nr_state_mark(store, &event, NULL), NR_OK);
    assert_string_equal(touched(store, true), "u");
    assert_int_equal(events_of(store, "u", true).gone, 1);
    assert_true(events_of(store, "u", true).watch == 9);
    close_store(store, true);
}

/* Begins anew, notes, and says who was touched. */
static const char *note(enum nr_state_kind kind, const char *key, const char *digest)
{
    static char text[200];
    struct nr_store *store = open_store("notes.db");
    assert_int_equal(nr_state_note(store, kind, key, digest, NULL), NR_OK);
    snprintf(text, sizeof text, "%s", touched(store, true));
    close_store(store, true);
    return text;
}

static void changes_touch_those_whom_they_concern(void **state)
{
    (void)state;
    struct nr_store *store = open_store("notes.db");
    add(store, "a", "1", NR_ACTION_VIEW, NULL);
    add(store, "b", "2", NR_ACTION_SEARCH, "words");
    add(store, "c", "2", NR_ACTION_SEARCH, NULL);
    close_store(store, true);
    assert_string_equal(note(NR_STATE_DECLARED, "d", "x"), "d");
    assert_string_equal(note(NR_STATE_DECLARED, "d", "x"), "");
    assert_string_equal(note(NR_STATE_DECLARED, "d", "y"), "d");
    assert_string_equal(note(NR_STATE_ITEM, "2", "x"), "b c");
    assert_string_equal(note(NR_STATE_ITEM, "2", "x"), "");
    assert_string_equal(note(NR_STATE_ITEM, "3", "x"), "");
    assert_string_equal(note(NR_STATE_SEARCHES, "", "x"), "b");
    assert_string_equal(note(NR_STATE_TAGS, "", "x"), "d");
    assert_string_equal(note(NR_STATE_TAGS, "", "x"), "");
    assert_string_equal(note(NR_STATE_SETTINGS, "", "x"), "a b c");
    store = open_store("notes.db"); /* item 2 is gone, 3 is still there */
    assert_int_equal(nr_state_note(store, NR_STATE_ITEM, "3", "x", NULL), NR_OK);
    assert_int_equal(nr_state_settle(store, NR_STATE_ITEM, NULL), NR_OK);
    assert_string_equal(touched(store, true), "b c");
    assert_int_equal(nr_state_settle(store, NR_STATE_DECLARED, NULL), NR_OK);
    assert_string_equal(touched(store, true), "b c d");
    close_store(store, true);
}

static enum nr_status join(void *ctx, const char *json, size_t length, struct nr_error *err)
{
    (void)err;
    nr_buf_append(ctx, json, length);
    return NR_OK;
}

static void the_forgotten_are_gone_from_the_file(void **state)
{
    bool found;
    (void)state;
    struct nr_store *store = open_store("forget.db");
    add(store, "mr-secret", "v", NR_ACTION_COMMENT, "private words");
    add(store, "other", "v", NR_ACTION_VIEW, NULL);
    assert_int_equal(nr_state_put(store, "other", "other\n", 6, NULL), NR_OK);
    assert_int_equal(nr_state_put(store, "mr-secret", "mr-secret\n", 10, NULL), NR_OK);
    assert_int_equal(nr_state_note(store, NR_STATE_DECLARED, "mr-secret", "x", NULL), NR_OK);
    close_store(store, true);
    assert_int_equal(nr_store_open(nr_scratch_path("forget.db"), NR_STORE_WRITE, &store, NULL), NR_OK);
    assert_int_equal(nr_state_forget(store, "mr-secret", &found, NULL), NR_OK);
    assert_true(found);
    assert_int_equal(nr_state_forget(store, "mr-secret", &found, NULL), NR_OK);
    assert_false(found);
    struct nr_buf records = {0};
    assert_int_equal(nr_state_records(store, join, &records, NULL), NR_OK);
    assert_string_equal(records.data, "other\n");
    nr_buf_release(&records);
    nr_store_close(store);
    size_t length;
    char *file = nr_scratch_read(nr_scratch_path("forget.db"), &length);
    assert_null(memmem(file, length, "mr-secret", 9));
    assert_null(memmem(file, length, "private words", 13));
    assert_non_null(memmem(file, length, "other", 5));
    free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_back_once),
        cmocka_unit_test(what_is_not_kept_leaves_nothing),
        cmocka_unit_test(marks_touch_their_users),
        cmocka_unit_test(changes_touch_those_whom_they_concern),
        cmocka_unit_test(the_forgotten_are_gone_from_the_file),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
