/* update_digests.c - see update_digests.h. */
#include "stage/update_digests.h"

#include <stdlib.h>
#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

struct noting {
    const struct nr_stage_env *env;
    struct nr_store *store;
    const struct nr_dataset *data;
};

static enum nr_status note_text(const struct noting *noting, enum nr_state_kind kind, const char *key,
                                const struct nr_buf *text, struct nr_error *err)
{
    char digest[NR_DIGEST_HEX];
    enum nr_status status = nr_buf_status(text, err);
    if (!status)
        status = nr_digest_bytes(text->data ? text->data : "", text->length, digest, err);
    return status ? status : nr_state_note(noting->store, kind, key, digest, err);
}

static void put_double(struct nr_buf *out, double value)
{
    nr_buf_double(out, value);
    nr_buf_putc(out, ' ');
}

/* All that records depend on, and not the log, the items or the declared interests. */
static enum nr_status note_settings(const struct noting *noting, struct nr_error *err)
{
    const struct nr_settings *settings = noting->env->settings;
    const struct nr_clean_params *clean = &settings->clean;
    const struct nr_weight_params *weights = &settings->weights;
    const struct nr_profile_params *profile = &settings->profile;
    struct nr_buf text = {0};
    nr_buf_printf(&text, "nightreel %s comments %d interests %zu searches %d clusters %zu rules", NR_VERSION,
                  weights->comments, profile->max_interests, profile->searches, profile->clusters);
    for (int rule = 0; rule < NR_RULE_COUNT; rule++)
        nr_buf_printf(&text, " %d", (int)clean->verdicts[rule]);
    for (int action = 0; action < NR_ACTION_COUNT; action++)
        put_double(&text, weights->action[action]);
    const double numbers[] = {clean->rating_max,   clean->max_watch,    clean->outlier_mads,  clean->repeat_seconds,
                              weights->rating_max, weights->decay_days, weights->decay_events};
    for (size_t i = 0; i < NR_COUNT(numbers); i++)
        put_double(&text, numbers[i]);
    enum nr_status status = note_text(noting, NR_STATE_SETTINGS, "", &text, err);
    nr_buf_release(&text);
    return status;
}

/* ---- items ------------------------------------------------------------------------------------ */

/* What a user's record has from an item: its blocks and its duration. */
static enum nr_status note_items(const struct noting *noting, const size_t *order, struct nr_error *err)
{
    struct nr_buf text = {0};
    enum nr_status status = NR_OK;
    for (size_t i = 0; i < noting->data->items.count && !status; i++) {
        const struct nr_item *item = &noting->data->items.items[order[i]];
        nr_buf_clear(&text);
        nr_item_write(item, NR_PART_BLOCKS, &text);
        put_double(&text, nr_item_duration(item));
        status = note_text(noting, NR_STATE_ITEM, item->video_id, &text, err);
    }
    nr_buf_release(&text);
    return status ? status : nr_state_settle(noting->store, NR_STATE_ITEM, err);
}

/* Which tags there are decides which declared ones are known. */
static enum nr_status note_tags(const struct noting *noting, struct nr_error *err)
{
    const struct nr_item_list *items = &noting->data->items;
    struct nr_arena mem = {0};
    struct nr_buf text = {0};
    size_t total = 0, at = 0;
    for (size_t i = 0; i < items->count; i++)
        total += items->items[i].blocks[NR_BLOCK_TAGS].terms.count;
    const char **names = nr_arena_alloc(&mem, total, sizeof *names);
    if (!names)
        return nr_fail_nomem(err, "the catalogue's tags");
    for (size_t i = 0; i < items->count; i++)
        for (size_t k = 0; k < items->items[i].blocks[NR_BLOCK_TAGS].terms.count; k++)
            names[at++] = items->items[i].blocks[NR_BLOCK_TAGS].terms.items[k].name;
    if (total > 1)
        qsort(names, total, sizeof *names, nr_id_order);
    for (size_t i = 0; i < total; i++)
        if (i == 0 || strcmp(names[i - 1], names[i]) != 0)
            nr_buf_printf(&text, "%s\n", names[i]);
    enum nr_status status = note_text(noting, NR_STATE_TAGS, "", &text, err);
    nr_buf_release(&text);
    nr_arena_release(&mem);
    return status;
}

/* The embedding model and the statistics by which searches are placed. */
static enum nr_status put_space(const struct noting *noting, struct nr_buf *text, struct nr_error *err)
{
    const struct nr_settings *settings = noting->env->settings;
    struct nr_embed_plan plan;
    char digest[NR_DIGEST_HEX] = "";
    enum nr_status status = nr_embed_plan_make(&settings->embed, &plan, err);
    if (!status && plan.is_file)
        status = nr_digest_file(plan.model, digest, err);
    if (!status && plan.model)
        nr_embed_key(&plan, text);
    nr_buf_printf(text, "model %s\n", digest);
    nr_embed_plan_release(&plan);
    if (!status && settings->fuse.stats)
        status = nr_digest_file(settings->fuse.stats, digest, err);
    if (!status && settings->fuse.stats)
        nr_buf_printf(text, "stats %s\n", digest);
    return status;
}

/* A search's vector depends on all items: their words make the statistics. */
static enum nr_status note_searches(const struct noting *noting, const size_t *order, struct nr_error *err)
{
    struct nr_buf text = {0}, record = {0};
    char digest[NR_DIGEST_HEX];
    enum nr_status status = put_space(noting, &text, err);
    for (size_t i = 0; i < noting->data->items.count && !status; i++) {
        nr_buf_clear(&record);
        nr_item_write(&noting->data->items.items[order[i]], NR_PART_CATALOGUE | NR_PART_TEXT | NR_PART_BLOCKS, &record);
        status = nr_buf_status(&record, err);
        if (!status)
            status = nr_digest_bytes(record.data, record.length, digest, err);
        nr_buf_puts(&text, digest);
    }
    if (!status)
        status = note_text(noting, NR_STATE_SEARCHES, "", &text, err);
    nr_buf_release(&record);
    nr_buf_release(&text);
    return status;
}

/* ---- declared interests ------------------------------------------------------------------------ */

struct declared {
    const struct nr_declared *entry;
    size_t place;
};

static int declared_compare(const void *left, const void *right)
{
    const struct declared *a = left, *b = right;
    int order = strcmp(a->entry->user_id, b->entry->user_id);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* The first row of each user counts. */
static enum nr_status note_declared(const struct noting *noting, struct nr_error *err)
{
    const struct nr_declared_list *list = &noting->data->declared;
    struct declared *all = malloc((list->count + 1) * sizeof *all);
    struct nr_buf text = {0};
    enum nr_status status = all ? NR_OK : nr_fail_nomem(err, "declared interests");
    for (size_t i = 0; i < list->count && all; i++)
        all[i] = (struct declared){&list->entries[i], i};
    if (list->count > 1 && all)
        qsort(all, list->count, sizeof *all, declared_compare);
    for (size_t i = 0; i < list->count && !status; i++) {
        const struct nr_declared *entry = all[i].entry;
        if (i && strcmp(all[i - 1].entry->user_id, entry->user_id) == 0)
            continue;
        nr_buf_clear(&text);
        for (size_t t = 0; t < entry->tags.count; t++)
            nr_buf_printf(&text, "%s\n", entry->tags.items[t]);
        status = note_text(noting, NR_STATE_DECLARED, entry->user_id, &text, err);
    }
    nr_buf_release(&text);
    free(all);
    return status ? status : nr_state_settle(noting->store, NR_STATE_DECLARED, err);
}

enum nr_status nr_update_note(const struct nr_stage_env *env, struct nr_store *store, const struct nr_dataset *data,
                              struct nr_error *err)
{
    struct noting noting = {env, store, data};
    size_t *order = NULL;
    enum nr_status status = nr_item_list_order(&data->items, &order, err);
    if (!status)
        status = note_settings(&noting, err);
    if (!status)
        status = note_items(&noting, order, err);
    if (!status)
        status = note_tags(&noting, err);
    if (!status && env->settings->profile.searches != NR_SEARCHES_OFF)
        status = note_searches(&noting, order, err);
    if (!status)
        status = note_declared(&noting, err);
    free(order);
    return status;
}
