/* test_measures_property.c - every measure, its best and its worst value, on a thousand
 * random runs against a slow reference that follows the definitions word by word. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/eval.h"

enum { USERS = 6, VIDEOS = 11, LISTED_MAX = 5, ROUNDS = 1000 };

/* A world: who judged what how, who has what, what is listed with which score. */
struct world {
    double judged[USERS][VIDEOS]; /* NAN: not at all; 0: not relevant */
    bool had[USERS][VIDEOS];
    double score[USERS][VIDEOS]; /* NAN: not listed */
    bool empty[USERS];           /* named with an empty list */
    bool use_view, user_in[USERS], may_hit[VIDEOS], in_catalogue[VIDEOS];
    bool trec;
    uint64_t random;
};

/* A list in one order. */
struct list {
    size_t videos[VIDEOS], count;
};

static uint64_t roll(struct world *world, uint64_t sides)
{
    world->random = nr_splitmix64(world->random);
    return world->random % sides;
}

static void world_init(struct world *world, uint64_t seed)
{
    *world = (struct world){.random = seed * 7919 + 1};
    bool few = roll(world, 2) != 0; /* distinct scores */
    for (size_t u = 0; u < USERS; u++) {
        uint64_t kind = roll(world, 5); /* 0: missing, 1: empty */
        world->empty[u] = kind == 1;
        size_t listed = 0;
        for (size_t v = 0; v < VIDEOS; v++) {
            world->judged[u][v] = roll(world, 2) ? (double)roll(world, 4) : NAN;
            world->had[u][v] = roll(world, 4) == 0;
            world->score[u][v] = NAN;
            if (kind > 1 && roll(world, 2) && listed++ < LISTED_MAX)
                world->score[u][v] = (double)roll(world, few ? 3 : 1000) / 3 + (roll(world, 2) ? 1e-12 : 0);
        }
    }
    world->judged[0][0] = 1;
    world->trec = roll(world, 2) != 0;
    world->use_view = roll(world, 3) == 0;
    for (size_t u = 0; u < USERS; u++)
        world->user_in[u] = !world->use_view || u == 0 || roll(world, 3);
    for (size_t v = 0; v < VIDEOS; v++) {
        world->may_hit[v] = !world->use_view || v == 0 || roll(world, 2);
        world->in_catalogue[v] = !world->use_view || v == 0 || roll(world, 3);
    }
}

/* ---- the definitions ------------------------------------------------------------------------ */

static double gain(const struct world *world, size_t u, size_t v)
{
    return world->may_hit[v] && world->judged[u][v] > 0 ? world->judged[u][v] : 0;
}

static size_t relevant(const struct world *world, size_t u)
{
    size_t count = 0;
    for (size_t v = 0; v < VIDEOS; v++)
        count += gain(world, u, v) > 0;
    return count;
}

static bool counts(const struct world *world, size_t u)
{
    return world->user_in[u] && relevant(world, u) > 0;
}

static size_t hits(const struct world *world, size_t u, const struct list *list, size_t k)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count && i < k; i++)
        count += gain(world, u, list->videos[i]) > 0;
    return count;
}

static double precision_at(const struct world *world, size_t u, const struct list *list, size_t k)
{
    return (double)hits(world, u, list, k) / (double)k;
}

static double right_share(const struct world *world, size_t u, const struct list *list, size_t k)
{
    size_t candidates = 0, right = 0;
    for (size_t v = 0; v < VIDEOS; v++) {
        bool shown = false;
        if (!world->in_catalogue[v] || world->had[u][v])
            continue;
        for (size_t i = 0; i < list->count && i < k; i++)
            shown |= list->videos[i] == v;
        candidates++;
        right += shown == (gain(world, u, v) > 0);
    }
    return candidates ? (double)right / (double)candidates : NAN;
}

static double cumulated_gain(const struct world *world, size_t u, const struct list *list, size_t k)
{
    double sum = 0;
    for (size_t rank = 1; rank <= k && rank <= list->count; rank++)
        sum += gain(world, u, list->videos[rank - 1]) / log2((double)rank + 1);
    return sum;
}

static double ndcg(const struct world *world, size_t u, const struct list *list, size_t k)
{
    struct list ideal = {.count = 0};
    for (double g = 3; g > 0; g--)
        for (size_t v = 0; v < VIDEOS; v++)
            if (fabs(gain(world, u, v) - g) < 0.5)
                ideal.videos[ideal.count++] = v;
    return cumulated_gain(world, u, list, k) / cumulated_gain(world, u, &ideal, k);
}

/* Sum of the precisions at each hit. */
static double precisions(const struct world *world, size_t u, const struct list *list, size_t k)
{
    double sum = 0;
    for (size_t rank = 1; rank <= k && rank <= list->count; rank++)
        if (gain(world, u, list->videos[rank - 1]) > 0)
            sum += precision_at(world, u, list, rank);
    return sum;
}

static double reciprocal(const struct world *world, size_t u, const struct list *list)
{
    for (size_t rank = 1; rank <= list->count; rank++)
        if (hits(world, u, list, rank))
            return 1 / (double)rank;
    return 0;
}

/* Buckley and Voorhees 2004, with trec_eval's min(R, N). */
static double bpref(const struct world *world, size_t u, const struct list *list)
{
    double r = (double)relevant(world, u), n = 0, sum = 0;
    for (size_t v = 0; v < VIDEOS; v++)
        n += !isnan(world->judged[u][v]) && !(world->judged[u][v] > 0);
    for (size_t i = 0; i < list->count; i++) {
        double above = 0;
        for (size_t j = 0; j < i; j++)
            above += !isnan(world->judged[u][list->videos[j]]) && !(world->judged[u][list->videos[j]] > 0);
        if (gain(world, u, list->videos[i]) > 0)
            sum += above > 0 ? 1 - fmin(above, r) / fmin(r, n) : 1;
    }
    return sum / r;
}

static double surprise(const struct world *world, const struct list *list, size_t k)
{
    double sum = 0, users = 0;
    size_t shown = list->count < k ? list->count : k;
    for (size_t u = 0; u < USERS; u++)
        for (size_t v = 0; v < VIDEOS; v++)
            if (world->had[u][v]) {
                users++;
                break;
            }
    for (size_t i = 0; i < shown; i++) {
        double watchers = 0;
        for (size_t u = 0; u < USERS; u++)
            watchers += world->had[u][list->videos[i]];
        sum += -log2((watchers + 1) / (users + 1));
    }
    return shown ? sum / (double)shown : NAN;
}

static bool is(const char *name, const char *base)
{
    size_t length = strlen(base);
    return strncmp(name, base, length) == 0 && (name[length] == '@' || name[length] == '\0');
}

/* Of one user; k is SIZE_MAX where there is no cutoff. */
static double reference(const struct world *world, size_t u, const struct list *list, const char *name, size_t k)
{
    double r = (double)relevant(world, u), capped = fmin(r, (double)k), found = (double)hits(world, u, list, k);
    double all = (double)hits(world, u, list, SIZE_MAX), shown = (double)list->count;
    if (is(name, "novelty"))
        return surprise(world, list, k);
    if (list->count == 0)
        return 0;
    return is(name, "precision")       ? found / (double)k
           : is(name, "recall")        ? found / r
           : is(name, "recall_capped") ? found / capped
           : is(name, "f1")            ? 2 * found / ((double)k + r)
           : is(name, "accuracy")      ? right_share(world, u, list, k)
           : is(name, "ndcg")          ? ndcg(world, u, list, k)
           : is(name, "map")           ? precisions(world, u, list, k) / r
           : is(name, "map_capped")    ? precisions(world, u, list, k) / capped
           : is(name, "mrr")           ? reciprocal(world, u, list)
           : is(name, "hit_rate")      ? (double)(found > 0)
           : is(name, "r_precision")   ? precision_at(world, u, list, (size_t)r)
           : is(name, "bpref")         ? bpref(world, u, list)
           : is(name, "set_precision") ? all / shown
           : is(name, "set_recall")    ? all / r
           : is(name, "set_f1")        ? 2 * (all / shown) * (all / r) / fmax(all / shown + all / r, 1e-300)
                                       : NAN; /* which no measure is */
}

/* ---- orders ---------------------------------------------------------------------------------- */

static const char *video_name(size_t v)
{
    static char names[VIDEOS][8];
    snprintf(names[v], sizeof names[v], "v%zu", v);
    return names[v];
}

static double shown_score(const struct world *world, size_t u, size_t v)
{
    return world->trec ? (double)(float)world->score[u][v] : world->score[u][v];
}

static bool stands_before(const struct world *world, size_t u, size_t a, size_t b)
{
    double left = shown_score(world, u, a), right = shown_score(world, u, b);
    int order = strcmp(video_name(a), video_name(b));
    return left > right || (!(left < right) && (world->trec ? order > 0 : order < 0));
}

static void make_list(const struct world *world, size_t u, struct list *list)
{
    list->count = 0;
    for (size_t v = 0; v < VIDEOS; v++) {
        if (isnan(world->score[u][v]) || !world->in_catalogue[v])
            continue;
        size_t at = list->count++;
        for (; at > 0 && stands_before(world, u, v, list->videos[at - 1]); at--)
            list->videos[at] = list->videos[at - 1];
        list->videos[at] = v;
    }
}

struct extremes {
    double best, worst;
};

/* All orders of list->videos[at..) that keep the scores falling. */
static void try_orders(const struct world *world, size_t u, struct list *list, size_t at, const char *name, size_t k,
                       struct extremes *out)
{
    if (at >= list->count) {
        double value = reference(world, u, list, name, k);
        out->best = fmax(out->best, value);
        out->worst = fmin(out->worst, value);
    }
    for (size_t other = at; other < list->count; other++) {
        size_t a = list->videos[at], b = list->videos[other];
        if (shown_score(world, u, b) < shown_score(world, u, a)) /* list[at] is the best left */
            continue;
        list->videos[at] = b;
        list->videos[other] = a;
        try_orders(world, u, list, at + 1, name, k, out);
        list->videos[at] = a;
        list->videos[other] = b;
    }
}

/* ---- the world as the program gets it ----------------------------------------------------------- */

struct setup {
    struct nr_eval_data data;
    struct nr_eval_run run;
    struct nr_eval_view view;
    bool users[USERS + 1], hit[VIDEOS], listed[VIDEOS];
};

static void set_view(const struct world *world, struct setup *setup)
{
    char user[24];
    uint32_t number;
    for (size_t u = 0; u < USERS; u++) {
        snprintf(user, sizeof user, "u%zu", u);
        assert_int_equal(nr_ids_add(&setup->data.users, user, strlen(user), &number, NULL), NR_OK);
        setup->users[number] = world->user_in[u];
    }
    for (size_t v = 0; v < VIDEOS; v++) {
        assert_int_equal(nr_ids_add(&setup->data.videos, video_name(v), strlen(video_name(v)), &number, NULL), NR_OK);
        setup->hit[number] = world->may_hit[v];
        setup->listed[number] = world->in_catalogue[v];
    }
    setup->view = (struct nr_eval_view){setup->users, setup->hit, setup->listed};
}

static void setup_init(const struct world *world, struct setup *setup)
{
    char user[24];
    *setup = (struct setup){.run = {.name = "run"}};
    for (size_t i = 0; i < VIDEOS; i++) /* makes the catalogue whole, and has nothing relevant */
        assert_int_equal(nr_eval_add_truth(&setup->data, "zz", video_name((i * 7 + 2) % VIDEOS), 0, NULL), NR_OK);
    for (size_t u = USERS; u-- > 0;) {
        snprintf(user, sizeof user, "u%zu", u);
        if (world->empty[u])
            assert_int_equal(nr_eval_add_list(&setup->data, &setup->run, user, NULL), NR_OK);
        for (size_t i = 0; i < VIDEOS; i++) {
            size_t v = (i * 5 + u) % VIDEOS; /* any order */
            const char *video = video_name(v);
            for (int twice = 0; twice < 2 && !isnan(world->judged[u][v]); twice++)
                assert_int_equal(nr_eval_add_truth(&setup->data, user, video, world->judged[u][v], NULL), NR_OK);
            for (int twice = 0; twice < 2 && world->had[u][v]; twice++)
                assert_int_equal(nr_eval_add_train(&setup->data, user, video, NULL), NR_OK);
            if (!isnan(world->score[u][v]))
                assert_int_equal(nr_eval_add_entry(&setup->data, &setup->run, user, strlen(user), video, strlen(video),
                                                   world->score[u][v], NULL),
                                 NR_OK);
        }
    }
    setup->data.has_train = true;
    set_view(world, setup);
}

static void setup_release(struct setup *setup)
{
    nr_eval_run_release(&setup->run);
    nr_eval_data_release(&setup->data);
}

/* ---- checks ---------------------------------------------------------------------------------------- */

static void check_equal(double have, double want, const char *name)
{
    if (isnan(want) ? !isnan(have) : !(fabs(have - want) < 1e-12))
        fail_msg("%s is %.17g, not %.17g", name, have, want);
}

static void check_mean(const struct world *world, const struct nr_eval_value *value, bool zero)
{
    double sum = 0, best = 0, worst = 0;
    size_t users = 0, undefined = 0;
    for (size_t u = 0; u < USERS; u++) {
        struct list list;
        struct extremes extremes = {-INFINITY, INFINITY};
        if (!counts(world, u))
            continue;
        make_list(world, u, &list);
        double one = reference(world, u, &list, value->name, value->k);
        check_equal(value->per_user[users++], one, value->name);
        undefined += isnan(one) != 0;
        sum += isnan(one) ? 0 : one;
        if (isnan(one) || !value->measure->correctness)
            continue;
        try_orders(world, u, &list, 0, value->name, value->k, &extremes);
        best += extremes.best;
        worst += extremes.worst;
    }
    double n = (double)(users - (zero ? 0 : undefined));
    assert_int_equal(value->undefined, undefined);
    check_equal(value->value, n > 0 ? sum / n : NAN, value->name);
    check_equal(value->best, n > 0 && value->measure->correctness ? best / n : NAN, value->name);
    check_equal(value->worst, n > 0 && value->measure->correctness ? worst / n : NAN, value->name);
}

static double exposure_of(const struct world *world, size_t v, size_t k)
{
    double shown = 0;
    for (size_t u = 0; u < USERS; u++) {
        struct list list;
        make_list(world, u, &list);
        for (size_t i = 0; i < list.count && i < k && counts(world, u); i++)
            shown += list.videos[i] == v;
    }
    return shown;
}

/* Half of the mean difference between two videos over the mean (Gini 1912). */
static void check_exposure(const struct world *world, const struct nr_eval_value *value)
{
    double seen = 0, total = 0, apart = 0, n = 0;
    for (size_t v = 0; v < VIDEOS; v++) {
        if (!world->in_catalogue[v])
            continue;
        double shown = exposure_of(world, v, value->k);
        n++;
        seen += shown > 0;
        total += shown;
        for (size_t other = 0; other < VIDEOS; other++)
            apart += world->in_catalogue[other] ? fabs(shown - exposure_of(world, other, value->k)) : 0;
    }
    double gini = total > 0 ? apart / (n * n) / (2 * total / n) : NAN;
    check_equal(value->value, is(value->name, "coverage") ? seen / n : gini, value->name);
}

static void check_f1(const struct world *world, const struct nr_eval_value *value)
{
    double precision = 0, recall = 0, found = 0, wanted = 0, users = 0;
    for (size_t u = 0; u < USERS; u++) {
        struct list list;
        if (!counts(world, u))
            continue;
        make_list(world, u, &list);
        users++;
        found += (double)hits(world, u, &list, value->k);
        wanted += (double)relevant(world, u);
        precision += precision_at(world, u, &list, value->k);
        recall += (double)hits(world, u, &list, value->k) / (double)relevant(world, u);
    }
    double harmonic = found > 0 ? 2 / (users / precision + users / recall) : 0;
    double micro = 2 * found / ((double)value->k * users + wanted);
    check_equal(value->value, is(value->name, "f1_avg") ? harmonic : micro, value->name);
    assert_true(value->worst <= value->value + 1e-12 && value->value <= value->best + 1e-12);
}

static void check_counts(const struct world *world, const struct nr_eval_result *result)
{
    size_t users = 0, missing = 0, empty = 0, unjudged = 0, tied = 0, listed = 0;
    for (size_t u = 0; u < USERS; u++) {
        bool named = false;
        struct list list;
        for (size_t v = 0; v < VIDEOS; v++)
            named |= !isnan(world->score[u][v]);
        unjudged += world->user_in[u] && !relevant(world, u) && (named || world->empty[u]);
        if (!counts(world, u))
            continue;
        users++;
        missing += !named && !world->empty[u];
        empty += !named && world->empty[u];
        make_list(world, u, &list);
        listed += list.count;
        for (size_t i = 0; i < list.count; i++) {
            bool shared = false;
            for (size_t j = 0; j < list.count; j++)
                shared |= i != j &&
                          fabs(shown_score(world, u, list.videos[i]) - shown_score(world, u, list.videos[j])) < 1e-300;
            tied += shared;
        }
    }
    assert_int_equal(result->users, users);
    assert_int_equal(result->missing, missing);
    assert_int_equal(result->empty, empty);
    assert_int_equal(result->unjudged, unjudged);
    check_equal(result->tie_rate, listed ? (double)tied / (double)listed : 0, "tie rate");
}

static void check_world(const struct world *world, const struct nr_eval_params *params, struct setup *setup)
{
    struct nr_eval_result result;
    assert_int_equal(nr_eval_measure(&setup->data, &setup->run, params, &result, NULL), NR_OK);
    check_counts(world, &result);
    for (size_t v = 0; v < result.count; v++) {
        const struct nr_eval_value *value = &result.values[v];
        if (value->measure->of_user)
            check_mean(world, value, params->undefined == NR_UNDEFINED_ZERO);
        else if (value->measure->correctness)
            check_f1(world, value);
        else
            check_exposure(world, value);
    }
    nr_eval_result_release(&result);
}

/* An entry once more, for a user who counts. */
static void check_duplicate(const struct world *world, const struct nr_eval_params *params, struct setup *setup)
{
    struct nr_eval_result result;
    char user[24];
    for (size_t u = 0; u < USERS; u++)
        for (size_t v = 0; v < VIDEOS; v++) {
            if (isnan(world->score[u][v]) || !counts(world, u))
                continue;
            snprintf(user, sizeof user, "u%zu", u);
            assert_int_equal(nr_eval_add_entry(&setup->data, &setup->run, user, strlen(user), video_name(v),
                                               strlen(video_name(v)), 0, NULL),
                             NR_OK);
            assert_int_equal(nr_eval_measure(&setup->data, &setup->run, params, &result, NULL), NR_ERR_DATA);
            return;
        }
}

static void equals_the_definitions(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct world world;
        struct setup setup;
        struct nr_eval_params params;
        world_init(&world, seed);
        setup_init(&world, &setup);
        nr_eval_params_default(&params);
        memcpy(params.cutoffs, (size_t[]){1, 2, 3, 20}, 4 * sizeof(size_t));
        params.cutoff_count = 4;
        params.measures = "all";
        params.ties = world.trec ? NR_TIES_TREC : NR_TIES_ID;
        params.undefined = seed % 5 == 0 ? NR_UNDEFINED_ZERO : NR_UNDEFINED_SKIP;
        params.view = world.use_view ? &setup.view : NULL;
        check_world(&world, &params, &setup);
        check_duplicate(&world, &params, &setup);
        setup_release(&setup);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(equals_the_definitions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
