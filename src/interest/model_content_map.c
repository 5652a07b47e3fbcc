/* model_content_map.c - from what a video is to where behaviour would have put it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/als.h"
#include "interest/item_year.h"
#include "interest/model_table.h"
#include "interest/term_matrix.h"
#include "nightreel/linalg.h"

#include "core/banned.h"

enum { TERMS_MAX = 1000, YEAR_FIRST = 1900, YEAR_STEP = 5, YEARS = 28, DENSE_MAX = 1024 };

/* Which columns of F mean what. */
struct columns {
    const char **terms; /* tags, by name */
    size_t term_count;
    size_t dense[NR_BLOCK_COUNT], lengths[NR_BLOCK_COUNT]; /* length 0: not in F */
    size_t years, count;
};

struct map {
    const struct nr_pairs *pairs;
    struct nr_als als;
    double *vectors; /* by item: y_i, or F_i W */
};

static void map_free(void *state)
{
    struct map *m = state;
    if (!m)
        return;
    nr_als_release(&m->als);
    free(m->vectors);
    free(m);
}

/* ---- F ---------------------------------------------------------------------------------------- */

struct counted {
    const char *name;
    size_t count;
};

static int by_count(const void *a, const void *b)
{
    const struct counted *left = a, *right = b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return strcmp(left->name, right->name);
}

/* The TERMS_MAX tags of most videos. */
static enum nr_status choose_terms(const struct nr_pairs *pairs, struct columns *c, struct nr_error *err)
{
    struct nr_term_matrix tags;
    enum nr_status status = nr_term_matrix_make(pairs, &tags, err);
    struct counted *counted = malloc((tags.count + 1) * sizeof *counted);
    c->terms = malloc((tags.count + 1) * sizeof *c->terms);
    if (!status && (!counted || !c->terms))
        status = nr_fail_nomem(err, "a map of content");
    for (size_t t = 0; t < tags.count && !status; t++)
        counted[t] = (struct counted){tags.names[t], 0};
    for (size_t t = 0; !status && t < tags.starts[pairs->item_count]; t++)
        counted[tags.terms[t].term].count++;
    if (!status && tags.count > 1)
        qsort(counted, tags.count, sizeof *counted, by_count);
    c->term_count = tags.count < TERMS_MAX ? tags.count : TERMS_MAX;
    for (size_t i = 0; i < c->term_count && !status; i++)
        c->terms[i] = counted[i].name;
    if (!status && c->term_count > 1)
        qsort(c->terms, c->term_count, sizeof *c->terms, nr_id_order);
    free(counted);
    nr_term_matrix_release(&tags);
    return status;
}

static enum nr_status lay_out(const struct nr_pairs *pairs, struct columns *c, struct nr_error *err)
{
    enum nr_status status = choose_terms(pairs, c, err);
    c->count = 1 + c->term_count; /* the first is 1 for every video */
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++) {
        if (b == NR_BLOCK_TAGS || b == NR_BLOCK_BEHAVIOUR)
            continue;
        for (size_t i = 0; i < pairs->item_count && !c->lengths[b]; i++)
            c->lengths[b] = pairs->records[i]->blocks[b].length;
        c->lengths[b] = c->lengths[b] <= DENSE_MAX ? c->lengths[b] : 0;
        c->dense[b] = c->count;
        c->count += c->lengths[b];
    }
    c->years = c->count;
    c->count += YEARS;
    return status;
}

/* Hat functions: a year between two posts belongs to both, the nearer the more. */
static void put_year(double year, double *out)
{
    double place = (year - YEAR_FIRST) / YEAR_STEP;
    if (!(place >= 0 && place < YEARS - 1))
        return;
    size_t post = (size_t)place;
    out[post] = 1 - (place - (double)post);
    out[post + 1] = place - (double)post;
}

static void put_row(const struct columns *c, const struct nr_item *item, double *row)
{
    const struct nr_terms *tags = &item->blocks[NR_BLOCK_TAGS].terms;
    memset(row, 0, c->count * sizeof *row);
    row[0] = 1;
    for (size_t t = 0; t < tags->count; t++) {
        size_t found = nr_id_find(c->terms, c->term_count, tags->items[t].name);
        if (found != SIZE_MAX)
            row[1 + found] = tags->items[t].weight;
    }
    for (size_t b = 0; b < NR_BLOCK_COUNT; b++)
        for (size_t j = 0; j < c->lengths[b] && item->blocks[b].length == c->lengths[b]; j++)
            row[c->dense[b] + j] = item->blocks[b].values[j];
    put_year(nr_item_year(item), row + c->years);
}

/* ---- W ------------------------------------------------------------------------------------------ */

struct ridge {
    double *gram;   /* count x count: sum n F'F + lambda I, then its inverse */
    double *moment; /* count x f: sum n F'y */
    double *row, *weights;
};

static void add_item(struct ridge *r, const struct columns *c, const double *y, size_t f, double viewers)
{
    for (size_t a = 0; a < c->count; a++) {
        if (r->row[a] == 0)
            continue;
        for (size_t b = 0; b <= a; b++)
            r->gram[a * c->count + b] += viewers * r->row[a] * r->row[b];
        for (size_t j = 0; j < f; j++)
            r->moment[a * f + j] += viewers * r->row[a] * y[j];
    }
}

static enum nr_status solve(struct map *m, const struct columns *c, const struct nr_content_map_params *params,
                            struct ridge *r, struct nr_error *err)
{
    size_t f = m->als.factors;
    for (size_t i = 0; i < m->pairs->item_count; i++) {
        size_t viewers = m->als.items.starts[i + 1] - m->als.items.starts[i];
        if (viewers < params->least)
            continue;
        put_row(c, m->pairs->records[i], r->row);
        add_item(r, c, m->als.items.factors + i * f, f, (double)viewers);
    }
    for (size_t a = 0; a < c->count; a++)
        r->gram[a * c->count + a] += params->lambda;
    if (!nr_invert_spd(r->gram, c->count))
        return nr_fail(err, NR_ERR_DATA, "content-map: the system is singular with lambda %g: take a greater one",
                       params->lambda);
    for (size_t a = 0; a < c->count; a++)
        for (size_t b = 0; b < c->count; b++)
            for (size_t j = 0; j < f; j++)
                r->weights[a * f + j] += r->gram[a * c->count + b] * r->moment[b * f + j];
    return NR_OK;
}

static void place_items(struct map *m, const struct columns *c, const struct nr_content_map_params *params,
                        struct ridge *r)
{
    size_t f = m->als.factors;
    for (size_t i = 0; i < m->pairs->item_count; i++) {
        double *y = m->vectors + i * f;
        if (m->als.items.starts[i + 1] - m->als.items.starts[i] >= params->least) {
            memcpy(y, m->als.items.factors + i * f, f * sizeof *y);
            continue;
        }
        put_row(c, m->pairs->records[i], r->row);
        for (size_t a = 0; a < c->count; a++)
            for (size_t j = 0; j < f && r->row[a] != 0; j++)
                y[j] += r->row[a] * r->weights[a * f + j];
    }
}

static enum nr_status map_items(struct map *m, const struct nr_content_map_params *params, struct nr_error *err)
{
    struct columns c = {.count = 0};
    struct ridge r = {NULL, NULL, NULL, NULL};
    size_t f = m->als.factors;
    enum nr_status status = lay_out(m->pairs, &c, err);
    r.gram = calloc(c.count * c.count + 1, sizeof *r.gram);
    r.moment = calloc(c.count * f + 1, sizeof *r.moment);
    r.weights = calloc(c.count * f + 1, sizeof *r.weights);
    r.row = malloc((c.count + 1) * sizeof *r.row);
    m->vectors = calloc(m->pairs->item_count * f + 1, sizeof *m->vectors);
    if (!status && (!r.gram || !r.moment || !r.weights || !r.row || !m->vectors))
        status = nr_fail_nomem(err, "a map of content");
    if (!status)
        status = solve(m, &c, params, &r, err);
    if (!status)
        place_items(m, &c, params, &r);
    free(c.terms);
    free(r.gram);
    free(r.moment);
    free(r.weights);
    free(r.row);
    return status;
}

static enum nr_status fit(const struct nr_model_params *params, const struct nr_pairs *pairs, unsigned threads,
                          void **state, struct nr_error *err)
{
    struct map *m = calloc(1, sizeof *m);
    *state = m;
    if (!m)
        return nr_fail_nomem(err, "a model");
    m->pairs = pairs;
    if (!pairs->records)
        return nr_fail(err, NR_ERR_USAGE, "content-map: nothing is known of the videos: give it a catalogue");
    enum nr_status status = nr_als_fit(&params->ials, pairs, threads, &m->als, err);
    return status ? status : map_items(m, &params->content_map, err);
}

static void score(const void *state, size_t user, double *scores, double *scratch)
{
    const struct map *m = state;
    const double *x = m->als.users.factors + user * m->als.factors;
    (void)scratch;
    for (size_t i = 0; i < m->pairs->item_count; i++) {
        scores[i] = 0;
        for (size_t j = 0; j < m->als.factors; j++)
            scores[i] += x[j] * m->vectors[i * m->als.factors + j];
    }
}

const struct nr_model nr_model_content_map = {.name = "content-map",
                                              .summary = "ials, with what a video is for those that few have watched",
                                              .needs_records = true,
                                              .looks_at_records = true,
                                              .fit = fit,
                                              .score = score,
                                              .free = map_free};
