/* test_rank.c - rankings against the formula written out in double, and the cases
 * at the edges. */
#include "support/support.h"

#include "nightreel/match.h"

/* ---- building records ------------------------------------------------------------ */

static double noise(uint64_t index)
{
    return (double)(nr_splitmix64(index) >> 11) * 0x1p-53 * 2 - 1;
}

static struct nr_item *add_item(struct nr_item_list *list, const char *id)
{
    struct nr_item *item;
    assert_int_equal(nr_item_list_add(list, &item, NULL), NR_OK);
    item->video_id = nr_arena_strdup(&item->mem, id);
    return item;
}

static struct nr_user *add_user(struct nr_user_list *list, const char *id)
{
    struct nr_user *user;
    assert_int_equal(nr_user_list_add(list, &user, NULL), NR_OK);
    user->user_id = nr_arena_strdup(&user->mem, id);
    return user;
}

/* "name=weight name=weight", already sorted; then norm 1. */
static void set_tags(struct nr_arena *mem, struct nr_block *block, const char *text)
{
    double square = 0;
    block->terms.items = nr_arena_alloc(mem, 64, sizeof *block->terms.items);
    while (*text) {
        const char *equals = strchr(text, '=');
        char *end;
        struct nr_term *term = &block->terms.items[block->terms.count++];
        term->name = nr_arena_strndup(mem, text, (size_t)(equals - text));
        term->weight = strtod(equals + 1, &end);
        square += term->weight * term->weight;
        text = end + strspn(end, " ");
    }
    for (size_t i = 0; i < block->terms.count; i++)
        block->terms.items[i].weight /= sqrt(square);
}

static void set_dense(struct nr_arena *mem, struct nr_block *block, size_t length, uint64_t seed)
{
    double square = 0;
    block->length = length;
    block->values = nr_arena_alloc(mem, length, sizeof *block->values);
    for (size_t i = 0; i < length; i++)
        square += noise(seed * 1000 + i) * noise(seed * 1000 + i);
    for (size_t i = 0; i < length; i++)
        block->values[i] = (float)(noise(seed * 1000 + i) / sqrt(square));
}

static void set_watched(struct nr_user *user, size_t count, const char *const *ids)
{
    user->watched = nr_arena_alloc(&user->mem, count, sizeof *user->watched);
    for (size_t i = 0; i < count; i++)
        user->watched[user->watched_count++] = (struct nr_watched){nr_arena_strdup(&user->mem, ids[i]), 1};
}

struct world {
    struct nr_item_list items;
    struct nr_user_list users;
    struct nr_ranking_list rankings;
    struct nr_match_params params;
    struct nr_match_tally tally;
    struct nr_error err;
};

static void world_init(struct world *world)
{
    *world = (struct world){.tally = {0}};
    nr_match_params_default(&world->params);
}

static void world_release(struct world *world)
{
    nr_item_list_release(&world->items);
    nr_user_list_release(&world->users);
    nr_ranking_list_release(&world->rankings);
}

static enum nr_status rank(struct world *world, unsigned threads)
{
    nr_ranking_list_release(&world->rankings);
    nr_user_list_sort(&world->users);
    return nr_match_rank(&world->params, &world->items, &world->users, threads, &world->rankings, &world->tally,
                         &world->err);
}

/* A few hundred users and some thousand videos with and without each block; many
 * videos share their tags, so that there are ties. */
static void world_random(struct world *world, size_t users, size_t items)
{
    static const char *const tags[] = {"genre:a=1 genre:b=2", "genre:b=1",           "genre:c=3 genre:d=1",
                                       "actor:x=1",           "actor:x=2 genre:a=1", "genre:unheard=1"};
    char id[32];
    world_init(world);
    for (size_t i = 0; i < items; i++) {
        snprintf(id, sizeof id, "v%zu", nr_splitmix64(i) % 100000 * 100000 + i);
        struct nr_item *item = add_item(&world->items, id);
        if (i % 3)
            set_dense(&item->mem, &item->blocks[NR_BLOCK_VISUAL], 24, i);
        if (i % 4)
            set_dense(&item->mem, &item->blocks[NR_BLOCK_TEXT], 40, 500000 + i);
        if (i % 5)
            set_tags(&item->mem, &item->blocks[NR_BLOCK_TAGS], tags[nr_splitmix64(i) % 5]);
    }
    for (size_t u = 0; u < users; u++) {
        snprintf(id, sizeof id, "u%zu", u);
        struct nr_user *user = add_user(&world->users, id);
        if (u % 4 && u % 7)
            set_dense(&user->mem, &user->blocks[NR_BLOCK_VISUAL], 24, 900000 + u);
        if (u % 5 && u % 7)
            set_dense(&user->mem, &user->blocks[NR_BLOCK_TEXT], 40, 950000 + u);
        if (u % 6 && u % 7)
            set_tags(&user->mem, &user->blocks[NR_BLOCK_TAGS], tags[nr_splitmix64(u) % 6]);
        const char *seen[] = {world->items.items[u].video_id, world->items.items[u + 1].video_id};
        bool ordered = strcmp(seen[0], seen[1]) < 0;
        set_watched(user, 2, (const char *[]){seen[!ordered], seen[ordered]});
    }
}

/* ---- the formula, slowly ------------------------------------------------------------ */

struct entry {
    const struct nr_item *item;
    double score, logit;
};

static double tags_dot(const struct nr_terms *a, const struct nr_terms *b)
{
    double sum = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            if (strcmp(a->items[i].name, b->items[j].name) == 0)
                sum += a->items[i].weight * b->items[j].weight;
    return sum;
}

static double slow_dot(const struct nr_block *a, const struct nr_block *b)
{
    double sum = tags_dot(&a->terms, &b->terms);
    for (size_t i = 0; i < a->length && i < b->length; i++)
        sum += (double)a->values[i] * b->values[i];
    return sum;
}

static double slow_score(const struct nr_match_params *params, const struct nr_user *user, const struct nr_item *item)
{
    double sum = 0, weights = 0;
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++) {
        const struct nr_block *mine = &user->blocks[b], *theirs = &item->blocks[b];
        double weight = params->mode == NR_MATCH_WEIGHTED ? params->weights[b] : 1;
        if (!nr_block_present(mine))
            continue;
        double dot = slow_dot(mine, theirs);
        weights += weight;
        sum += weight * (params->similarity == NR_SIMILARITY_COSINE
                             ? dot
                             : 2 * dot - slow_dot(mine, mine) - slow_dot(theirs, theirs));
    }
    return weights > 0 ? sum / weights : 0;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    if (fabs(left->score - right->score) > 1e-13)
        return left->score < right->score ? 1 : -1;
    return strcmp(left->item->video_id, right->item->video_id);
}

static bool watched(const struct nr_user *user, const char *video_id)
{
    for (size_t w = 0; w < user->watched_count; w++)
        if (strcmp(user->watched[w].video_id, video_id) == 0)
            return true;
    return false;
}

static size_t slow_row(const struct world *world, const struct nr_user *user, struct entry *row, double *log_sum)
{
    size_t count = 0;
    double top = -INFINITY, sum = 0;
    for (size_t i = 0; i < world->items.count; i++) {
        const struct nr_item *item = &world->items.items[i];
        if (watched(user, item->video_id))
            continue;
        double score = slow_score(&world->params, user, item);
        bool cosine = world->params.similarity == NR_SIMILARITY_COSINE;
        double logit = world->params.beta * (cosine ? score : -sqrt(fmax(0, -score)));
        row[count++] = (struct entry){item, score, logit};
        top = fmax(top, logit);
    }
    for (size_t i = 0; i < count; i++)
        sum += exp(row[i].logit - top);
    *log_sum = top + log(sum);
    qsort(row, count, sizeof *row, compare_entries);
    return count;
}

static void check_user(const struct world *world, size_t u, struct entry *row)
{
    const struct nr_ranking *ranking = &world->rankings.rankings[u];
    double log_sum;
    size_t count = slow_row(world, &world->users.users[u], row, &log_sum);
    assert_string_equal(ranking->user_id, world->users.users[u].user_id);
    assert_int_equal(ranking->count, count < world->params.k ? count : world->params.k);
    for (size_t i = 0; i < ranking->count; i++) {
        const struct nr_ranked *entry = &ranking->items[i];
        double parts = 0;
        assert_string_equal(entry->video_id, row[i].item->video_id);
        assert_true(fabs(entry->score - row[i].score) < 1e-12);
        assert_true(fabs(entry->probability / exp(row[i].logit - log_sum) - 1) < 2e-5);
        for (size_t p = 0; p < entry->part_count; p++)
            parts += entry->parts[p].value;
        assert_true(fabs(parts - entry->score) < 1e-9);
        assert_false(entry->filled);
    }
}

static void equals_the_formula(void **state)
{
    struct world world;
    (void)state;
    world_random(&world, 300, 2600);
    struct entry *row = calloc(world.items.count, sizeof *row);
    for (int variant = 0; variant < 4; variant++) {
        world.params.similarity = variant & 1 ? NR_SIMILARITY_EUCLIDEAN : NR_SIMILARITY_COSINE;
        world.params.mode = variant & 2 ? NR_MATCH_WEIGHTED : NR_MATCH_CONCAT;
        world.params.weights[NR_BLOCK_TEXT] = 2.5;
        world.params.beta = variant & 2 ? 40 : 10;
        assert_int_equal(rank(&world, 2), NR_OK);
        for (size_t u = 0; u < world.users.count; u++) {
            const struct nr_block *blocks = world.users.users[u].blocks;
            if (nr_block_present(&blocks[NR_BLOCK_VISUAL]) || nr_block_present(&blocks[NR_BLOCK_TEXT]) ||
                nr_block_present(&blocks[NR_BLOCK_TAGS]))
                check_user(&world, u, row);
        }
    }
    free(row);
    world_release(&world);
}

static bool same_rankings(const struct nr_ranking_list *a, const struct nr_ranking_list *b)
{
    for (size_t u = 0; u < a->count; u++) {
        const struct nr_ranking *left = &a->rankings[u], *right = &b->rankings[u];
        if (left->count != right->count)
            return false;
        for (size_t i = 0; i < left->count; i++) {
            const struct nr_ranked *x = &left->items[i], *y = &right->items[i];
            if (strcmp(x->video_id, y->video_id) != 0 || memcmp(&x->score, &y->score, sizeof x->score) != 0 ||
                memcmp(&x->probability, &y->probability, sizeof x->probability) != 0)
                return false;
        }
    }
    return a->count == b->count;
}

static void threads_and_kernels_change_no_bit(void **state)
{
    struct world world;
    struct nr_ranking_list first;
    (void)state;
    world_random(&world, 600, 1500);
    assert_int_equal(rank(&world, 1), NR_OK);
    first = world.rankings;
    world.rankings = (struct nr_ranking_list){0}; /* first has them; rank() releases the later ones */
    for (unsigned threads = 2; threads <= 5; threads++) {
        world.params.kernels = threads == 5   ? NR_MATCH_KERNELS_PLAIN
                               : threads == 4 ? NR_MATCH_KERNELS_AVX2
                                              : NR_MATCH_KERNELS_BEST;
        assert_int_equal(rank(&world, threads), NR_OK);
        assert_true(same_rankings(&first, &world.rankings));
    }
    nr_ranking_list_release(&first);
    world_release(&world);
}

static void input_order_changes_nothing(void **state)
{
    struct world world;
    struct nr_ranking_list first;
    (void)state;
    world_random(&world, 50, 1200);
    assert_int_equal(rank(&world, 1), NR_OK);
    first = world.rankings;
    world.rankings = (struct nr_ranking_list){0};
    for (size_t i = 0; i < world.items.count / 2; i++) {
        struct nr_item swapped = world.items.items[i];
        world.items.items[i] = world.items.items[world.items.count - 1 - i];
        world.items.items[world.items.count - 1 - i] = swapped;
    }
    assert_int_equal(rank(&world, 1), NR_OK);
    assert_true(same_rankings(&first, &world.rankings));
    nr_ranking_list_release(&first);
    world_release(&world);
}

/* ---- the worked example ---------------------------------------------------------------- */

static void order_is(const struct nr_ranking *ranking, size_t count, const char *const *ids)
{
    assert_int_equal(ranking->count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(ranking->items[i].video_id, ids[i]);
}

static void article(struct world *world)
{
    world_init(world);
    static const char *const videos[][3] = {
        {"3", "流浪地球", "genre:剧情=1.69 genre:科幻=1.4"},  {"5", "黑衣人", "genre:动作=1.4 genre:科幻=1.4"},
        {"1", "星际穿越", "genre:动作=1.4 genre:科幻=1.4"},   {"4", "情书", "genre:剧情=1.69 genre:爱情=2.09"},
        {"2", "寂静之地2", "genre:动作=1.4 genre:恐怖=2.09"},
    };
    for (size_t i = 0; i < NR_COUNT(videos); i++) {
        struct nr_item *item = add_item(&world->items, videos[i][0]);
        item->title = nr_arena_strdup(&item->mem, videos[i][1]);
        set_tags(&item->mem, &item->blocks[NR_BLOCK_TAGS], videos[i][2]);
    }
    struct nr_user *user = add_user(&world->users, "u1");
    set_tags(&user->mem, &user->blocks[NR_BLOCK_TAGS], "genre:动作=0.8 genre:电影=0.64 genre:科幻=1");
}

static void worked_example(void **state)
{
    struct world world;
    (void)state;
    article(&world);
    assert_int_equal(rank(&world, 0), NR_OK);
    const struct nr_ranking *ranking = &world.rankings.rankings[0];
    order_is(ranking, 5, (const char *[]){"1", "5", "3", "2", "4"});
    assert_string_equal(ranking->items[0].title, "星际穿越");
    assert_int_equal(ranking->items[0].because.count, 2);
    assert_string_equal(ranking->items[0].because.items[0], "科幻");
    assert_string_equal(ranking->items[0].because.items[1], "动作");
    assert_int_equal(ranking->items[4].because.count, 0);
    double sum = 0;
    for (size_t i = 0; i < 5; i++)
        sum += ranking->items[i].probability;
    assert_true(fabs(sum - 1) < 1e-12);
    world_release(&world);
}

static void beta_and_similarity_keep_the_example(void **state)
{
    struct world world;
    (void)state;
    article(&world);
    for (double beta = 0.01; beta < 5000; beta *= 10) {
        world.params.beta = beta;
        assert_int_equal(rank(&world, 1), NR_OK);
        order_is(&world.rankings.rankings[0], 5, (const char *[]){"1", "5", "3", "2", "4"});
    }
    world.params.similarity = NR_SIMILARITY_EUCLIDEAN;
    assert_int_equal(rank(&world, 1), NR_OK);
    order_is(&world.rankings.rankings[0], 5, (const char *[]){"1", "5", "3", "2", "4"});
    world_release(&world);
}

/* ---- edges ------------------------------------------------------------------------------- */

static void dropping_a_block_changes_no_other_part(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    struct nr_item *item = add_item(&world.items, "v");
    struct nr_user *user = add_user(&world.users, "u");
    set_dense(&item->mem, &item->blocks[NR_BLOCK_VISUAL], 24, 1);
    set_dense(&item->mem, &item->blocks[NR_BLOCK_AUDIO], 20, 2);
    set_dense(&user->mem, &user->blocks[NR_BLOCK_VISUAL], 24, 3);
    set_dense(&user->mem, &user->blocks[NR_BLOCK_AUDIO], 20, 4);
    assert_int_equal(rank(&world, 1), NR_OK);
    double visual = world.rankings.rankings[0].items[0].parts[0].value;
    item->blocks[NR_BLOCK_AUDIO] = (struct nr_block){0};
    assert_int_equal(rank(&world, 1), NR_OK);
    const struct nr_ranked *entry = &world.rankings.rankings[0].items[0];
    assert_int_equal(entry->part_count, 2);
    assert_true(entry->parts[0].value == visual && entry->parts[1].value == 0 && entry->score == visual);
    world_release(&world);
}

static void watched_and_unpublished_stay_out(void **state)
{
    struct world world;
    (void)state;
    article(&world);
    set_watched(&world.users.users[0], 2, (const char *[]){"1", "gone"});
    world.items.items[0].published_at = 2000; /* video 3 */
    world.params.now = 1999;
    assert_int_equal(rank(&world, 1), NR_OK);
    order_is(&world.rankings.rankings[0], 3, (const char *[]){"5", "2", "4"});
    assert_int_equal(world.rankings.rankings[0].generated_at, 1999);
    world.params.now = 2000;
    world.params.include_watched = true;
    assert_int_equal(rank(&world, 1), NR_OK);
    order_is(&world.rankings.rankings[0], 5, (const char *[]){"1", "5", "3", "2", "4"});
    world_release(&world);
}

static void nothing_known_gives_popularity(void **state)
{
    struct world world;
    (void)state;
    article(&world);
    set_watched(add_user(&world.users, "u2"), 2, (const char *[]){"2", "4"});
    set_watched(add_user(&world.users, "u3"), 1, (const char *[]){"4"});
    set_watched(add_user(&world.users, "u4"), 1, (const char *[]){"3"});
    world.users.users[3].watched[0].weight = -1; /* disliked: watched, but no vote */
    assert_int_equal(rank(&world, 1), NR_OK);
    const struct nr_ranking *ranking = &world.rankings.rankings[3];
    assert_string_equal(ranking->model, "popularity");
    order_is(ranking, 4, (const char *[]){"4", "2", "1", "5"});
    assert_true(ranking->items[0].filled && ranking->items[0].score == 0.5);
    assert_string_equal(ranking->items[0].parts[0].name, "popularity");
    assert_string_equal(world.rankings.rankings[0].model, "content");
    assert_int_equal(world.tally.fallbacks, 3);
    world_release(&world);
}

static void zero_vectors_and_missing_blocks_score_zero(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    add_item(&world.items, "b");
    struct nr_item *zero = add_item(&world.items, "a");
    zero->blocks[NR_BLOCK_AUDIO].length = 4;
    zero->blocks[NR_BLOCK_AUDIO].values = nr_arena_alloc(&zero->mem, 4, sizeof(float));
    struct nr_user *user = add_user(&world.users, "u");
    set_dense(&user->mem, &user->blocks[NR_BLOCK_AUDIO], 4, 7);
    assert_int_equal(rank(&world, 1), NR_OK);
    order_is(&world.rankings.rankings[0], 2, (const char *[]){"a", "b"});
    assert_true(world.rankings.rankings[0].items[1].score == 0);
    assert_true(fabs(world.rankings.rankings[0].items[1].probability - 0.5) < 1e-12);
    user->blocks[NR_BLOCK_AUDIO].values = memset(user->blocks[NR_BLOCK_AUDIO].values, 0, 4 * sizeof(float));
    assert_int_equal(rank(&world, 1), NR_OK); /* a zero vector says nothing: popularity */
    assert_string_equal(world.rankings.rankings[0].model, "popularity");
    world_release(&world);
}

static void weight_zero_leaves_a_block_out(void **state)
{
    struct world world;
    (void)state;
    article(&world);
    world.params.mode = NR_MATCH_WEIGHTED;
    world.params.weights[NR_BLOCK_TAGS] = 0;
    assert_int_equal(rank(&world, 1), NR_OK);
    assert_string_equal(world.rankings.rankings[0].model, "popularity");
    assert_int_equal(world.rankings.rankings[0].items[0].because.count, 0);
    world_release(&world);
}

/* More equal scores than can be kept: the rows are scored in double. */
static void ties_beyond_the_buffer(void **state)
{
    enum { ITEMS = 20000 };
    struct world world;
    char id[16];
    (void)state;
    world_init(&world);
    for (size_t i = 0; i < ITEMS; i++) {
        snprintf(id, sizeof id, "%05zu", (i * 7919) % ITEMS);
        struct nr_item *item = add_item(&world.items, id);
        set_tags(&item->mem, &item->blocks[NR_BLOCK_TAGS], i % 2 ? "genre:a=1" : "genre:b=1");
    }
    struct nr_user *user = add_user(&world.users, "u");
    set_tags(&user->mem, &user->blocks[NR_BLOCK_TAGS], "genre:b=1");
    for (size_t k = 3; k <= ITEMS; k *= 20) {
        world.params.k = k;
        assert_int_equal(rank(&world, 1), NR_OK);
        assert_int_equal(world.tally.rescanned, 1);
        const struct nr_ranking *ranking = &world.rankings.rankings[0];
        assert_int_equal(ranking->count, k);
        for (size_t i = 1; i < k; i++)
            assert_true(strcmp(ranking->items[i - 1].video_id, ranking->items[i].video_id) < 0);
        assert_true(fabs(ranking->items[0].probability * ITEMS / 2 * (1 + exp(-10)) - 1) < 1e-9);
    }
    world_release(&world);
}

static void empty_worlds(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    assert_int_equal(rank(&world, 1), NR_OK);
    assert_int_equal(world.rankings.count, 0);
    add_user(&world.users, "u");
    assert_int_equal(rank(&world, 1), NR_OK);
    assert_int_equal(world.rankings.rankings[0].count, 0);
    add_item(&world.items, "only");
    assert_int_equal(rank(&world, 1), NR_OK);
    order_is(&world.rankings.rankings[0], 1, (const char *[]){"only"});
    assert_true(world.rankings.rankings[0].items[0].probability == 1);
    assert_int_equal(world.rankings.rankings[0].generated_at, 0);
    set_watched(&world.users.users[0], 1, (const char *[]){"only"});
    assert_int_equal(rank(&world, 1), NR_OK);
    assert_int_equal(world.rankings.rankings[0].count, 0);
    world_release(&world);
}

static void bad_blocks_are_refused(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    struct nr_item *first = add_item(&world.items, "a"), *item = add_item(&world.items, "b");
    first = &world.items.items[0];
    set_dense(&first->mem, &first->blocks[NR_BLOCK_TEXT], 4, 1);
    set_dense(&item->mem, &item->blocks[NR_BLOCK_TEXT], 5, 2);
    add_user(&world.users, "u");
    assert_int_equal(rank(&world, 1), NR_ERR_DATA);
    assert_string_equal(world.err.text, "video 'b': block 'text' has 5 numbers where others have 4");
    item->blocks[NR_BLOCK_TEXT].length = 4;
    item->blocks[NR_BLOCK_TEXT].values[0] = NAN;
    assert_int_equal(rank(&world, 1), NR_ERR_DATA);
    assert_string_equal(world.err.text, "video 'b': block 'text' holds a number that is not finite");
    item->blocks[NR_BLOCK_TEXT].values[0] = 2;
    assert_int_equal(rank(&world, 1), NR_ERR_DATA);
    item->blocks[NR_BLOCK_TEXT] = (struct nr_block){0};
    set_dense(&world.users.users[0].mem, &world.users.users[0].blocks[NR_BLOCK_TEXT], 3, 3);
    assert_int_equal(rank(&world, 1), NR_ERR_DATA);
    assert_string_equal(world.err.text, "user 'u': block 'text' has 3 numbers where others have 4");
    world.users.users[0].blocks[NR_BLOCK_TEXT] = (struct nr_block){0};
    item->video_id = "a";
    assert_int_equal(rank(&world, 1), NR_ERR_DATA);
    item->video_id = "b";
    add_user(&world.users, "u");
    assert_int_equal(rank(&world, 1), NR_ERR_DATA);
    world_release(&world);
}

static void bad_params_are_named(void **state)
{
    struct nr_match_params params;
    (void)state;
    nr_match_params_default(&params);
    assert_null(nr_match_params_check(&params));
    params.k = 0;
    assert_non_null(nr_match_params_check(&params));
    nr_match_params_default(&params);
    params.beta = 0;
    assert_non_null(nr_match_params_check(&params));
    params.beta = NAN;
    assert_non_null(nr_match_params_check(&params));
    nr_match_params_default(&params);
    params.weights[2] = -1;
    assert_non_null(nr_match_params_check(&params));
    memset(params.weights, 0, sizeof params.weights);
    assert_non_null(nr_match_params_check(&params));
}

/* ---- clusters ----------------------------------------------------------------------- */

static const struct nr_ranked *entry_of(const struct nr_ranking *ranking, const char *id)
{
    for (size_t i = 0; i < ranking->count; i++)
        if (strcmp(ranking->items[i].video_id, id) == 0)
            return &ranking->items[i];
    fail_msg("no entry of '%s'", id);
    return NULL;
}

/* Users "a" and "b", and "c" whose clusters are these two. */
static void world_of_faces(struct world *world)
{
    world_random(world, 0, 2500);
    struct nr_user *a = add_user(&world->users, "a"), *b = add_user(&world->users, "b");
    set_dense(&a->mem, &a->blocks[NR_BLOCK_VISUAL], 24, 77);
    set_dense(&a->mem, &a->blocks[NR_BLOCK_TEXT], 40, 78);
    set_dense(&b->mem, &b->blocks[NR_BLOCK_TEXT], 40, 79);
    set_tags(&b->mem, &b->blocks[NR_BLOCK_TAGS], "actor:x=1 genre:a=1 genre:b=1");
    struct nr_user *c = add_user(&world->users, "c");
    a = &world->users.users[0];
    b = &world->users.users[1];
    set_dense(&c->mem, &c->blocks[NR_BLOCK_TEXT], 40, 80);
    c->clusters = nr_arena_alloc(&c->mem, 2, sizeof *c->clusters);
    memcpy(c->clusters[0].blocks, a->blocks, sizeof a->blocks);
    memcpy(c->clusters[1].blocks, b->blocks, sizeof b->blocks);
    c->cluster_count = 2;
}

static void the_best_cluster_counts(void **state)
{
    (void)state;
    for (int similarity = 0; similarity < 2; similarity++) {
        struct world world;
        struct nr_ranking_list all;
        world_of_faces(&world);
        world.params.similarity = (enum nr_similarity)similarity;
        world.params.k = 2500;
        assert_int_equal(rank(&world, 2), NR_OK);
        all = world.rankings;
        world.rankings = (struct nr_ranking_list){0};
        const struct nr_ranking *c = &all.rankings[2];
        double sum = 0;
        assert_int_equal(c->count, 2500);
        for (size_t i = 0; i < c->count; i++) {
            const struct nr_ranked *mine = entry_of(&all.rankings[0], c->items[i].video_id),
                                   *theirs = entry_of(&all.rankings[1], c->items[i].video_id);
            const struct nr_ranked *best = theirs->score > mine->score ? theirs : mine;
            assert_true(c->items[i].score == best->score);
            assert_int_equal(c->items[i].part_count, best->part_count);
            for (size_t p = 0; p < best->part_count; p++)
                assert_true(c->items[i].parts[p].value == best->parts[p].value);
            if (i)
                assert_true(c->items[i].score <= c->items[i - 1].score);
            sum += c->items[i].probability;
        }
        nr_assert_near(sum, 1, 1e-5);
        world.params.k = 7; /* by the float tiles, not row by row */
        assert_int_equal(rank(&world, 1), NR_OK);
        for (size_t i = 0; i < 7; i++) {
            assert_string_equal(world.rankings.rankings[2].items[i].video_id, c->items[i].video_id);
            nr_assert_near(world.rankings.rankings[2].items[i].probability, c->items[i].probability, 1e-6);
        }
        assert_int_equal(world.tally.rescanned, 0);
        nr_ranking_list_release(&all);
        world_release(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_cluster_counts),
        cmocka_unit_test(bad_params_are_named),
        cmocka_unit_test(bad_blocks_are_refused),
        cmocka_unit_test(worked_example),
        cmocka_unit_test(beta_and_similarity_keep_the_example),
        cmocka_unit_test(equals_the_formula),
        cmocka_unit_test(threads_and_kernels_change_no_bit),
        cmocka_unit_test(input_order_changes_nothing),
        cmocka_unit_test(dropping_a_block_changes_no_other_part),
        cmocka_unit_test(watched_and_unpublished_stay_out),
        cmocka_unit_test(nothing_known_gives_popularity),
        cmocka_unit_test(zero_vectors_and_missing_blocks_score_zero),
        cmocka_unit_test(weight_zero_leaves_a_block_out),
        cmocka_unit_test(ties_beyond_the_buffer),
        cmocka_unit_test(empty_worlds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
