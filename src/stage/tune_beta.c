/* tune_beta.c - the scores of all candidates, for the fit of beta. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stage/tune_side.h"

#include "core/banned.h"

enum { USERS_MAX = 300, CHUNK_MAX = 64 };
#define SCORES_MAX  ((size_t)1 << 25) /* numbers kept: 256 MB */
#define ENTRIES_MAX ((size_t)1 << 18) /* entries of rankings at a time */

struct held {
    const char *user_id, *video_id;
};

static int by_pair(const void *a, const void *b)
{
    const struct held *left = a, *right = b;
    int order = strcmp(left->user_id, right->user_id);
    return order ? order : strcmp(left->video_id, right->video_id);
}

static int by_user(const void *a, const void *b)
{
    return strcmp(((const struct held *)a)->user_id, ((const struct held *)b)->user_id);
}

/* The held-out pairs, in order. */
static struct held *list_held(const struct nr_event_log *test)
{
    struct held *held = malloc((test->count + 1) * sizeof *held);
    for (size_t i = 0; i < test->count && held; i++)
        held[i] = (struct held){test->events[i].user_id, test->events[i].video_id};
    if (held && test->count > 1)
        qsort(held, test->count, sizeof *held, by_pair);
    return held;
}

/* What the probability goes by: see nightreel/match.h. */
static double softmax_score(enum nr_similarity similarity, double score)
{
    return similarity == NR_SIMILARITY_EUCLIDEAN ? -sqrt(fmax(0, -score)) : score;
}

/* One user's candidates; none where the list is what most people watched. */
static enum nr_status add_choice(const struct nr_ranking *ranking, enum nr_similarity similarity,
                                 const struct held *held, size_t held_count, struct nr_choice_list *out,
                                 struct nr_error *err)
{
    struct held key = {ranking->user_id, NULL};
    const struct held *first = held_count ? bsearch(&key, held, held_count, sizeof *held, by_user) : NULL;
    if (!first || !ranking->count || ranking->items[0].filled)
        return NR_OK;
    const struct held *end = held + held_count;
    while (first > held && by_user(first - 1, &key) == 0)
        first--;
    double *scores = nr_arena_alloc(&out->mem, ranking->count, sizeof *scores);
    size_t *taken = nr_arena_alloc(&out->mem, (size_t)(end - first), sizeof *taken), taken_count = 0;
    if (out->mem.failed)
        return nr_fail_nomem(err, "the scores of all candidates");
    size_t mine = 0;
    while (first + mine < end && by_user(first + mine, &key) == 0)
        mine++;
    for (size_t i = 0; i < ranking->count; i++) {
        struct held pair = {ranking->user_id, ranking->items[i].video_id};
        scores[i] = softmax_score(similarity, ranking->items[i].score);
        if (bsearch(&pair, first, mine, sizeof *first, by_pair))
            taken[taken_count++] = i;
    }
    if (taken_count) {
        out->choices[out->count++] = (struct nr_choice){scores, ranking->count, taken, taken_count};
        out->pairs += taken_count;
    }
    return NR_OK;
}

static enum nr_status rank_users(struct nr_tune_side *side, const struct nr_tune_point *point,
                                 const struct nr_strings *users, struct nr_ranking_list *out, struct nr_error *err)
{
    struct nr_stage_env env = *side->tuner->env;
    struct nr_match_params match = point->settings.match;
    struct nr_dataset data = {.items = side->fitted};
    env.settings = &point->settings;
    match.k = side->fitted.count;
    match.now = NR_TIME_NONE;
    enum nr_status status = nr_tune_side_events(side, users, &data.events, err);
    if (!status)
        status = nr_stage_profile.run(&env, &data, NULL, 0, NULL, err);
    nr_user_list_sort(&data.users);
    if (!status)
        status = nr_match_rank(&match, &data.items, &data.users, point->settings.threads, out, NULL, err);
    nr_user_list_release(&data.users);
    free(data.events.events);
    return status;
}

static enum nr_status add_chunk(struct nr_tune_side *side, const struct nr_tune_point *point, size_t from, size_t to,
                                const struct held *held, struct nr_choice_list *out, struct nr_error *err)
{
    struct nr_ranking_list rankings = {0};
    struct nr_strings users = {NULL, 0};
    enum nr_status status = nr_tune_side_users(side, from, to, &users, err);
    if (!status)
        status = rank_users(side, point, &users, &rankings, err);
    for (size_t r = 0; r < rankings.count && !status; r++)
        status =
            add_choice(&rankings.rankings[r], point->settings.match.similarity, held, side->sides.test.count, out, err);
    nr_ranking_list_release(&rankings);
    free(users.items);
    return status;
}

enum nr_status nr_tune_side_choices(struct nr_tune_side *side, const struct nr_tune_point *point,
                                    struct nr_choice_list *out, struct nr_error *err)
{
    size_t items = side->items.count, users = side->count < USERS_MAX ? side->count : USERS_MAX;
    size_t chunk = ENTRIES_MAX / (items + 1);
    *out = (struct nr_choice_list){.count = 0};
    users = users * items <= SCORES_MAX ? users : SCORES_MAX / items;
    chunk = chunk < 1 ? 1 : chunk > CHUNK_MAX ? CHUNK_MAX : chunk;
    struct held *held = list_held(&side->sides.test);
    out->choices = nr_arena_alloc(&out->mem, users + 1, sizeof *out->choices);
    enum nr_status status =
        held && out->choices ? nr_tune_side_fit(side, point, err) : nr_fail_nomem(err, "the scores of all candidates");
    for (size_t from = 0; from < users && !status; from += chunk) {
        nr_report_progress(side->tuner->env->reporter, "beta", from, users);
        status = nr_interrupted()
                     ? nr_fail(err, NR_ERR_INTERRUPTED, "interrupted")
                     : add_chunk(side, point, from, from + chunk < users ? from + chunk : users, held, out, err);
    }
    free(held);
    return status;
}
