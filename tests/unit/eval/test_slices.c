/* test_slices.c - which users and videos belong to which group. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/eval.h"

static void train(struct nr_eval_data *data, const char *user, const char *video)
{
    assert_int_equal(nr_eval_add_train(data, user, video, NULL), NR_OK);
}

static void truth(struct nr_eval_data *data, const char *user, const char *video, double gain)
{
    assert_int_equal(nr_eval_add_truth(data, user, video, gain, NULL), NR_OK);
}

static uint32_t number_of(struct nr_ids *ids, const char *name)
{
    size_t before = ids->count;
    uint32_t number;
    assert_int_equal(nr_ids_add(ids, name, strlen(name), &number, NULL), NR_OK);
    assert_int_equal(ids->count, before);
    return number;
}

/* "head", "mid", ...: the one group that has the video, or NULL. */
static const char *group_of(struct nr_eval_data *data, const struct nr_eval_slice *slice, const char *video)
{
    const char *found = NULL;
    for (size_t g = 0; g < slice->count; g++)
        if (slice->groups[g].view.relevant[number_of(&data->videos, video)]) {
            assert_null(found);
            found = slice->groups[g].name;
        }
    return found;
}

static void refusals(void **state)
{
    struct nr_eval_data data = {.has_train = false};
    struct nr_eval_slice slice;
    struct nr_item_list items = {0};
    struct nr_item *item;
    struct nr_error err;
    (void)state;
    truth(&data, "u", "v", 1);
    for (size_t s = 0; s < nr_slice_count; s++)
        assert_int_equal(nr_eval_slice_make(&data, nr_slice_defs[s].name, &slice, &err), NR_ERR_USAGE);
    assert_string_equal(err.text, "slice 'cold' needs the training log");
    assert_int_equal(nr_eval_slice_make(&data, "language", &slice, &err), NR_ERR_USAGE);
    assert_string_equal(err.text, "slice 'language' needs item records");
    assert_int_equal(nr_item_list_add(&items, &item, NULL), NR_OK);
    item->video_id = "v";
    assert_int_equal(nr_eval_add_items(&data, &items, NULL), NR_OK);
    assert_int_equal(nr_eval_slice_make(&data, "language", &slice, &err), NR_ERR_USAGE);
    assert_string_equal(err.text, "no slice, and no field of any item record, is called 'language'");
    assert_int_equal(nr_eval_slice_make(&data, "", &slice, &err), NR_ERR_USAGE);
    nr_eval_data_release(&data);
    nr_item_list_release(&items);
}

/* Users with 0, 1, 5, 6, 20 and 21 videos; each pair comes twice. */
static void history_counts_videos_once(void **state)
{
    static const struct {
        size_t videos, group;
    } users[] = {{0, 0}, {1, 1}, {5, 1}, {6, 2}, {20, 2}, {21, 3}};
    struct nr_eval_data data = {.has_train = true};
    struct nr_eval_slice slice;
    char user[24], video[24];
    (void)state;
    for (size_t u = 0; u < NR_COUNT(users); u++) {
        snprintf(user, sizeof user, "u%zu", u);
        truth(&data, user, "v", 1);
        for (size_t v = 0; v < 2 * users[u].videos; v++) {
            snprintf(video, sizeof video, "w%zu", v / 2);
            train(&data, user, video);
        }
    }
    assert_int_equal(nr_eval_slice_make(&data, "history", &slice, NULL), NR_OK);
    assert_int_equal(slice.count, 4);
    for (size_t u = 0; u < NR_COUNT(users); u++)
        for (size_t g = 0; g < slice.count; g++) {
            snprintf(user, sizeof user, "u%zu", u);
            assert_int_equal(slice.groups[g].view.users[number_of(&data.users, user)], g == users[u].group);
        }
    nr_eval_slice_release(&slice);
    nr_eval_data_release(&data);
}

/* Six pairs: a has 3 of them; b, c and d one each. The first third ends within a, the
 * second with the pair of b. */
static void popularity_in_thirds_of_pairs(void **state)
{
    struct nr_eval_data data = {.has_train = true};
    struct nr_eval_slice slice;
    (void)state;
    for (const char *pair = "1a\0002a\0003a\0001c\0002b\0003d\0003d\0"; *pair; pair += 3)
        train(&data, (char[]){pair[0], '\0'}, pair + 1);
    truth(&data, "1", "z", 1);
    assert_int_equal(nr_eval_slice_make(&data, "popularity", &slice, NULL), NR_OK);
    assert_string_equal(group_of(&data, &slice, "a"), "head");
    assert_string_equal(group_of(&data, &slice, "b"), "mid");
    assert_string_equal(group_of(&data, &slice, "c"), "tail");
    assert_string_equal(group_of(&data, &slice, "d"), "tail");
    assert_string_equal(group_of(&data, &slice, "z"), "tail");
    nr_eval_slice_release(&slice);
    assert_int_equal(nr_eval_slice_make(&data, "cold", &slice, NULL), NR_OK);
    assert_int_equal(slice.count, 3);
    for (size_t g = 0; g < 3; g++) {
        assert_int_equal(slice.groups[g].view.relevant[number_of(&data.videos, "z")], g > 0);
        assert_int_equal(slice.groups[g].view.relevant[number_of(&data.videos, "a")], g == 0);
    }
    assert_null(slice.groups[1].view.listed);
    assert_ptr_equal(slice.groups[2].view.listed, slice.groups[2].view.relevant);
    nr_eval_slice_release(&slice);
    nr_eval_data_release(&data);
}

/* 23 values, the later ones with more relevant pairs; one video has none, one value is
 * never relevant. */
static void values_by_relevant_pairs(void **state)
{
    enum { VALUES = 23 };
    struct nr_eval_data data = {.has_train = false};
    struct nr_eval_slice slice;
    struct nr_item_list items = {0};
    static char names[VALUES + 1][8], user[24];
    static struct nr_field fields[VALUES];
    (void)state;
    for (size_t i = 0; i <= VALUES; i++) {
        struct nr_item *item;
        assert_int_equal(nr_item_list_add(&items, &item, NULL), NR_OK);
        snprintf(names[i], sizeof names[i], "v%zu", i % 100);
        item->video_id = names[i];
        if (i < VALUES) {
            fields[i] = (struct nr_field){"studio", names[i]};
            item->extra = &fields[i];
            item->extra_count = 1;
        }
        for (size_t u = 0; u < i; u++) {
            snprintf(user, sizeof user, "u%zu", u);
            truth(&data, user, names[i], 1);
        }
        truth(&data, "u0", names[i], 0);
    }
    assert_int_equal(nr_eval_add_items(&data, &items, NULL), NR_OK);
    assert_int_equal(nr_eval_slice_make(&data, "studio", &slice, NULL), NR_OK);
    assert_int_equal(slice.count, NR_SLICE_VALUES_MAX + 2);
    assert_string_equal(slice.groups[0].name, "v22");
    assert_string_equal(slice.groups[19].name, "v3");
    assert_string_equal(group_of(&data, &slice, "v2"), "(other)");
    assert_string_equal(group_of(&data, &slice, "v23"), "(none)");
    assert_null(group_of(&data, &slice, "v0"));
    nr_eval_slice_release(&slice);
    nr_eval_data_release(&data);
    nr_item_list_release(&items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals),
        cmocka_unit_test(history_counts_videos_once),
        cmocka_unit_test(popularity_in_thirds_of_pairs),
        cmocka_unit_test(values_by_relevant_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
