/* similar.c - see nightreel/match_similar.h. */
#include "nightreel/match_similar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "match/index.h"
#include "match/similarity.h"
#include "nightreel/io.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

double nr_match_similarity(const double weights[NR_BLOCK_COUNT], const struct nr_item *a, const struct nr_item *b,
                           double *parts)
{
    double sum = 0, total = 0;
    for (size_t i = 0; i < NR_BLOCK_COUNT; i++) {
        const struct nr_block *left = &a->blocks[i], *right = &b->blocks[i];
        if (parts)
            parts[i] = NAN;
        if (!nr_block_present(left) || !nr_block_present(right) || !(weights[i] > 0))
            continue;
        double part = weights[i] *
                      (nr_dot(left->values, right->values, left->length) + nr_terms_dot(&left->terms, &right->terms));
        sum += part;
        total += weights[i];
        if (parts)
            parts[i] = part;
    }
    for (size_t i = 0; i < NR_BLOCK_COUNT && parts && total > 0; i++)
        parts[i] /= total;
    return total > 0 ? sum / total : 0;
}

void nr_similar_release(struct nr_similar *similar)
{
    if (!similar)
        return;
    nr_arena_release(&similar->mem);
    *similar = (struct nr_similar){.count = 0};
}

/* ---- ids ------------------------------------------------------------------------------- */

/* Levenshtein's distance in bytes, or `most` where it is no less. */
static size_t spelling_distance(const char *a, const char *b, size_t most)
{
    enum { LONGEST = 64 };
    size_t row[LONGEST + 1], length_a = strlen(a), length_b = strlen(b);
    if (length_a > LONGEST || length_b > LONGEST)
        return most;
    for (size_t j = 0; j <= length_b; j++)
        row[j] = j;
    for (size_t i = 1; i <= length_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= length_b; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]), least = row[j] < row[j - 1] ? row[j] : row[j - 1];
            diagonal = row[j];
            row[j] = change < least + 1 ? change : least + 1;
        }
    }
    return row[length_b] < most ? row[length_b] : most;
}

static enum nr_status unknown_video(const struct nr_match_index *index, const char *video_id, struct nr_error *err)
{
    size_t best = 1 + strlen(video_id) / 3, length = strlen(video_id);
    const char *near = NULL;
    for (size_t i = 0; i < index->count && best > 1; i++) {
        const char *other = index->items[i]->video_id;
        size_t distance = spelling_distance(video_id, other, best);
        if (distance < best && distance < length) {
            best = distance;
            near = other;
        }
    }
    if (near)
        return nr_fail(err, NR_ERR_DATA, "no video '%s' among the records; is it '%s'?", video_id, near);
    return nr_fail(err, NR_ERR_DATA, "no video '%s' among the %zu records", video_id, index->count);
}

/* ---- lists --------------------------------------------------------------------------------- */

static enum nr_status set_entry(const struct nr_match_index *index, const struct nr_item *from,
                                const struct nr_item *item, struct nr_arena *mem, struct nr_ranked *entry,
                                struct nr_error *err)
{
    double parts[NR_BLOCK_COUNT];
    *entry = (struct nr_ranked){.video_id = nr_arena_strdup(mem, item->video_id),
                                .title = nr_arena_strdup(mem, item->title),
                                .score = nr_match_similarity(index->weights, from, item, parts),
                                .probability = NAN};
    entry->parts = nr_arena_alloc(mem, NR_BLOCK_COUNT, sizeof *entry->parts);
    for (size_t b = 0; b < NR_BLOCK_COUNT && entry->parts; b++)
        if (!isnan(parts[b]))
            entry->parts[entry->part_count++] = (struct nr_part){nr_block_defs[b].name, parts[b]};
    static const struct nr_terms none;
    bool tags = index->weights[NR_BLOCK_TAGS] > 0;
    return nr_match_common_tags(tags ? &from->blocks[NR_BLOCK_TAGS].terms : &none, &item->blocks[NR_BLOCK_TAGS].terms,
                                mem, &entry->because, err);
}

static bool share_a_block(const struct nr_match_index *index, const struct nr_item *a, const struct nr_item *b)
{
    for (size_t i = 0; i < NR_BLOCK_COUNT; i++)
        if (index->weights[i] > 0 && nr_block_present(&a->blocks[i]) && nr_block_present(&b->blocks[i]))
            return true;
    return false;
}

static enum nr_status list_one(const struct nr_match_index *index, size_t place, struct nr_scored_item *best,
                               struct nr_similar *out, struct nr_error *err)
{
    const struct nr_item *from = index->items[place];
    enum nr_status status = NR_OK;
    size_t count = 0;
    for (size_t i = 0; i < index->count; i++)
        if (i != place && share_a_block(index, from, index->items[i]))
            nr_scored_push(
                best, &count, index->params->k,
                (struct nr_scored_item){nr_match_similarity(index->weights, from, index->items[i], NULL), (uint32_t)i});
    nr_scored_sort(best, count);
    out->video_id = nr_arena_strdup(&out->mem, from->video_id);
    out->title = nr_arena_strdup(&out->mem, from->title);
    out->items = nr_arena_alloc(&out->mem, count, sizeof *out->items);
    for (size_t i = 0; i < count && !status && !out->mem.failed; i++)
        status = set_entry(index, from, index->items[best[i].item], &out->mem, &out->items[out->count++], err);
    return !status && out->mem.failed ? nr_fail_nomem(err, "a list") : status;
}

enum nr_status nr_match_similar(const struct nr_match_params *params, const struct nr_item_list *items,
                                const char *const *videos, size_t count, struct nr_similar *out, struct nr_error *err)
{
    struct nr_match_index index;
    struct nr_scored_item *best = NULL;
    for (size_t i = 0; i < count; i++)
        out[i] = (struct nr_similar){.count = 0};
    enum nr_status status = nr_match_index_init(&index, params, items, 1, err);
    if (status)
        return status;
    size_t room = params->k < index.count ? params->k : index.count;
    if (!(best = malloc((room + 1) * sizeof *best)))
        status = nr_fail_nomem(err, "a list");
    for (size_t i = 0; i < count && !status; i++) {
        size_t place = nr_match_index_find(&index, videos[i]);
        status =
            place == SIZE_MAX ? unknown_video(&index, videos[i], err) : list_one(&index, place, best, &out[i], err);
    }
    free(best);
    nr_match_index_release(&index);
    return status;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void put_text(struct nr_buf *out, const char *key, const char *text)
{
    if (!text)
        return;
    nr_json_put_key(out, key);
    nr_json_put_string(out, text);
}

static void put_entry(const struct nr_ranked *entry, size_t rank, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "rank");
    nr_json_put_int(out, (int64_t)rank);
    put_text(out, "video_id", entry->video_id);
    put_text(out, "title", entry->title);
    nr_json_put_key(out, "score");
    nr_json_put_double(out, entry->score);
    nr_json_put_key(out, "parts");
    nr_json_open(out, '{');
    for (size_t i = 0; i < entry->part_count; i++) {
        nr_json_put_key(out, entry->parts[i].name);
        nr_json_put_double(out, entry->parts[i].value);
    }
    nr_json_close(out, '}');
    nr_json_put_key(out, "because");
    nr_json_put_strings(out, &entry->because);
    nr_json_close(out, '}');
}

void nr_similar_write(const struct nr_similar *similar, struct nr_buf *out)
{
    nr_json_open(out, '{');
    put_text(out, "video_id", similar->video_id);
    put_text(out, "title", similar->title);
    nr_json_put_key(out, "items");
    nr_json_open(out, '[');
    for (size_t i = 0; i < similar->count; i++)
        put_entry(&similar->items[i], i + 1, out);
    nr_json_close(out, ']');
    nr_json_close(out, '}');
}
