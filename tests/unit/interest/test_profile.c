/* test_profile.c - users against the formulas of nightreel/interest.h. */
#include "support/support.h"

#include "nightreel/interest.h"

struct world {
    struct nr_item_list items;
    struct nr_profile_index *index;
    struct nr_profile_params params;
    struct nr_user user;
};

static struct nr_item *add_item(struct world *world, const char *id)
{
    struct nr_item *item;
    assert_int_equal(nr_item_list_add(&world->items, &item, NULL), NR_OK);
    item->video_id = nr_arena_strdup(&item->mem, id);
    return item;
}

static void set_dense(struct nr_item *item, enum nr_block_id block, float x, float y)
{
    float *values = nr_arena_alloc(&item->mem, 2, sizeof *values);
    values[0] = x;
    values[1] = y;
    item->blocks[block] = (struct nr_block){.values = values, .length = 2};
}

/* Sorted names of equal weight. */
static void set_tags(struct nr_item *item, size_t count, const char *const *names)
{
    struct nr_term *terms = nr_arena_alloc(&item->mem, count, sizeof *terms);
    for (size_t i = 0; i < count; i++)
        terms[i] = (struct nr_term){names[i], 1 / sqrt((double)count)};
    item->blocks[NR_BLOCK_TAGS].terms = (struct nr_terms){terms, count};
}
#define TAGS(item, ...)                                                                                                \
    set_tags(item, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), (const char *const[]){__VA_ARGS__})

/* a: right, science fiction with an actor; b: up, science fiction; c: down, cooking;
 * d has nothing; e: zero. */
static void world_init(struct world *world)
{
    *world = (struct world){.index = NULL};
    nr_profile_params_default(&world->params);
    struct nr_item *a = add_item(world, "a"), *b = add_item(world, "b"), *c = add_item(world, "c");
    add_item(world, "d");
    set_dense(add_item(world, "e"), NR_BLOCK_AUDIO, 0, 0);
    set_dense(a, NR_BLOCK_VISUAL, 1, 0);
    set_dense(b, NR_BLOCK_VISUAL, 0, 1);
    set_dense(c, NR_BLOCK_VISUAL, 0, -1);
    set_dense(a, NR_BLOCK_TEXT, 0.6F, 0.8F);
    TAGS(a, "actor:Wu", "genre:sf");
    TAGS(b, "genre:sf");
    TAGS(c, "genre:food", "genre:zen");
    assert_int_equal(nr_profile_index_new(&world->items, &world->index, NULL), NR_OK);
}

static void world_release(struct world *world)
{
    nr_user_release(&world->user);
    nr_profile_index_free(world->index);
    nr_item_list_release(&world->items);
}

/* Makes a new user: watched "a=1" "c=-2"; declared "x|y" (NULL: none). */
static const struct nr_user *make(struct world *world, const char *watched, const char *declared)
{
    struct nr_user *user = &world->user;
    struct nr_arena mem = {0};
    const char *tags[16];
    struct nr_strings list = {tags, 0};
    nr_user_release(user);
    *user = (struct nr_user){.user_id = "u", .last_event = NR_TIME_NONE};
    user->watched = nr_arena_alloc(&user->mem, 16, sizeof *user->watched);
    for (const char *at = watched; *at;) {
        char *end, *id = nr_arena_strndup(&user->mem, at, strcspn(at, "="));
        user->watched[user->watched_count++] = (struct nr_watched){id, strtod(strchr(at, '=') + 1, &end)};
        at = end + strspn(end, " ");
    }
    for (const char *at = declared; at && *at; at += at[strcspn(at, "|")] ? strcspn(at, "|") + 1 : strcspn(at, "|"))
        tags[list.count++] = nr_arena_strndup(&mem, at, strcspn(at, "|"));
    const struct nr_profile_input input = {.declared = declared ? &list : NULL};
    assert_int_equal(nr_profile_make(&world->params, world->index, &input, user, NULL), NR_OK);
    nr_arena_release(&mem);
    return user;
}

static void assert_dense(const struct nr_user *user, enum nr_block_id block, double x, double y)
{
    assert_int_equal(user->blocks[block].length, 2);
    double norm = sqrt(x * x + y * y);
    nr_assert_near(user->blocks[block].values[0], x / norm, 1e-7);
    nr_assert_near(user->blocks[block].values[1], y / norm, 1e-7);
}

static double tag_of(const struct nr_user *user, const char *name)
{
    const struct nr_terms *terms = &user->blocks[NR_BLOCK_TAGS].terms;
    for (size_t i = 0; i < terms->count; i++)
        if (strcmp(terms->items[i].name, name) == 0)
            return terms->items[i].weight;
    return 0;
}

static double interest_of(const struct nr_user *user, const char *tag)
{
    for (size_t i = 0; i < user->interest_count; i++)
        if (strcmp(user->interests[i].tag, tag) == 0)
            return user->interests[i].weight;
    return 0;
}

/* ---- wrong input ---------------------------------------------------------------------- */

static void wrong_parameters_are_named(void **state)
{
    struct nr_profile_params params;
    struct nr_profile_index *index;
    struct nr_error err;
    struct world world = {.index = NULL};
    (void)state;
    nr_profile_params_default(&params);
    assert_null(nr_profile_params_check(&params));
    params.max_interests = 0;
    assert_non_null(nr_profile_params_check(&params));
    nr_profile_params_default(&params);
    params.clusters = 0;
    assert_non_null(nr_profile_params_check(&params));
    params.clusters = NR_CLUSTERS_MAX + 1;
    assert_non_null(nr_profile_params_check(&params));
    set_dense(add_item(&world, "a"), NR_BLOCK_TEXT, 1, 0);
    add_item(&world, "b")->blocks[NR_BLOCK_TEXT] = (struct nr_block){.values = (float[]){1}, .length = 1};
    assert_int_equal(nr_profile_index_new(&world.items, &index, &err), NR_ERR_DATA);
    assert_non_null(strstr(err.text, "'text'"));
    assert_null(index);
    nr_profile_index_free(NULL);
    world_release(&world);
}

/* ---- behaviour -------------------------------------------------------------------------- */

static void blocks_are_weighted_centroids(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    const struct nr_user *user = make(&world, "a=2 b=1", NULL);
    assert_int_equal(user->source, NR_USER_BEHAVIOUR);
    assert_dense(user, NR_BLOCK_VISUAL, 2, 1);
    assert_dense(user, NR_BLOCK_TEXT, 0.6, 0.8); /* b has none */
    assert_false(nr_block_present(&user->blocks[NR_BLOCK_AUDIO]));
    double actor = 2 / sqrt(2), genre = 2 / sqrt(2) + 1, norm = sqrt(actor * actor + genre * genre);
    nr_assert_near(tag_of(user, "actor:Wu"), actor / norm, 1e-15);
    nr_assert_near(tag_of(user, "genre:sf"), genre / norm, 1e-15);
    world_release(&world);
}

/* p = (1, 0), n = (0, -w): as long as w is under 1/2 all of it, then half of |p|. */
static void negatives_take_at_most_half(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    assert_dense(make(&world, "a=1 c=-0.25", NULL), NR_BLOCK_VISUAL, 1, 0.25);
    assert_dense(make(&world, "a=1 c=-0.5", NULL), NR_BLOCK_VISUAL, 1, 0.5);
    const struct nr_user *user = make(&world, "a=1 c=-100", NULL);
    assert_dense(user, NR_BLOCK_VISUAL, 1, 0.5);
    double liked = 1 / sqrt(2), disliked = 0.5 / sqrt(2), norm = sqrt(2 * (liked * liked + disliked * disliked));
    nr_assert_near(tag_of(user, "genre:sf"), liked / norm, 1e-15);
    nr_assert_near(tag_of(user, "genre:food"), -disliked / norm, 1e-15);
    assert_dense(make(&world, "a=1 b=-3", NULL), NR_BLOCK_VISUAL, 1, -0.5);
    world_release(&world);
}

static void what_is_disliked_alone_leaves_nothing(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    static const char *const pasts[] = {"a=-1 c=-3", "", "unknown=5", "d=5", "e=5", "a=0"};
    for (size_t i = 0; i < NR_COUNT(pasts); i++) {
        const struct nr_user *user = make(&world, pasts[i], NULL);
        if (user->source != NR_USER_POPULARITY || user->interest_count)
            fail_msg("'%s' leaves '%s'", pasts[i], nr_user_source_names[user->source]);
        for (int b = 0; b < NR_BLOCK_COUNT; b++)
            assert_false(nr_block_present(&user->blocks[b]));
    }
    world_release(&world);
}

static void interests_are_shares(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    const struct nr_user *user = make(&world, "a=2 b=1", NULL);
    nr_assert_near(interest_of(user, "sf"), 2.0 / 3, 1e-15); /* half of a's 2, and b's 1 */
    nr_assert_near(interest_of(user, "Wu"), 1.0 / 3, 1e-15);
    assert_int_equal(user->interests[0].kind, NR_TAG_GENRE);
    assert_string_equal(user->interests[0].tag, "sf");
    user = make(&world, "b=4 c=-1", NULL); /* food and zen: -1/2 each of 4 */
    nr_assert_near(interest_of(user, "sf"), 1, 1e-15);
    nr_assert_near(interest_of(user, "food"), interest_of(user, "zen"), 0);
    assert_true(interest_of(user, "food") < 0);
    assert_string_equal(user->interests[2].tag, "zen"); /* ties by tag */
    world.params.max_interests = 1;
    assert_int_equal(make(&world, "b=4 c=-1", NULL)->interest_count, 1);
    world_release(&world);
}

static void interests_sum_to_one(void **state)
{
    static const char *const ids[] = {"a", "b", "c", "d"};
    static const char *const declared[] = {NULL, "sf", "food|nothing|Wu"};
    struct nr_random random = {1};
    struct world world;
    (void)state;
    world_init(&world);
    for (int round = 0; round < 300; round++) {
        char past[200] = "";
        for (size_t i = 0; i < NR_COUNT(ids); i++)
            if (nr_random_below(&random, 2))
                snprintf(past + strlen(past), sizeof past - strlen(past), "%s=%.3f ", ids[i],
                         6 * nr_random_unit(&random) - 2);
        const struct nr_user *user = make(&world, past, declared[nr_random_below(&random, 3)]);
        double sum = 0, squares = 0;
        for (size_t i = 0; i < user->interest_count; i++)
            sum += fmax(user->interests[i].weight, 0);
        const struct nr_terms *terms = &user->blocks[NR_BLOCK_TAGS].terms;
        for (size_t i = 0; i < terms->count; i++)
            squares += terms->items[i].weight * terms->items[i].weight;
        assert_int_equal(user->interest_count > 0, terms->count > 0);
        nr_assert_near(sum, user->interest_count > 0, 1e-12);
        nr_assert_near(squares, terms->count > 0, 1e-12);
    }
    world_release(&world);
}

/* ---- declared interests ------------------------------------------------------------------- */

static void declared_tags_weigh_by_their_place(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    const struct nr_user *user = make(&world, "", "food|opera|Wu");
    double norm = sqrt(1 + 0.64 + 0.4096), sum = 1 + 0.8 + 0.64;
    assert_int_equal(user->source, NR_USER_DECLARED);
    nr_assert_near(tag_of(user, "genre:food"), 1 / norm, 1e-15);
    nr_assert_near(tag_of(user, "genre:opera"), 0.8 / norm, 1e-15); /* unknown: in the norm all the same */
    nr_assert_near(tag_of(user, "actor:Wu"), 0.64 / norm, 1e-15);
    assert_int_equal(user->unknown_tags.count, 1);
    assert_string_equal(user->unknown_tags.items[0], "opera");
    nr_assert_near(interest_of(user, "food"), 1 / sum, 1e-15);
    nr_assert_near(interest_of(user, "opera"), 0.8 / sum, 1e-15);
    for (int b = 0; b < NR_BLOCK_COUNT; b++)
        assert_int_equal(nr_block_present(&user->blocks[b]), b == NR_BLOCK_TAGS);
    world_release(&world);
}

static void a_tag_named_twice_counts_once(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    const struct nr_user *user = make(&world, "", "food|food|sf");
    assert_int_equal(user->blocks[NR_BLOCK_TAGS].terms.count, 2);
    nr_assert_near(tag_of(user, "genre:sf") / tag_of(user, "genre:food"), 0.64, 1e-15);
    world_release(&world);
}

static void unknown_tags_alone_leave_nothing(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    const struct nr_user *user = make(&world, "", "opera");
    assert_int_equal(user->source, NR_USER_POPULARITY); /* no video could be near them */
    assert_false(nr_block_present(&user->blocks[NR_BLOCK_TAGS]));
    assert_int_equal(user->unknown_tags.count, 1);
    assert_int_equal(make(&world, "", "")->source, NR_USER_POPULARITY);
    world_release(&world);
}

/* d = 5 / (5 + n), n the videos with a positive weight. */
static void both_are_mixed_by_the_number_of_videos(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    const struct nr_user *user = make(&world, "b=3", "food");
    double d = 5.0 / 6, norm = sqrt(d * d + (1 - d) * (1 - d));
    assert_int_equal(user->source, NR_USER_BOTH);
    nr_assert_near(tag_of(user, "genre:food"), d / norm, 1e-15);
    nr_assert_near(tag_of(user, "genre:sf"), (1 - d) / norm, 1e-15);
    nr_assert_near(interest_of(user, "food"), d, 1e-15);
    assert_dense(user, NR_BLOCK_VISUAL, 0, 1); /* declared tags have no picture */
    user = make(&world, "a=1 b=1 c=-1 d=4", "food");
    d = 5.0 / 8;
    assert_true(interest_of(user, "food") < d); /* c speaks against it */
    assert_int_equal(make(&world, "c=-1", "food")->source, NR_USER_DECLARED);
    assert_int_equal(make(&world, "unknown=2", "food")->source, NR_USER_DECLARED);
    nr_assert_near(tag_of(&world.user, "genre:food"), 1, 1e-15);
    world_release(&world);
}

/* A thing with the blocks of a, and one of no weight. */
static void what_was_sought_counts_as_watched(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    struct nr_user *user = &world.user;
    struct nr_sought sought[] = {{nr_profile_index_find(world.index, "a")->blocks, 2},
                                 {nr_profile_index_find(world.index, "c")->blocks, 0}};
    struct nr_profile_input input = {.sought = sought, .sought_count = 2};
    *user = (struct nr_user){.user_id = "u", .last_event = NR_TIME_NONE};
    assert_int_equal(nr_profile_make(&world.params, world.index, &input, user, NULL), NR_OK);
    assert_int_equal(user->source, NR_USER_BEHAVIOUR);
    assert_dense(user, NR_BLOCK_VISUAL, 1, 0);
    nr_assert_near(interest_of(user, "Wu"), 0.5, 1e-15);
    world_release(&world);
}

/* Videos "00".. of 24 numbers each: `groups` directions, and something of their own. */
static void add_group_items(struct world *world, size_t count, size_t groups, float common)
{
    *world = (struct world){.index = NULL};
    nr_profile_params_default(&world->params);
    for (size_t i = 0; i < count; i++) {
        const char id[] = {(char)('0' + i / 10), (char)('0' + i % 10), '\0'};
        struct nr_item *item = add_item(world, id);
        float *values = nr_arena_alloc(&item->mem, 24, sizeof *values);
        values[i % groups] = common;
        values[8 + i] = sqrtf(1 - common * common);
        item->blocks[NR_BLOCK_VISUAL] = (struct nr_block){.values = values, .length = 24};
    }
    assert_int_equal(nr_profile_index_new(&world->items, &world->index, NULL), NR_OK);
}

static const char *const all_watched = "00=1 01=2 02=1 03=2 04=1 05=2 06=1 07=2 08=1 09=2 10=-1 11=2";

static void a_past_of_two_parts_is_two_persons(void **state)
{
    struct world world;
    (void)state;
    add_group_items(&world, 12, 2, 0.9F);
    assert_int_equal(make(&world, all_watched, NULL)->cluster_count, 0); /* not asked for */
    world.params.clusters = 5;
    const struct nr_user *user = make(&world, all_watched, NULL);
    assert_int_equal(user->cluster_count, 2);
    nr_assert_near(user->clusters[0].weight, 12.0 / 17, 1e-15); /* the odd ones weigh 2 */
    nr_assert_near(user->clusters[1].weight, 5.0 / 17, 1e-15);
    assert_int_equal(user->clusters[0].videos, 6);
    assert_int_equal(user->clusters[1].videos, 5);
    const float *first = user->clusters[0].blocks[NR_BLOCK_VISUAL].values;
    const float *second = user->clusters[1].blocks[NR_BLOCK_VISUAL].values;
    assert_true(first[1] > 0.8 && second[0] > 0.8 && second[1] == 0);
    assert_true(first[0] < 0 && first[8 + 10] < 0); /* what is disliked speaks against both */
    assert_true(second[8 + 10] < 0);
    world_release(&world);
}

static void a_past_without_parts_stays_whole(void **state)
{
    struct world world;
    (void)state;
    add_group_items(&world, 12, 1, 0.9F); /* one direction */
    world.params.clusters = 5;
    assert_int_equal(make(&world, all_watched, NULL)->cluster_count, 0);
    world_release(&world);
    add_group_items(&world, 12, 1, 0); /* nothing in common at all */
    world.params.clusters = 5;
    assert_int_equal(make(&world, all_watched, NULL)->cluster_count, 0);
    assert_int_equal(make(&world, "", "food")->cluster_count, 0);
    world_release(&world);
    add_group_items(&world, 12, 2, 0.9F);
    world.params.clusters = 5;
    assert_int_equal(make(&world, "00=1 01=1 02=1 03=1 04=1", NULL)->cluster_count, 0); /* too few */
    world_release(&world);
}

static void items_are_found_by_id(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    assert_string_equal(nr_profile_index_find(world.index, "d")->video_id, "d");
    assert_null(nr_profile_index_find(world.index, "dd"));
    assert_null(nr_profile_index_find(world.index, ""));
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_parameters_are_named),
        cmocka_unit_test(blocks_are_weighted_centroids),
        cmocka_unit_test(negatives_take_at_most_half),
        cmocka_unit_test(what_is_disliked_alone_leaves_nothing),
        cmocka_unit_test(interests_are_shares),
        cmocka_unit_test(interests_sum_to_one),
        cmocka_unit_test(declared_tags_weigh_by_their_place),
        cmocka_unit_test(a_tag_named_twice_counts_once),
        cmocka_unit_test(unknown_tags_alone_leave_nothing),
        cmocka_unit_test(both_are_mixed_by_the_number_of_videos),
        cmocka_unit_test(what_was_sought_counts_as_watched),
        cmocka_unit_test(a_past_of_two_parts_is_two_persons),
        cmocka_unit_test(a_past_without_parts_stays_whole),
        cmocka_unit_test(items_are_found_by_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
