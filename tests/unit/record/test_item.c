/* Records in memory: tables, lists, order, errors, release. */
#include "support/support.h"

#include <math.h>

#include "nightreel/record.h"

static void unknown_names_are_not_found(void **state)
{
    enum nr_action action = NR_ACTION_SHARE;
    enum nr_block_id block = NR_BLOCK_TEXT;
    (void)state;
    assert_false(nr_action_find(NULL, &action));
    assert_false(nr_action_find("", &action));
    assert_false(nr_action_find("viewed", &action));
    assert_false(nr_block_find("tag", 3, &block));
    assert_false(nr_block_find("", 0, &block));
    assert_int_equal(action, NR_ACTION_SHARE);
    assert_int_equal(block, NR_BLOCK_TEXT);
}

static void names_are_found_in_both_languages(void **state)
{
    enum nr_action action;
    enum nr_block_id block;
    (void)state;
    for (size_t i = 0; i < NR_ACTION_COUNT; i++) {
        assert_true(nr_action_find(nr_action_names[i].name, &action) && action == i);
        assert_true(nr_action_find(nr_action_names[i].name_zh, &action) && action == i);
    }
    assert_true(nr_action_find("LIKE", &action) && action == NR_ACTION_LIKE);
    for (size_t i = 0; i < NR_BLOCK_COUNT; i++)
        assert_true(nr_block_find(nr_block_defs[i].name, strlen(nr_block_defs[i].name), &block) && block == i);
    assert_true(nr_block_find("tags=1", 4, &block) && block == NR_BLOCK_TAGS);
}

static void release_takes_null_and_zeroed_records(void **state)
{
    struct nr_dataset data = {0};
    struct nr_item item = {0};
    (void)state;
    nr_item_release(NULL);
    nr_item_release(&item);
    nr_user_release(NULL);
    nr_ranking_release(NULL);
    nr_item_list_release(NULL);
    nr_user_list_release(NULL);
    nr_ranking_list_release(NULL);
    nr_event_log_release(NULL);
    nr_declared_list_release(NULL);
    nr_dataset_release(NULL);
    nr_dataset_release(&data);
}

static void events_keep_copies(void **state)
{
    char user[] = "u", video[] = "v";
    struct nr_event_log log = {0};
    struct nr_event event = {.user_id = user, .video_id = video, .value = NAN, .watch_seconds = 3};
    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(nr_event_log_add(&log, &event, NULL), NR_OK);
    user[0] = video[0] = 'x';
    assert_int_equal(log.count, 1000);
    assert_string_equal(log.events[999].user_id, "u");
    assert_string_equal(log.events[999].video_id, "v");
    assert_null(log.events[999].comment);
    assert_ptr_equal(log.events[0].user_id, log.events[999].user_id); /* one copy of each */
    nr_event_log_release(&log);
    assert_int_equal(log.count, 0);
}

static void items_are_ordered_by_bytes(void **state)
{
    static const char *const ids[] = {"b", "10", "科", "a", "1", "9", "B", "a"};
    static const char *const sorted[] = {"1", "10", "9", "B", "a", "a", "b", "科"};
    struct nr_item_list list = {0};
    struct nr_item *item;
    size_t *order;
    (void)state;
    for (size_t i = 0; i < NR_COUNT(ids); i++) {
        assert_int_equal(nr_item_list_add(&list, &item, NULL), NR_OK);
        assert_true(isnan(item->duration) && item->published_at == NR_TIME_NONE);
        item->video_id = ids[i];
    }
    assert_int_equal(nr_item_list_order(&list, &order, NULL), NR_OK);
    for (size_t i = 0; i < NR_COUNT(ids); i++)
        assert_string_equal(list.items[order[i]].video_id, sorted[i]);
    assert_true(order[4] < order[5]); /* equal ids stay as they came */
    free(order);
    nr_item_list_release(&list);
    assert_int_equal(nr_item_list_order(&list, &order, NULL), NR_OK);
    free(order);
}

static void users_are_sorted_by_bytes(void **state)
{
    static const char *const ids[] = {"u2", "u10", "U3"};
    struct nr_user_list list = {0};
    struct nr_user *user;
    (void)state;
    nr_user_list_sort(&list);
    for (size_t i = 0; i < NR_COUNT(ids); i++) {
        assert_int_equal(nr_user_list_add(&list, &user, NULL), NR_OK);
        assert_int_equal(user->last_event, NR_TIME_NONE);
        user->user_id = ids[i];
    }
    nr_user_list_sort(&list);
    assert_string_equal(list.users[0].user_id, "U3");
    assert_string_equal(list.users[2].user_id, "u2");
    nr_user_list_release(&list);
}

static void an_error_of_the_same_stage_is_replaced(void **state)
{
    struct nr_item item = {0};
    char reason[] = "cut short";
    (void)state;
    assert_null(nr_item_error(&item, "extract"));
    assert_int_equal(nr_item_set_error(&item, "extract", reason, NULL), NR_OK);
    assert_int_equal(nr_item_set_error(&item, "describe", "no model", NULL), NR_OK);
    reason[0] = 'X';
    assert_string_equal(nr_item_error(&item, "extract"), "cut short");
    assert_int_equal(nr_item_set_error(&item, "extract", "gone", NULL), NR_OK);
    assert_int_equal(item.error_count, 2);
    assert_string_equal(nr_item_error(&item, "extract"), "gone");
    nr_item_release(&item);
}

static void a_block_is_present_with_values_or_terms(void **state)
{
    float value = 0;
    struct nr_term term = {"genre:科幻", 1};
    (void)state;
    assert_false(nr_block_present(&(struct nr_block){0}));
    assert_true(nr_block_present(&(struct nr_block){.values = &value, .length = 1}));
    assert_true(nr_block_present(&(struct nr_block){.terms = {&term, 1}}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_names_are_not_found),
        cmocka_unit_test(names_are_found_in_both_languages),
        cmocka_unit_test(release_takes_null_and_zeroed_records),
        cmocka_unit_test(events_keep_copies),
        cmocka_unit_test(items_are_ordered_by_bytes),
        cmocka_unit_test(users_are_sorted_by_bytes),
        cmocka_unit_test(an_error_of_the_same_stage_is_replaced),
        cmocka_unit_test(a_block_is_present_with_values_or_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
