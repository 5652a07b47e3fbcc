/* split.c - cuts a log in two. */
#include "eval/cut.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

enum { PARTS = 5 }; /* one part in five is test */

#define LAST_MAX ((size_t)1 << 20)

const char *const nr_split_names[NR_SPLIT_COUNT + 1] = {
    [NR_SPLIT_HASH] = "hash",
    [NR_SPLIT_USER_TIME] = "user-time",
    [NR_SPLIT_GLOBAL_TIME] = "global-time",
    [NR_SPLIT_LEAVE_LAST_N] = "leave-last-n",
    [NR_SPLIT_COLD_ITEM] = "cold-item",
};

void nr_split_params_default(struct nr_split_params *params)
{
    *params = (struct nr_split_params){.split = NR_SPLIT_HASH, .last = 1};
}

const char *nr_split_params_check(const struct nr_split_params *params)
{
    return params->last >= 1 && params->last <= LAST_MAX ? NULL : "the last n must be from 1 to 1048576";
}

/* ---- orders ----------------------------------------------------------------------------- */

static int compare_times(const struct nr_positive *a, const struct nr_positive *b)
{
    return (a->time > b->time) - (a->time < b->time);
}

static int compare_user_time(const void *a, const void *b)
{
    const struct nr_positive *left = &((const struct nr_cut_pair *)a)->pair;
    const struct nr_positive *right = &((const struct nr_cut_pair *)b)->pair;
    int order = strcmp(left->user_id, right->user_id);
    order = order ? order : compare_times(left, right);
    return order ? order : strcmp(left->video_id, right->video_id);
}

static int compare_time_user(const void *a, const void *b)
{
    const struct nr_positive *left = &((const struct nr_cut_pair *)a)->pair;
    const struct nr_positive *right = &((const struct nr_cut_pair *)b)->pair;
    int order = compare_times(left, right);
    order = order ? order : strcmp(left->user_id, right->user_id);
    return order ? order : strcmp(left->video_id, right->video_id);
}

static void sort(struct nr_cut *cut, int (*compare)(const void *, const void *))
{
    if (cut->count > 1)
        qsort(cut->pairs, cut->count, sizeof *cut->pairs, compare);
}

/* The end of the user's pairs that begin at `first`; they must be by user. */
static size_t user_end(const struct nr_cut *cut, size_t first)
{
    size_t end = first + 1;
    while (end < cut->count && strcmp(cut->pairs[end].pair.user_id, cut->pairs[first].pair.user_id) == 0)
        end++;
    return end;
}

/* ---- which pairs are test ----------------------------------------------------------------- */

static size_t train_share(size_t n)
{
    return n / PARTS * (PARTS - 1) + n % PARTS * (PARTS - 1) / PARTS; /* floor(4n/5) without overflow */
}

static bool hash_test(uint64_t hash)
{
    return nr_splitmix64(hash) % PARTS == 0;
}

bool nr_split_is_cold(const struct nr_split_params *params, const char *video_id)
{
    return hash_test(nr_id_hash(video_id) + params->salt);
}

static void cut_by_hash(struct nr_cut *cut, const struct nr_split_params *params)
{
    for (size_t i = 0; i < cut->count; i++) {
        const struct nr_positive *pair = &cut->pairs[i].pair;
        uint64_t hash = nr_id_hash(pair->video_id) + params->salt;
        if (params->split == NR_SPLIT_HASH)
            hash += nr_id_hash(pair->user_id) * UINT64_C(1000003);
        cut->pairs[i].side = hash_test(hash) ? NR_SIDE_TEST : NR_SIDE_TRAIN;
    }
}

static void cut_by_user(struct nr_cut *cut, const struct nr_split_params *params)
{
    sort(cut, compare_user_time);
    for (size_t first = 0, end; first < cut->count; first = end) {
        end = user_end(cut, first);
        size_t n = end - first, train = n;
        if (params->split == NR_SPLIT_USER_TIME && n >= PARTS)
            train = train_share(n);
        else if (params->split == NR_SPLIT_LEAVE_LAST_N && n > params->last)
            train = n - params->last;
        for (size_t i = first; i < end; i++)
            cut->pairs[i].side = i - first < train ? NR_SIDE_TRAIN : NR_SIDE_TEST;
    }
}

/* A user's train pairs are the earlier ones: whose first is test has none. */
static void cut_by_time(struct nr_cut *cut, const struct nr_split_params *params)
{
    (void)params;
    sort(cut, compare_time_user);
    for (size_t i = 0; i < cut->count; i++)
        cut->pairs[i].side = i < train_share(cut->count) ? NR_SIDE_TRAIN : NR_SIDE_TEST;
    sort(cut, compare_user_time);
    for (size_t first = 0, end; first < cut->count; first = end) {
        end = user_end(cut, first);
        for (size_t i = first; i < end && cut->pairs[first].side != NR_SIDE_TRAIN; i++)
            cut->pairs[i].side = NR_SIDE_NONE;
    }
}

static void (*const cutters[NR_SPLIT_COUNT])(struct nr_cut *cut, const struct nr_split_params *params) = {
    [NR_SPLIT_HASH] = cut_by_hash,         [NR_SPLIT_USER_TIME] = cut_by_user, [NR_SPLIT_GLOBAL_TIME] = cut_by_time,
    [NR_SPLIT_LEAVE_LAST_N] = cut_by_user, [NR_SPLIT_COLD_ITEM] = cut_by_hash,
};

/* ---- all of it ------------------------------------------------------------------------------ */

static enum nr_status cut_init(struct nr_cut *cut, const struct nr_event_log *log, const struct nr_rule *rule,
                               struct nr_error *err)
{
    struct nr_positive *pairs;
    enum nr_status status = nr_positives_find(log, rule, &pairs, &cut->count, err);
    if (status)
        return status;
    cut->pairs = calloc(cut->count + 1, sizeof *cut->pairs);
    for (size_t i = 0; i < cut->count && cut->pairs; i++)
        cut->pairs[i].pair = pairs[i];
    free(pairs);
    return cut->pairs ? NR_OK : nr_fail_nomem(err, "the pairs of a log");
}

static void count_pairs(struct nr_cut *cut, struct nr_split_tally *tally)
{
    sort(cut, compare_user_time);
    tally->positives = cut->count;
    for (size_t first = 0, end; first < cut->count; first = end) {
        size_t test = 0;
        end = user_end(cut, first);
        for (size_t i = first; i < end; i++) {
            tally->train += cut->pairs[i].side == NR_SIDE_TRAIN;
            tally->dropped += cut->pairs[i].side == NR_SIDE_NONE;
            test += cut->pairs[i].side == NR_SIDE_TEST;
        }
        tally->test += test;
        tally->users++;
        tally->test_users += test > 0;
    }
}

enum nr_status nr_split_events(const struct nr_event_log *log, const struct nr_rule *rule,
                               const struct nr_split_params *params, unsigned char *sides, struct nr_split_tally *tally,
                               struct nr_error *err)
{
    struct nr_cut cut = {.count = 0};
    *tally = (struct nr_split_tally){.positives = 0};
    memset(sides, NR_SIDE_NONE, log->count);
    enum nr_status status = cut_init(&cut, log, rule, err);
    if (status)
        return status;
    cutters[params->split](&cut, params);
    count_pairs(&cut, tally);
    for (size_t i = 0; i < cut.count; i++)
        sides[cut.pairs[i].pair.event] = (unsigned char)cut.pairs[i].side;
    if (params->all_events)
        status = nr_cut_add_known(&cut, log, params, sides, err);
    for (size_t i = 0; i < log->count; i++)
        tally->train_events += sides[i] == NR_SIDE_TRAIN;
    free(cut.pairs);
    return status;
}
