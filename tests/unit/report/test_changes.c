/* test_changes.c - two nights' lists against closed forms. */
#include "support/support.h"

#include "nightreel/report_changes.h"

/* A list of one-letter videos. */
static void add_list(struct nr_ranking_list *list, const char *user, const char *videos)
{
    struct nr_ranking *ranking;
    assert_int_equal(nr_ranking_list_add(list, &ranking, NULL), NR_OK);
    ranking->user_id = user;
    ranking->count = strlen(videos);
    ranking->items = nr_arena_alloc(&ranking->mem, ranking->count, sizeof *ranking->items);
    for (size_t i = 0; i < ranking->count; i++)
        ranking->items[i].video_id = nr_arena_strndup(&ranking->mem, videos + i, 1);
}

struct nights {
    struct nr_ranking_list before, now;
    struct nr_changes changes;
};

static void nights_release(struct nights *nights)
{
    nr_changes_release(&nights->changes);
    nr_ranking_list_release(&nights->before);
    nr_ranking_list_release(&nights->now);
}

/* The rbo of two lists; the overlap, too. */
static double rbo(const char *before, const char *now, double p, size_t k, double *overlap)
{
    struct nights nights = {.changes = {.count = 0}};
    struct nr_changes_params params = {.k = k, .p = p};
    add_list(&nights.before, "u", before);
    add_list(&nights.now, "u", now);
    assert_int_equal(nr_changes_make(&params, &nights.before, &nights.now, &nights.changes, NULL), NR_OK);
    double found = nights.changes.users[0].rbo;
    *overlap = nights.changes.users[0].overlap;
    assert_true(nights.changes.rbo == found && nights.changes.overlap == *overlap);
    nights_release(&nights);
    return found;
}

static void wrong_parameters_are_named(void **state)
{
    struct nr_changes_params params;
    struct nights nights = {.changes = {.count = 0}};
    struct nr_error err;
    (void)state;
    nr_changes_params_default(&params);
    assert_null(nr_changes_params_check(&params));
    add_list(&nights.now, "u", "a");
    add_list(&nights.now, "u", "b");
    assert_int_equal(nr_changes_make(&params, &nights.before, &nights.now, &nights.changes, &err), NR_ERR_DATA);
    assert_string_equal(err.text, "two lists of user 'u' in one file");
    nights_release(&nights);
    nr_changes_release(NULL);
    static const double wrong[] = {0, 1, -1, NAN};
    for (size_t i = 0; i < NR_COUNT(wrong); i++) {
        params.p = wrong[i];
        assert_non_null(nr_changes_params_check(&params));
    }
}

static void measures_have_their_closed_forms(void **state)
{
    double overlap;
    (void)state;
    nr_assert_near(rbo("abcde", "abcde", 0.9, 0, &overlap), 1, 1e-12);
    nr_assert_near(overlap, 1, 0);
    nr_assert_near(rbo("abc", "def", 0.9, 0, &overlap), 0, 0);
    nr_assert_near(overlap, 0, 0);
    nr_assert_near(rbo("ab", "ba", 0.5, 0, &overlap), 0.5, 1e-12); /* 0.25 + 0.25 */
    nr_assert_near(overlap, 1, 0);
    nr_assert_near(rbo("abc", "abcdefgh", 0.8, 0, &overlap), 1, 1e-12); /* all that can agree does */
    nr_assert_near(overlap, 3.0 / 8, 1e-15);
    nr_assert_near(rbo("abcdefgh", "abc", 0.8, 0, &overlap), 1, 1e-12);
    nr_assert_near(rbo("", "", 0.9, 0, &overlap), 1, 0);
    nr_assert_near(overlap, 1, 0);
    nr_assert_near(rbo("", "a", 0.9, 0, &overlap), 0, 0);
    nr_assert_near(rbo("abxy", "bazw", 0.5, 2, &overlap), 0.5, 1e-12); /* the first two alone */
    /* X = 1, 1, 1, 3: 1 (1/2 + 1/2 1/4 + 1/3 1/8 + 3/4 1/16) + 3/4 1/16 */
    nr_assert_near(rbo("abcd", "aedc", 0.5, 0, &overlap), 0.5 + 0.125 + 1.0 / 24 + 3.0 / 64 + 3.0 / 64, 1e-12);
}

static void what_moved_is_listed(void **state)
{
    struct nights nights = {.changes = {.count = 0}};
    struct nr_changes_params params;
    struct nr_buf out = {0};
    (void)state;
    nr_changes_params_default(&params);
    add_list(&nights.before, "u", "abcd");
    add_list(&nights.before, "gone", "a");
    add_list(&nights.before, "same", "ab");
    add_list(&nights.now, "new", "a");
    add_list(&nights.now, "same", "ab");
    add_list(&nights.now, "u", "bxad");
    assert_int_equal(nr_changes_make(&params, &nights.before, &nights.now, &nights.changes, NULL), NR_OK);
    const struct nr_changes *c = &nights.changes;
    assert_int_equal(c->count, 4);
    assert_true(c->both == 2 && c->came == 1 && c->gone == 1 && c->unchanged == 1);
    assert_true(c->entered == 1 && c->left == 1 && c->up == 1 && c->down == 1);
    nr_assert_near(c->overlap, (1 + 0.75) / 2, 1e-15);
    for (size_t i = 0; i < c->count; i++)
        nr_changes_put_user(&c->users[i], &out);
    nr_changes_put_summary(c, &out);
    assert_string_equal(out.data, "gone  has no list any more\n"
                                  "new  is new\n"
                                  "u  overlap 0.75, rbo 0.65\n"
                                  "  up      1. b  (was 2)\n"
                                  "  in      2. x\n"
                                  "  down    3. a  (was 1)\n"
                                  "  out        c  (was 3)\n"
                                  "2 users in both files, 1 of them unchanged; 1 new, 1 gone\n"
                                  "overlap 0.8750, rbo (p 0.9) 0.8229; 1 in, 1 out, 1 up, 1 down\n");
    nr_buf_release(&out);
    nights_release(&nights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_parameters_are_named),
        cmocka_unit_test(measures_have_their_closed_forms),
        cmocka_unit_test(what_moved_is_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
