/* test_split.c - splits against their definitions, on drawn logs. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/eval.h"

static void add(struct nr_event_log *log, const char *user, const char *video, enum nr_action action, int64_t time)
{
    struct nr_event event = {
        .user_id = user, .video_id = video, .action = action, .value = NAN, .time = time, .watch_seconds = NAN};
    assert_int_equal(nr_event_log_add(log, &event, NULL), NR_OK);
}

/* Some users with many events, some with few; repetitions, dislikes, searches. */
static void draw_log(struct nr_event_log *log, size_t events)
{
    char user[16], video[16];
    *log = (struct nr_event_log){.count = 0};
    for (size_t i = 0; i < events; i++) {
        uint64_t noise = nr_splitmix64(i);
        snprintf(user, sizeof user, "u%u", (unsigned)(noise % 40 * (noise >> 8 & 1)));
        snprintf(video, sizeof video, noise >> 9 & 1 ? "%u" : "v%u", (unsigned)(noise >> 20) % 60);
        enum nr_action action = noise >> 30 & 7 ? NR_ACTION_VIEW : NR_ACTION_DISLIKE;
        if ((noise >> 40) % 50 == 0)
            add(log, user, "", NR_ACTION_SEARCH, (int64_t)(noise >> 50));
        else
            add(log, user, video, action, (int64_t)(noise >> 50));
    }
}

struct splitting {
    struct nr_event_log log;
    struct nr_rule *rule;
    struct nr_split_params params;
    struct nr_split_tally tally;
    struct nr_positive *pairs;
    size_t pair_count;
    unsigned char *sides;
};

static void splitting_init(struct splitting *it, enum nr_split split)
{
    *it = (struct splitting){.pairs = NULL};
    draw_log(&it->log, 3000);
    nr_split_params_default(&it->params);
    it->params.split = split;
    it->sides = malloc(it->log.count);
    assert_int_equal(nr_rule_parse(NR_RULE_DEFAULT, &it->rule, NULL), NR_OK);
    assert_int_equal(nr_positives_find(&it->log, it->rule, &it->pairs, &it->pair_count, NULL), NR_OK);
    assert_int_equal(nr_split_events(&it->log, it->rule, &it->params, it->sides, &it->tally, NULL), NR_OK);
}

static void splitting_release(struct splitting *it)
{
    nr_event_log_release(&it->log);
    nr_rule_free(it->rule);
    free(it->pairs);
    free(it->sides);
}

static enum nr_split_side side(const struct splitting *it, size_t pair)
{
    return it->sides[it->pairs[pair].event];
}

static bool same_user(const struct splitting *it, size_t a, size_t b)
{
    return strcmp(it->pairs[a].user_id, it->pairs[b].user_id) == 0;
}

/* Is pair a before pair b in the order of time, then user (where asked), then video? */
static bool earlier(const struct splitting *it, size_t a, size_t b)
{
    const struct nr_positive *left = &it->pairs[a], *right = &it->pairs[b];
    if (left->time != right->time)
        return left->time < right->time;
    int order = strcmp(left->user_id, right->user_id);
    return order ? order < 0 : strcmp(left->video_id, right->video_id) < 0;
}

static void pairs_are_the_earliest_positive_events(void **state)
{
    struct splitting it;
    (void)state;
    splitting_init(&it, NR_SPLIT_HASH);
    assert_true(it.pair_count > 500);
    for (size_t p = 0; p < it.pair_count; p++) {
        const struct nr_positive *pair = &it.pairs[p];
        assert_true(*pair->video_id);
        assert_int_equal(it.log.events[pair->event].action, NR_ACTION_VIEW);
        for (size_t e = 0; e < it.log.count; e++) {
            const struct nr_event *event = &it.log.events[e];
            if (strcmp(event->user_id, pair->user_id) == 0 && strcmp(event->video_id, pair->video_id) == 0 &&
                event->action == NR_ACTION_VIEW)
                assert_true(event->time > pair->time || (event->time == pair->time && e >= pair->event));
        }
    }
    size_t chosen = 0;
    for (size_t e = 0; e < it.log.count; e++)
        chosen += it.sides[e] != NR_SIDE_NONE;
    assert_int_equal(chosen, it.pair_count);
    splitting_release(&it);
}

static void by_hash(void **state)
{
    struct splitting it;
    (void)state;
    splitting_init(&it, NR_SPLIT_HASH);
    for (size_t p = 0; p < it.pair_count; p++) {
        uint64_t hash = nr_id_hash(it.pairs[p].user_id) * 1000003 + nr_id_hash(it.pairs[p].video_id);
        assert_int_equal(side(&it, p) == NR_SIDE_TEST, nr_splitmix64(hash) % 5 == 0);
    }
    assert_int_equal(it.tally.train + it.tally.test, it.pair_count);
    splitting_release(&it);
    splitting_init(&it, NR_SPLIT_COLD_ITEM);
    for (size_t p = 0; p < it.pair_count; p++)
        assert_int_equal(side(&it, p) == NR_SIDE_TEST, nr_splitmix64(nr_id_hash(it.pairs[p].video_id)) % 5 == 0);
    splitting_release(&it);
}

static void by_user(void **state)
{
    (void)state;
    for (int variant = 0; variant < 2; variant++) {
        struct splitting it;
        splitting_init(&it, variant ? NR_SPLIT_LEAVE_LAST_N : NR_SPLIT_USER_TIME);
        for (size_t p = 0; p < it.pair_count; p++) {
            size_t n = 0, place = 0;
            for (size_t q = 0; q < it.pair_count; q++) {
                n += same_user(&it, p, q);
                place += same_user(&it, p, q) && earlier(&it, q, p);
            }
            size_t train = variant ? (n > 1 ? n - 1 : n) : n < 5 ? n : 4 * n / 5;
            assert_int_equal(side(&it, p), place < train ? NR_SIDE_TRAIN : NR_SIDE_TEST);
        }
        splitting_release(&it);
    }
}

static void by_time(void **state)
{
    struct splitting it;
    size_t dropped = 0;
    (void)state;
    splitting_init(&it, NR_SPLIT_GLOBAL_TIME);
    for (size_t p = 0; p < it.pair_count; p++) {
        size_t place = 0;
        bool seen = false;
        for (size_t q = 0; q < it.pair_count; q++) {
            place += earlier(&it, q, p);
            seen |= same_user(&it, p, q) && side(&it, q) == NR_SIDE_TRAIN;
        }
        enum nr_split_side want = place < 4 * it.pair_count / 5 ? NR_SIDE_TRAIN : seen ? NR_SIDE_TEST : NR_SIDE_NONE;
        dropped += want == NR_SIDE_NONE;
        assert_int_equal(side(&it, p), want);
    }
    assert_int_equal(it.tally.dropped, dropped);
    assert_int_equal(it.tally.train + it.tally.test + dropped, it.pair_count);
    splitting_release(&it);
}

/* With all events, nothing in train is about a test pair or happened after the
 * first one, and nothing that might be there is missing. */
static void all_events_tell_nothing(void **state)
{
    (void)state;
    for (int split = 0; split < NR_SPLIT_COUNT; split++) {
        struct splitting it;
        splitting_init(&it, (enum nr_split)split);
        unsigned char *pairs_only = it.sides;
        it.sides = malloc(it.log.count);
        it.params.all_events = true;
        assert_int_equal(nr_split_events(&it.log, it.rule, &it.params, it.sides, &it.tally, NULL), NR_OK);
        bool timed = split != NR_SPLIT_HASH && split != NR_SPLIT_COLD_ITEM;
        for (size_t e = 0; e < it.log.count; e++) {
            const struct nr_event *event = &it.log.events[e];
            bool known = true;
            for (size_t p = 0; p < it.pair_count; p++) {
                const struct nr_positive *pair = &it.pairs[p];
                if (pairs_only[pair->event] == NR_SIDE_TRAIN)
                    continue;
                bool user = strcmp(pair->user_id, event->user_id) == 0;
                bool video = strcmp(pair->video_id, event->video_id) == 0;
                if ((video && (user || split == NR_SPLIT_COLD_ITEM)) ||
                    (timed && (user || split == NR_SPLIT_GLOBAL_TIME) && event->time >= pair->time))
                    known = false;
            }
            if (split == NR_SPLIT_COLD_ITEM && *event->video_id)
                known = nr_splitmix64(nr_id_hash(event->video_id)) % 5 != 0;
            if (pairs_only[e] != NR_SIDE_NONE)
                assert_int_equal(it.sides[e], pairs_only[e]);
            else
                assert_int_equal(it.sides[e], known ? NR_SIDE_TRAIN : NR_SIDE_NONE);
        }
        free(pairs_only);
        splitting_release(&it);
    }
}

static void empty_logs_and_bad_params(void **state)
{
    struct nr_event_log log = {.count = 0};
    struct nr_rule *rule;
    struct nr_split_params params;
    struct nr_split_tally tally;
    unsigned char sides[1];
    (void)state;
    assert_int_equal(nr_rule_parse(NR_RULE_DEFAULT, &rule, NULL), NR_OK);
    nr_split_params_default(&params);
    params.all_events = true;
    for (int split = 0; split < NR_SPLIT_COUNT; split++) {
        params.split = (enum nr_split)split;
        assert_int_equal(nr_split_events(&log, rule, &params, sides, &tally, NULL), NR_OK);
        assert_int_equal(tally.positives + tally.train_events, 0);
    }
    nr_rule_free(rule);
    params.last = 0;
    assert_non_null(nr_split_params_check(&params));
}

/* The train side, cut again by the same rule: only another salt leaves something to test. */
static void a_salt_cuts_the_train_side_again(void **state)
{
    static const enum nr_split by_hash[] = {NR_SPLIT_HASH, NR_SPLIT_COLD_ITEM};
    (void)state;
    for (size_t s = 0; s < NR_COUNT(by_hash); s++) {
        struct splitting it;
        struct nr_event_log train = {.count = 0};
        struct nr_split_tally again;
        splitting_init(&it, by_hash[s]);
        for (size_t i = 0; i < it.log.count; i++)
            if (it.sides[i] == NR_SIDE_TRAIN)
                assert_int_equal(nr_event_log_add(&train, &it.log.events[i], NULL), NR_OK);
        assert_int_equal(nr_split_events(&train, it.rule, &it.params, it.sides, &again, NULL), NR_OK);
        assert_int_equal(again.test, 0);
        it.params.salt = 1;
        assert_int_equal(nr_split_events(&train, it.rule, &it.params, it.sides, &again, NULL), NR_OK);
        assert_in_range(again.test, again.positives / 10, again.positives * 3 / 10);
        assert_int_equal(again.test + again.train, again.positives);
        nr_event_log_release(&train);
        splitting_release(&it);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_logs_and_bad_params),
        cmocka_unit_test(pairs_are_the_earliest_positive_events),
        cmocka_unit_test(by_hash),
        cmocka_unit_test(by_user),
        cmocka_unit_test(by_time),
        cmocka_unit_test(all_events_tell_nothing),
        cmocka_unit_test(a_salt_cuts_the_train_side_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
