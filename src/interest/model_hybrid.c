/* model_hybrid.c - all other models and trees over them, weighed by what ranks best. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "interest/model_table.h"
#include "interest/ranker.h"

#include "core/banned.h"

enum { PASSES = 3 };
#define LEAST_GAIN 1e-4 /* of NDCG: less is no reason to change a weight */

/* Members are the bases, by their z-scores, and, last, the trees. */
static size_t weights(size_t width)
{
    return (width - NR_STACK_OWN) / 2 + 1;
}

static size_t member_count(const struct nr_ranker *r)
{
    return weights(r->width);
}

/* By member and row; a base without a score of a video counts as at its lowest of the user's
 * candidates. */
static void put_members(const struct nr_ranker *r, const float *rows, size_t count, double **members, size_t at)
{
    for (size_t m = 0; m + 1 < member_count(r); m++) {
        double lowest = 0;
        for (size_t i = 0; i < count; i++)
            lowest = fmin(lowest, rows[i * r->width + 2 * m]); /* fmin ignores NAN */
        for (size_t i = 0; i < count; i++) {
            double z = rows[i * r->width + 2 * m];
            members[m][at + i] = isnan(z) ? lowest : z;
        }
    }
}

/* ---- weights ------------------------------------------------------------------------------------ */

struct search {
    const struct nr_examples *examples;
    double **members; /* by member and row */
    size_t count;
    double *weights, *totals, *trial;
    double best;
};

static double try_weight(struct search *s, size_t member, double weight)
{
    for (size_t i = 0; i < s->examples->count; i++)
        s->trial[i] = s->totals[i] + (weight - s->weights[member]) * s->members[member][i];
    return nr_examples_ndcg(s->examples, s->trial);
}

static void take_weight(struct search *s, size_t member, double weight, double value)
{
    for (size_t i = 0; i < s->examples->count; i++)
        s->totals[i] += (weight - s->weights[member]) * s->members[member][i];
    s->weights[member] = weight;
    s->best = value;
}

static void improve(struct search *s, size_t member)
{
    static const double steps[] = {0, 0.5, 0.7, 0.85, 1.2, 1.4, 2};
    static const double starts[] = {0.05, 0.15, 0.4, 1};
    double own = s->weights[member], best = s->best + LEAST_GAIN, found = own;
    size_t count = own > 0 ? NR_COUNT(steps) : NR_COUNT(starts);
    for (size_t i = 0; i < count && !nr_interrupted(); i++) {
        double weight = own > 0 ? own * steps[i] : starts[i];
        double value = try_weight(s, member, weight);
        if (value > best) {
            best = value;
            found = weight;
        }
    }
    if (found != own)
        take_weight(s, member, found, best);
}

/* From the best member alone, one weight after the other. */
static void climb(struct search *s)
{
    size_t first = 0;
    double best = -1;
    for (size_t m = 0; m < s->count; m++) {
        double value = nr_examples_ndcg(s->examples, s->members[m]);
        if (value > best) {
            best = value;
            first = m;
        }
    }
    take_weight(s, first, 1, best);
    for (size_t pass = 0; pass < PASSES; pass++) {
        double before = s->best;
        for (size_t m = 0; m < s->count; m++)
            improve(s, m);
        if (s->best == before)
            return;
    }
}

/* ---- trees' scores of users whom they have not learned from ---------------------------------------- */

/* Users are halved by their number's bits, so that both slices' groups of one are together. */
static bool in_half(uint32_t user, int half)
{
    return (int)(nr_splitmix64(user) & 1) == half;
}

static enum nr_status foretell_half(const struct nr_ranker *r, const struct nr_examples *e, int half, double *out,
                                    struct nr_error *err)
{
    struct nr_booster *booster = NULL;
    bool *others = malloc((e->group_count + 1) * sizeof *others);
    size_t known = 0;
    enum nr_status status = others ? NR_OK : nr_fail_nomem(err, "examples");
    for (size_t g = 0; g < e->group_count && !status; g++)
        known += others[g] = !in_half(e->users[g], half);
    if (!status && known)
        status = nr_ranker_grow(r, e, others, &booster, err);
    for (size_t g = 0; g < e->group_count && !status && booster; g++)
        if (!others[g])
            status = nr_booster_score(booster, e->rows + e->starts[g] * e->width, e->starts[g + 1] - e->starts[g],
                                      e->width, out + e->starts[g], err);
    nr_booster_free(booster);
    free(others);
    return status;
}

static enum nr_status prepare(const struct nr_ranker *r, struct search *s, struct nr_error *err)
{
    const struct nr_examples *e = s->examples;
    bool failed = false;
    s->members = calloc(s->count, sizeof *s->members);
    for (size_t m = 0; m < s->count && s->members; m++)
        failed |= !(s->members[m] = calloc(e->count + 1, sizeof **s->members));
    s->totals = calloc(e->count + 1, sizeof *s->totals);
    s->trial = calloc(e->count + 1, sizeof *s->trial);
    if (failed || !s->members || !s->totals || !s->trial)
        return nr_fail_nomem(err, "examples");
    for (size_t g = 0; g < e->group_count; g++)
        put_members(r, e->rows + e->starts[g] * e->width, e->starts[g + 1] - e->starts[g], s->members, e->starts[g]);
    enum nr_status status = foretell_half(r, e, 0, s->members[s->count - 1], err);
    return status ? status : foretell_half(r, e, 1, s->members[s->count - 1], err);
}

static enum nr_status learn(struct nr_ranker *r, const struct nr_examples *e, struct nr_error *err)
{
    struct search s = {.examples = e, .count = member_count(r)};
    r->weight_count = s.count;
    r->weights = s.weights = calloc(s.count, sizeof *r->weights);
    enum nr_status status = r->weights ? prepare(r, &s, err) : nr_fail_nomem(err, "a model");
    if (!status)
        climb(&s);
    for (size_t m = 0; m < s.count && s.members; m++)
        free(s.members[m]);
    free(s.members);
    free(s.totals);
    free(s.trial);
    return status ? status : nr_ranker_grow(r, e, NULL, &r->booster, err);
}

/* ---- the model ---------------------------------------------------------------------------------- */

/* What each member says of all of a user's candidates. */
struct said {
    double *values, *of[NR_STACK_BASES_MAX + 1]; /* by member */
};

static enum nr_status ask(const struct nr_ranker *r, const float *rows, size_t count, struct said *said,
                          struct nr_error *err)
{
    size_t members = member_count(r);
    said->values = malloc((members * count + 1) * sizeof *said->values);
    if (!said->values)
        return nr_fail_nomem(err, "scores");
    for (size_t m = 0; m < members; m++)
        said->of[m] = said->values + m * count;
    put_members(r, rows, count, said->of, 0);
    return count ? nr_booster_score(r->booster, rows, count, r->width, said->of[members - 1], err) : NR_OK;
}

static enum nr_status score_rows(const struct nr_ranker *r, const float *rows, size_t count, double *out,
                                 struct nr_error *err)
{
    struct said said;
    enum nr_status status = ask(r, rows, count, &said, err);
    for (size_t i = 0; i < count && !status; i++) {
        out[i] = 0;
        for (size_t m = 0; m < member_count(r); m++)
            out[i] += r->weights[m] * said.of[m][i];
    }
    free(said.values);
    return status;
}

static const char *member_name(const struct nr_ranker *r, size_t member)
{
    return member + 1 == member_count(r) ? "trees" : r->names[2 * member];
}

static enum nr_status parts(const struct nr_ranker *r, const struct nr_candidates *c, const size_t *places,
                            size_t count, struct nr_arena *mem, struct nr_model_parts *out, struct nr_error *err)
{
    struct said said;
    enum nr_status status = ask(r, c->rows, c->count, &said, err);
    for (size_t i = 0; i < count && !status; i++) {
        if (!nr_parts_make(&out[i], member_count(r), mem))
            status = nr_fail_nomem(err, "parts");
        for (size_t m = 0; m < member_count(r) && !status; m++)
            nr_parts_add(&out[i], member_name(r, m), r->weights[m] * said.of[m][places[i]]);
    }
    free(said.values);
    return status;
}

static void tell(const void *state, struct nr_buf *out)
{
    const struct nr_ranker *r = state;
    for (size_t m = 0; m < member_count(r); m++)
        nr_buf_printf(out, "weight %.4f: %s\n", r->weights[m], member_name(r, m));
    nr_ranker_tell(state, out);
}

static const struct nr_ranker_kind kind = {
    .name = "hybrid", .trees = true, .weights = weights, .learn = learn, .score = score_rows, .parts = parts};

NR_RANKER_MODEL(hybrid, kind, "hybrid", "all other models, and trees over them, weighed by what ranks best", tell);
