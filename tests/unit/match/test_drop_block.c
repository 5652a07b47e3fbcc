/* test_drop_block.c - a video loses its sound: through fuse, profile and match no part
 * of any score but the sound's changes by a bit. */
#include "support/support.h"

#include "nightreel/stage.h"

enum { ITEMS = 24, USERS = 6, DROPPED = 13 };

static const char *const genres[] = {"sf", "food", "travel", "sport"};

static void add_features(struct nr_item *item, struct nr_random *random)
{
    static const char *const words[] = {"apple", "moon", "road", "wave"};
    item->visual = nr_arena_alloc(&item->mem, 1, sizeof *item->visual);
    item->audio = nr_arena_alloc(&item->mem, 1, sizeof *item->audio);
    item->text = nr_arena_alloc(&item->mem, 1, sizeof *item->text);
    for (int j = 0; j < 2 * NR_HISTOGRAM_BINS; j++)
        item->visual->histogram[j] = (float)nr_random_unit(random);
    for (int j = 0; j < 2 * NR_MFCC_COUNT; j++)
        item->audio->mfcc[j] = (float)(40 * nr_random_unit(random) - 20);
    struct nr_term *terms = nr_arena_alloc(&item->mem, NR_COUNT(words), sizeof *terms);
    item->text->terms = (struct nr_terms){terms, 0};
    for (size_t w = 0; w < NR_COUNT(words); w++)
        if (w == 0 || nr_random_below(random, 2))
            terms[item->text->terms.count++] = (struct nr_term){words[w], 1 + (double)nr_random_below(random, 5)};
}

static void add_items(struct nr_dataset *data)
{
    struct nr_random random = {99};
    for (int i = 0; i < ITEMS; i++) {
        struct nr_item *item;
        assert_int_equal(nr_item_list_add(&data->items, &item, NULL), NR_OK);
        item->video_id = nr_arena_printf(&item->mem, "v%02d", i);
        item->tags = (struct nr_strings){nr_arena_alloc(&item->mem, 1, sizeof(char *)), 1};
        item->tags.items[0] = genres[nr_random_below(&random, NR_COUNT(genres))];
        add_features(item, &random);
    }
}

/* Nobody has watched the video that loses its sound. */
static void add_events(struct nr_dataset *data)
{
    struct nr_random random = {5};
    for (int i = 0; i < USERS * 5; i++) {
        char user[16], video[16];
        size_t watched = nr_random_below(&random, ITEMS - 1);
        snprintf(user, sizeof user, "u%d", i % USERS);
        snprintf(video, sizeof video, "v%02zu", watched + (watched >= DROPPED));
        struct nr_event event = {.user_id = user, .video_id = video, .value = NAN, .watch_seconds = NAN};
        event.action = i % 7 ? NR_ACTION_LIKE : NR_ACTION_DISLIKE;
        event.time = INT64_C(1700000000000) + i * 1000;
        assert_int_equal(nr_event_log_add(&data->events, &event, NULL), NR_OK);
    }
}

static void make_dataset(struct nr_dataset *data, const struct nr_settings *settings, bool silent)
{
    static const struct nr_stage *const stages[] = {&nr_stage_fuse, &nr_stage_profile, &nr_stage_match};
    static const struct nr_reporter quiet;
    struct nr_stage_env env = {.settings = settings, .reporter = &quiet};
    struct nr_error err;
    *data = (struct nr_dataset){.failed_rows = 0};
    add_items(data);
    add_events(data);
    if (silent)
        data->items.items[DROPPED].audio = NULL;
    for (size_t s = 0; s < NR_COUNT(stages); s++)
        if (stages[s]->run(&env, data, NULL, 0, NULL, &err))
            fail_msg("%s: %s", stages[s]->name, err.text);
}

static void settings_of_the_test(struct nr_settings *settings)
{
    nr_settings_default(settings);
    settings->match.k = ITEMS;
    settings->match.mode = NR_MATCH_WEIGHTED;
    settings->match.weights[NR_BLOCK_VISUAL] = 3;
    settings->match.weights[NR_BLOCK_AUDIO] = 2;
}

static void only_the_audio_block_changes(void **state)
{
    struct nr_settings settings;
    struct nr_dataset whole, silent;
    (void)state;
    settings_of_the_test(&settings);
    make_dataset(&whole, &settings, false);
    make_dataset(&silent, &settings, true);
    for (int i = 0; i < ITEMS; i++)
        for (int b = 0; b < NR_BLOCK_COUNT; b++) {
            const struct nr_block *with = &whole.items.items[i].blocks[b], *now = &silent.items.items[i].blocks[b];
            if (b == NR_BLOCK_AUDIO) {
                assert_int_equal(now->length, i == DROPPED ? 0 : with->length);
                continue;
            }
            assert_int_equal(now->length, with->length);
            if (with->length)
                assert_memory_equal(now->values, with->values, with->length * sizeof(float));
            assert_int_equal(now->terms.count, with->terms.count);
            for (size_t t = 0; t < with->terms.count; t++)
                assert_true(now->terms.items[t].weight == with->terms.items[t].weight);
        }
    nr_dataset_release(&whole);
    nr_dataset_release(&silent);
}

static const struct nr_ranked *find(const struct nr_ranking *ranking, const char *video)
{
    for (size_t i = 0; i < ranking->count; i++)
        if (strcmp(ranking->items[i].video_id, video) == 0)
            return &ranking->items[i];
    return NULL;
}

static double part_of(const struct nr_ranked *ranked, const char *name)
{
    for (size_t i = 0; i < ranked->part_count; i++)
        if (strcmp(ranked->parts[i].name, name) == 0)
            return ranked->parts[i].value;
    return 0;
}

/* The parts of one video in both worlds; returns how many were compared. */
static size_t compare_parts(const struct nr_ranked *with, const struct nr_ranked *now, bool dropped)
{
    size_t compared = 0;
    double sum = 0;
    for (size_t p = 0; p < now->part_count; p++)
        sum += now->parts[p].value;
    nr_assert_near(sum, now->score, 1e-9);
    for (size_t p = 0; p < with->part_count; p++) {
        if (strcmp(with->parts[p].name, "audio") == 0)
            continue;
        assert_true(part_of(now, with->parts[p].name) == with->parts[p].value);
        compared++;
    }
    if (dropped) {
        assert_true(part_of(with, "audio") != 0);
        assert_true(part_of(now, "audio") == 0);
        nr_assert_near(now->score, with->score - part_of(with, "audio"), 1e-9);
    }
    return compared;
}

static void no_other_part_changes(void **state)
{
    struct nr_settings settings;
    struct nr_dataset whole, silent;
    size_t compared = 0;
    (void)state;
    settings_of_the_test(&settings);
    make_dataset(&whole, &settings, false);
    make_dataset(&silent, &settings, true);
    assert_int_equal(whole.rankings.count, USERS);
    for (size_t u = 0; u < USERS; u++) {
        const struct nr_ranking *with = &whole.rankings.rankings[u], *now = &silent.rankings.rankings[u];
        assert_int_equal(with->count, now->count);
        assert_non_null(find(now, "v13"));
        for (size_t i = 0; i < with->count; i++) {
            const struct nr_ranked *other = find(now, with->items[i].video_id);
            assert_non_null(other);
            compared += compare_parts(&with->items[i], other, strcmp(other->video_id, "v13") == 0);
        }
    }
    assert_true(compared > USERS * ITEMS); /* two or three parts for each video not watched */
    nr_dataset_release(&whole);
    nr_dataset_release(&silent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_audio_block_changes),
        cmocka_unit_test(no_other_part_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
