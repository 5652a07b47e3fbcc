/* pick_list.c - see pick_list.h. */
#include "match/pick_list.h"

#include <math.h>
#include <stdlib.h>

#include "match/curriculum.h"

#include "core/banned.h"

/* Goes through the candidates that may follow in the list. */
struct followers {
    const struct nr_picking *picking;
    const struct nr_picker *picker;
    const struct nr_match_user *user;
    size_t next, watched, unlocked;
};

/* The next one, or SIZE_MAX. */
static size_t next_follower(struct followers *f)
{
    const struct nr_match_index *index = f->picking->index;
    while (f->next < index->count) {
        size_t item = f->next++;
        bool watched = f->watched < f->user->watched_count && f->user->watched[f->watched] == item;
        f->watched += watched;
        if (!watched && nr_pick_may_follow(f->picking, f->picker, item) &&
            !(index->curriculum && nr_curriculum_bars(index->curriculum, f->user, item, &f->unlocked)))
            return item;
    }
    return SIZE_MAX;
}

/* In double, sorted, all candidates that rank behind `last` and may follow. */
static size_t score_rest(const struct nr_picking *picking, struct nr_picker *picker, const struct nr_match_user *user,
                         const void *state, struct nr_scored_item last)
{
    struct followers followers = {.picking = picking, .picker = picker, .user = user};
    double parts[NR_BLOCK_COUNT];
    size_t count = 0, item;
    while ((item = next_follower(&followers)) != SIZE_MAX) {
        double score = user->scorer->exact(state, user, item, parts);
        bool behind = score < last.score || (score == last.score && item > last.item);
        if (behind && score > -INFINITY) /* a model has nothing to say of some */
            picker->rest[count++] = (struct nr_scored_item){score, (uint32_t)item};
    }
    nr_scored_sort(picker->rest, count);
    picker->deep++;
    return count;
}

static bool is_listed(const struct nr_picker *picker, size_t item)
{
    for (size_t i = 0; i < picker->count; i++)
        if (picker->picked[i].item == item)
            return true;
    return false;
}

/* The most watched ones that may follow, sorted; as many as can be of use. */
static size_t score_popular(const struct nr_picking *picking, struct nr_picker *picker,
                            const struct nr_match_user *user, const void *popularity)
{
    struct followers followers = {.picking = picking, .picker = picker, .user = user};
    double base = (picker->count ? picker->picked[picker->count - 1].score : 0) - 2;
    size_t count = 0, item, missing = picking->wanted - picker->count;
    size_t room = nr_picking_needed(picking->index->params) ? picking->index->count : missing;
    while ((item = next_follower(&followers)) != SIZE_MAX) {
        if (is_listed(picker, item))
            continue;
        double share = nr_scorer_popularity.exact(popularity, user, item, NULL);
        nr_scored_push(picker->rest, &count, room, (struct nr_scored_item){base + share, (uint32_t)item});
    }
    nr_scored_sort(picker->rest, count);
    return count;
}

enum nr_status nr_pick_list(const struct nr_picking *picking, struct nr_picker *picker,
                            const struct nr_pick_ranking *ranking, const void *popularity, size_t *own,
                            struct nr_error *err)
{
    const struct nr_match_user *user = ranking->user;
    nr_pick_begin(picker);
    nr_pick_from(picking, picker, ranking->best, ranking->count);
    bool more = ranking->more && ranking->count, fill = user->scorer == &nr_scorer_source;
    bool is_short = picker->count < picking->wanted && (more || fill);
    if (is_short && !picker->rest)
        picker->rest = malloc(picking->index->count * sizeof *picker->rest);
    if (is_short && picker->rest && more)
        nr_pick_from(picking, picker, picker->rest,
                     score_rest(picking, picker, user, ranking->state, ranking->best[ranking->count - 1]));
    *own = picker->count;
    if (is_short && picker->rest && fill && picker->count < picking->wanted)
        nr_pick_in_order(picking, picker, picker->rest, score_popular(picking, picker, user, popularity));
    nr_pick_end(picking, picker);
    return is_short && !picker->rest ? nr_fail_nomem(err, "a whole ranking") : NR_OK;
}
