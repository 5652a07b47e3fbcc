/* matching.c - see matching.h. */
#include "support/matching.h"

#include <math.h>

enum { EXTRA_MAX = 8, TAGS_MAX = 32, WATCHED_MAX = 64 };

void nr_world_init(struct nr_world *world)
{
    *world = (struct nr_world){.tally = {0}};
    nr_match_params_default(&world->params);
}

void nr_world_release(struct nr_world *world)
{
    nr_item_list_release(&world->items);
    nr_user_list_release(&world->users);
    nr_ranking_list_release(&world->rankings);
}

struct nr_item *nr_world_item(struct nr_world *world, const char *id)
{
    struct nr_item *item;
    assert_int_equal(nr_item_list_add(&world->items, &item, NULL), NR_OK);
    item->video_id = nr_arena_strdup(&item->mem, id);
    return item;
}

struct nr_user *nr_world_user(struct nr_world *world, const char *id)
{
    struct nr_user *user;
    assert_int_equal(nr_user_list_add(&world->users, &user, NULL), NR_OK);
    user->user_id = nr_arena_strdup(&user->mem, id);
    return user;
}

void nr_set_tags(struct nr_arena *mem, struct nr_block *block, const char *text)
{
    double square = 0;
    block->terms = (struct nr_terms){nr_arena_alloc(mem, TAGS_MAX, sizeof(struct nr_term)), 0};
    while (*text) {
        const char *equals = strchr(text, '=');
        char *end;
        struct nr_term *term = &block->terms.items[block->terms.count++];
        assert_in_range(block->terms.count, 1, TAGS_MAX);
        term->name = nr_arena_strndup(mem, text, (size_t)(equals - text));
        term->weight = strtod(equals + 1, &end);
        square += term->weight * term->weight;
        text = end + strspn(end, " ");
    }
    for (size_t i = 0; i < block->terms.count; i++)
        block->terms.items[i].weight /= sqrt(square);
}

void nr_set_dense(struct nr_arena *mem, struct nr_block *block, size_t length, uint64_t seed)
{
    struct nr_random random = {seed};
    double square = 0;
    block->length = length;
    block->values = nr_arena_alloc(mem, length, sizeof *block->values);
    for (size_t i = 0; i < length; i++) {
        block->values[i] = (float)(2 * nr_random_unit(&random) - 1);
        square += (double)block->values[i] * block->values[i];
    }
    for (size_t i = 0; i < length; i++)
        block->values[i] = (float)(block->values[i] / sqrt(square));
}

void nr_set_extra(struct nr_item *item, const char *name, const char *value)
{
    if (!item->extra)
        item->extra = nr_arena_alloc(&item->mem, EXTRA_MAX, sizeof *item->extra);
    assert_in_range(item->extra_count, 0, EXTRA_MAX - 1);
    item->extra[item->extra_count++] =
        (struct nr_field){nr_arena_strdup(&item->mem, name), nr_arena_strdup(&item->mem, value)};
}

void nr_set_watched(struct nr_user *user, const char *ids)
{
    user->watched = nr_arena_alloc(&user->mem, WATCHED_MAX, sizeof *user->watched);
    user->watched_count = 0;
    for (size_t length; *ids; ids += length + strspn(ids + length, " ")) {
        bool against = *ids == '-';
        length = strcspn(ids, " ");
        assert_in_range(user->watched_count, 0, WATCHED_MAX - 1);
        user->watched[user->watched_count++] =
            (struct nr_watched){nr_arena_strndup(&user->mem, ids + against, length - against), against ? -1 : 1};
    }
}

enum nr_status nr_world_rank(struct nr_world *world, unsigned threads)
{
    nr_ranking_list_release(&world->rankings);
    nr_user_list_sort(&world->users);
    return nr_match_rank(&world->params, &world->items, &world->users, threads, &world->rankings, &world->tally,
                         &world->err);
}

const char *nr_world_list(struct nr_world *world, const char *user_id)
{
    static char text[4096];
    size_t length = 0;
    text[0] = '\0';
    for (size_t r = 0; r < world->rankings.count; r++) {
        const struct nr_ranking *ranking = &world->rankings.rankings[r];
        if (strcmp(ranking->user_id, user_id) != 0)
            continue;
        for (size_t i = 0; i < ranking->count && length < sizeof text; i++)
            length +=
                (size_t)snprintf(text + length, sizeof text - length, "%s%s", i ? " " : "", ranking->items[i].video_id);
        return text;
    }
    fail_msg("no list for '%s'", user_id);
    return NULL;
}
