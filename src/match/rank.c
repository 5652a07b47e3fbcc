/* rank.c - the scan: tiles of users over tiles of videos. See nightreel/match.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "match/batch.h"
#include "match/curriculum.h"
#include "match/explain.h"
#include "match/keep.h"
#include "match/people.h"
#include "match/pick_list.h"
#include "match/scan.h"
#include "match/softmax.h"
#include "nightreel/linalg.h"
#include "nightreel/match.h"

#include "core/banned.h"

/* What one thread needs, made once. */
struct worker {
    struct nr_match_batch batch;
    float *scores;             /* a tile */
    float *logits;             /* a row, for distances */
    struct nr_kept *entries;   /* NR_TILE_USERS times the capacity */
    float *best;               /* NR_TILE_USERS times k + 1 */
    float tops[NR_TILE_USERS]; /* greatest score so far */
    struct nr_keep keeps[NR_TILE_USERS];
    struct nr_softmax sums[NR_TILE_USERS];
    size_t watched_next[NR_TILE_USERS];  /* in the user's list of watched positions */
    size_t unlocked_next[NR_TILE_USERS]; /* likewise of unlocked ones */
    size_t barred[NR_TILE_USERS];        /* videos that the user may not be shown yet */
    uint32_t places[NR_TILE_ITEMS];      /* of a row's scores that may be kept */
    struct nr_scored_item *scored;       /* at least k and the capacity */
    struct nr_picker picker;
    double *row, *scratch; /* of params->source: a score of each video; what it works in */
    size_t rescanned, fallbacks;
};

struct match {
    struct nr_match_index index;
    struct nr_match_states states;
    struct nr_people people;
    struct nr_picking picking;
    const struct nr_user_list *users; /* who gets a list */
    const struct nr_scan_kernel *scan;
    struct nr_ranking *rankings; /* one for each user */
    struct worker *workers;
    unsigned worker_count;
    size_t k, capacity, width; /* k best are found, at most the videos: lists are picked from them */
    enum nr_status *statuses;  /* of each tile of users */
    struct nr_error *errors;
};

static void worker_release(struct worker *worker)
{
    nr_arena_release(&worker->batch.mem);
    nr_floats_free(worker->batch.vectors);
    nr_floats_free(worker->scores);
    nr_floats_free(worker->logits);
    nr_floats_free(worker->best);
    free(worker->entries);
    free(worker->scored);
    nr_picker_release(&worker->picker);
    free(worker->row);
    free(worker->scratch);
}

static enum nr_status worker_init(struct worker *worker, const struct match *match, struct nr_error *err)
{
    const struct nr_match_source *source = match->index.params->source;
    size_t room = match->k > match->capacity ? match->k : match->capacity;
    worker->batch.vectors = nr_floats_new(NR_TILE_USERS * match->width);
    worker->scores = nr_floats_new((size_t)NR_TILE_USERS * NR_TILE_ITEMS);
    worker->logits = nr_floats_new(NR_TILE_ITEMS);
    worker->best = nr_floats_new(match->capacity ? NR_TILE_USERS * (match->k + 1) : 0);
    worker->entries = malloc((NR_TILE_USERS * match->capacity + 1) * sizeof *worker->entries);
    worker->scored = malloc((room + 1) * sizeof *worker->scored);
    worker->row = malloc(((source ? match->index.listed : 0) + 1) * sizeof *worker->row);
    worker->scratch = malloc(((source ? source->scratch : 0) + 1) * sizeof *worker->scratch);
    if (!worker->row || !worker->scratch || !worker->batch.vectors || !worker->scores || !worker->logits ||
        !worker->best || !worker->entries || !worker->scored)
        return nr_fail_nomem(err, "a tile of scores");
    for (size_t u = 0; u < NR_TILE_USERS; u++) {
        worker->keeps[u].entries = worker->entries + u * match->capacity;
        worker->keeps[u].capacity = match->capacity;
        worker->keeps[u].best = worker->best + (match->capacity ? u * (match->k + 1) : 0);
    }
    return nr_picker_init(&worker->picker, &match->picking, err);
}

static const void *state_of(const struct match *match, const struct nr_scorer *scorer)
{
    for (size_t s = 0; s < NR_SCORER_COUNT; s++)
        if (nr_scorers[s] == scorer)
            return match->states.of[s];
    return NULL;
}

/* ---- one tile ---------------------------------------------------------------------- */

static void start_users(struct worker *worker, const struct match *match)
{
    for (size_t u = 0; u < worker->batch.count; u++) {
        const struct nr_match_user *user = &worker->batch.users[u];
        double error = user->scorer->error(state_of(match, user->scorer), user);
        nr_keep_reset(&worker->keeps[u], match->k, 2 * error);
        worker->keeps[u].overflow = match->capacity == 0 || user->scorer == &nr_scorer_source;
        worker->sums[u] = (struct nr_softmax){-INFINITY, 0};
        worker->tops[u] = -INFINITY;
        worker->watched_next[u] = worker->unlocked_next[u] = worker->barred[u] = 0;
    }
}

/* What the user may not be shown yet. */
static void bar_row(struct worker *worker, const struct match *match, size_t u, size_t first, float *row)
{
    const struct nr_curriculum *curriculum = match->index.curriculum;
    size_t left = match->index.count - first, count = left < NR_TILE_ITEMS ? left : NR_TILE_ITEMS;
    for (size_t i = 0; i < count; i++)
        if (row[i] > -INFINITY &&
            nr_curriculum_bars(curriculum, &worker->batch.users[u], first + i, &worker->unlocked_next[u])) {
            row[i] = -INFINITY;
            worker->barred[u]++;
        }
}

/* What is no candidate: padding, what the user watched, and what comes too early. */
static void mask_row(struct worker *worker, const struct match *match, size_t u, size_t first, float *row)
{
    const struct nr_match_user *user = &worker->batch.users[u];
    for (size_t i = match->index.count - first; i < NR_TILE_ITEMS; i++)
        row[i] = -INFINITY;
    size_t *next = &worker->watched_next[u];
    for (; *next < user->watched_count && user->watched[*next] - first < NR_TILE_ITEMS; (*next)++)
        row[user->watched[*next] - first] = -INFINITY;
    if (match->index.curriculum)
        bar_row(worker, match, u, first, row);
}

static float logit_of(const struct match *match, float score)
{
    return match->index.params->similarity == NR_SIMILARITY_COSINE ? score : -sqrtf(fmaxf(0, -score));
}

/* Terms are taken by the greatest score so far, not by the row's: most rows are then
 * summed as they are searched, and cost no exponential to be put together. No score below
 * the floor can be greater. */
static void scan_row(struct worker *worker, const struct match *match, size_t u, size_t first, const float *row)
{
    const struct nr_scan_kernel *kernel = match->scan;
    struct nr_keep *keep = &worker->keeps[u];
    float top = worker->tops[u];
    const float *logits = row;
    size_t count;
    struct nr_scan scan = {(float)match->index.params->beta, logit_of(match, top), logit_of(match, keep->floor)};
    if (match->index.params->similarity == NR_SIMILARITY_EUCLIDEAN) {
        kernel->root(row, NR_TILE_ITEMS, worker->logits);
        logits = worker->logits;
    }
    float sum = kernel->sum(logits, NR_TILE_ITEMS, &scan, worker->places, &count);
    for (size_t i = 0; i < count; i++) {
        uint32_t place = worker->places[i];
        if (row[place] < keep->floor) /* it has risen */
            continue;
        top = row[place] > top ? row[place] : top;
        nr_keep_add(keep, row[place], (uint32_t)first + place);
    }
    if (top > worker->tops[u]) {
        worker->tops[u] = top;
        scan = (struct nr_scan){scan.beta, logit_of(match, top), INFINITY};
        sum = kernel->sum(logits, NR_TILE_ITEMS, &scan, worker->places, &count);
    }
    if (top > -INFINITY)
        nr_softmax_add(&worker->sums[u], (double)scan.beta * scan.top, sum);
}

static void scan_tile(struct worker *worker, const struct match *match, size_t tile)
{
    size_t first = tile * NR_TILE_ITEMS;
    for (size_t s = 0; s < NR_SCORER_COUNT; s++)
        nr_scorers[s]->fill(match->states.of[s], &worker->batch, tile, worker->scores);
    for (size_t u = 0; u < worker->batch.count; u++) {
        float *row = worker->scores + u * NR_TILE_ITEMS;
        if (worker->keeps[u].overflow)
            continue;
        mask_row(worker, match, u, first, row);
        scan_row(worker, match, u, first, row);
    }
}

/* ---- one user ---------------------------------------------------------------------- */

/* All candidates in double: for rows with more ties than can be kept. */
static size_t score_row(struct worker *worker, const struct match *match, const struct nr_match_user *user,
                        double *log_sum)
{
    const struct nr_curriculum *curriculum = match->index.curriculum;
    const struct nr_match_params *params = match->index.params;
    const void *state = state_of(match, user->scorer);
    struct nr_softmax sum = {-INFINITY, 0};
    double parts[NR_BLOCK_COUNT];
    size_t count = 0, next = 0, unlocked = 0;
    for (size_t i = 0; i < match->index.count; i++) {
        if (next < user->watched_count && user->watched[next] == i) {
            next++;
            continue;
        }
        if (curriculum && nr_curriculum_bars(curriculum, user, i, &unlocked))
            continue;
        double score = user->scorer->exact(state, user, i, parts);
        if (score == -INFINITY) /* a model has nothing to say of it */
            continue;
        nr_scored_push(worker->scored, &count, match->k, (struct nr_scored_item){score, (uint32_t)i});
        nr_softmax_add(&sum, params->beta * nr_match_logit(params, user, score), 1);
    }
    *log_sum = nr_softmax_log(&sum);
    worker->rescanned += user->scorer != &nr_scorer_source;
    return count;
}

/* What was kept, in double. The denominator gives up the float terms of what was
 * kept and takes the exact ones: they are the largest, and for distances near 0 the
 * square root makes much of a small error. */
static size_t score_kept(struct worker *worker, const struct match *match, size_t u, double *log_sum)
{
    const struct nr_match_params *params = match->index.params;
    const struct nr_match_user *user = &worker->batch.users[u];
    const void *state = state_of(match, user->scorer);
    struct nr_keep *keep = &worker->keeps[u];
    struct nr_softmax exact = {-INFINITY, 0}, rest = worker->sums[u];
    double parts[NR_BLOCK_COUNT];
    nr_keep_trim(keep);
    for (size_t i = 0; i < keep->count && user->scorer->prefetch; i++)
        user->scorer->prefetch(state, keep->entries[i].item);
    for (size_t i = 0; i < keep->count; i++) {
        double score = user->scorer->exact(state, user, keep->entries[i].item, parts);
        worker->scored[i] = (struct nr_scored_item){score, keep->entries[i].item};
        rest.scaled -= exp(params->beta * nr_match_logit(params, user, keep->entries[i].score) - rest.top);
        nr_softmax_add(&exact, params->beta * nr_match_logit(params, user, score), 1);
    }
    if (keep->count < match->index.count - user->watched_count - worker->barred[u])
        nr_softmax_add(&exact, rest.top, rest.scaled);
    *log_sum = nr_softmax_log(&exact);
    return keep->count;
}

static enum nr_status finish_user(struct worker *worker, const struct match *match, size_t u, size_t first,
                                  struct nr_error *err)
{
    const struct nr_match_source *source = match->index.params->source;
    struct nr_match_user *user = &worker->batch.users[u];
    double log_sum;
    user->row = worker->row;
    if (user->scorer == &nr_scorer_source)
        source->score(source->ctx, user->user->user_id, worker->row, worker->scratch);
    size_t count =
        worker->keeps[u].overflow ? score_row(worker, match, user, &log_sum) : score_kept(worker, match, u, &log_sum);
    nr_scored_sort(worker->scored, count);
    count = count < match->k ? count : match->k;
    const struct nr_pick_ranking ranking = {user, state_of(match, user->scorer), worker->scored, count,
                                            count == match->k && match->k < match->index.count};
    size_t own;
    enum nr_status status =
        nr_pick_list(&match->picking, &worker->picker, &ranking, match->states.of[NR_SCORER_POPULARITY], &own, err);
    worker->fallbacks += user->scorer == &nr_scorer_popularity;
    return status ? status
                  : nr_match_explain(&match->index, user, ranking.state, worker->picker.picked, worker->picker.count,
                                     own, log_sum, worker->scratch, &match->rankings[first + u], err);
}

/* ---- all users ---------------------------------------------------------------------- */

static void match_users(void *ctx, size_t tile, unsigned number)
{
    struct match *match = ctx;
    struct worker *worker = &match->workers[number];
    struct nr_error *err = &match->errors[tile];
    size_t first = tile * NR_TILE_USERS;
    if (nr_interrupted()) {
        match->statuses[tile] = NR_ERR_INTERRUPTED;
        return;
    }
    enum nr_status status =
        nr_match_batch_init(&worker->batch, &match->index, &match->states, match->users, first, err);
    if (!status)
        start_users(worker, match);
    for (size_t t = 0; t < nr_match_index_tiles(&match->index) && !status; t++)
        scan_tile(worker, match, t);
    for (size_t u = 0; u < worker->batch.count && !status; u++)
        status = finish_user(worker, match, u, first, err);
    match->statuses[tile] = status;
}

/* Scorers know all users, also those who get no list. */
static enum nr_status open_scorers(struct match *match, const struct nr_user_list *users, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    for (size_t s = 0; s < NR_SCORER_COUNT && !status; s++) {
        status = nr_scorers[s]->open(&match->index, users, &match->states.of[s], err);
        size_t width = status ? 0 : nr_scorers[s]->width(match->states.of[s]);
        match->width = width > match->width ? width : match->width;
    }
    return status;
}

static enum nr_status make_workers(struct match *match, size_t tiles, unsigned threads, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    threads = threads ? threads : nr_cpu_count();
    match->worker_count = threads < tiles ? threads : (unsigned)tiles;
    match->workers = calloc(match->worker_count + 1, sizeof *match->workers);
    match->statuses = calloc(tiles + 1, sizeof *match->statuses);
    match->errors = calloc(tiles + 1, sizeof *match->errors);
    if (!match->workers || !match->statuses || !match->errors)
        return nr_fail_nomem(err, "the workers");
    for (unsigned w = 0; w < match->worker_count && !status; w++)
        status = worker_init(&match->workers[w], match, err);
    return status;
}

static enum nr_status check_users(const struct nr_user_list *users, struct nr_error *err)
{
    for (size_t u = 1; u < users->count; u++) {
        int order = nr_id_compare(users->users[u - 1].user_id, users->users[u].user_id);
        if (order == 0)
            return nr_fail(err, NR_ERR_DATA, "two records of user '%s'", users->users[u].user_id);
        if (order > 0)
            return nr_fail(err, NR_ERR_INTERNAL, "users are not sorted by their ids");
    }
    return NR_OK;
}

static enum nr_status add_rankings(struct match *match, struct nr_ranking_list *out, struct nr_error *err)
{
    struct nr_ranking *ranking;
    enum nr_status status = NR_OK;
    size_t before = out->count;
    for (size_t u = 0; u < match->users->count && !status; u++)
        status = nr_ranking_list_add(out, &ranking, err);
    match->rankings = out->rankings + before;
    return status;
}

/* The tiles' outcomes in their order: the first failure, whoever met it. */
static enum nr_status first_failure(const struct match *match, size_t tiles, struct nr_error *err)
{
    for (size_t t = 0; t < tiles; t++)
        if (match->statuses[t]) {
            if (err)
                *err = match->errors[t];
            return match->statuses[t];
        }
    return NR_OK;
}

static void set_tally(const struct match *match, struct nr_match_tally *tally)
{
    *tally = (struct nr_match_tally){.candidates = match->index.count,
                                     .users = match->users->count,
                                     .kernel = nr_linalg_kernel(),
                                     .scan = match->scan->name};
    tally->notes = match->index.notes;
    for (unsigned w = 0; w < match->worker_count; w++) {
        tally->rescanned += match->workers[w].rescanned + match->workers[w].picker.deep;
        tally->fallbacks += match->workers[w].fallbacks;
    }
}

static void match_release(struct match *match)
{
    for (unsigned w = 0; w < match->worker_count && match->workers; w++)
        worker_release(&match->workers[w]);
    for (size_t s = 0; s < NR_SCORER_COUNT; s++)
        nr_scorers[s]->close(match->states.of[s]);
    nr_picking_release(&match->picking);
    nr_people_release(&match->people);
    nr_match_index_release(&match->index);
    free(match->workers);
    free(match->statuses);
    free(match->errors);
}

enum nr_status nr_match_rank(const struct nr_match_params *params, const struct nr_item_list *items,
                             const struct nr_user_list *users, unsigned threads, struct nr_ranking_list *out,
                             struct nr_match_tally *tally, struct nr_error *err)
{
    struct match match = {.scan = nr_scan_choose(params->kernels)};
    enum nr_status status = check_users(users, err);
    if (!status)
        status = nr_match_index_init(&match.index, params, items, threads, err);
    if (status)
        return status;
    size_t pool = nr_picking_pool(params), tiles = 0;
    match.k = pool < match.index.count ? pool : match.index.count;
    match.capacity = nr_keep_capacity(match.k, match.index.count);
    status = open_scorers(&match, users, err);
    if (!status)
        status = nr_people_init(&match.people, &params->lists, users, err);
    if (!status)
        status = nr_picking_init(&match.picking, &match.index, err);
    match.users = &match.people.list;
    tiles = (match.users->count + NR_TILE_USERS - 1) / NR_TILE_USERS;
    if (!status)
        status = make_workers(&match, tiles, threads, err);
    if (!status)
        status = add_rankings(&match, out, err);
    if (!status) {
        nr_parallel(match.worker_count, tiles, match_users, &match);
        status = first_failure(&match, tiles, err);
    }
    if (!status && tally)
        set_tally(&match, tally);
    match_release(&match);
    return status;
}
