/* test_rankers.c - models over tags and over other models, and their files. */
#include <math.h>

#include "support/support.h"

#include "nightreel/interest_trained.h"

enum { USERS = 60, ITEMS = 40, GENRES = 4 };

/* Users of a kind like the videos of one genre, and every other one of the next. */
static void make_world(struct nr_item_list *items, struct nr_pairs *pairs, size_t users)
{
    static char ids[ITEMS][8], names[USERS][8];
    static const char *const genres[GENRES] = {"genre:a", "genre:b", "genre:c", "genre:d"};
    const char *list[ITEMS];
    struct nr_event_log log = {0};
    *items = (struct nr_item_list){0};
    for (size_t i = 0; i < ITEMS; i++) {
        struct nr_item *item;
        assert_int_equal(nr_item_list_add(items, &item, NULL), NR_OK);
        snprintf(ids[i], sizeof ids[i], "v%02u", (unsigned)i % 100);
        item->video_id = list[i] = ids[i];
        struct nr_terms *terms = &item->blocks[NR_BLOCK_TAGS].terms;
        terms->items = nr_arena_alloc(&item->mem, 1, sizeof *terms->items);
        terms->items[0] = (struct nr_term){genres[i % GENRES], 1};
        terms->count = 1;
    }
    for (size_t u = 0; u < users; u++)
        for (size_t i = 0; i < ITEMS; i++) {
            uint64_t drawn = nr_splitmix64(u * 100 + i) % 10;
            bool likes = i % GENRES == u % GENRES ? drawn < 8 : i % GENRES == (u + 1) % GENRES && drawn < 4;
            snprintf(names[u], sizeof names[u], "u%02u", (unsigned)u % 100);
            const struct nr_event event = {.user_id = names[u],
                                           .video_id = ids[i],
                                           .action = NR_ACTION_VIEW,
                                           .value = NAN,
                                           .watch_seconds = NAN,
                                           .time = (int64_t)(nr_splitmix64(i * 100 + u) % 1000000)};
            if (likes)
                assert_int_equal(nr_event_log_add(&log, &event, NULL), NR_OK);
        }
    assert_int_equal(nr_pairs_make(&log, NULL, NULL, list, ITEMS, pairs, NULL), NR_OK);
    nr_event_log_release(&log);
}

static struct nr_trained *train(const char *name, const struct nr_item_list *items, struct nr_pairs *pairs,
                                unsigned threads)
{
    struct nr_model_params params;
    struct nr_trained *trained;
    struct nr_error err = {""};
    nr_model_params_default(&params);
    params.trees.rounds = 20;
    params.trees.min_weight = 1;
    params.ease.lambda = params.ease_recent.lambda = 5;
    params.ials.factors = 8;
    enum nr_status status =
        nr_trained_fit(nr_model_find(name, strlen(name)), &params, pairs, items, threads, &trained, &err);
    if (status)
        fail_msg("%s: %s", name, err.text);
    return trained;
}

static void score(const struct nr_trained *t, size_t user, double *out)
{
    size_t scratch = t->model->scratch ? t->model->scratch(t->state) : 0;
    double *room = calloc(scratch + 1, sizeof *room);
    t->model->score(t->state, user, out, room);
    free(room);
}

/* ---- tags-nb ------------------------------------------------------------------------------ */

static void test_bayes(void **state)
{
    (void)state;
    struct nr_item_list items;
    struct nr_pairs pairs;
    double s[ITEMS], all = 0, with = 0, viewers = 0, own = 0;
    make_world(&items, &pairs, USERS);
    struct nr_trained *t = train("tags-nb", &items, &pairs, 1);
    const struct nr_pairs *p = &t->pairs;
    score(t, 3, s);
    for (size_t i = 0; i < p->starts[p->user_count]; i++) { /* video 6 and genre c, user 3 */
        bool mine = i >= p->starts[3] && i < p->starts[4];
        all++;
        viewers += p->pairs[i].item == 6;
        with += p->pairs[i].item % GENRES == 2;
        own += mine && p->pairs[i].item % GENRES == 2;
    }
    double n = (double)(p->starts[4] - p->starts[3]), share = (with + 0.5) / (all + 1);
    double odds = log((own + 10 * share) / ((n + 10) * share)), prior = log((viewers + 1) / (all + ITEMS));
    nr_assert_near(s[6], prior + odds, 1e-12);
    assert_true(odds < 0); /* user 3 likes d and a: c speaks against */
    struct nr_arena mem = {0};
    struct nr_model_parts parts;
    double room[GENRES];
    const uint32_t item = 6;
    assert_int_equal(t->model->parts(t->state, 3, &item, 1, room, &mem, &parts, NULL), NR_OK);
    assert_int_equal(parts.count, 2);
    assert_string_equal(parts.items[1].name, "genre:c");
    nr_assert_near(parts.items[1].value, odds, 1e-12);
    nr_arena_release(&mem);
    nr_trained_free(t);
    nr_item_list_release(&items);
}

/* ---- rankers --------------------------------------------------------------------------------- */

static void check_parts(const struct nr_trained *t, size_t user, const double *s)
{
    uint32_t listed[ITEMS];
    size_t count = 0;
    struct nr_arena mem = {0};
    struct nr_model_parts parts[ITEMS];
    double *room = calloc(t->model->scratch(t->state) + 1, sizeof *room);
    for (size_t i = 0; i < ITEMS; i++)
        if (s[i] > NR_NO_SCORE)
            listed[count++] = (uint32_t)i;
    assert_true(count > 5);
    assert_int_equal(t->model->parts(t->state, user, listed, count, room, &mem, parts, NULL), NR_OK);
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        for (size_t p = 0; p < parts[i].count; p++)
            sum += parts[i].items[p].value;
        nr_assert_near(sum, s[listed[i]], 1e-9);
    }
    nr_arena_release(&mem);
    free(room);
}

/* Of what users have not watched, their own kind comes first. */
static void check_taste(const struct nr_trained *t, size_t user, const double *s)
{
    double kind[GENRES] = {0}, count[GENRES] = {0};
    for (size_t i = 0; i < ITEMS; i++)
        if (s[i] > NR_NO_SCORE) {
            kind[i % GENRES] += s[i];
            count[i % GENRES]++;
        }
    size_t own = user % GENRES, other = (user + 2) % GENRES;
    if (count[own] > 0 && count[other] > 0 && t->pairs.starts[user + 1] > t->pairs.starts[user])
        assert_true(kind[own] / count[own] > kind[other] / count[other]);
}

/* Lines "share% of the trees' gain: feature", the greatest first: together all of it. */
static void check_importance(const char *text)
{
    double sum = 0, last = 100;
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        double share = strtod(line, NULL);
        if (!strstr(line, "of the trees' gain") || strcspn(line, "\n") < (size_t)(strstr(line, "gain") - line))
            continue;
        assert_true(share <= last);
        last = share;
        sum += share;
    }
    nr_assert_near(sum, 100, 2); /* rounded to tenths */
}

static void check_ranker(const char *name)
{
    struct nr_item_list items, again_items;
    struct nr_pairs pairs, again_pairs;
    make_world(&items, &pairs, USERS);
    make_world(&again_items, &again_pairs, USERS);
    struct nr_trained *one = train(name, &items, &pairs, 1), *two = train(name, &again_items, &again_pairs, 2), *read;
    struct nr_error err = {""};
    const char *path = nr_scratch_path(name);
    assert_int_equal(nr_trained_write(one, path, &err), NR_OK);
    if (nr_trained_read(path, &items, 2, &read, &err))
        fail_msg("%s", err.text);
    for (size_t u = 0; u < USERS; u += 7) {
        double s[ITEMS], other[ITEMS];
        score(one, u, s);
        score(two, u, other);
        assert_memory_equal(s, other, sizeof s);
        score(read, u, other);
        assert_memory_equal(s, other, sizeof s);
        check_parts(one, u, s);
        check_taste(one, u, s);
    }
    struct nr_buf text = {0};
    one->model->tell(one->state, &text);
    assert_non_null(strstr(text.data, "item-knn"));
    if (strcmp(name, "logistic") != 0)
        check_importance(text.data);
    nr_buf_release(&text);
    nr_trained_free(one);
    nr_trained_free(two);
    nr_trained_free(read);
    nr_item_list_release(&items);
    nr_item_list_release(&again_items);
}

static void test_logistic(void **state)
{
    (void)state;
    check_ranker("logistic");
}

static void test_trees(void **state)
{
    (void)state;
    check_ranker("trees");
}

static void test_hybrid(void **state)
{
    (void)state;
    check_ranker("hybrid");
}

static void test_too_little(void **state)
{
    (void)state;
    static const char *const rankers[] = {"logistic", "trees", "hybrid"};
    for (size_t r = 0; r < NR_COUNT(rankers); r++) {
        struct nr_item_list items;
        struct nr_pairs pairs;
        struct nr_model_params params;
        struct nr_trained *trained;
        struct nr_error err = {""};
        nr_model_params_default(&params);
        make_world(&items, &pairs, 0);
        assert_int_equal(
            nr_trained_fit(nr_model_find(rankers[r], strlen(rankers[r])), &params, &pairs, &items, 1, &trained, &err),
            NR_ERR_DATA);
        assert_non_null(strstr(err.text, rankers[r]));
        assert_non_null(strstr(err.text, "too little behaviour"));
        nr_trained_free(trained);
        nr_item_list_release(&items);
    }
}

/* ---- files -------------------------------------------------------------------------------------- */

static void try_file(const char *text, const struct nr_item_list *items, const char *expected)
{
    const char *path = nr_scratch_puts("bad.model", text);
    struct nr_trained *trained;
    struct nr_error err = {""};
    assert_int_equal(nr_trained_read(path, items, 1, &trained, &err), NR_ERR_DATA);
    if (!strstr(err.text, expected))
        fail_msg("'%s' has no '%s'", err.text, expected);
    nr_trained_free(trained);
}

#define HEAD "{\"nightreel_model\":1,\"model\":\"ease\",\"items\":2,\"users\":1,\"params\":{}}\n"
#define IDS  "{\"items\":[\"a\",\"b\"]}\n"

static void test_bad_files(void **state)
{
    (void)state;
    struct nr_item_list none = {0};
    try_file("", &none, "ends after line 0");
    try_file("user_id,video_id\n", &none, "line 1: no JSON");
    try_file("{\"video_id\":\"a\"}\n", &none, "no file of profile --model-out");
    try_file("{\"nightreel_model\":1,\"model\":\"wish\"}\n", &none, "a model that is not known");
    try_file("{\"nightreel_model\":1,\"model\":\"ease\",\"params\":{\"ease-lambda\":-1},\"items\":1,\"users\":1}\n",
             &none, "parameters");
    try_file("{\"nightreel_model\":1,\"model\":\"ease\",\"params\":{},\"items\":-1,\"users\":1}\n", &none, "numbers");
    try_file(HEAD "{\"items\":[\"b\",\"a\"]}\n", &none, "line 2: items are not in the order");
    try_file(HEAD "{\"items\":[\"a\"]}\n", &none, "not as many items");
    try_file(HEAD IDS, &none, "ends after line 2");
    try_file(HEAD IDS "{\"user\":\"u\",\"items\":[2],\"times\":[1]}\n", &none, "line 3: an item or a time");
    try_file(HEAD IDS "{\"user\":\"u\",\"items\":[1],\"times\":[]}\n", &none, "line 3: a user without");
    try_file(HEAD IDS "{\"user\":\"u\",\"items\":[1],\"times\":[1]}\n", &none, "ends after line 3");
    try_file("{\"nightreel_model\":1,\"model\":\"trees\",\"items\":2,\"users\":1,\"params\":{}}\n" IDS
             "{\"user\":\"u\",\"items\":[1],\"times\":[1]}\n{\"learned\":{\"features\":[\"taste\"]}}\n",
             &none, "feature 1 is 'taste'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bayes),  cmocka_unit_test(test_logistic),   cmocka_unit_test(test_trees),
        cmocka_unit_test(test_hybrid), cmocka_unit_test(test_too_little), cmocka_unit_test(test_bad_files),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
