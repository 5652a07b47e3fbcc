/* profile_searches.c - see profile_searches.h. */
#include "stage/profile_searches.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stage/search_space.h"

#include "core/banned.h"

struct nr_searches {
    const struct nr_stage_env *env;
    struct nr_search_space *space;
    bool kept;                       /* by the caller, from an earlier run */
    size_t texts, by_words, by_tags; /* distinct texts of users */
};

/* A text of a user's, with the sum of its weights. */
struct sought {
    const char *text;
    double weight;
    size_t place;
};

static bool has_words(const struct nr_event *event)
{
    return event->action == NR_ACTION_SEARCH && event->comment && event->comment[strspn(event->comment, " \t\r\n")];
}

enum nr_status nr_searches_open(const struct nr_stage_env *env, const struct nr_dataset *data, struct nr_searches **out,
                                struct nr_error *err)
{
    size_t count = 0;
    *out = NULL;
    for (size_t i = 0; i < data->events.count; i++)
        count += has_words(&data->events.events[i]);
    if (count == 0 || env->settings->profile.searches == NR_SEARCHES_OFF)
        return NR_OK;
    struct nr_searches *searches = calloc(1, sizeof *searches);
    if (!searches)
        return nr_fail_nomem(err, "searches");
    searches->env = env;
    searches->kept = env->search_space && *env->search_space;
    searches->space = searches->kept ? *env->search_space : NULL;
    enum nr_status status = NR_OK;
    if (!searches->kept)
        status = nr_search_space_open(env, &data->items, &searches->space, err);
    if (status) {
        free(searches);
        return status;
    }
    if (env->search_space)
        *env->search_space = searches->space;
    *out = searches;
    return NR_OK;
}

void nr_searches_close(struct nr_searches *searches)
{
    if (!searches)
        return;
    const char *lacks = nr_search_space_lacks(searches->space);
    if (!searches->kept)
        nr_report(searches->env->reporter, NR_LOG_INFO, "%zu searches of users: %zu by their words, %zu by tags%s%s",
                  searches->texts, searches->by_words, searches->by_tags, lacks ? "; not by words: " : "",
                  lacks ? lacks : "");
    if (!searches->env->search_space)
        nr_search_space_close(searches->space);
    free(searches);
}

static int sought_compare(const void *left, const void *right)
{
    const struct sought *a = left, *b = right;
    int order = strcmp(a->text, b->text);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* The last searches with words, equal texts summed in the order of their events. */
static size_t collect(const struct nr_weight_params *params, struct nr_event *const *events, size_t count,
                      struct sought *all)
{
    size_t found = 0, kept = 0;
    for (size_t i = count; i > 0 && found < NR_SEARCHES_MAX; i--)
        if (has_words(events[i - 1]))
            all[found++] = (struct sought){
                events[i - 1]->comment,
                nr_event_weight(params, events[i - 1], NAN) * nr_past_decay(params, events, count, i - 1), i - 1};
    if (found > 1)
        qsort(all, found, sizeof *all, sought_compare);
    for (size_t i = 0; i < found; i++)
        if (kept && strcmp(all[kept - 1].text, all[i].text) == 0)
            all[kept - 1].weight += all[i].weight;
        else
            all[kept++] = all[i];
    return kept;
}

enum nr_status nr_searches_take(struct nr_searches *searches, struct nr_event *const *events, size_t count,
                                struct nr_arena *mem, struct nr_profile_input *input, struct nr_error *err)
{
    struct sought all[NR_SEARCHES_MAX];
    const char *texts[NR_SEARCHES_MAX];
    size_t kept = collect(&searches->env->settings->weights, events, count, all);
    struct nr_block(*blocks)[NR_BLOCK_COUNT] = nr_arena_alloc(mem, kept, sizeof *blocks);
    struct nr_sought *sought = nr_arena_alloc(mem, kept, sizeof *sought);
    enum nr_status status = mem->failed ? nr_fail_nomem(err, "searches") : NR_OK;
    for (size_t i = 0; i < kept; i++)
        texts[i] = all[i].text;
    for (size_t at = 0; at < kept && !status; at += NR_DOCUMENTS_MAX) {
        size_t n = kept - at < NR_DOCUMENTS_MAX ? kept - at : NR_DOCUMENTS_MAX;
        status = nr_search_space_place(searches->space, texts + at, n, mem, blocks + at, err);
    }
    for (size_t i = 0; i < kept && !status; i++) {
        bool words = nr_block_present(&blocks[i][NR_BLOCK_TEXT]), tags = nr_block_present(&blocks[i][NR_BLOCK_TAGS]);
        searches->texts++;
        searches->by_words += words;
        searches->by_tags += tags;
        if (words || tags)
            sought[input->sought_count++] = (struct nr_sought){blocks[i], all[i].weight};
    }
    input->sought = sought;
    return status;
}
