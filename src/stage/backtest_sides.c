/* backtest_sides.c - see backtest_sides.h. */
#include "stage/backtest_sides.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

static enum nr_status divide(struct nr_sides *s, const struct nr_event_log *log, struct nr_error *err)
{
    unsigned char *sides = malloc(log->count + 1);
    enum nr_status status = sides ? nr_split_events(log, s->rule, &s->split, sides, &s->tally, err)
                                  : nr_fail_nomem(err, "the sides of a log");
    for (size_t i = 0; i < log->count && !status; i++)
        if (sides[i] != NR_SIDE_NONE)
            status = nr_event_log_add(sides[i] == NR_SIDE_TRAIN ? &s->train : &s->test, &log->events[i], err);
    free(sides);
    if (!status && !s->test.count)
        status = nr_fail(err, NR_ERR_DATA, "the split '%s' leaves no pair to test", nr_split_names[s->split.split]);
    return status ? status : nr_backtest_check_leak(&s->train, &s->test, err);
}

/* Each once, in order; how many. */
static size_t sort_unique(const char **texts, size_t count)
{
    size_t kept = 0;
    if (count > 1)
        qsort(texts, count, sizeof *texts, nr_id_order);
    for (size_t i = 0; i < count; i++)
        if (!kept || strcmp(texts[kept - 1], texts[i]) != 0)
            texts[kept++] = texts[i];
    return kept;
}

/* The catalogue's ids: those of the records, else every video of the log. */
static enum nr_status find_ids(struct nr_sides *s, struct nr_error *err)
{
    size_t events = s->train.count + s->test.count, count = 0;
    s->ids = nr_arena_alloc(&s->mem, (s->items->count ? s->items->count : events) + 1, sizeof *s->ids);
    s->users.items = nr_arena_alloc(&s->mem, s->test.count + 1, sizeof *s->users.items);
    if (s->mem.failed)
        return nr_fail_nomem(err, "the catalogue");
    for (size_t i = 0; i < s->items->count; i++)
        s->ids[count++] = s->items->items[i].video_id;
    for (size_t i = 0; i < events && !s->items->count; i++) {
        const struct nr_event *event = i < s->train.count ? &s->train.events[i] : &s->test.events[i - s->train.count];
        if (event->video_id && *event->video_id)
            s->ids[count++] = event->video_id;
    }
    s->item_count = sort_unique(s->ids, count);
    for (size_t i = 0; i < s->test.count; i++)
        s->users.items[i] = s->test.events[i].user_id;
    s->users.count = sort_unique(s->users.items, s->test.count);
    return NR_OK;
}

static enum nr_status find_cold(struct nr_sides *s, struct nr_error *err)
{
    if (s->split.split != NR_SPLIT_COLD_ITEM)
        return NR_OK;
    s->cold = nr_arena_alloc(&s->mem, s->item_count + 1, sizeof *s->cold);
    if (!s->cold)
        return nr_fail_nomem(err, "the cold videos");
    for (size_t i = 0; i < s->item_count; i++)
        s->cold[i] = nr_split_is_cold(&s->split, s->ids[i]);
    return NR_OK;
}

static bool is_liked(const void *rule, const struct nr_event *event)
{
    return nr_rule_passes(rule, event);
}

enum nr_status nr_sides_make(const struct nr_stage_env *env, const char *positive, const struct nr_split_params *split,
                             const struct nr_event_log *log, struct nr_item_list *items, struct nr_sides *s,
                             struct nr_error *err)
{
    *s = (struct nr_sides){.split = *split, .items = items};
    enum nr_status status = nr_rule_parse(positive, &s->rule, err);
    if (!status)
        status = divide(s, log, err);
    if (!status && items->count)
        status = nr_backtest_refit(env, &s->train, items, err);
    if (!status)
        status = find_ids(s, err);
    if (!status)
        status = find_cold(s, err);
    if (!status)
        status = nr_pairs_make(&s->train, is_liked, s->rule, s->ids, s->item_count, &s->pairs, err);
    return status ? status : nr_pairs_make(&s->train, NULL, NULL, s->ids, s->item_count, &s->known, err);
}

void nr_sides_release(struct nr_sides *s)
{
    nr_pairs_release(&s->pairs);
    nr_pairs_release(&s->known);
    nr_event_log_release(&s->train);
    nr_event_log_release(&s->test);
    nr_rule_free(s->rule);
    nr_arena_release(&s->mem);
    *s = (struct nr_sides){.item_count = 0};
}

enum nr_status nr_sides_judge(const struct nr_sides *s, const bool *only, struct nr_eval_data *data,
                              struct nr_error *err)
{
    enum nr_status status = NR_OK;
    struct nr_item_list catalogue = {nr_arena_alloc(&data->videos.mem, s->item_count + 1, sizeof *catalogue.items), 0,
                                     0};
    if (!catalogue.items)
        return nr_fail_nomem(err, "an evaluation");
    for (size_t i = 0; i < s->item_count; i++)
        if (!only || only[i]) {
            struct nr_item *item = &catalogue.items[catalogue.count++];
            *item = s->items->count ? s->items->items[i] : (struct nr_item){.video_id = s->ids[i]};
            item->mem = (struct nr_arena){0};
        }
    status = nr_eval_add_items(data, &catalogue, err);
    data->has_train = true;
    for (size_t i = 0; i < s->test.count && !status; i++)
        status = nr_eval_add_truth(data, s->test.events[i].user_id, s->test.events[i].video_id, 1, err);
    for (size_t i = 0; i < s->train.count && !status; i++) {
        const struct nr_event *event = &s->train.events[i];
        size_t item = *event->video_id ? nr_id_find(s->ids, s->item_count, event->video_id) : SIZE_MAX;
        if (item != SIZE_MAX && (!only || only[item]))
            status = nr_eval_add_train(data, event->user_id, event->video_id, err);
    }
    return status;
}

/* ---- items ----------------------------------------------------------------------------------- */

enum nr_status nr_items_borrow(const struct nr_item_list *items, struct nr_item_list *out, struct nr_error *err)
{
    *out = (struct nr_item_list){malloc((items->count + 1) * sizeof *out->items), 0, items->count + 1};
    if (!out->items)
        return nr_fail_nomem(err, "the catalogue");
    for (; out->count < items->count; out->count++) {
        out->items[out->count] = items->items[out->count];
        out->items[out->count].mem = (struct nr_arena){0};
    }
    return NR_OK;
}

void nr_items_return(struct nr_item_list *items)
{
    for (size_t i = 0; i < items->count; i++)
        nr_arena_release(&items->items[i].mem);
    free(items->items);
    *items = (struct nr_item_list){0};
}
