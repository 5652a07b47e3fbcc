/* past.c - see past.h; the definition is in nightreel/match.h. */
#include "match/past.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

enum nr_status nr_match_past_init(struct nr_match_index *index, const struct nr_item_list *items, const size_t *order,
                                  struct nr_error *err)
{
    if (!index->params->explain)
        return NR_OK;
    index->records = calloc(items->count + 1, sizeof *index->records);
    if (!index->records)
        return nr_fail_nomem(err, "the watched videos");
    for (size_t i = 0; i < items->count; i++)
        index->records[index->record_count++] = &items->items[order[i]];
    return NR_OK;
}

static int compare_id(const void *key, const void *member)
{
    return strcmp(key, (*(const struct nr_item *const *)member)->video_id);
}

static const struct nr_item *find_record(const struct nr_match_index *index, const char *video_id)
{
    const struct nr_item **found =
        bsearch(video_id, index->records, index->record_count, sizeof *index->records, compare_id);
    return found ? *found : NULL;
}

enum nr_status nr_match_past_explain(const struct nr_match_index *index, const struct nr_match_user *user,
                                     const void *state, size_t item, struct nr_arena *mem, struct nr_ranked *entry,
                                     struct nr_error *err)
{
    double most = 0, sum = 0;
    const struct nr_item *record = NULL;
    if (!index->params->explain || !user->scorer->owed)
        return NR_OK;
    for (size_t w = 0; w < user->user->watched_count; w++) {
        const struct nr_watched *watched = &user->user->watched[w];
        if (strcmp(watched->video_id, index->items[item]->video_id) == 0)
            continue; /* where watched videos are candidates too */
        const struct nr_item *found = find_record(index, watched->video_id);
        double owed = user->scorer->owed(state, user, watched, found, item);
        sum += owed > 0 ? owed : 0;
        if (!(owed > most))
            continue;
        most = owed;
        record = found;
        entry->watched_id = watched->video_id;
    }
    if (!entry->watched_id)
        return NR_OK;
    entry->watched_id = nr_arena_strdup(mem, entry->watched_id);
    entry->watched_title = record ? nr_arena_strdup(mem, record->title) : NULL;
    entry->watched_share = most / sum;
    return mem->failed ? nr_fail_nomem(err, "reasons") : NR_OK;
}
