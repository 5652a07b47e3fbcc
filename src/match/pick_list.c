/* pick_list.c - see pick_list.h. */
#include "match/pick_list.h"

#include <stdlib.h>

#include "match/curriculum.h"

#include "core/banned.h"

/* In double, sorted, all candidates that rank behind `last` and may follow in the list. */
static size_t score_rest(const struct nr_picking *picking, struct nr_picker *picker, const struct nr_match_user *user,
                         const void *state, struct nr_scored_item last)
{
    const struct nr_match_index *index = picking->index;
    double parts[NR_BLOCK_COUNT];
    size_t count = 0, next = 0, unlocked = 0;
    for (size_t i = 0; i < index->count; i++) {
        bool watched = next < user->watched_count && user->watched[next] == i;
        next += watched;
        if (watched || !nr_pick_may_follow(picking, picker, i) ||
            (index->curriculum && nr_curriculum_bars(index->curriculum, user, i, &unlocked)))
            continue;
        double score = user->scorer->exact(state, user, i, parts);
        if (score < last.score || (score == last.score && i > last.item))
            picker->rest[count++] = (struct nr_scored_item){score, (uint32_t)i};
    }
    nr_scored_sort(picker->rest, count);
    picker->deep++;
    return count;
}

enum nr_status nr_pick_list(const struct nr_picking *picking, struct nr_picker *picker,
                            const struct nr_match_user *user, const void *state, const struct nr_scored_item *best,
                            size_t count, bool more, struct nr_error *err)
{
    nr_pick_begin(picker);
    nr_pick_from(picking, picker, best, count);
    more = more && count && picker->count < picking->wanted;
    if (more && !picker->rest)
        picker->rest = malloc(picking->index->count * sizeof *picker->rest);
    if (more && picker->rest)
        nr_pick_from(picking, picker, picker->rest, score_rest(picking, picker, user, state, best[count - 1]));
    nr_pick_end(picking, picker);
    return more && !picker->rest ? nr_fail_nomem(err, "a whole ranking") : NR_OK;
}
