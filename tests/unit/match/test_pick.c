/* test_pick.c - lists by maximal marginal relevance, caps, near-duplicates. */
#include <math.h>

#include "support/matching.h"

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

/* ---- caps and near-duplicates against their definition ------------------------------------------ */

enum { VIDEOS = 1400, USERS = 9, LENGTH = 12, K = 7 };

/* Authors and series of uneven sizes; one in five is another one's copy with a little noise;
 * some users have no blocks, some little. */
static void make_world(struct nr_world *w)
{
    static const char *const genres[] = {"a", "b", "c", "d"}, *const blocks[] = {"genre:a=1", "genre:b=1 genre:c=1"};
    struct nr_random random = {77};
    char text[32];
    nr_world_init(w);
    for (size_t i = 0; i < VIDEOS; i++) {
        snprintf(text, sizeof text, "v%04zu", i);
        struct nr_item *item = nr_world_item(w, text);
        snprintf(text, sizeof text, "author %zu", nr_random_below(&random, 1 + nr_random_below(&random, 9)));
        if (i % 311)
            nr_set_extra(item, "author", text);
        item->tags = (struct nr_strings){nr_arena_alloc(&item->mem, 2, sizeof(char *)), i % 283 ? 1 + i % 2 : 0};
        item->tags.items[0] = genres[nr_random_below(&random, 4)];
        item->tags.items[1] = "second";
        if (i % 7)
            nr_set_dense(&item->mem, &item->blocks[NR_BLOCK_VISUAL], LENGTH, i % 5 ? i : i / 40);
        if (i % 3)
            nr_set_tags(&item->mem, &item->blocks[NR_BLOCK_TAGS], blocks[i % 2]);
        if (i % 50 == 3)
            item->file = "same.mp4";
    }
    for (size_t u = 0; u < USERS; u++) {
        snprintf(text, sizeof text, "u%zu", u);
        struct nr_user *user = nr_world_user(w, text);
        if (u % 4)
            nr_set_dense(&user->mem, &user->blocks[NR_BLOCK_VISUAL], LENGTH, 9000 + u);
        if (u % 3 == 1)
            nr_set_tags(&user->mem, &user->blocks[NR_BLOCK_TAGS], blocks[0]);
        nr_set_watched(user, "v0001 v0100 v0777");
    }
    w->params.k = K;
}

static const struct nr_item *find_item(const struct nr_world *w, const char *id)
{
    return &w->items.items[atoi(id + 1)];
}

static const char *author_of(const struct nr_item *item)
{
    return item->extra_count ? item->extra[0].value : NULL;
}

static bool shares(const struct nr_item *item, const struct nr_item *with, const struct nr_cap *cap)
{
    if (*cap->column == 'a')
        return author_of(item) && author_of(with) && strcmp(author_of(item), author_of(with)) == 0;
    fail_msg("no such cap");
    return false;
}

static double alike(const struct nr_item *a, const struct nr_item *b, bool *content)
{
    double sum = 0;
    int blocks = 0;
    const struct nr_block *left = a->blocks, *right = b->blocks;
    *content = left[NR_BLOCK_VISUAL].length && right[NR_BLOCK_VISUAL].length;
    for (size_t i = 0; *content && i < LENGTH; i++)
        sum += (double)left[NR_BLOCK_VISUAL].values[i] * right[NR_BLOCK_VISUAL].values[i];
    blocks += *content;
    if (left[NR_BLOCK_TAGS].terms.count && right[NR_BLOCK_TAGS].terms.count) {
        sum += nr_terms_dot(&left[NR_BLOCK_TAGS].terms, &right[NR_BLOCK_TAGS].terms);
        blocks++;
    }
    return blocks ? sum / blocks : 0;
}

/* Whether the caps let a video in, in the words of the header; one file is one video. */
static bool fits(const struct nr_world *w, const struct nr_item **list, size_t count, const struct nr_item *item)
{
    const struct nr_list_params *lists = &w->params.lists;
    for (size_t c = 0; c < lists->cap_count; c++) {
        const struct nr_cap *cap = &lists->caps[c];
        for (size_t t = 0; *cap->column == 'g' && t < item->tags.count; t++) {
            size_t same = 0;
            for (size_t i = 0; i < count; i++)
                same += nr_strings_contain(&list[i]->tags, item->tags.items[t]);
            if (same >= cap->most)
                return false;
        }
        size_t same = 0;
        for (size_t i = 0; *cap->column != 'g' && i < count; i++)
            same += shares(item, list[i], cap);
        if (same >= cap->most)
            return false;
    }
    for (size_t i = 0; i < count && !isnan(lists->duplicates_above); i++)
        if (item->file && list[i]->file)
            return false;
    return true;
}

static bool is_new(const struct nr_world *w, const struct nr_item **list, size_t count, const struct nr_item *item)
{
    for (size_t i = 0; i < count && !isnan(w->params.lists.duplicates_above); i++) {
        bool content;
        double mean = alike(item, list[i], &content);
        if (content && mean > w->params.lists.duplicates_above + 1e-6)
            return false;
    }
    return true;
}

/* The best of the pool that may be taken: its place in the ranking. */
static size_t find_best(const struct nr_world *w, const struct nr_ranking *ranking, const bool *in_pool,
                        const struct nr_item **list, size_t count)
{
    double mmr = w->params.mmr, most = -INFINITY;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < ranking->count; i++) {
        const struct nr_item *item = find_item(w, ranking->items[i].video_id);
        double nearest = count ? -INFINITY : 0;
        bool content;
        if (!in_pool[i] || !fits(w, list, count, item) || !is_new(w, list, count, item))
            continue;
        for (size_t p = 0; p < count; p++)
            nearest = fmax(nearest, alike(item, list[p], &content));
        double value = mmr * ranking->items[i].score - (1 - mmr) * nearest;
        if (value > most + 1e-12) {
            most = value;
            best = i;
        }
    }
    return best;
}

/* The list from the whole ranking, pool by pool. */
static size_t slow_list(const struct nr_world *w, const struct nr_ranking *ranking, const struct nr_item **list)
{
    size_t count = 0;
    bool *in_pool = malloc(ranking->count * sizeof *in_pool);
    for (size_t at = 0; at < ranking->count;) {
        memset(in_pool, 0, ranking->count * sizeof *in_pool);
        for (size_t pool = 0; at < ranking->count && pool < (size_t)NR_MMR_POOL * K; at++) {
            in_pool[at] = fits(w, list, count, find_item(w, ranking->items[at].video_id));
            pool += in_pool[at];
        }
        for (size_t best; count < K && (best = find_best(w, ranking, in_pool, list, count)) != SIZE_MAX;) {
            in_pool[best] = false;
            list[count++] = find_item(w, ranking->items[best].video_id);
        }
    }
    free(in_pool);
    return count;
}

static void check_lists(struct nr_world *w, const struct nr_ranking_list *whole, size_t *deep, size_t *short_ones)
{
    for (size_t u = 0; u < USERS; u++) {
        const struct nr_item *list[K];
        const struct nr_ranking *ranking = &w->rankings.rankings[u];
        size_t count = slow_list(w, &whole->rankings[u], list);
        assert_int_equal(ranking->count, count);
        *short_ones += count < K;
        for (size_t i = 0; i < count; i++)
            assert_string_equal(ranking->items[i].video_id, list[i]->video_id);
    }
    *deep += w->tally.rescanned;
}

static void lists_equal_their_definition(void **state)
{
    static const struct {
        double mmr, above;
        const char *caps;
    } cases[] = {
        {1, NAN, "author=1"},  {1, NAN, "author=2,genre=3"},   {1, 0.9, "none"},
        {1, 1, "none"},        {1, 0.5, "author=1"},           {0.6, NAN, "author=1"},
        {0.6, 0.8, "none"},    {0.3, 0.6, "author=2,genre=2"}, {1, -1, "none"},
        {0.5, NAN, "genre=1"}, {1, 0.01, "author=1,genre=1"},
    };
    struct nr_world w;
    struct nr_ranking_list whole;
    size_t deep = 0, short_ones = 0;
    (void)state;
    make_world(&w);
    w.params.k = VIDEOS;
    assert_int_equal(nr_world_rank(&w, 2), NR_OK);
    whole = w.rankings;
    w.rankings = (struct nr_ranking_list){0};
    w.params.k = K;
    for (size_t c = 0; c < NR_COUNT(cases); c++) {
        w.params.mmr = cases[c].mmr;
        w.params.lists.duplicates_above = cases[c].above < 0 ? NAN : cases[c].above;
        assert_int_equal(nr_match_params_set_caps(&w.params, cases[c].caps, NULL), NR_OK);
        assert_int_equal(nr_world_rank(&w, 1 + (unsigned)c % 3), NR_OK);
        check_lists(&w, &whole, &deep, &short_ones);
    }
    assert_true(deep > USERS); /* lists that go beyond their pool */
    assert_true(short_ones > 0);
    nr_ranking_list_release(&whole);
    nr_world_release(&w);
}

/* Chances and scores are those of the candidates, whatever a list may hold. */
static void caps_change_no_number(void **state)
{
    struct nr_world w;
    struct nr_ranking_list plain;
    size_t met = 0;
    (void)state;
    make_world(&w);
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    plain = w.rankings;
    w.rankings = (struct nr_ranking_list){0};
    assert_int_equal(nr_match_params_set_caps(&w.params, "author=1", NULL), NR_OK);
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    for (size_t u = 0; u < USERS; u++)
        for (size_t i = 0; i < w.rankings.rankings[u].count; i++)
            for (size_t j = 0; j < plain.rankings[u].count; j++) {
                const struct nr_ranked *now = &w.rankings.rankings[u].items[i], *then = &plain.rankings[u].items[j];
                if (strcmp(now->video_id, then->video_id) != 0)
                    continue;
                met++;
                assert_float_equal(now->score, then->score, 0);
                assert_float_equal(now->probability, then->probability, 1e-12);
            }
    assert_true(met >= USERS);
    nr_ranking_list_release(&plain);
    nr_world_release(&w);
}

/* As long as caps let it be, and with videos that have no value. */
static void caps_alone(void **state)
{
    static const char *const authors[] = {"x", "x", "x", "y", NULL, NULL};
    struct nr_world w;
    char id[2] = "a";
    (void)state;
    nr_world_init(&w);
    for (size_t i = 0; i < NR_COUNT(authors); i++, id[0]++) {
        struct nr_item *item = nr_world_item(&w, id);
        if (authors[i])
            nr_set_extra(item, "author", authors[i]);
    }
    nr_world_user(&w, "u");
    static const char *const lists[] = {"a d e f", "a b d e f", "a b c d e f"};
    for (size_t most = 1; most <= 3; most++) {
        assert_int_equal(nr_match_params_set_caps(
                             &w.params, (const char *const[]){"author=1", "author=2", "author=3"}[most - 1], NULL),
                         NR_OK);
        assert_int_equal(nr_world_rank(&w, 1), NR_OK);
        assert_string_equal(nr_world_list(&w, "u"), lists[most - 1]);
    }
    nr_world_release(&w);
}

/* The same file under two names: size, histogram and MFCC say so; a byte more, and it is another. */
static void same_media(void **state)
{
    struct nr_world w;
    (void)state;
    nr_world_init(&w);
    for (int i = 0; i < 4; i++) {
        struct nr_item *item = nr_world_item(&w, (const char *[]){"a", "b", "c", "d"}[i]);
        item->media = nr_arena_alloc(&item->mem, 1, sizeof *item->media);
        item->visual = nr_arena_alloc(&item->mem, 1, sizeof *item->visual);
        item->media->bytes = i == 2 ? 1001 : 1000;
        item->visual->histogram[0] = 0.25F;
    }
    w.items.items[3].visual->histogram[5] = 0.5F;
    nr_world_user(&w, "u");
    w.params.lists.duplicates_above = 1;
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    assert_string_equal(nr_world_list(&w, "u"), "a c d");
    w.params.lists.duplicates_above = NAN;
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    assert_string_equal(nr_world_list(&w, "u"), "a b c d");
    nr_world_release(&w);
}

/* Over tags and words alone nothing is a near-duplicate. */
static void tags_are_no_content(void **state)
{
    struct nr_world w;
    (void)state;
    nr_world_init(&w);
    for (int i = 0; i < 3; i++) {
        struct nr_item *item = nr_world_item(&w, (const char *[]){"a", "b", "c"}[i]);
        nr_set_tags(&item->mem, &item->blocks[NR_BLOCK_TAGS], "genre:x=1");
        if (i < 2)
            nr_set_dense(&item->mem, &item->blocks[NR_BLOCK_AUDIO], 4, 1);
        nr_set_dense(&item->mem, &item->blocks[NR_BLOCK_TEXT], 4, 1);
    }
    nr_world_user(&w, "u");
    w.params.lists.duplicates_above = 0.99;
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    assert_string_equal(nr_world_list(&w, "u"), "a c");
    nr_world_release(&w);
}

/* A model that knows "u" and has scores for a, b, c, d: 4, 3, 2, 1. */
static bool knows(const void *ctx, const char *user_id)
{
    (void)ctx;
    return strcmp(user_id, "u") == 0;
}

static void score(const void *ctx, const char *user_id, double *scores, double *scratch)
{
    const struct nr_world *w = ctx;
    (void)user_id;
    (void)scratch;
    for (size_t i = 0; i < w->items.count; i++)
        scores[i] = *w->items.items[i].video_id < 'e' ? 'e' - *w->items.items[i].video_id : -INFINITY;
}

/* A learned model's list, and the popular videos that follow it, keep to the same rules. */
static void lists_of_a_model(void **state)
{
    static const char *const videos[][2] = {{"f", "y"}, {"a", "x"}, {"b", "x"}, {"c", "y"},
                                            {"d", "z"}, {"e", "x"}, {"g", "n"}, {"h", "n"}};
    struct nr_world w;
    (void)state;
    nr_world_init(&w);
    for (size_t i = 0; i < NR_COUNT(videos); i++)
        nr_set_extra(nr_world_item(&w, videos[i][0]), "author", videos[i][1]);
    nr_world_user(&w, "u");
    nr_set_watched(nr_world_user(&w, "v"), "e f h");
    const struct nr_match_source source = {.model = "m", .ctx = &w, .knows = knows, .score = score};
    w.params.source = &source;
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    assert_string_equal(nr_world_list(&w, "u"), "a b c d e f h g");
    assert_int_equal(nr_match_params_set_caps(&w.params, "author=1", NULL), NR_OK);
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    assert_string_equal(nr_world_list(&w, "u"), "a c d h");
    assert_false(w.rankings.rankings[0].items[2].filled);
    assert_true(w.rankings.rankings[0].items[3].filled);
    w.params.k = 1; /* the pool is small; "a" is watched, the rest is found behind */
    nr_set_watched(&w.users.users[0], "a b c d");
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    assert_string_equal(nr_world_list(&w, "u"), "e");
    nr_set_extra(&w.items.items[5], "prerequisites", "g"); /* e waits */
    w.params.candidates.course_order = true;
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    assert_string_equal(nr_world_list(&w, "u"), "f");
    w.params.mmr = 0.5;
    w.params.lists.duplicates_above = 0.9;
    w.params.k = 9;
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    assert_string_equal(nr_world_list(&w, "u"), "f h");
    nr_world_release(&w);
}

static void wrong_caps(void **state)
{
    static const struct {
        const char *caps, *message;
    } wrong[] = {
        {"", "is not COLUMN=N"},
        {"author", "'author' is not COLUMN=N"},
        {"author=", "is not COLUMN=N"},
        {"=2", "'=2' is not COLUMN=N"},
        {"author=two", "is not COLUMN=N"},
        {"author=0", "must be at least 1"},
        {"author=2,", "is not COLUMN=N"},
        {"author=2,AUTHOR=3", "is there twice"},
        {"a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1", "more than 8 columns"},
    };
    static const double numbers[] = {0, -1, 1.01, INFINITY};
    struct nr_world w;
    (void)state;
    make_world(&w);
    for (size_t i = 0; i < NR_COUNT(wrong); i++) {
        assert_int_equal(nr_match_params_set_caps(&w.params, wrong[i].caps, &w.err), NR_ERR_USAGE);
        assert_non_null(strstr(w.err.text, wrong[i].message));
    }
    assert_int_equal(nr_match_params_set_caps(&w.params, "series=2", NULL), NR_OK);
    assert_int_equal(nr_world_rank(&w, 1), NR_ERR_USAGE);
    assert_non_null(strstr(w.err.text, "--max-per: no column is called 'series' (there are: video_id, "));
    w.params.lists.caps_optional = true; /* as a preset says it */
    assert_int_equal(nr_world_rank(&w, 1), NR_OK);
    assert_int_equal(nr_match_params_set_caps(&w.params, "duration=2", NULL), NR_OK);
    assert_int_equal(nr_world_rank(&w, 1), NR_ERR_USAGE);
    assert_non_null(strstr(w.err.text, "holds numbers, not names"));
    for (size_t i = 0; i < NR_COUNT(numbers); i++) {
        w.params.lists.duplicates_above = numbers[i];
        assert_non_null(strstr(nr_match_params_check(&w.params), "--duplicates-above"));
    }
    nr_world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(wrong_caps),
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_scores_stay),
        cmocka_unit_test(lists_equal_their_definition),
        cmocka_unit_test(caps_change_no_number),
        cmocka_unit_test(caps_alone),
        cmocka_unit_test(same_media),
        cmocka_unit_test(tags_are_no_content),
        cmocka_unit_test(lists_of_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
