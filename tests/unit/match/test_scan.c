/* test_scan.c - the sum of exponentials against double, kernel by kernel. A user who
 * likes one direction and videos that lie in it by a float's worth make scores that are
 * the same in float and in double, so that what is left is the kernel's own error. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/match.h"

enum { ITEMS = 5000, DIMENSIONS = 4 };
static const enum nr_match_kernels all_kernels[] = {NR_MATCH_KERNELS_PLAIN, NR_MATCH_KERNELS_AVX2,
                                                    NR_MATCH_KERNELS_BEST};

struct world {
    struct nr_item_list items;
    struct nr_user_list users;
    struct nr_ranking_list rankings;
    struct nr_match_params params;
    float values[ITEMS][DIMENSIONS];
    char ids[ITEMS][8];
    float taste[DIMENSIONS];
};

/* Scores between `low` and `high`, in no order. */
static struct world *world_new(double low, double high)
{
    struct world *world = calloc(1, sizeof *world);
    struct nr_user *user;
    nr_match_params_default(&world->params);
    world->params.k = 1;
    for (size_t i = 0; i < ITEMS; i++) {
        struct nr_item *item;
        double part = (double)(nr_splitmix64(i) >> 11) * 0x1p-53;
        assert_int_equal(nr_item_list_add(&world->items, &item, NULL), NR_OK);
        snprintf(world->ids[i], sizeof world->ids[i], "v%05zu", i);
        item->video_id = world->ids[i];
        world->values[i][i % DIMENSIONS ? 0 : 1] = (float)(low + (high - low) * part);
        item->blocks[NR_BLOCK_TEXT] = (struct nr_block){world->values[i], DIMENSIONS, {NULL, 0}};
    }
    assert_int_equal(nr_user_list_add(&world->users, &user, NULL), NR_OK);
    user->user_id = "u";
    world->taste[0] = 1;
    user->blocks[NR_BLOCK_TEXT] = (struct nr_block){world->taste, DIMENSIONS, {NULL, 0}};
    return world;
}

static void world_free(struct world *world)
{
    nr_item_list_release(&world->items);
    nr_user_list_release(&world->users);
    nr_ranking_list_release(&world->rankings);
    free(world);
}

static double rank(struct world *world, enum nr_match_kernels kernels)
{
    struct nr_match_tally tally;
    world->params.kernels = kernels;
    nr_ranking_list_release(&world->rankings);
    assert_int_equal(nr_match_rank(&world->params, &world->items, &world->users, 1, &world->rankings, &tally, NULL),
                     NR_OK);
    if (kernels == NR_MATCH_KERNELS_PLAIN)
        assert_string_equal(tally.scan, "plain");
    assert_int_equal(world->rankings.rankings[0].count, 1);
    return world->rankings.rankings[0].items[0].probability;
}

/* The first one's probability by a log-sum-exp in double. */
static double slow_probability(const struct world *world)
{
    double top = -INFINITY, sum = 0;
    for (size_t i = 0; i < ITEMS; i++)
        top = fmax(top, world->values[i][0]);
    for (size_t i = 0; i < ITEMS; i++)
        sum += exp(world->params.beta * (world->values[i][0] - top));
    return 1 / sum;
}

static void sums_are_within_the_stated_error(void **state)
{
    static const double betas[] = {0.01, 1, 10, 40, 87, 300, 5000};
    (void)state;
    struct world *world = world_new(-1, 1);
    for (size_t b = 0; b < NR_COUNT(betas); b++) {
        world->params.beta = betas[b];
        double slow = slow_probability(world);
        for (size_t i = 0; i < NR_COUNT(all_kernels); i++)
            assert_true(fabs(rank(world, all_kernels[i]) / slow - 1) < 4e-6);
    }
    world_free(world);
}

static void kernels_give_the_same_bits(void **state)
{
    (void)state;
    struct world *world = world_new(-1, 1);
    for (world->params.beta = 0.1; world->params.beta < 2000; world->params.beta *= 1.7)
        for (int euclidean = 0; euclidean < 2; euclidean++) {
            world->params.similarity = euclidean ? NR_SIMILARITY_EUCLIDEAN : NR_SIMILARITY_COSINE;
            double plain = rank(world, NR_MATCH_KERNELS_PLAIN);
            for (size_t i = 0; i < NR_COUNT(all_kernels); i++) {
                double other = rank(world, all_kernels[i]);
                assert_memory_equal(&plain, &other, sizeof plain);
            }
        }
    world_free(world);
}

/* The greatest score in the last tile: what was summed by a lesser one is carried over. */
static void a_late_top_is_met(void **state)
{
    (void)state;
    struct world *world = world_new(-1, -0.5);
    world->values[ITEMS - 1][0] = 1;
    for (world->params.beta = 1; world->params.beta < 3000; world->params.beta *= 10)
        for (size_t i = 0; i < NR_COUNT(all_kernels); i++) {
            double probability = rank(world, all_kernels[i]);
            assert_string_equal(world->rankings.rankings[0].items[0].video_id, world->ids[ITEMS - 1]);
            assert_true(fabs(probability / slow_probability(world) - 1) < 4e-6);
        }
    world_free(world);
}

/* Whole rows without a candidate come first. */
static void rows_of_watched_videos_count_for_nothing(void **state)
{
    enum { WATCHED = 2000 };
    static struct nr_watched watched[WATCHED];
    (void)state;
    struct world *world = world_new(-1, 0.5);
    double sum = 0;
    for (size_t i = 0; i < WATCHED; i++)
        watched[i] = (struct nr_watched){world->ids[i], 1};
    world->users.users[0].watched = watched;
    world->users.users[0].watched_count = WATCHED;
    world->values[ITEMS - 2][0] = 0.75F;
    for (size_t i = WATCHED; i < ITEMS; i++)
        sum += exp(10 * ((double)world->values[i][0] - 0.75));
    for (size_t i = 0; i < NR_COUNT(all_kernels); i++)
        assert_true(fabs(rank(world, all_kernels[i]) * sum - 1) < 4e-6);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_within_the_stated_error),
        cmocka_unit_test(kernels_give_the_same_bits),
        cmocka_unit_test(a_late_top_is_met),
        cmocka_unit_test(rows_of_watched_videos_count_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
