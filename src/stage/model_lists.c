/* model_lists.c - the best of a model's scores for each user. */
#include <stdlib.h>
#include <string.h>

#include "stage/recommenders.h"

#include "core/banned.h"

struct worker {
    double *scores, *scratch;
    bool *taken; /* by item: known to the user, or in the list already */
};

struct popular {
    uint32_t item, watchers;
};

struct listing {
    const struct nr_training *training;
    const struct nr_model *model;
    const void *state;
    const struct popular *popular; /* items by popularity */
    struct worker *workers;
    struct nr_scored_item *entries; /* of each user `depth` */
    size_t *counts, depth;
};

/* ---- what most people watched -------------------------------------------------------- */

static int by_watchers(const void *a, const void *b)
{
    const struct popular *left = a, *right = b;
    if (left->watchers != right->watchers)
        return left->watchers < right->watchers ? 1 : -1;
    return left->item < right->item ? -1 : left->item > right->item;
}

static struct popular *order_by_popularity(const struct nr_pairs *pairs)
{
    struct popular *all = malloc((pairs->item_count + 1) * sizeof *all);
    for (size_t i = 0; i < pairs->item_count && all; i++)
        all[i] = (struct popular){(uint32_t)i, 0};
    for (size_t p = 0; p < pairs->starts[pairs->user_count] && all; p++)
        all[pairs->pairs[p].item].watchers++;
    if (all && pairs->item_count > 1)
        qsort(all, pairs->item_count, sizeof *all, by_watchers);
    return all;
}

/* ---- one user ---------------------------------------------------------------------------- */

static void mark_known(const struct nr_training *t, const char *user_id, bool *taken)
{
    size_t items = t->known->item_count, user = nr_id_find(t->known->users, t->known->user_count, user_id);
    for (size_t i = 0; i < items; i++)
        taken[i] = t->candidates && !t->candidates[i];
    for (size_t p = user == SIZE_MAX ? 0 : t->known->starts[user]; user != SIZE_MAX && p < t->known->starts[user + 1];
         p++)
        taken[t->known->pairs[p].item] = true;
}

/* Below the last of the model's own; what is equally popular has equal scores, so that the
 * measures see the ties. */
static size_t fill_up(const struct listing *l, struct nr_scored_item *entries, size_t count, bool *taken)
{
    double base = (count ? entries[count - 1].score : 0) - 1;
    size_t items = l->training->pairs->item_count;
    for (size_t i = 0; i < count; i++)
        taken[entries[i].item] = true;
    for (size_t i = 0; i < items && count < l->depth; i++)
        if (!taken[l->popular[i].item])
            entries[count++] = (struct nr_scored_item){base + l->popular[i].watchers / (l->popular[0].watchers + 1.0),
                                                       l->popular[i].item};
    return count;
}

static void list_user(void *ctx, size_t index, unsigned number)
{
    struct listing *l = ctx;
    struct worker *w = &l->workers[number];
    const struct nr_pairs *pairs = l->training->pairs;
    const char *user_id = l->training->users->items[index];
    struct nr_scored_item *entries = l->entries + index * l->depth;
    size_t user = nr_id_find(pairs->users, pairs->user_count, user_id), count = 0;
    mark_known(l->training, user_id, w->taken);
    if (user != SIZE_MAX) {
        l->model->score(l->state, user, w->scores, w->scratch);
        for (size_t i = 0; i < pairs->item_count; i++)
            if (!w->taken[i] && w->scores[i] > NR_NO_SCORE)
                nr_scored_push(entries, &count, l->depth, (struct nr_scored_item){w->scores[i], (uint32_t)i});
        nr_scored_sort(entries, count);
    }
    l->counts[index] = fill_up(l, entries, count, w->taken);
}

/* ---- all users ------------------------------------------------------------------------------ */

static enum nr_status make_room(struct listing *l, unsigned threads, struct nr_error *err)
{
    size_t users = l->training->users->count, items = l->training->pairs->item_count + 1, all;
    size_t scratch = l->model->scratch ? l->model->scratch(l->state) : 0;
    l->workers = calloc(threads, sizeof *l->workers);
    l->counts = calloc(users + 1, sizeof *l->counts);
    l->entries =
        nr_size_mul(users + 1, l->depth, &all) && nr_size_mul(all, sizeof *l->entries, &all) ? malloc(all) : NULL;
    bool failed = !l->workers || !l->counts || !l->entries;
    for (unsigned t = 0; t < threads && !failed; t++) {
        l->workers[t].scores = malloc(items * sizeof *l->workers[t].scores);
        l->workers[t].taken = malloc(items * sizeof *l->workers[t].taken);
        l->workers[t].scratch = malloc((scratch + 1) * sizeof *l->workers[t].scratch);
        failed = !l->workers[t].scores || !l->workers[t].taken || !l->workers[t].scratch;
    }
    return failed ? nr_fail_nomem(err, "lists") : NR_OK;
}

static enum nr_status hand_over(const struct listing *l, nr_list_sink sink, void *ctx, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t u = 0; u < l->training->users->count && !status; u++)
        for (size_t i = 0; i < l->counts[u] && !status; i++) {
            const struct nr_scored_item *entry = &l->entries[u * l->depth + i];
            status = sink(ctx, l->training->users->items[u], l->training->ids[entry->item], entry->score, err);
        }
    return status;
}

/* The items by number; NULL where there are none. */
static const struct nr_item **find_records(const struct nr_training *training)
{
    size_t count = training->items->count;
    const struct nr_item **records = count ? malloc(count * sizeof *records) : NULL;
    for (size_t i = 0; i < count && records; i++)
        records[i] = &training->items->items[i];
    return records;
}

enum nr_status nr_model_lists(const struct nr_model *model, const struct nr_training *training, nr_list_sink sink,
                              void *ctx, struct nr_error *err)
{
    static const enum nr_inner_split inner[NR_SPLIT_COUNT] = {[NR_SPLIT_HASH] = NR_INNER_HASH,
                                                              [NR_SPLIT_USER_TIME] = NR_INNER_USER_TIME,
                                                              [NR_SPLIT_GLOBAL_TIME] = NR_INNER_GLOBAL_TIME,
                                                              [NR_SPLIT_LEAVE_LAST_N] = NR_INNER_USER_TIME,
                                                              [NR_SPLIT_COLD_ITEM] = NR_INNER_COLD_ITEM};
    struct nr_model_params params = training->params->model;
    unsigned threads = training->env->settings->threads ? training->env->settings->threads : nr_cpu_count();
    struct popular *popular = order_by_popularity(training->pairs);
    struct nr_pairs pairs = *training->pairs; /* with what is known of the items */
    const struct nr_item **records = find_records(training);
    void *state = NULL;
    pairs.records = records;
    params.trees.inner = inner[training->params->split.split];
    struct listing l = {.training = training, .model = model, .popular = popular, .depth = training->params->depth};
    enum nr_status status =
        popular ? model->fit(&params, &pairs, threads, &state, err) : nr_fail_nomem(err, "the popular videos");
    l.state = state;
    if (!status)
        status = make_room(&l, threads, err);
    if (!status)
        nr_parallel(threads, training->users->count, list_user, &l);
    if (!status && nr_interrupted())
        status = nr_fail(err, NR_ERR_INTERRUPTED, "interrupted");
    if (!status)
        status = hand_over(&l, sink, ctx, err);
    model->free(state);
    for (unsigned t = 0; t < threads && l.workers; t++) {
        free(l.workers[t].scores);
        free(l.workers[t].taken);
        free(l.workers[t].scratch);
    }
    free(l.workers);
    free(l.counts);
    free(l.entries);
    free(popular);
    free(records);
    return status;
}
