/* test_similar.c - more like this, against the formula. */
#include "support/support.h"

#include "nightreel/match_similar.h"

static struct nr_item *add_item(struct nr_item_list *list, const char *id)
{
    struct nr_item *item;
    assert_int_equal(nr_item_list_add(list, &item, NULL), NR_OK);
    item->video_id = id;
    return item;
}

static void set_dense(struct nr_item *item, enum nr_block_id block, float x, float y)
{
    float *values = nr_arena_alloc(&item->mem, 2, sizeof *values);
    values[0] = x;
    values[1] = y;
    item->blocks[block] = (struct nr_block){.values = values, .length = 2};
}

static void set_tag(struct nr_item *item, const char *name)
{
    item->blocks[NR_BLOCK_TAGS].terms.items = nr_arena_alloc(&item->mem, 1, sizeof(struct nr_term));
    item->blocks[NR_BLOCK_TAGS].terms.items[0] = (struct nr_term){name, 1};
    item->blocks[NR_BLOCK_TAGS].terms.count = 1;
}

/* a: picture and tag; b: both, alike in part; c: the tag alone; d: a picture alone; e: sound. */
static void make_items(struct nr_item_list *list)
{
    static const char *const ids[] = {"vid-d", "vid-a", "vid-b", "vid-c", "vid-e"};
    for (size_t i = 0; i < NR_COUNT(ids); i++)
        add_item(list, ids[i]);
    struct nr_item *a = &list->items[1], *d = &list->items[0], *b = &list->items[2], *c = &list->items[3],
                   *e = &list->items[4];
    set_dense(a, NR_BLOCK_VISUAL, 1, 0);
    set_tag(a, "genre:t");
    set_dense(b, NR_BLOCK_VISUAL, 0.6F, 0.8F);
    set_tag(b, "genre:other");
    set_tag(c, "genre:t");
    set_dense(d, NR_BLOCK_VISUAL, 0.6F, -0.8F);
    set_dense(e, NR_BLOCK_AUDIO, 1, 0);
}

static void wrong_ids_are_named(void **state)
{
    struct nr_item_list items = {0};
    struct nr_match_params params;
    struct nr_similar out;
    struct nr_error err;
    (void)state;
    nr_match_params_default(&params);
    make_items(&items);
    const char *near = "vid-x", *far = "zz";
    assert_int_equal(nr_match_similar(&params, &items, &near, 1, &out, &err), NR_ERR_DATA);
    assert_string_equal(err.text, "no video 'vid-x' among the records; is it 'vid-a'?");
    nr_similar_release(&out);
    assert_int_equal(nr_match_similar(&params, &items, &far, 1, &out, &err), NR_ERR_DATA);
    assert_string_equal(err.text, "no video 'zz' among the 5 records");
    nr_similar_release(&out);
    nr_similar_release(NULL);
    nr_item_list_release(&items);
}

static void the_nearest_come_first(void **state)
{
    struct nr_item_list items = {0};
    struct nr_match_params params;
    struct nr_similar out[2];
    static const char *const ids[] = {"vid-a", "vid-e"};
    (void)state;
    nr_match_params_default(&params);
    make_items(&items);
    assert_int_equal(nr_match_similar(&params, &items, ids, 2, out, NULL), NR_OK);
    assert_int_equal(out[0].count, 3); /* e shares no block with it */
    assert_string_equal(out[0].items[0].video_id, "vid-c");
    nr_assert_near(out[0].items[0].score, 1, 1e-12);
    assert_string_equal(out[0].items[0].because.items[0], "t");
    assert_string_equal(out[0].items[1].video_id, "vid-d");
    nr_assert_near(out[0].items[1].score, 0.6, 1e-7);
    assert_string_equal(out[0].items[2].video_id, "vid-b");
    nr_assert_near(out[0].items[2].score, 0.3, 1e-7); /* (0.6 + 0) / 2 */
    assert_int_equal(out[0].items[2].part_count, 2);
    nr_assert_near(out[0].items[2].parts[0].value + out[0].items[2].parts[1].value, out[0].items[2].score, 1e-12);
    assert_int_equal(out[1].count, 0);
    nr_similar_release(&out[0]);
    params.mode = NR_MATCH_WEIGHTED;
    params.weights[NR_BLOCK_TAGS] = 0;
    params.k = 1;
    assert_int_equal(nr_match_similar(&params, &items, ids, 1, out, NULL), NR_OK);
    assert_int_equal(out[0].count, 1);
    assert_string_equal(out[0].items[0].video_id, "vid-b"); /* as near as d: by id */
    assert_int_equal(out[0].items[0].because.count, 0);
    nr_similar_release(&out[0]);
    nr_similar_release(&out[1]);
    nr_item_list_release(&items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_ids_are_named),
        cmocka_unit_test(the_nearest_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
