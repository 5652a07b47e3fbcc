/* batch.c - what each user of a tile has, and what they must not be shown. */
#include "match/batch.h"

#include <math.h>

#include "match/curriculum.h"

#include "core/banned.h"

static enum nr_status set_shares(struct nr_match_user *user, const struct nr_match_index *index, struct nr_error *err)
{
    double sum = 0;
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++) {
        const struct nr_block *block = &user->blocks[b];
        enum nr_status status =
            nr_match_block_check(block, (enum nr_block_id)b, index->block_lengths[b], "user", user->user->user_id, err);
        if (status)
            return status;
        user->squares[b] = nr_match_block_square(block);
        user->share[b] = user->squares[b] > 0 ? index->weights[b] : 0;
        sum += user->share[b];
    }
    for (size_t b = 0; b < NR_BLOCK_COUNT && sum > 0; b++)
        user->share[b] /= sum;
    const struct nr_match_source *source = index->params->source;
    user->scorer = nr_scorers[sum > 0 ? NR_SCORER_CONTENT : NR_SCORER_POPULARITY];
    if (source && source->knows(source->ctx, user->user->user_id))
        user->scorer = &nr_scorer_source;
    return NR_OK;
}

/* The clusters that have a block which counts. */
static enum nr_status set_faces(struct nr_match_user *user, const struct nr_match_index *index, struct nr_arena *mem,
                                struct nr_error *err)
{
    enum nr_status status = NR_OK;
    size_t count = user->scorer == &nr_scorer_content ? user->user->cluster_count : 0;
    if (count == 0)
        return NR_OK;
    user->faces = nr_arena_alloc(mem, count, sizeof *user->faces);
    if (!user->faces)
        return nr_fail_nomem(err, "a user's clusters");
    for (size_t c = 0; c < count && !status; c++) {
        struct nr_match_user *face = &user->faces[user->face_count];
        *face = (struct nr_match_user){.user = user->user, .blocks = user->user->clusters[c].blocks};
        status = set_shares(face, index, err);
        user->face_count += face->scorer == &nr_scorer_content;
    }
    return status;
}

/* `watched` is by video_id, as the index is: positions rise by themselves. */
static enum nr_status set_watched(struct nr_match_user *user, const struct nr_match_index *index, struct nr_arena *mem,
                                  struct nr_error *err)
{
    size_t count = index->params->include_watched ? 0 : user->user->watched_count;
    if (count == 0)
        return NR_OK;
    user->watched = nr_arena_alloc(mem, count, sizeof *user->watched);
    if (!user->watched)
        return nr_fail_nomem(err, "what a user watched");
    for (size_t w = 0; w < count; w++) {
        const char *video_id = user->user->watched[w].video_id;
        if (w && nr_id_compare(user->user->watched[w - 1].video_id, video_id) >= 0)
            return nr_fail(err, NR_ERR_DATA, "user '%s': watched videos are not in the order of their ids, each once",
                           user->user->user_id);
        size_t item = nr_match_index_find(index, video_id);
        if (item != SIZE_MAX)
            user->watched[user->watched_count++] = (uint32_t)item;
    }
    return NR_OK;
}

enum nr_status nr_match_batch_init(struct nr_match_batch *batch, const struct nr_match_index *index,
                                   const struct nr_match_states *states, const struct nr_user_list *users, size_t first,
                                   struct nr_error *err)
{
    enum nr_status status = NR_OK;
    size_t left = users->count - first;
    nr_arena_release(&batch->mem);
    batch->count = left < NR_TILE_USERS ? left : NR_TILE_USERS;
    for (size_t u = 0; u < batch->count && !status; u++) {
        struct nr_match_user *user = &batch->users[u];
        *user = (struct nr_match_user){.user = &users->users[first + u], .blocks = users->users[first + u].blocks};
        status = set_shares(user, index, err);
        if (!status)
            status = set_faces(user, index, &batch->mem, err);
        if (!status)
            status = set_watched(user, index, &batch->mem, err);
        if (!status)
            status = nr_curriculum_begin(index->curriculum, index, user, &batch->mem, err);
    }
    for (size_t s = 0; s < NR_SCORER_COUNT && !status; s++)
        status = nr_scorers[s]->begin(states->of[s], batch, err);
    return status;
}
