/* tune_beta.c - beta, from the scores of all candidates. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage/tune_side.h"

#include "core/banned.h"

enum { USERS_MAX = 300, CHUNK_MAX = 64 };
#define SCORES_MAX  ((size_t)1 << 25) /* numbers kept: 256 MB */
#define ENTRIES_MAX ((size_t)1 << 18) /* entries of rankings at a time */

/* Scores of all candidates for some users, and which of them were held back. */
struct choices {
    struct nr_arena mem;
    struct nr_choice *choices;
    size_t count, pairs;
};

struct held {
    const char *user_id, *video_id;
};

static int by_pair(const void *a, const void *b)
{
    const struct held *left = a, *right = b;
    int order = strcmp(left->user_id, right->user_id);
    return order ? order : strcmp(left->video_id, right->video_id);
}

static int by_user(const void *a, const void *b)
{
    return strcmp(((const struct held *)a)->user_id, ((const struct held *)b)->user_id);
}

/* The held-out pairs, in order. */
static struct held *list_held(const struct nr_event_log *test)
{
    struct held *held = malloc((test->count + 1) * sizeof *held);
    for (size_t i = 0; i < test->count && held; i++)
        held[i] = (struct held){test->events[i].user_id, test->events[i].video_id};
    if (held && test->count > 1)
        qsort(held, test->count, sizeof *held, by_pair);
    return held;
}

/* What the probability goes by: see nightreel/match.h. */
static double softmax_score(enum nr_similarity similarity, double score)
{
    return similarity == NR_SIMILARITY_EUCLIDEAN ? -sqrt(fmax(0, -score)) : score;
}

/* One user's candidates; none where the list is what most people watched. */
static enum nr_status add_choice(const struct nr_ranking *ranking, enum nr_similarity similarity,
                                 const struct held *held, size_t held_count, struct choices *out, struct nr_error *err)
{
    struct held key = {ranking->user_id, NULL};
    const struct held *first = held_count ? bsearch(&key, held, held_count, sizeof *held, by_user) : NULL;
    if (!first || !ranking->count || ranking->items[0].filled)
        return NR_OK;
    const struct held *end = held + held_count;
    while (first > held && by_user(first - 1, &key) == 0)
        first--;
    double *scores = nr_arena_alloc(&out->mem, ranking->count, sizeof *scores);
    size_t *taken = nr_arena_alloc(&out->mem, (size_t)(end - first), sizeof *taken), taken_count = 0;
    if (out->mem.failed)
        return nr_fail_nomem(err, "the scores of all candidates");
    size_t mine = 0;
    while (first + mine < end && by_user(first + mine, &key) == 0)
        mine++;
    for (size_t i = 0; i < ranking->count; i++) {
        struct held pair = {ranking->user_id, ranking->items[i].video_id};
        scores[i] = softmax_score(similarity, ranking->items[i].score);
        if (bsearch(&pair, first, mine, sizeof *first, by_pair))
            taken[taken_count++] = i;
    }
    if (taken_count) {
        out->choices[out->count++] = (struct nr_choice){scores, ranking->count, taken, taken_count};
        out->pairs += taken_count;
    }
    return NR_OK;
}

static enum nr_status rank_users(struct nr_tune_side *side, const struct nr_tune_point *point,
                                 const struct nr_strings *users, struct nr_ranking_list *out, struct nr_error *err)
{
    struct nr_stage_env env = *side->tuner->env;
    struct nr_match_params match = point->settings.match;
    struct nr_dataset data = {.items = side->fitted};
    env.settings = &point->settings;
    match.k = side->fitted.count;
    match.now = NR_TIME_NONE;
    enum nr_status status = nr_tune_side_events(side, users, &data.events, err);
    if (!status)
        status = nr_stage_profile.run(&env, &data, NULL, 0, NULL, err);
    nr_user_list_sort(&data.users);
    if (!status)
        status = nr_match_rank(&match, &data.items, &data.users, point->settings.threads, out, NULL, err);
    nr_user_list_release(&data.users);
    free(data.events.events);
    return status;
}

static enum nr_status add_chunk(struct nr_tune_side *side, const struct nr_tune_point *point, size_t from, size_t to,
                                const struct held *held, struct choices *out, struct nr_error *err)
{
    struct nr_ranking_list rankings = {0};
    struct nr_strings users = {NULL, 0};
    enum nr_status status = nr_tune_side_users(side, from, to, &users, err);
    if (!status)
        status = rank_users(side, point, &users, &rankings, err);
    for (size_t r = 0; r < rankings.count && !status; r++)
        status =
            add_choice(&rankings.rankings[r], point->settings.match.similarity, held, side->sides.test.count, out, err);
    nr_ranking_list_release(&rankings);
    free(users.items);
    return status;
}

/* The first so many of the side's order. */
static size_t count_users(const struct nr_tune_side *side)
{
    size_t items = side->items.count, users = side->count < USERS_MAX ? side->count : USERS_MAX;
    return users * items <= SCORES_MAX ? users : SCORES_MAX / items;
}

static enum nr_status collect(struct nr_tune_side *side, const struct nr_tune_point *point, struct choices *out,
                              struct nr_error *err)
{
    size_t items = side->items.count, users = count_users(side);
    size_t chunk = ENTRIES_MAX / (items + 1);
    *out = (struct choices){.count = 0};
    chunk = chunk < 1 ? 1 : chunk > CHUNK_MAX ? CHUNK_MAX : chunk;
    struct held *held = list_held(&side->sides.test);
    out->choices = nr_arena_alloc(&out->mem, users + 1, sizeof *out->choices);
    enum nr_status status =
        held && out->choices ? nr_tune_side_fit(side, point, err) : nr_fail_nomem(err, "the scores of all candidates");
    for (size_t from = 0; from < users && !status; from += chunk) {
        nr_report_progress(side->tuner->env->reporter, "beta", from, users);
        status = nr_interrupted()
                     ? nr_fail(err, NR_ERR_INTERRUPTED, "interrupted")
                     : add_chunk(side, point, from, from + chunk < users ? from + chunk : users, held, out, err);
    }
    free(held);
    return status;
}

/* ---- fitting ------------------------------------------------------------------------------- */

/* What is kept of a fit: numbers, in this order. Empty bins have no means: 0 stands for them. */
enum { SCALARS = 6, PER_BIN = 3, KEPT = SCALARS + 2 * PER_BIN * NR_RELIABILITY_BINS, TESTED = 4 };

static void pack_bins(const struct nr_reliability *bins, double *out)
{
    for (size_t b = 0; b < NR_RELIABILITY_BINS; b++, out += PER_BIN) {
        out[0] = bins[b].count;
        out[1] = bins[b].count > 0 ? bins[b].predicted : 0;
        out[2] = bins[b].count > 0 ? bins[b].observed : 0;
    }
}

static void unpack_bins(const double *in, struct nr_reliability *bins)
{
    for (size_t b = 0; b < NR_RELIABILITY_BINS; b++, in += PER_BIN)
        bins[b] = (struct nr_reliability){in[0] > 0 ? in[1] : NAN, in[0] > 0 ? in[2] : NAN, in[0]};
}

/* 4 significant digits, as every other value. */
static double rounded(double value)
{
    char text[NR_NUMBER_MAX];
    double out = value;
    snprintf(text, sizeof text, "%.4g", value);
    return nr_parse_double(text, strlen(text), &out) ? out : value;
}

static enum nr_status fit(struct nr_tune_side *side, const struct nr_tune_point *point, double start, double *kept,
                          struct nr_error *err)
{
    struct choices all;
    struct nr_reliability bins[NR_RELIABILITY_BINS];
    enum nr_status status = collect(side, point, &all, err);
    if (!status) {
        struct nr_beta_fit found = nr_beta_fit(all.choices, all.count, start);
        double beta = found.end == NR_BETA_FLAT ? start : rounded(found.beta);
        const double scalars[SCALARS] = {beta,
                                         found.end,
                                         (double)all.count,
                                         (double)all.pairs,
                                         found.before,
                                         nr_beta_loss(all.choices, all.count, beta).loss};
        memcpy(kept, scalars, sizeof scalars);
        nr_reliability_fill(all.choices, all.count, start, bins);
        pack_bins(bins, kept + SCALARS);
        nr_reliability_fill(all.choices, all.count, beta, bins);
        pack_bins(bins, kept + SCALARS + PER_BIN * NR_RELIABILITY_BINS);
    }
    nr_arena_release(&all.mem);
    return status;
}

static enum nr_status try_out(struct nr_tune_side *side, const struct nr_tune_point *point, const double betas[2],
                              double *kept, struct nr_error *err)
{
    struct choices all;
    enum nr_status status = collect(side, point, &all, err);
    kept[0] = (double)all.count;
    kept[1] = (double)all.pairs;
    for (size_t i = 0; i < 2 && !status; i++)
        kept[2 + i] = nr_beta_loss(all.choices, all.count, betas[i]).loss;
    nr_arena_release(&all.mem);
    return status;
}

/* What the file of trials has of it. */
static enum nr_status look_up(const struct nr_tune_side *side, const struct nr_tune_point *point, const char *what,
                              size_t count, double *kept, char key[NR_DIGEST_HEX], bool *known, struct nr_error *err)
{
    enum nr_status status = nr_tune_side_key(side, point, 0, count_users(side), what, key, err);
    const double *found = status ? NULL : nr_trials_find(side->tuner->trials, key, count);
    *known = found != NULL;
    if (found)
        memcpy(kept, found, count * sizeof *kept);
    side->tuner->reused += found != NULL;
    side->tuner->measured += !found;
    return status;
}

enum nr_status nr_tune_fit_beta(struct nr_tune_side *side, const struct nr_tune_point *point, struct nr_tune_beta *beta,
                                struct nr_error *err)
{
    char what[64], key[NR_DIGEST_HEX];
    double kept[KEPT];
    bool known;
    snprintf(what, sizeof what, "beta from %.17g", beta->default_value);
    enum nr_status status = look_up(side, point, what, KEPT, kept, key, &known, err);
    if (!status && !known)
        status = fit(side, point, beta->default_value, kept, err);
    if (!status && !known)
        status = nr_trials_add(side->tuner->trials, key, "validation: beta", 0, kept, KEPT, err);
    if (status)
        return status;
    beta->value = kept[0];
    beta->end = (enum nr_beta_end)kept[1];
    beta->fitted = beta->end != NR_BETA_FLAT;
    beta->users = (size_t)kept[2];
    beta->pairs = (size_t)kept[3];
    beta->loss_default = kept[4];
    beta->loss_tuned = kept[5];
    unpack_bins(kept + SCALARS, beta->before);
    unpack_bins(kept + SCALARS + PER_BIN * NR_RELIABILITY_BINS, beta->after);
    return NR_OK;
}

enum nr_status nr_tune_test_beta(struct nr_tune_side *side, const struct nr_tune_point *point,
                                 struct nr_tune_beta *beta, struct nr_error *err)
{
    char what[64], key[NR_DIGEST_HEX];
    double kept[TESTED];
    bool known;
    const double betas[2] = {beta->default_value, beta->value};
    snprintf(what, sizeof what, "beta %.17g %.17g", betas[0], betas[1]);
    enum nr_status status = look_up(side, point, what, TESTED, kept, key, &known, err);
    if (!status && !known)
        status = try_out(side, point, betas, kept, err);
    if (!status && !known)
        status = nr_trials_add(side->tuner->trials, key, "test: beta", 0, kept, TESTED, err);
    if (status)
        return status;
    beta->test_users = (size_t)kept[0];
    beta->test_pairs = (size_t)kept[1];
    beta->test_loss_default = kept[2];
    beta->test_loss_tuned = kept[3];
    return NR_OK;
}
