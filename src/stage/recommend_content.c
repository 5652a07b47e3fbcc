/* recommend_content.c - the content model: profiles over the items' blocks, matched. */
#include <stdlib.h>
#include <string.h>

#include "stage/recommenders.h"

#include "core/banned.h"

/* The items that may be recommended, borrowed. */
static enum nr_status choose_candidates(const struct nr_training *t, struct nr_item_list *out, struct nr_error *err)
{
    out->items = malloc((t->items->count + 1) * sizeof *out->items);
    if (!out->items)
        return nr_fail_nomem(err, "the candidates");
    for (size_t i = 0; i < t->items->count; i++)
        if (!t->candidates || t->candidates[i])
            out->items[out->count++] = t->items->items[i];
    return NR_OK;
}

static enum nr_status hand_over(const struct nr_ranking_list *rankings, const struct nr_strings *users, bool by_place,
                                nr_list_sink sink, void *ctx, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t r = 0; r < rankings->count && !status; r++) {
        const struct nr_ranking *ranking = &rankings->rankings[r];
        if (nr_id_find(users->items, users->count, ranking->user_id) == SIZE_MAX)
            continue;
        for (size_t i = 0; i < ranking->count && !status; i++)
            status = sink(ctx, ranking->user_id, ranking->items[i].video_id,
                          by_place ? -(double)i : ranking->items[i].score, err);
    }
    return status;
}

static enum nr_status lists(const struct nr_training *t, nr_list_sink sink, void *ctx, struct nr_error *err)
{
    struct nr_match_params params = t->env->settings->match;
    struct nr_dataset data = {.events = *t->log, .items = *t->items};
    struct nr_item_list candidates = {0};
    struct nr_ranking_list rankings = {0};
    params.k = t->params->depth;
    params.now = NR_TIME_NONE;
    enum nr_status status = nr_stage_profile.run(t->env, &data, NULL, 0, NULL, err);
    nr_user_list_sort(&data.users);
    if (!status)
        status = choose_candidates(t, &candidates, err);
    if (!status)
        status = nr_match_rank(&params, &candidates, &data.users, t->env->settings->threads, &rankings, NULL, err);
    if (!status)
        status = hand_over(&rankings, t->users, params.mmr < 1, sink, ctx, err);
    nr_ranking_list_release(&rankings);
    nr_user_list_release(&data.users);
    free(candidates.items);
    return status;
}

const struct nr_recommender nr_recommender_content = {
    .name = "content",
    .summary = "what is like what a user watched, by the videos' blocks",
    .needs_items = true,
    .lists = lists,
};
