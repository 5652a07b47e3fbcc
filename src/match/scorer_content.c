/* scorer_content.c - users and videos by their blocks: one product for the dense
 * blocks, posting lists for the sparse one.
 *
 * A row of the product is all dense blocks side by side. The weights' shares go
 * into the user's side whole, so that the videos' matrix holds the records' floats
 * unrounded and serves any weights. For distances, with q the user's and v the
 * video's vector,
 *   - sum share |q - v|^2 = sum 2 share q.v - share |v|^2 - share |q|^2,
 * columns are added: |v_b|^2 of each block against - share_b, and 1 against
 * - sum share |q|^2; it stays one product. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "match/scorer.h"
#include "match/vocabulary.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

#define SPARSE_BLOCK NR_BLOCK_TAGS
enum { PREFETCH_MAX = 256 }; /* floats of a row */

struct content {
    const struct nr_match_index *index;
    struct nr_vocabulary words;
    size_t offsets[NR_BLOCK_COUNT]; /* of dense blocks in a row */
    size_t square_column, columns, stride;
    float *rows;    /* all tiles, padded with zeros */
    double largest; /* no row's norm is above */
    bool distance;
};

static void lay_out(struct content *content)
{
    const struct nr_match_index *index = content->index;
    double square = 0;
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++) {
        content->offsets[b] = content->columns;
        content->columns += index->block_lengths[b];
        square += index->block_lengths[b] ? NR_NORM_SQUARE_MAX : 0;
    }
    content->square_column = content->columns;
    if (content->distance)
        content->columns += NR_BLOCK_COUNT + 1;
    content->stride = nr_row_stride(content->columns);
    content->largest =
        sqrt(square + (content->distance ? NR_BLOCK_COUNT * NR_NORM_SQUARE_MAX * NR_NORM_SQUARE_MAX + 1 : 0));
}

static void fill_row(const struct content *content, const struct nr_item *item, float *row)
{
    size_t end = content->square_column;
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++) {
        const struct nr_block *block = &item->blocks[b];
        size_t length = content->index->block_lengths[b];
        if (block->length)
            memcpy(row + content->offsets[b], block->values, length * sizeof *row);
        else
            memset(row + content->offsets[b], 0, length * sizeof *row);
        if (content->distance)
            row[end++] = (float)nr_match_block_square(block);
    }
    if (content->distance)
        row[end++] = 1;
    memset(row + end, 0, (content->stride - end) * sizeof *row);
}

static void fill_tile(void *ctx, size_t tile, unsigned worker)
{
    const struct content *content = ctx;
    (void)worker;
    for (size_t i = tile * NR_TILE_ITEMS; i < (tile + 1) * NR_TILE_ITEMS; i++) {
        float *row = content->rows + i * content->stride;
        if (i < content->index->count)
            fill_row(content, content->index->items[i], row);
        else
            memset(row, 0, content->stride * sizeof *row);
    }
}

static void content_close(void *state)
{
    struct content *content = state;
    if (!content)
        return;
    nr_vocabulary_release(&content->words);
    nr_floats_free(content->rows);
    free(content);
}

static enum nr_status content_open(const struct nr_match_index *index, const struct nr_user_list *users, void **state,
                                   struct nr_error *err)
{
    struct content *content = calloc(1, sizeof *content);
    (void)users;
    if (!content)
        return nr_fail_nomem(err, "the videos' vectors");
    content->index = index;
    content->distance = index->params->similarity == NR_SIMILARITY_EUCLIDEAN;
    lay_out(content);
    enum nr_status status = nr_vocabulary_init(&content->words, index, SPARSE_BLOCK, err);
    size_t floats = 0;
    if (!status && (!nr_size_mul(nr_match_index_tiles(index) * NR_TILE_ITEMS, content->stride, &floats) ||
                    !(content->rows = nr_floats_new_unset(floats))))
        status = nr_fail_nomem(err, "the videos' vectors");
    if (status) {
        content_close(content);
        return status;
    }
    nr_parallel(index->threads, nr_match_index_tiles(index), fill_tile, content);
    *state = content;
    return NR_OK;
}

static size_t content_width(const void *state)
{
    return ((const struct content *)state)->stride;
}

/* ---- users ---------------------------------------------------------------------- */

static void begin_vector(const struct content *content, const struct nr_match_user *user, float *row)
{
    double factor = content->distance ? 2 : 1, constant = 0;
    memset(row, 0, content->stride * sizeof *row);
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++) {
        const struct nr_block *block = &user->blocks[b];
        if (user->share[b] <= 0)
            continue;
        /* a block that no video has takes no columns: its cosines are 0 */
        for (size_t i = 0; i < block->length && content->index->block_lengths[b]; i++)
            row[content->offsets[b] + i] = (float)(factor * user->share[b] * block->values[i]);
        constant += user->share[b] * user->squares[b];
        if (content->distance)
            row[content->square_column + b] = (float)-user->share[b];
    }
    if (content->distance)
        row[content->square_column + NR_BLOCK_COUNT] = (float)-constant;
}

static enum nr_status begin_terms(const struct content *content, struct nr_match_user *user, struct nr_arena *mem,
                                  struct nr_error *err)
{
    const struct nr_terms *terms = &user->blocks[SPARSE_BLOCK].terms;
    double share = user->share[SPARSE_BLOCK], factor = content->distance ? 2 : 1;
    if (share <= 0 || terms->count == 0)
        return NR_OK;
    user->terms = nr_arena_alloc(mem, terms->count, sizeof *user->terms);
    if (!user->terms)
        return nr_fail_nomem(err, "a user's tags");
    for (size_t t = 0; t < terms->count; t++) {
        size_t term = nr_vocabulary_find(&content->words, terms->items[t].name);
        double weight = terms->items[t].weight;
        if (term != SIZE_MAX)
            user->terms[user->term_count++] =
                (struct nr_match_term){(uint32_t)term, (float)(factor * share * weight), weight};
    }
    return NR_OK;
}

static enum nr_status begin_face(const struct content *content, struct nr_match_user *face, struct nr_arena *mem,
                                 struct nr_error *err)
{
    face->vector = nr_arena_alloc(mem, content->stride, sizeof *face->vector);
    if (!face->vector)
        return nr_fail_nomem(err, "a user's clusters");
    begin_vector(content, face, face->vector);
    return begin_terms(content, face, mem, err);
}

static enum nr_status content_begin(const void *state, struct nr_match_batch *batch, struct nr_error *err)
{
    const struct content *content = state;
    enum nr_status status = NR_OK;
    for (size_t u = 0; u < NR_TILE_USERS && !status; u++) {
        float *row = batch->vectors + u * content->stride;
        struct nr_match_user *user = u < batch->count ? &batch->users[u] : NULL;
        if (!user || user->scorer != &nr_scorer_content) {
            memset(row, 0, content->stride * sizeof *row);
            continue;
        }
        begin_vector(content, user, row);
        status = begin_terms(content, user, &batch->mem, err);
        for (size_t f = 0; f < user->face_count && !status; f++)
            status = begin_face(content, &user->faces[f], &batch->mem, err);
    }
    return status;
}

/* ---- scores ---------------------------------------------------------------------- */

/* Terms rise and so do items in a list: a score's sum runs in a fixed order. */
static void add_sparse(const struct nr_vocabulary *words, const struct nr_match_user *user, size_t first, float *scores)
{
    for (size_t t = 0; t < user->term_count; t++) {
        uint32_t term = user->terms[t].term;
        float weight = user->terms[t].weight;
        size_t end = words->starts[term + 1];
        for (size_t p = nr_vocabulary_seek(words, term, first); p < end; p++) {
            size_t place = words->postings[p].item - first;
            if (place >= NR_TILE_ITEMS)
                break;
            scores[place] += weight * words->postings[p].weight;
        }
    }
}

static bool anyone(const struct nr_match_batch *batch)
{
    for (size_t u = 0; u < batch->count; u++)
        if (batch->users[u].scorer == &nr_scorer_content)
            return true;
    return false;
}

/* A user's row becomes the greatest of those of their faces. */
static void fill_faces(const struct content *content, const struct nr_match_user *user, size_t first, float *scores)
{
    float row[NR_TILE_ITEMS];
    for (size_t f = 0; f < user->face_count; f++) {
        nr_sgemm_nt(1, NR_TILE_ITEMS, content->columns, user->faces[f].vector, content->stride,
                    content->rows + first * content->stride, content->stride, row, NR_TILE_ITEMS);
        add_sparse(&content->words, &user->faces[f], first, row);
        for (size_t i = 0; i < NR_TILE_ITEMS; i++)
            scores[i] = f == 0 || row[i] > scores[i] ? row[i] : scores[i];
    }
}

static void content_fill(const void *state, const struct nr_match_batch *batch, size_t tile, float *scores)
{
    const struct content *content = state;
    size_t first = tile * NR_TILE_ITEMS;
    if (!anyone(batch))
        return;
    nr_sgemm_nt(NR_TILE_USERS, NR_TILE_ITEMS, content->columns, batch->vectors, content->stride,
                content->rows + first * content->stride, content->stride, scores, NR_TILE_ITEMS);
    for (size_t u = 0; u < batch->count; u++) {
        if (batch->users[u].face_count)
            fill_faces(content, &batch->users[u], first, scores + u * NR_TILE_ITEMS);
        else if (batch->users[u].term_count)
            add_sparse(&content->words, &batch->users[u], first, scores + u * NR_TILE_ITEMS);
    }
}

/* |float score - exact| <= gamma_n sum |q_i v_i| <= gamma_n |q| |v| (Cauchy-Schwarz),
 * n counting the columns, the terms and the roundings on the way to float. A part
 * of the user's side has at most the norm 2 share |u_b| <= 2 share, and with the
 * columns of squares the row's norm is below 5; the video's sparse norm is at most
 * 1 (both norms are checked). */
static double content_error(const void *state, const struct nr_match_user *user)
{
    const struct content *content = state;
    double user_norm = content->distance ? 5 : 1.01, item_norm = content->largest + 1.01;
    size_t terms = user->term_count; /* the greatest of several scores errs as the worst of them */
    for (size_t f = 0; f < user->face_count; f++)
        terms = user->faces[f].term_count > terms ? user->faces[f].term_count : terms;
    return nr_dot_error(content->columns + terms + 8) * user_norm * item_norm + 64 * DBL_EPSILON;
}

static double sparse_dot(const struct nr_match_user *user, const struct nr_vocabulary *words,
                         const struct nr_terms *terms)
{
    double sum = 0;
    size_t t = 0;
    for (size_t u = 0; u < user->term_count; u++) {
        const char *name = words->names[user->terms[u].term];
        while (t < terms->count && strcmp(terms->items[t].name, name) < 0)
            t++;
        if (t < terms->count && strcmp(terms->items[t].name, name) == 0)
            sum += user->terms[u].exact * terms->items[t].weight;
    }
    return sum;
}

static double dense_distance(const struct nr_block *a, const struct nr_block *b)
{
    double sum = 0;
    for (size_t i = 0; i < a->length; i++) {
        double apart = (double)a->values[i] - (double)b->values[i];
        sum += apart * apart;
    }
    return sum;
}

/* The videos' floats lie closer together in the rows than in the records. */
static double block_cosine(const struct content *content, const struct nr_match_user *user, size_t item, size_t b)
{
    if (b == SPARSE_BLOCK)
        return sparse_dot(user, &content->words, &content->index->items[item]->blocks[b].terms);
    return nr_dot(user->blocks[b].values, content->rows + item * content->stride + content->offsets[b],
                  content->index->block_lengths[b]);
}

static double block_distance(const struct content *content, const struct nr_match_user *user, size_t item, size_t b)
{
    const struct nr_block *mine = &user->blocks[b], *theirs = &content->index->items[item]->blocks[b];
    if (!nr_block_present(theirs))
        return -user->squares[b];
    if (b != SPARSE_BLOCK)
        return -dense_distance(mine, theirs);
    double square = user->squares[b] + nr_match_block_square(theirs);
    return fmin(0, 2 * sparse_dot(user, &content->words, &theirs->terms) - square);
}

static double content_exact(const void *state, const struct nr_match_user *user, size_t item, double *parts)
{
    const struct content *content = state;
    double sum = 0;
    if (user->face_count)
        return content_exact(state, nr_match_best_face(state, user, item), item, parts);
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++) {
        parts[b] = 0;
        if (user->share[b] <= 0)
            continue;
        parts[b] = user->share[b] * (content->distance ? block_distance : block_cosine)(content, user, item, b);
        sum += parts[b];
    }
    return sum;
}

/* Into the second-level cache, and no more than would fit in it with a tile's scores. */
static void content_prefetch(const void *state, size_t item)
{
    const struct content *content = state;
    for (size_t i = 0; i < content->stride && i < PREFETCH_MAX; i += NR_FLOAT_ALIGNMENT / sizeof(float))
        __builtin_prefetch(content->rows + item * content->stride + i, 0, 2);
}

/* Weight times the cosines by the shares; of distances, too. */
static double content_owed(const void *state, const struct nr_match_user *user, const struct nr_watched *watched,
                           const struct nr_item *record, size_t item)
{
    const struct content *content = state;
    const struct nr_item *candidate = content->index->items[item];
    double sum = 0;
    for (size_t b = 0; b < NR_BLOCK_COUNT && record; b++) {
        const struct nr_block *theirs = &record->blocks[b], *its = &candidate->blocks[b];
        if (user->share[b] > 0 && theirs->length == its->length)
            sum += user->share[b] *
                   (nr_dot(theirs->values, its->values, its->length) + nr_terms_dot(&theirs->terms, &its->terms));
    }
    return watched->weight * sum;
}

const struct nr_match_user *nr_match_best_face(const void *state, const struct nr_match_user *user, size_t item)
{
    const struct nr_match_user *best = user;
    double most = -INFINITY, parts[NR_BLOCK_COUNT];
    for (size_t f = 0; f < user->face_count; f++) {
        double score = user->scorer->exact(state, &user->faces[f], item, parts);
        if (score > most) {
            most = score;
            best = &user->faces[f];
        }
    }
    return best;
}

const struct nr_scorer nr_scorer_content = {
    .model = "content",
    .open = content_open,
    .close = content_close,
    .width = content_width,
    .begin = content_begin,
    .fill = content_fill,
    .error = content_error,
    .exact = content_exact,
    .prefetch = content_prefetch,
    .owed = content_owed,
};
