/* slices.c - the table of slices: by what a user has, and by what is known of a video. */
#include "nightreel/eval_slices.h"

#include <stdlib.h>
#include <string.h>

#include "eval/slice_column.h"
#include "eval/spans.h"

#include "core/banned.h"

enum { GROUPS_MAX = NR_SLICE_VALUES_MAX + 2 };

void nr_eval_slice_release(struct nr_eval_slice *slice)
{
    if (!slice)
        return;
    nr_arena_release(&slice->mem);
    *slice = (struct nr_eval_slice){.count = 0};
}

bool *nr_slice_mask(struct nr_eval_slice *slice, size_t count)
{
    return nr_arena_alloc(&slice->mem, count + 1, sizeof(bool));
}

struct nr_eval_group *nr_slice_add(struct nr_eval_slice *slice, const char *name)
{
    struct nr_eval_group *group = &slice->groups[slice->count++];
    group->name = name;
    return group;
}

/* The training log by user, each video once. */
struct train {
    struct nr_spans spans;
    size_t *watchers; /* by video */
    size_t total;
};

static void train_release(struct train *train)
{
    nr_spans_release(&train->spans);
    free(train->watchers);
}

static enum nr_status train_init(struct train *train, const struct nr_eval_data *data, struct nr_error *err)
{
    enum nr_status status = nr_spans_init(&train->spans, &data->train, data->users.count, err);
    train->watchers = calloc(data->videos.count + 1, sizeof *train->watchers);
    if (!status && !train->watchers)
        status = nr_fail_nomem(err, "a slice");
    if (status)
        return status;
    nr_spans_reduce(&train->spans, data->users.count);
    train->total = train->spans.starts[data->users.count];
    for (size_t i = 0; i < train->total; i++)
        train->watchers[train->spans.entries[i].video]++;
    return NR_OK;
}

/* ---- by what a user has ------------------------------------------------------------------ */

static void by_history(const struct nr_eval_data *data, const struct train *train, struct nr_eval_slice *slice)
{
    static const struct {
        const char *name;
        size_t least, most;
    } bands[] = {{"0", 0, 0}, {"1-5", 1, 5}, {"6-20", 6, 20}, {"21+", 21, SIZE_MAX}};
    for (size_t b = 0; b < NR_COUNT(bands); b++) {
        bool *users = nr_slice_mask(slice, data->users.count);
        for (size_t u = 0; u < data->users.count && users; u++) {
            size_t videos = train->spans.starts[u + 1] - train->spans.starts[u];
            users[u] = bands[b].least <= videos && videos <= bands[b].most;
        }
        nr_slice_add(slice, bands[b].name)->view.users = users;
    }
}

/* ---- by who has a video -------------------------------------------------------------------- */

struct ranked {
    size_t watchers;
    const char *video_id;
    uint32_t video;
};

static int compare_popular(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    if (left->watchers != right->watchers)
        return left->watchers > right->watchers ? -1 : 1;
    return strcmp(left->video_id, right->video_id);
}

static void by_popularity(const struct nr_eval_data *data, const struct train *train, struct nr_eval_slice *slice)
{
    static const char *const names[] = {"head", "mid", "tail"};
    size_t count = data->videos.count, before = 0;
    struct ranked *order = nr_arena_alloc(&slice->mem, count + 1, sizeof *order);
    bool *masks[NR_COUNT(names)];
    for (size_t g = 0; g < NR_COUNT(names); g++)
        nr_slice_add(slice, names[g])->view.relevant = masks[g] = nr_slice_mask(slice, count);
    if (slice->mem.failed)
        return;
    for (size_t v = 0; v < count; v++)
        order[v] = (struct ranked){train->watchers[v], data->videos.names[v], (uint32_t)v};
    if (count)
        qsort(order, count, sizeof *order, compare_popular);
    for (size_t i = 0; i < count; i++) {
        size_t third = 3 * before < train->total ? 0 : 3 * before < 2 * train->total ? 1 : 2;
        masks[third][order[i].video] = true;
        before += order[i].watchers;
    }
}

static void by_cold(const struct nr_eval_data *data, const struct train *train, struct nr_eval_slice *slice)
{
    size_t count = data->videos.count;
    bool *warm = nr_slice_mask(slice, count), *cold = nr_slice_mask(slice, count);
    for (size_t v = 0; v < count && !slice->mem.failed; v++) {
        warm[v] = train->watchers[v] > 0;
        cold[v] = !warm[v];
    }
    nr_slice_add(slice, "warm")->view.relevant = warm;
    nr_slice_add(slice, "cold")->view.relevant = cold;
    nr_slice_add(slice, "cold among cold")->view = (struct nr_eval_view){.relevant = cold, .listed = cold};
}

/* ---- the table -------------------------------------------------------------------------------- */

const struct nr_slice_def nr_slice_defs[] = {
    {"history", "users by how many videos they have in the training log: 0, 1-5, 6-20, 21+", NR_NEEDS_TRAIN},
    {"popularity",
     "relevant videos by how many users have them in the training log, most first, equal ones by id: a video is head "
     "while those before it hold less than a third of all (user, video) pairs, mid while less than two thirds, then "
     "tail; lists stay whole",
     NR_NEEDS_TRAIN},
    {"cold",
     "relevant videos that somebody has in the training log (warm) or nobody has (cold), lists staying whole; 'cold "
     "among cold': besides, warm videos are taken out of lists and catalogue",
     NR_NEEDS_TRAIN},
};
const size_t nr_slice_count = NR_COUNT(nr_slice_defs);

static void (*const makers[NR_COUNT(nr_slice_defs)])(const struct nr_eval_data *data, const struct train *train,
                                                     struct nr_eval_slice *slice) = {by_history, by_popularity,
                                                                                     by_cold};

static enum nr_status make_defined(const struct nr_eval_data *data, size_t which, struct nr_eval_slice *slice,
                                   struct nr_error *err)
{
    struct train train = {.total = 0};
    if (!data->has_train)
        return nr_fail(err, NR_ERR_USAGE, "slice '%s' needs the training log", slice->name);
    enum nr_status status = train_init(&train, data, err);
    if (!status)
        makers[which](data, &train, slice);
    train_release(&train);
    return status;
}

enum nr_status nr_eval_slice_make(const struct nr_eval_data *data, const char *name, struct nr_eval_slice *out,
                                  struct nr_error *err)
{
    *out = (struct nr_eval_slice){.name = name};
    out->groups = nr_arena_alloc(&out->mem, GROUPS_MAX, sizeof *out->groups);
    size_t which = 0;
    while (which < nr_slice_count && strcmp(nr_slice_defs[which].name, name) != 0)
        which++;
    enum nr_status status = !out->groups             ? NR_OK
                            : which < nr_slice_count ? make_defined(data, which, out, err)
                                                     : nr_slice_by_column(data, out, err);
    if (!status && out->mem.failed)
        status = nr_fail_nomem(err, "a slice");
    if (status)
        nr_eval_slice_release(out);
    return status;
}
