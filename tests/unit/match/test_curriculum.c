/* test_curriculum.c - videos that wait for others, and levels. */
#include "support/matching.h"

/* id, then columns and values. */
static struct nr_item *add(struct nr_world *w, const char *id, const char *const *fields)
{
    struct nr_item *item = nr_world_item(w, id);
    for (; fields[0]; fields += 2)
        nr_set_extra(item, fields[0], fields[1]);
    return item;
}
#define ADD(world, id, ...) add(world, id, (const char *const[]){__VA_ARGS__, NULL})

static const char *list(struct nr_world *w, const char *watched)
{
    nr_set_watched(&w->users.users[0], watched);
    if (nr_world_rank(w, 1))
        fail_msg("%s", w->err.text);
    return nr_world_list(w, "u");
}

/* Go: 1, 2a and 2b, 3; C: 1, 2; one video beside. */
static void begin(struct nr_world *w)
{
    nr_world_init(w);
    ADD(w, "beside", "x", "y");
    ADD(w, "c1", "course", "C", "lesson", "1");
    ADD(w, "c2", "course", "C", "lesson", "2");
    ADD(w, "g1", "course", "Go", "lesson", "1");
    ADD(w, "g2a", "course", "Go", "lesson", "2");
    ADD(w, "g2b", "course", "Go", "lesson", "02.0");
    ADD(w, "g3", "course", "Go", "lesson", "10");
    nr_world_user(w, "u");
    w->params.candidates.course_order = true;
    w->params.k = 20;
}

static void lessons(void **state)
{
    struct nr_world w;
    (void)state;
    begin(&w);
    assert_string_equal(list(&w, ""), "beside c1 g1");
    assert_string_equal(list(&w, "g1"), "beside c1 g2a g2b");
    assert_string_equal(list(&w, "g1 g2b"), "beside c1 g2a g3"); /* one of the lesson is enough */
    assert_string_equal(list(&w, "g2a"), "beside c1 g1 g3");
    assert_string_equal(list(&w, "g3"), "beside c1 g1");
    assert_string_equal(list(&w, "c1 -g1"), "beside c2"); /* disliked: not completed */
    w.params.include_watched = true;
    assert_string_equal(list(&w, "c1 -g1"), "c1 beside c2 g1"); /* c1 is liked */
    w.params.include_watched = false;
    w.params.candidates.course_order = false;
    assert_string_equal(list(&w, ""), "beside c1 c2 g1 g2a g2b g3");
    nr_world_release(&w);
}

/* What nobody may watch any more holds nobody up. */
static void lessons_that_are_gone(void **state)
{
    static const char *denied[] = {"g2a", "g2b"};
    const struct nr_strings deny = {denied, 2};
    struct nr_world w;
    (void)state;
    begin(&w);
    w.params.candidates.deny = &deny;
    assert_string_equal(list(&w, "g1"), "beside c1 g3");
    assert_string_equal(list(&w, "g2a"), "beside c1 g1");
    nr_world_release(&w);
}

static void prerequisites(void **state)
{
    struct nr_world w;
    (void)state;
    begin(&w);
    ADD(&w, "p1", "prerequisites", "c1、g1");
    ADD(&w, "p2", "prerequisites", "p1, p1; nowhere", "course", "Go", "lesson", "11");
    ADD(&w, "p3", "prerequisites", "nowhere");
    ADD(&w, "p4", "prerequisites", "p4"); /* waits for itself */
    assert_string_equal(list(&w, ""), "beside c1 g1 p3");
    assert_string_equal(list(&w, "c1"), "beside c2 g1 p3");
    assert_string_equal(list(&w, "c1 g1"), "beside c2 g2a g2b p1 p3");
    assert_string_equal(list(&w, "c1 g3 p1"), "beside c2 g1 p2 p3");
    assert_string_equal(list(&w, "g3"), "beside c1 g1 p3"); /* p2 goes by its prerequisites */
    assert_int_equal(w.tally.notes.doubts[NR_DOUBT_PREREQUISITE].count, 2);
    assert_string_equal(w.tally.notes.doubts[NR_DOUBT_PREREQUISITE].video_id, "p2");
    nr_world_release(&w);
}

static void unreadable_lessons(void **state)
{
    struct nr_world w;
    (void)state;
    begin(&w);
    ADD(&w, "x1", "course", "Go", "lesson", "last");
    ADD(&w, "x2", "course", "Go");
    ADD(&w, "x3", "lesson", "7");
    assert_string_equal(list(&w, ""), "beside c1 g1 x1 x2 x3");
    assert_int_equal(w.tally.notes.doubts[NR_DOUBT_LESSON].count, 1);
    assert_string_equal(w.tally.notes.doubts[NR_DOUBT_LESSON].value, "last");
    assert_false(w.tally.notes.no_course);
    nr_world_release(&w);
    nr_world_init(&w);
    ADD(&w, "v", "course", "Go");
    nr_world_user(&w, "u");
    w.params.candidates.course_order = true;
    assert_string_equal(list(&w, ""), "v");
    assert_true(w.tally.notes.no_course);
    nr_world_release(&w);
}

static void levels(void **state)
{
    static const char *denied[] = {"d3"};
    const struct nr_strings deny = {denied, 1};
    struct nr_world w;
    (void)state;
    nr_world_init(&w);
    ADD(&w, "d1", "difficulty", "初级");
    ADD(&w, "d2", "difficulty", "2");
    ADD(&w, "d2x", "difficulty", "Intermediate");
    ADD(&w, "d3", "difficulty", "advanced");
    ADD(&w, "d35", "difficulty", "3.5");
    ADD(&w, "d4", "difficulty", "4");
    ADD(&w, "none", "x", "y");
    ADD(&w, "odd", "difficulty", "hardish");
    nr_world_user(&w, "u");
    w.params.k = 20;
    w.params.candidates.difficulty_step = 1;
    assert_string_equal(list(&w, ""), "d1 none odd");
    assert_string_equal(list(&w, "d1"), "d2 d2x none odd");
    assert_string_equal(list(&w, "d1 d2"), "d2x d3 none odd");
    assert_string_equal(list(&w, "-d2 none"), "d1 odd");
    assert_string_equal(list(&w, "d3"), "d1 d2 d2x d35 d4 none odd");
    w.params.candidates.deny = &deny; /* what was watched and is gone is known all the same */
    assert_string_equal(list(&w, "d3"), "d1 d2 d2x d35 d4 none odd");
    w.params.candidates.difficulty_step = 2;
    assert_string_equal(list(&w, ""), "d1 d2 d2x none odd");
    w.params.candidates.difficulty_step = 0.5;
    assert_string_equal(list(&w, "d3"), "d1 d2 d2x d35 none odd");
    assert_int_equal(w.tally.notes.doubts[NR_DOUBT_DIFFICULTY].count, 1);
    w.params.candidates.difficulty_step = 0;
    assert_non_null(strstr(nr_match_params_check(&w.params), "--difficulty-step"));
    nr_world_release(&w);
}

/* ---- many videos: the same over tiles, and chances that sum to 1 ----------------------------- */

enum { VIDEOS = 3000, USERS = 40, COURSES = 60 };

static void make_world(struct nr_world *w)
{
    struct nr_random random = {5};
    char text[32];
    nr_world_init(w);
    for (size_t i = 0; i < VIDEOS; i++) {
        snprintf(text, sizeof text, "v%04zu", i);
        struct nr_item *item = nr_world_item(w, text);
        snprintf(text, sizeof text, "%zu", i % COURSES);
        nr_set_extra(item, "course", text);
        snprintf(text, sizeof text, "%zu", nr_random_below(&random, 30));
        nr_set_extra(item, "lesson", text);
        snprintf(text, sizeof text, "%zu", nr_random_below(&random, 5));
        nr_set_extra(item, "difficulty", text);
        nr_set_dense(&item->mem, &item->blocks[NR_BLOCK_TEXT], 8, i);
    }
    for (size_t u = 0; u < USERS; u++) {
        struct nr_buf ids = {0};
        snprintf(text, sizeof text, "u%02zu", u);
        struct nr_user *user = nr_world_user(w, text);
        nr_set_dense(&user->mem, &user->blocks[NR_BLOCK_TEXT], 8, 90000 + u);
        for (size_t i = nr_random_below(&random, 200); i < VIDEOS; i += 1 + nr_random_below(&random, 300))
            nr_buf_printf(&ids, "v%04zu ", i);
        nr_set_watched(user, ids.data);
        nr_buf_release(&ids);
    }
    w->params.k = VIDEOS;
    w->params.candidates.course_order = true;
    w->params.candidates.difficulty_step = 1;
}

static double number_of(const struct nr_item *item, size_t field)
{
    return atof(item->extra[field].value);
}

static bool has_watched(const struct nr_user *user, const char *id)
{
    for (size_t i = 0; i < user->watched_count; i++)
        if (strcmp(user->watched[i].video_id, id) == 0)
            return true;
    return false;
}

/* By video: the next lower lesson of its course; -1: none. */
static void find_before(const struct nr_world *w, double *before)
{
    for (size_t i = 0; i < VIDEOS; i++) {
        before[i] = -1;
        for (size_t j = i % COURSES; j < VIDEOS; j += COURSES) /* its course */
            if (number_of(&w->items.items[j], 1) < number_of(&w->items.items[i], 1))
                before[i] = fmax(before[i], number_of(&w->items.items[j], 1));
    }
}

/* In the words of the header. */
static bool ready_for(const struct nr_world *w, const struct nr_user *user, const struct nr_item *item, double before)
{
    double level = -1;
    bool watched = false;
    for (size_t i = 0; i < user->watched_count; i++) {
        const struct nr_item *seen = &w->items.items[atoi(user->watched[i].video_id + 1)];
        level = fmax(level, number_of(seen, 2));
        watched |= strcmp(seen->extra[0].value, item->extra[0].value) == 0 && number_of(seen, 1) == before;
    }
    return (before < 0 || watched) && number_of(item, 2) <= level + 1;
}

static void many(void **state)
{
    struct nr_world w;
    size_t listed = 0;
    double before[VIDEOS];
    (void)state;
    make_world(&w);
    find_before(&w, before);
    assert_int_equal(nr_world_rank(&w, 2), NR_OK);
    for (size_t u = 0; u < USERS; u++) {
        const struct nr_user *user = &w.users.users[u];
        const struct nr_ranking *ranking = &w.rankings.rankings[u];
        bool in_list[VIDEOS] = {false};
        double sum = 0;
        for (size_t i = 0; i < ranking->count; i++) {
            in_list[atoi(ranking->items[i].video_id + 1)] = true;
            sum += ranking->items[i].probability;
        }
        listed += ranking->count;
        for (size_t i = 0; i < VIDEOS; i += 1 + u % 3) {
            const struct nr_item *item = &w.items.items[i];
            if (in_list[i] != (ready_for(&w, user, item, before[i]) && !has_watched(user, item->video_id)))
                fail_msg("%s and %s", user->user_id, item->video_id);
        }
        nr_assert_near(sum, 1, 1e-12); /* all are listed: the exact terms alone */
    }
    assert_true(listed > USERS * COURSES);
    /* few of them asked for: the same beginnings, and chances over the same candidates */
    struct nr_ranking_list whole = w.rankings;
    w.rankings = (struct nr_ranking_list){0};
    w.params.k = 5;
    assert_int_equal(nr_world_rank(&w, 3), NR_OK);
    for (size_t u = 0; u < USERS; u++)
        for (size_t i = 0; i < 5; i++) {
            assert_string_equal(w.rankings.rankings[u].items[i].video_id, whole.rankings[u].items[i].video_id);
            nr_assert_near(w.rankings.rankings[u].items[i].probability / whole.rankings[u].items[i].probability, 1,
                           2e-5);
        }
    nr_ranking_list_release(&whole);
    nr_world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unreadable_lessons), cmocka_unit_test(lessons), cmocka_unit_test(lessons_that_are_gone),
        cmocka_unit_test(prerequisites),      cmocka_unit_test(levels),  cmocka_unit_test(many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
