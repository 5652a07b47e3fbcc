/* test_pick.c - lists by maximal marginal relevance, caps, near-duplicates. */
#include <math.h>

#include "support/support.h"

#include "nightreel/match.h"

/* Tags of two kinds, a and b: the block (cos, sin) of an angle in degrees. */
static void set_angle(struct nr_arena *mem, struct nr_block *block, double degrees)
{
    struct nr_term *terms = nr_arena_alloc(mem, 2, sizeof *terms);
    terms[0] = (struct nr_term){"genre:a", cos(degrees * acos(-1) / 180)};
    terms[1] = (struct nr_term){"genre:b", sin(degrees * acos(-1) / 180)};
    block->terms = (struct nr_terms){terms, 2};
}

struct world {
    struct nr_item_list items;
    struct nr_user_list users;
    struct nr_ranking_list rankings;
    struct nr_match_params params;
};

/* a1 a2 a3 at 0, 1 and 2 degrees, b at 80, c at 45; the user is at 10. */
static void begin(struct world *w)
{
    static const struct {
        const char *id;
        double degrees;
    } videos[] = {{"a1", 0}, {"a2", 1}, {"a3", 2}, {"b", 80}, {"c", 45}};
    *w = (struct world){.params = {.k = 0}};
    nr_match_params_default(&w->params);
    for (size_t i = 0; i < NR_COUNT(videos); i++) {
        struct nr_item *item;
        assert_int_equal(nr_item_list_add(&w->items, &item, NULL), NR_OK);
        item->video_id = videos[i].id;
        set_angle(&item->mem, &item->blocks[NR_BLOCK_TAGS], videos[i].degrees);
    }
    struct nr_user *user;
    assert_int_equal(nr_user_list_add(&w->users, &user, NULL), NR_OK);
    user->user_id = "u";
    set_angle(&user->mem, &user->blocks[NR_BLOCK_TAGS], 10);
}

static void end(struct world *w)
{
    nr_item_list_release(&w->items);
    nr_user_list_release(&w->users);
    nr_ranking_list_release(&w->rankings);
}

static const struct nr_ranking *rank(struct world *w, double mmr, size_t k)
{
    nr_ranking_list_release(&w->rankings);
    w->params.mmr = mmr;
    w->params.k = k;
    assert_int_equal(nr_match_rank(&w->params, &w->items, &w->users, 2, &w->rankings, NULL, NULL), NR_OK);
    return &w->rankings.rankings[0];
}

static void assert_order(const struct nr_ranking *ranking, const char *const *ids, size_t count)
{
    assert_int_equal(ranking->count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(ranking->items[i].video_id, ids[i]);
}

static void test_parameters(void **state)
{
    (void)state;
    static const double wrong[] = {0, -1, 1.01, NAN};
    struct nr_match_params params;
    nr_match_params_default(&params);
    assert_null(nr_match_params_check(&params));
    for (size_t i = 0; i < NR_COUNT(wrong); i++) {
        params.mmr = wrong[i];
        assert_non_null(strstr(nr_match_params_check(&params), "--mmr"));
    }
}

static void test_orders(void **state)
{
    (void)state;
    static const char *const by_score[] = {"a3", "a2", "a1", "c", "b"}, *const diverse[] = {"a3", "b", "c", "a2", "a1"},
                             *const mild[] = {"a3", "c", "a2"};
    struct world w;
    begin(&w);
    assert_order(rank(&w, 1, 5), by_score, 5);
    /* 0.3: b gives 0.3 cos 70 - 0.7 cos 78, above all that is like a3; then c, b being 35 from it */
    assert_order(rank(&w, 0.3, 5), diverse, 5);
    /* 0.6: c gives 0.6 cos 35 - 0.4 cos 43 = 0.199, a2 0.6 cos 9 - 0.4 cos 1 = 0.193, b 0.122 */
    assert_order(rank(&w, 0.6, 3), mild, 3);
    end(&w);
}

/* What is said of a video does not change with its place. */
static void test_scores_stay(void **state)
{
    (void)state;
    struct world w;
    double score[2] = {0, 0}, probability[2] = {0, 0}, sum = 0;
    begin(&w);
    for (int i = 0; i < 2; i++) {
        const struct nr_ranking *ranking = rank(&w, i ? 0.3 : 1, 5);
        for (size_t r = 0; r < ranking->count; r++)
            if (strcmp(ranking->items[r].video_id, "b") == 0) {
                score[i] = ranking->items[r].score;
                probability[i] = ranking->items[r].probability;
            }
        for (size_t r = 0; r < ranking->count && i; r++)
            sum += ranking->items[r].probability;
    }
    assert_float_equal(score[0], cos(70 * acos(-1) / 180), 1e-12);
    assert_float_equal(score[0], score[1], 0);
    assert_float_equal(probability[0], probability[1], 1e-9);
    assert_float_equal(sum, 1, 1e-9);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_scores_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
