/* changes.c - see nightreel/report_changes.h. */
#include "nightreel/report_changes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

void nr_changes_params_default(struct nr_changes_params *params)
{
    *params = (struct nr_changes_params){.p = 0.9};
}

const char *nr_changes_params_check(const struct nr_changes_params *params)
{
    return params->p > 0 && params->p < 1 ? NULL : "--rbo must be above 0 and below 1";
}

void nr_changes_release(struct nr_changes *changes)
{
    if (!changes)
        return;
    nr_arena_release(&changes->mem);
    *changes = (struct nr_changes){.count = 0};
}

/* ---- one user --------------------------------------------------------------------------- */

/* A list's videos by id, with their places. */
struct placed {
    const char *video_id;
    size_t place;
};

static int placed_compare(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    int order = strcmp(a->video_id, b->video_id);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static int placed_find(const void *key, const void *member)
{
    return strcmp(key, ((const struct placed *)member)->video_id);
}

static size_t length_of(const struct nr_ranking *ranking, size_t k)
{
    size_t count = ranking ? ranking->count : 0;
    return k && k < count ? k : count;
}

static struct placed *place_list(const struct nr_ranking *ranking, size_t count, struct nr_arena *mem)
{
    struct placed *places = nr_arena_alloc(mem, count, sizeof *places);
    for (size_t i = 0; i < count && places; i++)
        places[i] = (struct placed){ranking->items[i].video_id, i};
    if (count > 1 && places)
        qsort(places, count, sizeof *places, placed_compare);
    return places;
}

static size_t rank_in(const struct placed *places, size_t count, const char *video_id)
{
    const struct placed *found = count ? bsearch(video_id, places, count, sizeof *places, placed_find) : NULL;
    return found ? found->place + 1 : 0;
}

/* common[d]: videos among the first d of both lists, d up to the longer one's length. */
static void count_common(const struct nr_ranking *a, size_t count_a, size_t count_b, const struct placed *places_b,
                         size_t *common)
{
    size_t longer = count_a > count_b ? count_a : count_b;
    for (size_t d = 0; d <= longer; d++)
        common[d] = 0;
    for (size_t i = 0; i < count_a; i++) {
        size_t other = rank_in(places_b, count_b, a->items[i].video_id);
        if (other)
            common[other > i + 1 ? other : i + 1]++;
    }
    for (size_t d = 1; d <= longer; d++)
        common[d] += common[d - 1];
}

static double rank_biased_overlap(const size_t *common, size_t s, size_t l, double p)
{
    double sum = 0, power = 1;
    if (s == 0)
        return l == 0;
    double shared = (double)common[s] / (double)s;
    for (size_t d = 1; d <= l; d++) {
        power *= p;
        sum += (double)common[d] / (double)d * power;
        if (d > s)
            sum += shared * (double)(d - s) / (double)d * power;
    }
    return (1 - p) / p * sum + ((double)(common[l] - common[s]) / (double)l + shared) * power;
}

static void add_change(struct nr_user_changes *user, const struct nr_ranked *entry, size_t before, size_t now)
{
    if (before == now)
        return;
    user->changes[user->count++] = (struct nr_change){entry, before, now};
    user->entered += before == 0;
    user->left += now == 0;
    user->up += before && now && now < before;
    user->down += before && now && now > before;
}

static enum nr_status compare_user(const struct nr_changes_params *params, struct nr_arena *mem,
                                   struct nr_user_changes *user, struct nr_error *err)
{
    struct nr_arena scratch = {0};
    size_t before = length_of(user->before, params->k), now = length_of(user->now, params->k);
    size_t longer = before > now ? before : now, shorter = before < now ? before : now;
    struct placed *old_places = place_list(user->before, before, &scratch),
                  *new_places = place_list(user->now, now, &scratch);
    size_t *common = nr_arena_alloc(&scratch, longer + 1, sizeof *common);
    user->changes = nr_arena_alloc(mem, before + now, sizeof *user->changes);
    if (scratch.failed || mem->failed) {
        nr_arena_release(&scratch);
        return nr_fail_nomem(err, "changes");
    }
    for (size_t i = 0; i < now; i++)
        add_change(user, &user->now->items[i], rank_in(old_places, before, user->now->items[i].video_id), i + 1);
    for (size_t i = 0; i < before; i++)
        if (!rank_in(new_places, now, user->before->items[i].video_id))
            add_change(user, &user->before->items[i], i + 1, 0);
    user->overlap = user->rbo = NAN;
    if (user->before && user->now) {
        count_common(user->now, now, before, old_places, common);
        user->overlap = longer ? (double)common[longer] / (double)longer : 1;
        user->rbo = rank_biased_overlap(common, shorter, longer, params->p);
    }
    nr_arena_release(&scratch);
    return NR_OK;
}

/* ---- all users ------------------------------------------------------------------------------- */

static int ranking_compare(const void *left, const void *right)
{
    const struct nr_ranking *a = *(const struct nr_ranking *const *)left, *b = *(const struct nr_ranking *const *)right;
    return strcmp(a->user_id, b->user_id);
}

static enum nr_status sort_list(const struct nr_ranking_list *list, struct nr_arena *mem,
                                const struct nr_ranking ***out, struct nr_error *err)
{
    const struct nr_ranking **sorted = nr_arena_alloc(mem, list->count, sizeof(const struct nr_ranking *));
    if (!sorted)
        return nr_fail_nomem(err, "changes");
    for (size_t i = 0; i < list->count; i++)
        sorted[i] = &list->rankings[i];
    if (list->count > 1)
        qsort(sorted, list->count, sizeof *sorted, ranking_compare);
    for (size_t i = 1; i < list->count; i++)
        if (strcmp(sorted[i - 1]->user_id, sorted[i]->user_id) == 0)
            return nr_fail(err, NR_ERR_DATA, "two lists of user '%s' in one file", sorted[i]->user_id);
    *out = sorted;
    return NR_OK;
}

static void count_user(struct nr_changes *out, const struct nr_user_changes *user)
{
    out->came += !user->before;
    out->gone += !user->now;
    if (!user->before || !user->now)
        return;
    out->both++;
    out->unchanged += user->count == 0;
    out->entered += user->entered;
    out->left += user->left;
    out->up += user->up;
    out->down += user->down;
    out->overlap += user->overlap;
    out->rbo += user->rbo;
}

enum nr_status nr_changes_make(const struct nr_changes_params *params, const struct nr_ranking_list *before,
                               const struct nr_ranking_list *now, struct nr_changes *out, struct nr_error *err)
{
    const struct nr_ranking **old = NULL, **new = NULL;
    *out = (struct nr_changes){.params = *params};
    enum nr_status status = sort_list(before, &out->mem, &old, err);
    if (!status)
        status = sort_list(now, &out->mem, &new, err);
    out->users = status ? NULL : nr_arena_alloc(&out->mem, before->count + now->count, sizeof *out->users);
    if (!status && !out->users)
        status = nr_fail_nomem(err, "changes");
    for (size_t i = 0, j = 0; !status && (i < before->count || j < now->count);) {
        int order = i == before->count ? 1 : j == now->count ? -1 : strcmp(old[i]->user_id, new[j]->user_id);
        struct nr_user_changes *user = &out->users[out->count++];
        user->before = order <= 0 ? old[i++] : NULL;
        user->now = order >= 0 ? new[j++] : NULL;
        user->user_id = user->now ? user->now->user_id : user->before->user_id;
        status = compare_user(params, &out->mem, user, err);
        if (!status)
            count_user(out, user);
    }
    out->overlap = out->both ? out->overlap / (double)out->both : NAN;
    out->rbo = out->both ? out->rbo / (double)out->both : NAN;
    return status;
}
