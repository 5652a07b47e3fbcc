/* known_events.c - what training may know besides its pairs: events that happened
 * before the first thing that is to be foretold, and that are not about it. */
#include "eval/cut.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

static int compare_pairs(const void *a, const void *b)
{
    const struct nr_positive *left = &((const struct nr_cut_pair *)a)->pair;
    const struct nr_positive *right = &((const struct nr_cut_pair *)b)->pair;
    int order = strcmp(left->user_id, right->user_id);
    return order ? order : strcmp(left->video_id, right->video_id);
}

/* First pair of a user or behind, in pairs that are by user and video. */
static size_t find_user(const struct nr_cut *cut, const char *user_id)
{
    size_t low = 0, high = cut->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(cut->pairs[middle].pair.user_id, user_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool about_test(const struct nr_cut *cut, const struct nr_event *event, const struct nr_split_params *params)
{
    if (!event->video_id || !*event->video_id)
        return false;
    if (params->split == NR_SPLIT_COLD_ITEM) /* nobody may have seen it, whatever they thought */
        return nr_split_is_cold(params, event->video_id);
    struct nr_cut_pair key = {.pair = {.user_id = event->user_id, .video_id = event->video_id}};
    const struct nr_cut_pair *hit =
        cut->count ? bsearch(&key, cut->pairs, cut->count, sizeof *cut->pairs, compare_pairs) : NULL;
    return hit && hit->side != NR_SIDE_TRAIN;
}

/* When the first test pair happens; INT64_MAX: never. Splits by hash have no time. */
static int64_t first_test(const struct nr_cut *cut, size_t first, const char *user_id)
{
    int64_t time = INT64_MAX;
    for (size_t i = first; i < cut->count && (!user_id || strcmp(cut->pairs[i].pair.user_id, user_id) == 0); i++)
        if (cut->pairs[i].side != NR_SIDE_TRAIN && cut->pairs[i].pair.time < time)
            time = cut->pairs[i].pair.time;
    return time;
}

enum nr_status nr_cut_add_known(struct nr_cut *cut, const struct nr_event_log *log,
                                const struct nr_split_params *params, unsigned char *sides, struct nr_error *err)
{
    enum nr_split split = params->split;
    bool timed = split != NR_SPLIT_HASH && split != NR_SPLIT_COLD_ITEM;
    int64_t *times = malloc((cut->count + 1) * sizeof *times); /* by a user's first pair */
    if (!times)
        return nr_fail_nomem(err, "the users of a log");
    if (cut->count > 1)
        qsort(cut->pairs, cut->count, sizeof *cut->pairs, compare_pairs);
    int64_t overall = split == NR_SPLIT_GLOBAL_TIME ? first_test(cut, 0, NULL) : INT64_MAX;
    for (size_t i = 0; i < cut->count; i++) {
        bool first = i == 0 || strcmp(cut->pairs[i - 1].pair.user_id, cut->pairs[i].pair.user_id) != 0;
        times[i] = first && timed ? first_test(cut, i, cut->pairs[i].pair.user_id) : INT64_MAX;
    }
    times[cut->count] = INT64_MAX;
    for (size_t i = 0; i < log->count; i++) {
        const struct nr_event *event = &log->events[i];
        size_t user = find_user(cut, event->user_id);
        bool known = user < cut->count && strcmp(cut->pairs[user].pair.user_id, event->user_id) == 0;
        int64_t before = known && times[user] < overall ? times[user] : overall;
        if (sides[i] == NR_SIDE_NONE && event->time < before && !about_test(cut, event, params))
            sides[i] = NR_SIDE_TRAIN;
    }
    free(times);
    return NR_OK;
}
