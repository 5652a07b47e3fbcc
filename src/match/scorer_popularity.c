/* scorer_popularity.c - the share of all users who watched a video and were glad
 * of it (a positive weight in sum): for users about whom nothing else is known. */
#include <stdlib.h>
#include <string.h>

#include "match/scorer.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

struct popularity {
    double *exact;
    float *rounded; /* all tiles, padded with zeros */
};

static void popularity_close(void *state)
{
    struct popularity *popularity = state;
    if (!popularity)
        return;
    free(popularity->exact);
    nr_floats_free(popularity->rounded);
    free(popularity);
}

static void count_users(struct popularity *popularity, const struct nr_match_index *index,
                        const struct nr_user_list *users)
{
    for (size_t u = 0; u < users->count; u++) {
        const struct nr_user *user = &users->users[u];
        for (size_t w = 0; w < user->watched_count; w++) {
            size_t item =
                user->watched[w].weight > 0 ? nr_match_index_find(index, user->watched[w].video_id) : SIZE_MAX;
            if (item != SIZE_MAX)
                popularity->exact[item] += 1;
        }
    }
    for (size_t i = 0; i < index->count; i++) {
        popularity->exact[i] /= users->count ? (double)users->count : 1; /* nobody: a list for strangers */
        popularity->rounded[i] = (float)popularity->exact[i];
    }
}

static enum nr_status popularity_open(const struct nr_match_index *index, const struct nr_user_list *users,
                                      void **state, struct nr_error *err)
{
    struct popularity *popularity = calloc(1, sizeof *popularity);
    if (popularity) {
        popularity->exact = calloc(index->count + 1, sizeof *popularity->exact);
        popularity->rounded = nr_floats_new(nr_match_index_tiles(index) * NR_TILE_ITEMS);
    }
    if (!popularity || !popularity->exact || !popularity->rounded) {
        popularity_close(popularity);
        return nr_fail_nomem(err, "the videos' popularity");
    }
    count_users(popularity, index, users);
    *state = popularity;
    return NR_OK;
}

static size_t popularity_width(const void *state)
{
    (void)state;
    return 0;
}

static enum nr_status popularity_begin(const void *state, struct nr_match_batch *batch, struct nr_error *err)
{
    (void)state;
    (void)batch;
    (void)err;
    return NR_OK;
}

static void popularity_fill(const void *state, const struct nr_match_batch *batch, size_t tile, float *scores)
{
    const struct popularity *popularity = state;
    for (size_t u = 0; u < batch->count; u++)
        if (batch->users[u].scorer == &nr_scorer_popularity)
            memcpy(scores + u * NR_TILE_ITEMS, popularity->rounded + tile * NR_TILE_ITEMS,
                   NR_TILE_ITEMS * sizeof *scores);
}

static double popularity_error(const void *state, const struct nr_match_user *user)
{
    (void)state;
    (void)user;
    return 0x1p-24; /* one rounding of a number of at most 1 */
}

static double popularity_exact(const void *state, const struct nr_match_user *user, size_t item, double *parts)
{
    (void)user;
    (void)parts;
    return ((const struct popularity *)state)->exact[item];
}

const struct nr_scorer nr_scorer_popularity = {
    .model = "popularity",
    .open = popularity_open,
    .close = popularity_close,
    .width = popularity_width,
    .begin = popularity_begin,
    .fill = popularity_fill,
    .error = popularity_error,
    .exact = popularity_exact,
};
