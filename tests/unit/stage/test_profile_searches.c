/* test_profile_searches.c - searches in the space of the videos' text blocks: a search for a
 * video's own words is that video. */
#include "support/support.h"
#include "support/tiny_model.h"

#include "nightreel/stage.h"

enum { ITEMS = 14 };

static const char *const titles[ITEMS] = {
    "deep space voyage", "sour bread recipe", "snow leopard ridge",  "guitar chords lesson", "mountain train",
    "python pointers",   "badminton doubles", "black hole physics",  "rain forest frogs",    "marathon training",
    "romantic harbour",  "roman road works",  "silent office plant", "goalkeeper saves"};

struct world {
    struct nr_dataset data;
    struct nr_settings settings;
    char said[1024]; /* notices */
};

static void listen(void *ctx, enum nr_log_level level, const char *message)
{
    struct world *world = ctx;
    if (level == NR_LOG_INFO)
        snprintf(world->said, sizeof world->said, "%s", message);
}

static void run_stage(struct world *world, const struct nr_stage *stage)
{
    struct nr_reporter reporter = {.log = listen, .ctx = world};
    struct nr_stage_env env = {.settings = &world->settings, .reporter = &reporter};
    struct nr_error err;
    if (stage->run(&env, &world->data, NULL, 0, NULL, &err))
        fail_msg("%s: %s", stage->name, err.text);
}

static void add_event(struct world *world, const char *user, enum nr_action action, const char *video, const char *text)
{
    struct nr_event event = {.user_id = user,
                             .video_id = video,
                             .action = action,
                             .value = NAN,
                             .time = INT64_C(1700000000000),
                             .watch_seconds = NAN,
                             .comment = text};
    assert_int_equal(nr_event_log_add(&world->data.events, &event, NULL), NR_OK);
}

static void world_init(struct world *world)
{
    *world = (struct world){.said = ""};
    nr_settings_default(&world->settings);
    world->settings.embed.model = "none";
    for (size_t i = 0; i < ITEMS; i++) {
        struct nr_item *item;
        assert_int_equal(nr_item_list_add(&world->data.items, &item, NULL), NR_OK);
        item->video_id = nr_arena_printf(&item->mem, "v%02zu", i);
        item->title = titles[i];
        item->text = nr_arena_alloc(&item->mem, 1, sizeof *item->text);
        assert_int_equal(nr_words_count(&item->title, 1, &item->mem, &item->text->terms, NULL), NR_OK);
        item->tags = (struct nr_strings){nr_arena_alloc(&item->mem, 1, sizeof(char *)), 1};
        item->tags.items[0] = i % 2 ? "Black Hole" : "food";
    }
}

static void world_release(struct world *world)
{
    nr_dataset_release(&world->data);
}

static const struct nr_block *text_of(const struct world *world, size_t user)
{
    return &world->data.users.users[user].blocks[NR_BLOCK_TEXT];
}

static double cosine(const struct nr_block *a, const struct nr_block *b)
{
    double sum = 0;
    assert_true(a->length > 0 && a->length == b->length);
    for (size_t j = 0; j < a->length; j++)
        sum += (double)a->values[j] * b->values[j];
    return sum;
}

static void make_profiles(struct world *world)
{
    nr_user_list_release(&world->data.users);
    run_stage(world, &nr_stage_profile);
}

/* ---- hashed words ------------------------------------------------------------------------ */

static void a_search_for_a_title_is_the_video(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    add_event(&world, "searched", NR_ACTION_SEARCH, "", "Snow LEOPARD ridge");
    add_event(&world, "unknown", NR_ACTION_SEARCH, "", "xylophone");
    add_event(&world, "watched", NR_ACTION_VIEW, "v02", NULL);
    run_stage(&world, &nr_stage_fuse);
    make_profiles(&world);
    nr_assert_near(cosine(text_of(&world, 0), &world.data.items.items[2].blocks[NR_BLOCK_TEXT]), 1, 1e-6);
    nr_assert_near(cosine(text_of(&world, 0), text_of(&world, 2)), 1, 1e-6);
    assert_int_equal(world.data.users.users[0].source, NR_USER_BEHAVIOUR);
    assert_int_equal(world.data.users.users[0].watched_count, 0); /* it may still be recommended */
    assert_int_equal(text_of(&world, 1)->length, 0);              /* a word that no video has */
    assert_int_equal(world.data.users.users[1].source, NR_USER_POPULARITY);
    assert_string_equal(world.said, "2 searches of users: 1 by their words, 0 by tags");
    world_release(&world);
}

static void tags_are_found_by_their_words_in_a_row(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    add_event(&world, "1", NR_ACTION_SEARCH, "", "what is a black  hole?");
    add_event(&world, "2", NR_ACTION_SEARCH, "", "black, then a hole");
    add_event(&world, "3", NR_ACTION_SEARCH, "", "hole");
    run_stage(&world, &nr_stage_fuse);
    make_profiles(&world);
    const struct nr_user *users = world.data.users.users;
    assert_int_equal(users[0].blocks[NR_BLOCK_TAGS].terms.count, 1);
    assert_string_equal(users[0].blocks[NR_BLOCK_TAGS].terms.items[0].name, "genre:Black Hole");
    nr_assert_near(users[0].blocks[NR_BLOCK_TAGS].terms.items[0].weight, 1, 1e-12);
    assert_string_equal(users[0].interests[0].tag, "Black Hole");
    assert_int_equal(users[1].blocks[NR_BLOCK_TAGS].terms.count, 0);
    assert_int_equal(users[2].blocks[NR_BLOCK_TAGS].terms.count, 0);
    world_release(&world);
}

/* Weight 0.5 of a search against 1 of a view, as two videos would count. */
static void a_search_counts_by_its_weight(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    add_event(&world, "both", NR_ACTION_SEARCH, "", "snow leopard ridge");
    add_event(&world, "both", NR_ACTION_VIEW, "v05", NULL);
    add_event(&world, "videos", NR_ACTION_VIEW, "v05", NULL);
    add_event(&world, "videos", NR_ACTION_SEARCH, "v02", ""); /* a search that opened a video */
    run_stage(&world, &nr_stage_fuse);
    make_profiles(&world);
    nr_assert_near(cosine(text_of(&world, 0), text_of(&world, 1)), 1, 1e-6);
    world.settings.profile.searches = NR_SEARCHES_OFF;
    make_profiles(&world);
    nr_assert_near(cosine(text_of(&world, 0), &world.data.items.items[5].blocks[NR_BLOCK_TEXT]), 1, 1e-6);
    world_release(&world);
}

/* Blocks that their words do not make: the words are left out, and it is said. */
static void foreign_blocks_are_noticed(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    add_event(&world, "u", NR_ACTION_SEARCH, "", "snow leopard, a black hole");
    run_stage(&world, &nr_stage_fuse);
    world.data.items.items[3].blocks[NR_BLOCK_TEXT].values[7] += 0.01F;
    make_profiles(&world);
    assert_int_equal(text_of(&world, 0)->length, 0);
    assert_int_equal(world.data.users.users[0].blocks[NR_BLOCK_TAGS].terms.count, 1);
    assert_non_null(strstr(world.said, "0 by their words, 1 by tags; not by words: the videos' text blocks are not"));
    world_release(&world);
}

/* ---- embeddings -------------------------------------------------------------------------- */

static enum nr_status ignore_done(void *ctx, size_t index, struct nr_error *err)
{
    (void)ctx;
    (void)index;
    (void)err;
    return NR_OK;
}

static bool embed(struct world *world)
{
    static const struct nr_reporter quiet;
    struct nr_stage_env env = {.settings = &world->settings, .reporter = &quiet};
    struct nr_stage_sink sink = {ignore_done, NULL};
    struct nr_error err;
    size_t todo[ITEMS];
    for (size_t i = 0; i < ITEMS; i++)
        todo[i] = i;
    return nr_stage_embed.run(&env, &world->data, todo, ITEMS, &sink, &err) == NR_OK;
}

/* As in a run; then from records, which carry no raw embeddings: statistics are needed. */
static void embeddings_need_model_and_statistics(void **state)
{
    struct world world;
    (void)state;
    world_init(&world);
    world.settings.embed.model =
        nr_tiny_model_write(&(struct nr_tiny_model){.architecture = "llama", .width = 32, .seed = 1}, "e.gguf");
    add_event(&world, "u", NR_ACTION_SEARCH, "", "snow leopard");
    if (!embed(&world)) {
        world_release(&world);
        skip(); /* no engine in this build */
    }
    world.settings.fuse.stats = nr_scratch_path("stats.json");
    run_stage(&world, &nr_stage_fuse);
    const char *stats = world.settings.fuse.stats;
    world.settings.fuse.stats = NULL;
    make_profiles(&world);
    assert_string_equal(world.said, "1 searches of users: 1 by their words, 0 by tags");
    float found[32];
    assert_int_equal(text_of(&world, 0)->length, 32);
    memcpy(found, text_of(&world, 0)->values, sizeof found);
    for (size_t i = 0; i < ITEMS; i++)
        world.data.items.items[i].raw_text = (struct nr_block){.values = NULL};
    make_profiles(&world);
    assert_int_equal(text_of(&world, 0)->length, 0);
    assert_non_null(strstr(world.said, "give its --stats here"));
    world.settings.fuse.stats = stats;
    make_profiles(&world);
    assert_int_equal(text_of(&world, 0)->length, 32);
    assert_memory_equal(found, text_of(&world, 0)->values, sizeof found);
    world.settings.embed.model =
        nr_tiny_model_write(&(struct nr_tiny_model){.architecture = "llama", .width = 32, .seed = 2}, "f.gguf");
    make_profiles(&world);
    assert_int_equal(text_of(&world, 0)->length, 0);
    assert_non_null(strstr(world.said, "are not those of the videos' text blocks"));
    world_release(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_for_a_title_is_the_video),
        cmocka_unit_test(tags_are_found_by_their_words_in_a_row),
        cmocka_unit_test(a_search_counts_by_its_weight),
        cmocka_unit_test(foreign_blocks_are_noticed),
        cmocka_unit_test(embeddings_need_model_and_statistics),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
