/* profile_clusters.c - many people are several people: a past divided by spherical k-means
 * (Dhillon and Modha 2001); how many parts, by a cohesion that noise does not raise. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/profile_evidence.h"

#include "core/banned.h"

enum { ROUNDS = 20 };

/* A liked thing as a unit vector: its blocks side by side, tags numbered. */
struct point {
    const struct nr_sought *thing;
    size_t place;   /* among the things */
    double inverse; /* 1 / the norm of its blocks */
    uint32_t *tags; /* number of each term */
};

struct division {
    struct nr_arena mem;
    const struct nr_profile_index *index;
    struct point *points;
    size_t count, length, offsets[NR_BLOCK_COUNT];
    double total; /* of the weights */
    double *sums; /* a row of `length` for each cluster */
    double *norms;
    size_t *members; /* of each cluster */
    size_t *now, *best;
};

/* ---- points --------------------------------------------------------------------------- */

static double square_of(const struct nr_block *blocks)
{
    double sum = 0;
    for (int b = 0; b < NR_BLOCK_COUNT; b++) {
        for (size_t j = 0; j < blocks[b].length; j++)
            sum += (double)blocks[b].values[j] * blocks[b].values[j];
        for (size_t t = 0; t < blocks[b].terms.count; t++)
            sum += blocks[b].terms.items[t].weight * blocks[b].terms.items[t].weight;
    }
    return sum;
}

static void number_tags(struct division *d, const struct nr_sought *thing, struct point *point)
{
    const struct nr_terms *terms = &thing->blocks[NR_BLOCK_TAGS].terms;
    point->tags = nr_arena_alloc(&d->mem, terms->count, sizeof *point->tags);
    for (size_t t = 0; t < terms->count && point->tags; t++) {
        const char **found =
            bsearch(&terms->items[t].name, d->index->tags, d->index->tag_count, sizeof *d->index->tags, nr_id_order);
        point->tags[t] = found ? (uint32_t)(found - d->index->tags) : 0;
    }
}

/* Tags as numbers among those that occur here, so that rows stay short. */
static enum nr_status renumber_tags(struct division *d, struct nr_error *err)
{
    size_t known = d->index->tag_count, used = 0;
    uint32_t *numbers = calloc(known + 1, sizeof *numbers);
    if (!numbers)
        return nr_fail_nomem(err, "clusters");
    for (size_t i = 0; i < d->count; i++)
        for (size_t t = 0; t < d->points[i].thing->blocks[NR_BLOCK_TAGS].terms.count; t++) {
            uint32_t *number = &numbers[d->points[i].tags[t]];
            *number = *number ? *number : (uint32_t)++used;
            d->points[i].tags[t] = *number - 1;
        }
    d->length += used;
    free(numbers);
    return NR_OK;
}

static enum nr_status division_init(struct division *d, const struct nr_evidence *evidence, size_t most,
                                    struct nr_error *err)
{
    *d = (struct division){.index = evidence->index};
    for (int b = 0; b < NR_BLOCK_COUNT; b++) {
        d->offsets[b] = d->length;
        d->length += evidence->index->lengths[b];
    }
    d->offsets[NR_BLOCK_TAGS] = d->length;
    d->points = nr_arena_alloc(&d->mem, evidence->count, sizeof *d->points);
    for (size_t i = 0; i < evidence->count && d->points; i++) {
        double square = evidence->things[i].weight > 0 ? square_of(evidence->things[i].blocks) : 0;
        if (!(square > 0) || !isfinite(square))
            continue;
        struct point *point = &d->points[d->count++];
        *point = (struct point){&evidence->things[i], i, 1 / sqrt(square), NULL};
        d->total += evidence->things[i].weight;
        number_tags(d, point->thing, point);
    }
    enum nr_status status = d->mem.failed ? nr_fail_nomem(err, "clusters") : renumber_tags(d, err);
    d->sums = nr_arena_alloc(&d->mem, most, d->length * sizeof *d->sums);
    d->norms = nr_arena_alloc(&d->mem, most, sizeof *d->norms);
    d->members = nr_arena_alloc(&d->mem, most, sizeof *d->members);
    d->now = nr_arena_alloc(&d->mem, d->count, sizeof *d->now);
    d->best = nr_arena_alloc(&d->mem, d->count, sizeof *d->best);
    return !status && d->mem.failed ? nr_fail_nomem(err, "clusters") : status;
}

static double dot(const struct division *d, const struct point *point, const double *row)
{
    double sum = 0;
    for (int b = 0; b < NR_BLOCK_COUNT; b++) {
        const struct nr_block *block = &point->thing->blocks[b];
        for (size_t j = 0; j < block->length; j++)
            sum += block->values[j] * row[d->offsets[b] + j];
        for (size_t t = 0; t < block->terms.count; t++)
            sum += block->terms.items[t].weight * row[d->offsets[b] + point->tags[t]];
    }
    return sum * point->inverse;
}

static void add(const struct division *d, const struct point *point, double weight, double *row)
{
    double scale = weight * point->inverse;
    for (int b = 0; b < NR_BLOCK_COUNT; b++) {
        const struct nr_block *block = &point->thing->blocks[b];
        for (size_t j = 0; j < block->length; j++)
            row[d->offsets[b] + j] += scale * block->values[j];
        for (size_t t = 0; t < block->terms.count; t++)
            row[d->offsets[b] + point->tags[t]] += scale * block->terms.items[t].weight;
    }
}

/* ---- k-means ---------------------------------------------------------------------------- */

static void set_norm(struct division *d, size_t c)
{
    double sum = 0;
    for (size_t j = 0; j < d->length; j++)
        sum += d->sums[c * d->length + j] * d->sums[c * d->length + j];
    d->norms[c] = sqrt(sum);
}

static void start_at(struct division *d, size_t c, size_t point)
{
    memset(d->sums + c * d->length, 0, d->length * sizeof *d->sums);
    add(d, &d->points[point], 1, d->sums + c * d->length);
    set_norm(d, c);
}

static double similarity(const struct division *d, size_t point, size_t c)
{
    return d->norms[c] > 0 ? dot(d, &d->points[point], d->sums + c * d->length) / d->norms[c] : -1;
}

/* The heaviest thing, then each time the one furthest from all starts; the first of equals. */
static void choose_starts(struct division *d, size_t k)
{
    size_t first = 0;
    for (size_t i = 1; i < d->count; i++)
        if (d->points[i].thing->weight > d->points[first].thing->weight)
            first = i;
    start_at(d, 0, first);
    for (size_t c = 1; c < k; c++) {
        size_t furthest = 0;
        double least = INFINITY;
        for (size_t i = 0; i < d->count; i++) {
            double nearest = -INFINITY;
            for (size_t o = 0; o < c; o++)
                nearest = fmax(nearest, similarity(d, i, o));
            if (nearest < least) {
                least = nearest;
                furthest = i;
            }
        }
        start_at(d, c, furthest);
    }
}

/* True where some point went elsewhere. */
static bool assign(struct division *d, size_t k, bool first)
{
    bool changed = first;
    for (size_t i = 0; i < d->count; i++) {
        size_t nearest = 0;
        double most = similarity(d, i, 0);
        for (size_t c = 1; c < k; c++) {
            double alike = similarity(d, i, c);
            if (alike > most) {
                most = alike;
                nearest = c;
            }
        }
        changed |= d->now[i] != nearest;
        d->now[i] = nearest;
    }
    return changed;
}

static void sum_up(struct division *d, size_t k)
{
    memset(d->sums, 0, k * d->length * sizeof *d->sums);
    memset(d->members, 0, k * sizeof *d->members);
    for (size_t i = 0; i < d->count; i++) {
        add(d, &d->points[i], d->points[i].thing->weight, d->sums + d->now[i] * d->length);
        d->members[d->now[i]]++;
    }
    for (size_t c = 0; c < k; c++)
        set_norm(d, c);
}

/* Mean cosine of each thing with the rest of its cluster; -1 where a cluster is too small. */
static double cohesion(const struct division *d, size_t k)
{
    static const double NOTHING = 1e-9;
    double sum = 0;
    for (size_t c = 0; c < k; c++)
        if (d->members[c] < NR_CLUSTER_LEAST)
            return -1;
    for (size_t i = 0; i < d->count; i++) {
        size_t c = d->now[i];
        double weight = d->points[i].thing->weight, with = dot(d, &d->points[i], d->sums + c * d->length);
        double rest = d->norms[c] * d->norms[c] - 2 * weight * with + weight * weight;
        if (rest > NOTHING * weight * weight)
            sum += weight * (with - weight) / sqrt(rest);
    }
    return sum / d->total;
}

/* d->now becomes a division into k; its worth. */
static double divide(struct division *d, size_t k)
{
    choose_starts(d, k);
    for (int round = 0; round < ROUNDS && assign(d, k, round == 0); round++)
        sum_up(d, k);
    sum_up(d, k);
    return cohesion(d, k) - NR_CLUSTER_PRICE * (double)(k - 1);
}

/* Clusters by weight falling; equal ones by their first members. */
static void order_clusters(struct division *d, size_t k)
{
    double weights[NR_CLUSTERS_MAX] = {0};
    size_t first[NR_CLUSTERS_MAX], rank[NR_CLUSTERS_MAX];
    for (size_t i = d->count; i > 0; i--)
        first[d->best[i - 1]] = i - 1;
    for (size_t i = 0; i < d->count; i++)
        weights[d->best[i]] += d->points[i].thing->weight;
    for (size_t c = 0; c < k; c++) {
        rank[c] = 0;
        for (size_t o = 0; o < k; o++)
            rank[c] += weights[o] > weights[c] || (weights[o] == weights[c] && first[o] < first[c]);
    }
    for (size_t i = 0; i < d->count; i++)
        d->best[i] = rank[d->best[i]];
}

enum nr_status nr_evidence_divide(const struct nr_evidence *evidence, size_t most, size_t *place, size_t *count,
                                  struct nr_error *err)
{
    struct division d;
    enum nr_status status = division_init(&d, evidence, most, err);
    *count = 1;
    double worth = status || d.count == 0 ? 0 : divide(&d, 1);
    for (size_t k = 2; k <= most && k * NR_CLUSTER_LEAST <= d.count && !status; k++) {
        double now = divide(&d, k);
        if (now <= worth)
            continue;
        worth = now;
        *count = k;
        memcpy(d.best, d.now, d.count * sizeof *d.best);
    }
    if (*count > 1)
        order_clusters(&d, *count);
    for (size_t i = 0; i < evidence->count; i++)
        place[i] = SIZE_MAX;
    for (size_t i = 0; i < d.count && !status; i++)
        place[d.points[i].place] = d.best[i];
    nr_arena_release(&d.mem);
    return status;
}
