/* profile_blocks.c - from things with weights and declared tags to blocks: the formulas of
 * nightreel/interest.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/profile_evidence.h"

#include "core/banned.h"

static const double NEGATIVE_SHARE = 0.5; /* of the positive norm, at most */

/* What n is multiplied with before it is taken from p. */
static double negative_scale(double positive_norm, double negative_norm)
{
    return negative_norm > 0 ? fmin(1, NEGATIVE_SHARE * positive_norm / negative_norm) : 0;
}

/* ---- dense blocks ---------------------------------------------------------------- */

/* Sums of weighted vectors, positives and negatives apart. */
struct sums {
    double *positive, *negative;
    size_t length, videos;
};

static void add_dense(struct sums *sums, const struct nr_block *block, double weight)
{
    double *into = weight > 0 ? sums->positive : sums->negative;
    for (size_t j = 0; j < sums->length; j++)
        into[j] += fabs(weight) * (double)block->values[j];
    sums->videos++;
}

static double norm_of(const double *values, size_t length)
{
    double squares = 0;
    for (size_t j = 0; j < length; j++)
        squares += values[j] * values[j];
    return sqrt(squares);
}

static void finish_dense(const struct sums *sums, struct nr_arena *mem, struct nr_block *out)
{
    double scale = negative_scale(norm_of(sums->positive, sums->length), norm_of(sums->negative, sums->length));
    for (size_t j = 0; j < sums->length; j++)
        sums->positive[j] -= scale * sums->negative[j];
    double norm = norm_of(sums->positive, sums->length);
    if (!(norm > 0) || !isfinite(norm))
        return;
    float *values = nr_arena_alloc(mem, sums->length, sizeof *values);
    for (size_t j = 0; j < sums->length && values; j++)
        values[j] = (float)(sums->positive[j] / norm);
    *out = (struct nr_block){.values = values, .length = values ? sums->length : 0};
}

static enum nr_status make_dense(const struct nr_evidence *evidence, enum nr_block_id b, struct nr_arena *mem,
                                 struct nr_block *out, struct nr_error *err)
{
    struct sums sums = {.length = evidence->index->lengths[b]};
    if (sums.length == 0)
        return NR_OK;
    sums.positive = calloc(2 * sums.length, sizeof *sums.positive);
    if (!sums.positive)
        return nr_fail_nomem(err, "a profile");
    sums.negative = sums.positive + sums.length;
    for (size_t i = 0; i < evidence->count; i++)
        if (evidence->things[i].blocks[b].values)
            add_dense(&sums, &evidence->things[i].blocks[b], evidence->things[i].weight);
    if (sums.videos)
        finish_dense(&sums, mem, out);
    free(sums.positive);
    return mem->failed ? nr_fail_nomem(err, "a profile") : NR_OK;
}

/* ---- the tags block ----------------------------------------------------------------- */

/* Sums up equal names (in the order in which they stand) and drops nothing. qsort of
 * glibc is not stable in general: the places keep the order of summation fixed. */
struct placed_term {
    const char *name;
    double weight;
    size_t place;
};

static int placed_compare(const void *a, const void *b)
{
    const struct placed_term *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order ? order : (left->place > right->place) - (left->place < right->place);
}

/* Terms of the things whose weight has the sign asked for. */
static enum nr_status sum_terms(const struct nr_evidence *evidence, enum nr_spread spread, bool positive,
                                struct nr_arena *mem, struct nr_terms *out, struct nr_error *err)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < evidence->count; i++)
        total += evidence->things[i].blocks[NR_BLOCK_TAGS].terms.count;
    struct placed_term *all = nr_arena_alloc(mem, total, sizeof *all);
    *out = (struct nr_terms){nr_arena_alloc(mem, total, sizeof *out->items), 0};
    if (mem->failed)
        return nr_fail_nomem(err, "a profile");
    for (size_t i = 0; i < evidence->count; i++) {
        double weight = evidence->things[i].weight;
        const struct nr_terms *terms = &evidence->things[i].blocks[NR_BLOCK_TAGS].terms;
        for (size_t k = 0; (weight > 0) == positive && k < terms->count; k++, at++)
            all[at] = (struct placed_term){
                terms->items[k].name,
                fabs(weight) * (spread == NR_EVENLY ? 1 / (double)terms->count : terms->items[k].weight), at};
    }
    if (at > 1)
        qsort(all, at, sizeof *all, placed_compare);
    for (size_t i = 0; i < at; i++) {
        if (out->count == 0 || strcmp(out->items[out->count - 1].name, all[i].name) != 0)
            out->items[out->count++] = (struct nr_term){all[i].name, 0};
        out->items[out->count - 1].weight += all[i].weight;
    }
    return NR_OK;
}

static double terms_norm(const struct nr_terms *terms)
{
    double squares = 0;
    for (size_t i = 0; i < terms->count; i++)
        squares += terms->items[i].weight * terms->items[i].weight;
    return sqrt(squares);
}

/* out = scale_a a + scale_b b, names merged. */
static enum nr_status add_terms(const struct nr_terms *a, double scale_a, const struct nr_terms *b, double scale_b,
                                struct nr_arena *mem, struct nr_terms *out, struct nr_error *err)
{
    size_t i = 0, k = 0;
    *out = (struct nr_terms){nr_arena_alloc(mem, a->count + b->count, sizeof *out->items), 0};
    if (mem->failed)
        return nr_fail_nomem(err, "a profile");
    while (i < a->count || k < b->count) {
        int order = i == a->count ? 1 : k == b->count ? -1 : strcmp(a->items[i].name, b->items[k].name);
        struct nr_term *term = &out->items[out->count++];
        term->name = order <= 0 ? a->items[i].name : b->items[k].name;
        term->weight =
            (order <= 0 ? scale_a * a->items[i].weight : 0) + (order >= 0 ? scale_b * b->items[k].weight : 0);
        i += order <= 0;
        k += order >= 0;
    }
    return NR_OK;
}

static void scale_terms(struct nr_terms *terms, double scale)
{
    for (size_t i = 0; i < terms->count; i++)
        terms->items[i].weight *= scale;
}

double nr_evidence_positive_sum(const struct nr_terms *terms)
{
    double sum = 0;
    for (size_t i = 0; i < terms->count; i++)
        sum += terms->items[i].weight > 0 ? terms->items[i].weight : 0;
    return sum;
}

/* What the terms are measured by: the L2 norm of a block, the sum of interests. */
static double measure(const struct nr_terms *terms, enum nr_spread spread)
{
    return spread == NR_EVENLY ? nr_evidence_positive_sum(terms) : terms_norm(terms);
}

static void scale_to_one(struct nr_terms *terms, enum nr_spread spread)
{
    double size = measure(terms, spread);
    if (size > 0 && isfinite(size))
        scale_terms(terms, 1 / size);
    else
        terms->count = 0;
}

/* Behaviour's tags of measure 1, or nothing. */
static enum nr_status behaviour_tags(const struct nr_evidence *evidence, enum nr_spread spread, struct nr_arena *mem,
                                     struct nr_terms *out, struct nr_error *err)
{
    struct nr_terms liked, disliked;
    enum nr_status status = sum_terms(evidence, spread, true, mem, &liked, err);
    if (!status)
        status = sum_terms(evidence, spread, false, mem, &disliked, err);
    if (!status)
        status = add_terms(&liked, 1, &disliked, -negative_scale(measure(&liked, spread), measure(&disliked, spread)),
                           mem, out, err);
    if (!status)
        scale_to_one(out, spread);
    return status;
}

static double declared_share(double liked, const struct nr_terms *behaviour, const struct nr_terms *declared)
{
    if (behaviour->count == 0 || declared->count == 0)
        return declared->count ? 1 : 0;
    return NR_DECLARED_VIDEOS / (NR_DECLARED_VIDEOS + liked);
}

enum nr_status nr_evidence_tags(const struct nr_evidence *evidence, enum nr_spread spread, struct nr_terms *declared,
                                struct nr_arena *mem, struct nr_terms *out, struct nr_error *err)
{
    struct nr_terms behaviour;
    enum nr_status status = behaviour_tags(evidence, spread, mem, &behaviour, err);
    if (status)
        return status;
    scale_to_one(declared, spread);
    double share = declared_share(evidence->liked, &behaviour, declared);
    return add_terms(&behaviour, 1 - share, declared, share, mem, out, err);
}

/* ---- blocks ---------------------------------------------------------------------------- */

static bool any_known(const struct nr_profile_index *index, const struct nr_terms *terms)
{
    for (size_t i = 0; i < terms->count; i++)
        if (nr_profile_index_has_tag(index, terms->items[i].name))
            return true;
    return false;
}

/* The terms that are not 0, copied, norm 1. Terms of which the catalogue knows none cannot
 * rank anything: no block, so that popularity may. */
static void store_tags(const struct nr_profile_index *index, const struct nr_terms *terms, struct nr_arena *mem,
                       struct nr_terms *own)
{
    double norm = any_known(index, terms) ? terms_norm(terms) : 0;
    *own = (struct nr_terms){nr_arena_alloc(mem, terms->count, sizeof *own->items), 0};
    for (size_t i = 0; i < terms->count && norm > 0 && own->items; i++)
        if (terms->items[i].weight != 0)
            own->items[own->count++] =
                (struct nr_term){nr_arena_strdup(mem, terms->items[i].name), terms->items[i].weight / norm};
}

enum nr_status nr_evidence_blocks(const struct nr_evidence *evidence, struct nr_terms *declared, struct nr_arena *mem,
                                  struct nr_block blocks[NR_BLOCK_COUNT], struct nr_error *err)
{
    struct nr_arena scratch = {0};
    struct nr_terms tags;
    enum nr_status status = NR_OK;
    for (int b = 0; b < NR_BLOCK_COUNT && !status; b++)
        if (nr_block_defs[b].kind != NR_BLOCK_SPARSE)
            status = make_dense(evidence, (enum nr_block_id)b, mem, &blocks[b], err);
    if (!status)
        status = nr_evidence_tags(evidence, NR_BY_BLOCK, declared, &scratch, &tags, err);
    if (!status)
        store_tags(evidence->index, &tags, mem, &blocks[NR_BLOCK_TAGS].terms);
    nr_arena_release(&scratch);
    return !status && mem->failed ? nr_fail_nomem(err, "a profile") : status;
}
