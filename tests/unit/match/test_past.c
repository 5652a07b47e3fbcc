/* test_past.c - which watched video a recommendation is owed to. */
#include "support/support.h"

#include "nightreel/match.h"

struct world {
    struct nr_item_list items;
    struct nr_user_list users;
    struct nr_ranking_list rankings;
    struct nr_match_params params;
};

static struct nr_item *add_item(struct world *world, const char *id, float x, float y)
{
    struct nr_item *item;
    assert_int_equal(nr_item_list_add(&world->items, &item, NULL), NR_OK);
    item->video_id = id;
    float *values = nr_arena_alloc(&item->mem, 2, sizeof *values);
    values[0] = x;
    values[1] = y;
    item->blocks[NR_BLOCK_VISUAL] = (struct nr_block){.values = values, .length = 2};
    return item;
}

static void set_tag(struct nr_arena *mem, struct nr_block *block, const char *name)
{
    block->terms.items = nr_arena_alloc(mem, 1, sizeof *block->terms.items);
    block->terms.items[block->terms.count++] = (struct nr_term){name, 1};
}

static struct nr_user *add_user(struct world *world, const char *id, size_t count, const struct nr_watched *watched)
{
    struct nr_user *user;
    assert_int_equal(nr_user_list_add(&world->users, &user, NULL), NR_OK);
    user->user_id = id;
    user->watched = nr_arena_alloc(&user->mem, count, sizeof *watched);
    memcpy(user->watched, watched, count * sizeof *watched);
    user->watched_count = count;
    return user;
}

/* Candidate c at (1, 0) with the tag t; watched: a at (0.6, 0.8), b with c's tag and (0, 1). */
static void world_init(struct world *world)
{
    *world = (struct world){.params = {0}};
    nr_match_params_default(&world->params);
    world->params.explain = true;
    add_item(world, "c", 1, 0);
    set_tag(&world->items.items[0].mem, &world->items.items[0].blocks[NR_BLOCK_TAGS], "genre:t");
    add_item(world, "b", 0, 1);
    set_tag(&world->items.items[1].mem, &world->items.items[1].blocks[NR_BLOCK_TAGS], "genre:t");
    world->items.items[1].title = "Bee";
    add_item(world, "a", 0.6F, 0.8F);
    static const struct nr_watched watched[] = {{"a", 2}, {"b", 1}, {"unknown", 9}};
    struct nr_user *user = add_user(world, "u", 3, watched);
    float *values = nr_arena_alloc(&user->mem, 2, sizeof *values);
    values[0] = 1;
    user->blocks[NR_BLOCK_VISUAL] = (struct nr_block){.values = values, .length = 2};
    set_tag(&user->mem, &user->blocks[NR_BLOCK_TAGS], "genre:t");
}

static void world_release(struct world *world)
{
    nr_item_list_release(&world->items);
    nr_user_list_release(&world->users);
    nr_ranking_list_release(&world->rankings);
}

static const struct nr_ranked *first_of(struct world *world, size_t user)
{
    nr_ranking_list_release(&world->rankings);
    assert_int_equal(nr_match_rank(&world->params, &world->items, &world->users, 1, &world->rankings, NULL, NULL),
                     NR_OK);
    assert_true(world->rankings.rankings[user].count > 0);
    return &world->rankings.rankings[user].items[0];
}

/* owed(a) = 2 (0.5 * 0.6), owed(b) = 1 (0.5 * 0 + 0.5 * 1). */
static void the_most_owed_is_named_with_its_share(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    const struct nr_ranked *entry = first_of(&world, 0);
    assert_string_equal(entry->video_id, "c");
    assert_string_equal(entry->watched_id, "a");
    assert_null(entry->watched_title);
    nr_assert_near(entry->watched_share, 0.6 / 1.1, 1e-7);
    world.params.mode = NR_MATCH_WEIGHTED; /* a: 2 (0.2 * 0.6), b: 0.8 */
    world.params.weights[NR_BLOCK_TAGS] = 4;
    entry = first_of(&world, 0);
    assert_string_equal(entry->watched_id, "b");
    assert_string_equal(entry->watched_title, "Bee");
    nr_assert_near(entry->watched_share, 0.8 / 1.04, 1e-7);
    world_release(&world);
}

static void nothing_where_it_is_not_asked_for_or_not_known(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    world.params.explain = false;
    assert_null(first_of(&world, 0)->watched_id);
    world.params.explain = true;
    static const struct nr_watched disliked[] = {{"a", -2}, {"unknown", 3}};
    add_user(&world, "v", 1, disliked); /* no blocks: by popularity */
    add_user(&world, "w", 2, disliked);
    float *values = nr_arena_alloc(&world.users.users[2].mem, 2, sizeof *values);
    values[0] = 1;
    world.users.users[2].blocks[NR_BLOCK_VISUAL] = (struct nr_block){.values = values, .length = 2};
    assert_null(first_of(&world, 1)->watched_id);
    assert_true(world.rankings.rankings[1].items[0].filled);
    assert_null(first_of(&world, 2)->watched_id);
    world_release(&world);
}

/* A watched video that may not be recommended itself; a candidate that was watched. */
static void the_past_is_more_than_the_candidates(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    world.items.items[2].published_at = 1000;
    world.params.now = 500;
    assert_string_equal(first_of(&world, 0)->watched_id, "a");
    world.params.now = NR_TIME_NONE;
    world.params.include_watched = true;
    first_of(&world, 0);
    for (size_t i = 0; i < world.rankings.rankings[0].count; i++) {
        const struct nr_ranked *entry = &world.rankings.rankings[0].items[i];
        assert_true(!entry->watched_id || strcmp(entry->watched_id, entry->video_id) != 0);
    }
    world_release(&world);
}

/* ---- a learned model's own reasons ------------------------------------------------------ */

static bool knows_all(const void *ctx, const char *user_id)
{
    (void)ctx;
    (void)user_id;
    return true;
}

static void score_evenly(const void *ctx, const char *user_id, double *scores, double *scratch)
{
    (void)ctx;
    (void)user_id;
    (void)scratch;
    for (int i = 0; i < 3; i++)
        scores[i] = 1;
}

static double owed_to_the_unknown(const void *ctx, const char *user_id, const char *watched_id, double weight,
                                  size_t item)
{
    (void)ctx;
    assert_string_equal(user_id, "u");
    assert_int_equal(item, 0); /* c's place in the list */
    return strcmp(watched_id, "unknown") == 0 ? weight : 1;
}

static void a_model_may_have_its_own_reasons(void **state)
{
    struct nr_match_source source = {.model = "mine", .knows = knows_all, .score = score_evenly};
    struct world world;
    (void)state;
    world_init(&world);
    world.params.source = &source;
    assert_null(first_of(&world, 0)->watched_id); /* it cannot tell */
    source.owed = owed_to_the_unknown;
    const struct nr_ranked *entry = first_of(&world, 0);
    assert_string_equal(entry->watched_id, "unknown"); /* no record, and a reason all the same */
    nr_assert_near(entry->watched_share, 9.0 / 11, 1e-12);
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_owed_is_named_with_its_share),
        cmocka_unit_test(nothing_where_it_is_not_asked_for_or_not_known),
        cmocka_unit_test(the_past_is_more_than_the_candidates),
        cmocka_unit_test(a_model_may_have_its_own_reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
