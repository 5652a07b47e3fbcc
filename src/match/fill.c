/* fill.c - see fill.h. */
#include "match/fill.h"

#include "core/banned.h"

static bool is_listed(const struct nr_scored_item *best, size_t count, size_t item)
{
    for (size_t i = 0; i < count; i++)
        if (best[i].item == item)
            return true;
    return false;
}

size_t nr_match_fill(const struct nr_match_index *index, const struct nr_match_user *user, const void *popularity,
                     struct nr_scored_item *best, size_t count, size_t wanted, struct nr_scored_item *room)
{
    double base = (count ? best[count - 1].score : 0) - 2;
    size_t found = 0, next = 0, missing = wanted > count ? wanted - count : 0;
    if (!missing)
        return count;
    for (size_t i = 0; i < index->count; i++) {
        if (next < user->watched_count && user->watched[next] == i) {
            next++;
            continue;
        }
        if (is_listed(best, count, i))
            continue;
        double share = nr_scorer_popularity.exact(popularity, user, i, NULL);
        nr_scored_push(room, &found, missing, (struct nr_scored_item){base + share, (uint32_t)i});
    }
    nr_scored_sort(room, found);
    for (size_t i = 0; i < found && i < missing; i++)
        best[count++] = room[i];
    return count;
}
