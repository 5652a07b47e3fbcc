/* test_odd_inputs.c - what happens with little, nothing, too much and nonsense, with and
 * without everything that a list may be asked for. */
#include "support/matching.h"

/* 0: nothing is asked for; 1: diversity, caps, duplicates, courses, levels, a list for anybody. */
static void begin(struct nr_world *w, int asked)
{
    nr_world_init(w);
    if (!asked)
        return;
    w->params.mmr = 0.5;
    w->params.lists.duplicates_above = 0.9;
    w->params.lists.anonymous = true;
    w->params.candidates.course_order = true;
    w->params.candidates.difficulty_step = 1;
    assert_int_equal(nr_match_params_set_caps(&w->params, "title=50", NULL), NR_OK);
}

static void numbers_are_finite(const struct nr_world *w)
{
    for (size_t u = 0; u < w->rankings.count; u++)
        for (size_t i = 0; i < w->rankings.rankings[u].count; i++) {
            const struct nr_ranked *entry = &w->rankings.rankings[u].items[i];
            assert_true(isfinite(entry->score) && entry->probability >= 0 && entry->probability <= 1);
            for (size_t p = 0; p < entry->part_count; p++)
                assert_true(isfinite(entry->parts[p].value));
        }
}

static const char *list(struct nr_world *w, const char *user)
{
    if (nr_world_rank(w, 2))
        fail_msg("%s", w->err.text);
    numbers_are_finite(w);
    return nr_world_list(w, user);
}

static void no_videos(void **state)
{
    (void)state;
    for (int asked = 0; asked < 2; asked++) {
        struct nr_world w;
        begin(&w, asked);
        assert_int_equal(nr_match_params_set_caps(&w.params, "series=1", NULL), NR_OK); /* no column is missing */
        assert_int_equal(nr_match_params_add_filter(&w.params, "series = 1", NULL), NR_OK);
        w.params.candidates.available_from = "since";
        w.params.candidates.viewer_age = 6;
        nr_world_user(&w, "u");
        assert_string_equal(list(&w, "u"), "");
        assert_int_equal(w.tally.candidates, 0);
        nr_world_release(&w);
    }
}

static void one_video(void **state)
{
    (void)state;
    for (int asked = 0; asked < 2; asked++) {
        struct nr_world w;
        begin(&w, asked);
        nr_world_item(&w, "only");
        nr_world_user(&w, "u");
        nr_set_dense(&w.users.users[0].mem, &w.users.users[0].blocks[NR_BLOCK_TEXT], 4, 1);
        w.params.k = 1 << 20;
        assert_string_equal(list(&w, "u"), "only");
        assert_float_equal(w.rankings.rankings[w.rankings.count - 1].items[0].probability, 1, 1e-12);
        nr_set_watched(&w.users.users[0], "only");
        assert_string_equal(list(&w, "u"), "");
        nr_world_release(&w);
    }
}

/* Nothing is left by a filter, and by what one user watched. */
static void nothing_left(void **state)
{
    (void)state;
    for (int asked = 0; asked < 2; asked++) {
        struct nr_world w;
        begin(&w, asked);
        nr_world_item(&w, "a");
        nr_world_item(&w, "b");
        nr_world_user(&w, "u");
        nr_set_watched(nr_world_user(&w, "v"), "a b");
        assert_string_equal(list(&w, "v"), "");
        assert_string_equal(nr_world_list(&w, "u"), "a b");
        assert_int_equal(nr_match_params_add_filter(&w.params, "duration > 0", NULL), NR_OK);
        assert_string_equal(list(&w, "u"), "");
        assert_int_equal(w.tally.notes.left_out[NR_OUT_FILTER], 2);
        nr_world_release(&w);
    }
}

/* Users whose behaviour says nothing: dislikes only, unknown videos only, blocks of zeros. */
static void nothing_known(void **state)
{
    (void)state;
    for (int asked = 0; asked < 2; asked++) {
        struct nr_world w;
        begin(&w, asked);
        nr_world_item(&w, "a");
        nr_world_item(&w, "b");
        nr_set_watched(nr_world_user(&w, "fan"), "b");
        nr_set_watched(nr_world_user(&w, "hater"), "-a");
        nr_set_watched(nr_world_user(&w, "other"), "gone");
        struct nr_user *zero = nr_world_user(&w, "zero");
        zero->blocks[NR_BLOCK_TEXT] =
            (struct nr_block){.values = nr_arena_alloc(&zero->mem, 4, sizeof(float)), .length = 4};
        assert_string_equal(list(&w, "hater"), "b");
        assert_string_equal(nr_world_list(&w, "other"), "b a");
        assert_string_equal(nr_world_list(&w, "zero"), "b a");
        assert_string_equal(w.rankings.rankings[w.rankings.count - 1].model, "popularity");
        nr_world_release(&w);
    }
}

/* Videos without any feature score 0; equal scores go by id; k is more than there are. */
static void no_features_and_ties(void **state)
{
    (void)state;
    for (int asked = 0; asked < 2; asked++) {
        struct nr_world w;
        begin(&w, asked);
        w.params.k = 100;
        nr_world_item(&w, "c");
        nr_world_item(&w, "a");
        nr_world_item(&w, "b");
        struct nr_user *user = nr_world_user(&w, "u");
        nr_set_tags(&user->mem, &user->blocks[NR_BLOCK_TAGS], "genre:x=1");
        assert_string_equal(list(&w, "u"), "a b c");
        const struct nr_ranking *ranking = &w.rankings.rankings[w.rankings.count - 1];
        assert_float_equal(ranking->items[0].score, 0, 0);
        nr_assert_near(ranking->items[2].probability, 1.0 / 3, 1e-12);
        w.params.similarity = NR_SIMILARITY_EUCLIDEAN;
        assert_string_equal(list(&w, "u"), "a b c");
        assert_float_equal(w.rankings.rankings[w.rankings.count - 1].items[0].score, -1, 0);
        nr_world_release(&w);
    }
}

/* All equal, and more than can be kept: 20000 candidates by id, whatever is asked. */
static void all_equal(void **state)
{
    enum { VIDEOS = 20000 };
    (void)state;
    for (int asked = 0; asked < 2; asked++) {
        struct nr_world w;
        char text[16];
        begin(&w, asked);
        w.params.candidates.course_order = false;
        for (size_t i = 0; i < VIDEOS; i++) {
            snprintf(text, sizeof text, "v%05zu", VIDEOS - 1 - i);
            struct nr_item *item = nr_world_item(&w, text);
            item->title = i % 2 ? "odd" : "even";
        }
        struct nr_user *user = nr_world_user(&w, "u");
        nr_set_tags(&user->mem, &user->blocks[NR_BLOCK_TAGS], "genre:x=1");
        w.params.k = 3;
        assert_int_equal(nr_match_params_set_caps(&w.params, asked ? "title=1" : "none", NULL), NR_OK);
        assert_string_equal(list(&w, "u"), asked ? "v00000 v00001" : "v00000 v00001 v00002");
        nr_world_release(&w);
    }
}

/* A number that is none, among the videos, is refused by name; in a video that is left out
 * anyway it does no harm. */
static void no_numbers(void **state)
{
    static const float odd[] = {NAN, INFINITY, -INFINITY};
    struct nr_world w;
    (void)state;
    begin(&w, 0);
    nr_world_item(&w, "a");
    nr_world_item(&w, "b");
    for (size_t i = 0; i < 2; i++)
        nr_set_dense(&w.items.items[i].mem, &w.items.items[i].blocks[NR_BLOCK_AUDIO], 4, i);
    nr_world_user(&w, "u");
    for (size_t n = 0; n < NR_COUNT(odd); n++) {
        w.items.items[1].blocks[NR_BLOCK_AUDIO].values[2] = odd[n];
        w.params.candidates.filter_count = 0;
        assert_int_equal(nr_world_rank(&w, 1), NR_ERR_DATA);
        assert_string_equal(w.err.text, "video 'b': block 'audio' holds a number that is not finite");
        assert_int_equal(w.rankings.count, 0);
        assert_int_equal(nr_match_params_add_filter(&w.params, "video_id != b", NULL), NR_OK);
        assert_string_equal(list(&w, "u"), "a");
    }
    struct nr_block *mine = &w.users.users[0].blocks[NR_BLOCK_AUDIO];
    nr_set_dense(&w.users.users[0].mem, mine, 4, 9);
    mine->values[0] = NAN;
    assert_int_equal(nr_world_rank(&w, 1), NR_ERR_DATA);
    assert_string_equal(w.err.text, "user 'u': block 'audio' holds a number that is not finite");
    nr_world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_videos),
        cmocka_unit_test(one_video),
        cmocka_unit_test(nothing_left),
        cmocka_unit_test(nothing_known),
        cmocka_unit_test(no_features_and_ties),
        cmocka_unit_test(all_equal),
        cmocka_unit_test(no_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
