/* test_index_find.c - watched videos are found whatever their ids look like: what is
 * watched is not listed, and everything else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/match.h"

static void check(size_t count, const char *const *ids, size_t watched_count, const char *const *watched,
                  const char *const *listed)
{
    struct nr_item_list items = {0};
    struct nr_user_list users = {0};
    struct nr_ranking_list rankings = {0};
    struct nr_match_params params;
    struct nr_watched seen[8];
    struct nr_item *item;
    struct nr_user *user;
    nr_match_params_default(&params);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(nr_item_list_add(&items, &item, NULL), NR_OK);
        item->video_id = ids[i];
    }
    assert_int_equal(nr_user_list_add(&users, &user, NULL), NR_OK);
    user->user_id = "u";
    user->watched = seen;
    for (size_t i = 0; i < watched_count; i++)
        seen[user->watched_count++] = (struct nr_watched){watched[i], -1}; /* no votes: the order is that of the ids */
    assert_int_equal(nr_match_rank(&params, &items, &users, 1, &rankings, NULL, NULL), NR_OK);
    for (size_t i = 0; listed[i]; i++) {
        assert_true(i < rankings.rankings[0].count);
        assert_string_equal(rankings.rankings[0].items[i].video_id, listed[i]);
        assert_true(listed[i + 1] || rankings.rankings[0].count == i + 1);
    }
    nr_item_list_release(&items);
    nr_user_list_release(&users);
    nr_ranking_list_release(&rankings);
}

#define CHECK(ids, watched, ...)                                                                                       \
    check(NR_COUNT(ids), ids, NR_COUNT(watched), watched, (const char *[]){__VA_ARGS__, NULL})

static void short_ids(void **state)
{
    const char *const ids[] = {"a", "ab", "abc", "b", ""};
    const char *const watched[] = {"", "aa", "ab", "bb"};
    (void)state;
    CHECK(ids, watched, "a", "abc", "b");
}

static void one_id(void **state)
{
    const char *const ids[] = {"the-only-one-there-is"};
    const char *const watched[] = {"the-only-one-there", "the-only-one-there-is-not"}, *const same[] = {ids[0]};
    (void)state;
    CHECK(ids, watched, "the-only-one-there-is");
    check(1, ids, 1, same, (const char *[]){NULL});
}

/* Beyond the common beginning more than a key's eight bytes are the same in some. */
static void long_ids_with_long_beginnings(void **state)
{
    const char *const ids[] = {"site:one:00000000001", "site:one:00000000002", "site:one:0000000000",
                               "site:two:00000000001", "site:two:00000000003", "site:two"};
    const char *const watched[] = {"site:", "site:one:00000000002", "site:one:00000000003", "site:two",
                                   "site:two:00000000003"};
    (void)state;
    CHECK(ids, watched, "site:one:0000000000", "site:one:00000000001", "site:two:00000000001");
}

static void eight_bytes_and_high_bytes(void **state)
{
    const char *const ids[] = {"x12345678",
                               "x1234567",
                               "x123456789",
                               "x\xff\xff\xff\xff\xff\xff\xff\xff",
                               "x\xff\xff\xff\xff\xff\xff\xff\xff\xff",
                               "x电影",
                               "x"};
    const char *const watched[] = {"x", "x12345678", "x电影", "x\xff\xff\xff\xff\xff\xff\xff\xff"};
    (void)state;
    CHECK(ids, watched, "x1234567", "x123456789", "x\xff\xff\xff\xff\xff\xff\xff\xff\xff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_ids),
        cmocka_unit_test(one_id),
        cmocka_unit_test(long_ids_with_long_beginnings),
        cmocka_unit_test(eight_bytes_and_high_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
