/* heads.c - using heads; they are learned in heads_train.c, kept in heads_file.c. */
#include "nightreel/language_heads.h"

#include <stdlib.h>
#include <string.h>

#include "nightreel/language_reply.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

void nr_heads_release(struct nr_heads *heads)
{
    nr_arena_release(&heads->mem);
    *heads = (struct nr_heads){.length = 0};
}

struct chance {
    const struct nr_head *head;
    double value;
};

static int by_chance(const void *a, const void *b)
{
    const struct chance *left = a, *right = b;
    if (left->value != right->value)
        return left->value < right->value ? 1 : -1;
    return strcmp(left->head->name, right->head->name);
}

static void apply_topics(const struct nr_head_set *set, const struct chance *sorted, struct nr_item *item)
{
    struct nr_description *d = item->description;
    struct nr_strings topics = {nr_arena_alloc(&item->mem, NR_REPLY_TOPICS_MAX, sizeof *topics.items), 0};
    for (size_t i = 0; i < set->count && topics.items && topics.count < NR_REPLY_TOPICS_MAX; i++)
        if (sorted[i].value >= set->threshold)
            topics.items[topics.count++] = nr_arena_strdup(&item->mem, sorted[i].head->name);
    if (!topics.count)
        return; /* none is likely: the engine's are all there is */
    d->topics = topics;
    d->new_topics = (struct nr_strings){NULL, 0};
}

static void apply_sentiment(const struct nr_head_set *set, const struct chance *chances, struct nr_description *d)
{
    double sum = 0, score = 0;
    size_t best = 0;
    for (size_t i = 0; i < set->count; i++) {
        int sentiment = nr_sentiment_find(set->heads[i].name);
        sum += chances[i].value;
        score += chances[i].value * ((sentiment == NR_SENTIMENT_POSITIVE) - (sentiment == NR_SENTIMENT_NEGATIVE));
        best = chances[i].value > chances[best].value ? i : best;
    }
    d->sentiment = nr_sentiment_names[nr_sentiment_find(set->heads[best].name)];
    d->sentiment_score = sum > 0 ? score / sum : 0;
}

enum nr_status nr_heads_apply(const struct nr_heads *heads, const float *vector, struct nr_item *item,
                              struct nr_error *err)
{
    const struct nr_head_set *const sets[] = {&heads->topics, &heads->sentiment};
    float *row = malloc(heads->length * sizeof *row);
    size_t most = heads->topics.count > heads->sentiment.count ? heads->topics.count : heads->sentiment.count;
    struct chance *chances = malloc((most ? most : 1) * sizeof *chances);
    if (!row || !chances) {
        free(row);
        free(chances);
        return nr_fail_nomem(err, "heads");
    }
    for (size_t j = 0; j < heads->length; j++)
        row[j] = vector[j] - heads->mean[j];
    for (size_t s = 0; s < NR_COUNT(sets); s++) {
        for (size_t i = 0; i < sets[s]->count; i++)
            chances[i] =
                (struct chance){&sets[s]->heads[i], nr_logistic_chance(sets[s]->heads[i].theta, row, heads->length)};
        if (!sets[s]->count)
            continue;
        if (sets[s] == &heads->sentiment) {
            apply_sentiment(sets[s], chances, item->description);
        } else {
            qsort(chances, sets[s]->count, sizeof *chances, by_chance);
            apply_topics(sets[s], chances, item);
        }
    }
    free(row);
    free(chances);
    return item->mem.failed ? nr_fail_nomem(err, "heads") : NR_OK;
}
