/* model_item_knn.c - videos whose viewers are also the viewers of what a user watched. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/model_table.h"

#include "core/banned.h"

struct neighbour {
    uint32_t item;
    float similarity;
};

struct item_knn {
    const struct nr_pairs *pairs;
    const struct nr_item_knn_params *params;
    struct nr_viewers viewers;
    struct neighbour **nearest; /* of each item: by similarity falling, then item; malloc'ed */
    size_t *nearest_count;
    /* who has an item among their nearest: what a user's row is summed from */
    size_t *listed_starts;
    struct neighbour *listed;
    struct scratch *scratch; /* one a worker, while fitting */
};

/* Common viewers of one item with each other item. */
struct scratch {
    uint32_t *common;
    uint32_t *touched;
    struct neighbour *found;
};

static int by_similarity(const void *a, const void *b)
{
    const struct neighbour *left = a, *right = b;
    if (left->similarity != right->similarity)
        return left->similarity < right->similarity ? 1 : -1;
    return left->item < right->item ? -1 : left->item > right->item;
}

static size_t viewers_of(const struct item_knn *knn, size_t item)
{
    return knn->viewers.starts[item + 1] - knn->viewers.starts[item];
}

static size_t count_common(const struct item_knn *knn, size_t item, struct scratch *s)
{
    const struct nr_pairs *pairs = knn->pairs;
    size_t touched = 0;
    for (size_t v = knn->viewers.starts[item]; v < knn->viewers.starts[item + 1]; v++) {
        size_t user = knn->viewers.users[v];
        for (size_t i = pairs->starts[user]; i < pairs->starts[user + 1]; i++) {
            uint32_t other = pairs->pairs[i].item;
            if (!s->common[other]++)
                s->touched[touched++] = other;
        }
    }
    return touched;
}

/* Leaves nearest[item] NULL where memory is short: told behind the loop. */
static void find_nearest(void *ctx, size_t item, unsigned worker)
{
    struct item_knn *knn = ctx;
    struct scratch *s = &knn->scratch[worker];
    size_t touched = count_common(knn, item, s), found = 0;
    for (size_t t = 0; t < touched; t++) {
        uint32_t other = s->touched[t];
        double common = s->common[other];
        s->common[other] = 0;
        double norm = sqrt((double)viewers_of(knn, item) * (double)viewers_of(knn, other));
        if (other != item)
            s->found[found++] = (struct neighbour){other, (float)(common / (norm + knn->params->shrink))};
    }
    if (found > 1)
        qsort(s->found, found, sizeof *s->found, by_similarity);
    found = found < knn->params->neighbours ? found : knn->params->neighbours;
    knn->nearest[item] = malloc((found + 1) * sizeof **knn->nearest);
    knn->nearest_count[item] = found;
    if (knn->nearest[item])
        memcpy(knn->nearest[item], s->found, found * sizeof *s->found);
}

/* From "i's nearest" to "whose nearest j is", so that a user's videos are all that a row
 * needs. By j, then i: sums run in a fixed order. */
static enum nr_status list_by_neighbour(struct item_knn *knn, struct nr_error *err)
{
    size_t items = knn->pairs->item_count, total = 0;
    for (size_t i = 0; i < items; i++) {
        if (!knn->nearest[i])
            return nr_fail_nomem(err, "the nearest videos");
        total += knn->nearest_count[i];
    }
    knn->listed_starts = calloc(items + 2, sizeof *knn->listed_starts);
    knn->listed = malloc((total + 1) * sizeof *knn->listed);
    if (!knn->listed_starts || !knn->listed)
        return nr_fail_nomem(err, "the nearest videos");
    size_t *next = knn->listed_starts + 1;
    for (size_t i = 0; i < items; i++)
        for (size_t n = 0; n < knn->nearest_count[i]; n++)
            next[knn->nearest[i][n].item + 1]++;
    for (size_t i = 0; i < items; i++)
        next[i + 1] += next[i];
    for (size_t i = 0; i < items; i++)
        for (size_t n = 0; n < knn->nearest_count[i]; n++) {
            const struct neighbour *near = &knn->nearest[i][n];
            knn->listed[next[near->item]++] = (struct neighbour){(uint32_t)i, near->similarity};
        }
    return NR_OK;
}

static void free_nearest(struct item_knn *knn)
{
    for (size_t i = 0; knn->nearest && i < knn->pairs->item_count; i++)
        free(knn->nearest[i]);
    free(knn->nearest);
    free(knn->nearest_count);
    knn->nearest = NULL;
    knn->nearest_count = NULL;
}

static void item_knn_free(void *state)
{
    struct item_knn *knn = state;
    if (!knn)
        return;
    free_nearest(knn);
    nr_viewers_release(&knn->viewers);
    free(knn->listed_starts);
    free(knn->listed);
    free(knn);
}

static enum nr_status find_all(struct item_knn *knn, unsigned threads, struct nr_error *err)
{
    size_t items = knn->pairs->item_count;
    enum nr_status status = NR_OK;
    knn->nearest = calloc(items + 1, sizeof *knn->nearest);
    knn->nearest_count = calloc(items + 1, sizeof *knn->nearest_count);
    knn->scratch = calloc(threads, sizeof *knn->scratch);
    if (!knn->nearest || !knn->nearest_count || !knn->scratch)
        status = nr_fail_nomem(err, "the nearest videos");
    for (unsigned t = 0; t < threads && !status; t++) {
        struct scratch *s = &knn->scratch[t];
        s->common = calloc(items + 1, sizeof *s->common);
        s->touched = malloc((items + 1) * sizeof *s->touched);
        s->found = malloc((items + 1) * sizeof *s->found);
        if (!s->common || !s->touched || !s->found)
            status = nr_fail_nomem(err, "the nearest videos");
    }
    if (!status)
        nr_parallel(threads, items, find_nearest, knn);
    for (unsigned t = 0; t < threads && knn->scratch; t++) {
        free(knn->scratch[t].common);
        free(knn->scratch[t].touched);
        free(knn->scratch[t].found);
    }
    free(knn->scratch);
    knn->scratch = NULL;
    return status ? status : list_by_neighbour(knn, err);
}

static enum nr_status fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err)
{
    struct item_knn *knn = calloc(1, sizeof *knn);
    *state = knn;
    if (!knn)
        return nr_fail_nomem(err, "a model");
    knn->pairs = pairs;
    knn->params = &params->item_knn;
    enum nr_status status = nr_viewers_make(pairs, &knn->viewers, err);
    if (!status)
        status = find_all(knn, threads ? threads : nr_cpu_count(), err);
    free_nearest(knn);
    return status;
}

static void score(const void *state, size_t user, double *scores, double *scratch)
{
    const struct item_knn *knn = state;
    (void)scratch;
    const struct nr_pairs *pairs = knn->pairs;
    for (size_t i = 0; i < pairs->item_count; i++)
        scores[i] = NR_NO_SCORE;
    for (size_t p = pairs->starts[user]; p < pairs->starts[user + 1]; p++) {
        uint32_t watched = pairs->pairs[p].item;
        for (size_t n = knn->listed_starts[watched]; n < knn->listed_starts[watched + 1]; n++) {
            double *sum = &scores[knn->listed[n].item];
            *sum = (*sum == NR_NO_SCORE ? 0 : *sum) + knn->listed[n].similarity;
        }
    }
}

static double owed(const void *state, size_t user, size_t place, uint32_t item)
{
    const struct item_knn *knn = state;
    uint32_t watched = knn->pairs->pairs[place].item;
    (void)user;
    for (size_t n = knn->listed_starts[watched]; n < knn->listed_starts[watched + 1]; n++)
        if (knn->listed[n].item == item)
            return knn->listed[n].similarity;
    return 0;
}

const struct nr_model nr_model_item_knn = {.name = "item-knn",
                                           .summary = "what the viewers of a user's videos also watched: cosine, "
                                                      "shrinkage, the nearest",
                                           .fit = fit,
                                           .score = score,
                                           .free = item_knn_free,
                                           .owed = owed};
