/* test_people.c - who gets a list, and the list of people whom nobody knows. */
#include "support/matching.h"

static void begin(struct nr_world *w)
{
    static const char *const ids[] = {"a", "b", "c", "d"};
    nr_world_init(w);
    for (size_t i = 0; i < NR_COUNT(ids); i++) {
        struct nr_item *item = nr_world_item(w, ids[i]);
        nr_set_tags(&item->mem, &item->blocks[NR_BLOCK_TAGS], i % 2 ? "genre:x=1" : "genre:y=1");
    }
    for (size_t u = 0; u < 3; u++) {
        struct nr_user *user = nr_world_user(w, (const char *[]){"u1", "u2", "!first"}[u]);
        nr_set_tags(&user->mem, &user->blocks[NR_BLOCK_TAGS], "genre:x=1");
        nr_set_watched(user, u ? "c d" : "c");
    }
}

static void names_are(const struct nr_world *w, const char *const *names, size_t count)
{
    assert_int_equal(w->rankings.count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(w->rankings.rankings[i].user_id, names[i]);
}

static void some_users(void **state)
{
    static const char *ids[] = {"a stranger", "u2", "zz"};
    const struct nr_strings chosen = {ids, 3}, nobody = {NULL, 0};
    struct nr_world w;
    (void)state;
    begin(&w);
    w.params.lists.users = &chosen;
    assert_int_equal(nr_world_rank(&w, 2), NR_OK);
    names_are(&w, (const char *const[]){"a stranger", "u2", "zz"}, 3);
    assert_string_equal(nr_world_list(&w, "u2"), "b a");
    assert_string_equal(nr_world_list(&w, "zz"), "c d a b"); /* by popularity, of all users */
    assert_string_equal(w.rankings.rankings[2].model, "popularity");
    assert_float_equal(w.rankings.rankings[2].items[1].score, 2.0 / 3, 0);
    assert_int_equal(w.tally.users, 3);
    assert_int_equal(w.tally.fallbacks, 2);
    w.params.lists.users = &nobody;
    assert_int_equal(nr_world_rank(&w, 2), NR_OK);
    assert_int_equal(w.rankings.count, 0);
    nr_world_release(&w);
}

static void anybody(void **state)
{
    static const char *ids[] = {"*", "u1"};
    const struct nr_strings chosen = {ids, 2};
    struct nr_world w;
    (void)state;
    begin(&w);
    w.params.lists.anonymous = true;
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    names_are(&w, (const char *const[]){"!first", "*", "u1", "u2"}, 4);
    assert_string_equal(nr_world_list(&w, "*"), "c d a b");
    w.params.lists.users = &chosen; /* once, also where it is asked for twice */
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    names_are(&w, (const char *const[]){"*", "u1"}, 2);
    w.params.lists.anonymous = false;
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    names_are(&w, (const char *const[]){"*", "u1"}, 2);
    nr_world_release(&w);
}

/* Interests that were declared for anybody are those of people without a record. */
static void anybody_by_interests(void **state)
{
    static const char *ids[] = {"new"};
    const struct nr_strings chosen = {ids, 1};
    struct nr_world w;
    (void)state;
    begin(&w);
    struct nr_user *user = nr_world_user(&w, "*");
    nr_set_tags(&user->mem, &user->blocks[NR_BLOCK_TAGS], "genre:y=1");
    w.params.lists.users = &chosen;
    w.params.lists.anonymous = true;
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    names_are(&w, (const char *const[]){"*", "new"}, 2);
    assert_string_equal(nr_world_list(&w, "*"), "a c b d");
    assert_string_equal(nr_world_list(&w, "new"), "a c b d");
    assert_string_equal(w.rankings.rankings[1].model, "content");
    nr_world_release(&w);
}

static void nobody_at_all(void **state)
{
    struct nr_world w;
    (void)state;
    nr_world_init(&w);
    nr_world_item(&w, "only");
    w.params.lists.anonymous = true;
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    names_are(&w, (const char *const[]){"*"}, 1);
    assert_string_equal(nr_world_list(&w, "*"), "only");
    assert_float_equal(w.rankings.rankings[0].items[0].score, 0, 0); /* no users: no shares */
    assert_float_equal(w.rankings.rankings[0].items[0].probability, 1, 0);
    nr_world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(some_users),
        cmocka_unit_test(anybody),
        cmocka_unit_test(anybody_by_interests),
        cmocka_unit_test(nobody_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
