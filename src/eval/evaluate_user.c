/* evaluate_user.c - one user's list in its orders, and its values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/evaluation.h"

#include "core/banned.h"

/* ---- orders ---------------------------------------------------------------------------- */

static int by_score(const struct nr_listed *a, const struct nr_listed *b)
{
    return (a->score < b->score) - (a->score > b->score);
}

static int compare_given(const void *a, const void *b)
{
    int order = by_score(a, b);
    return order ? order : strcmp(((const struct nr_listed *)a)->video_id, ((const struct nr_listed *)b)->video_id);
}

static int compare_trec(const void *a, const void *b)
{
    int order = by_score(a, b);
    return order ? order : strcmp(((const struct nr_listed *)b)->video_id, ((const struct nr_listed *)a)->video_id);
}

/* Among equal scores. What is judged and rejected costs more than what nobody judged. */
static int compare_luckiest(const void *a, const void *b)
{
    const struct nr_listed *left = a, *right = b;
    int order = (left->gain < right->gain) - (left->gain > right->gain);
    if (!order)
        order = (int)left->rejected - (int)right->rejected;
    return order ? order : strcmp(left->video_id, right->video_id);
}

static int compare_unluckiest(const void *a, const void *b)
{
    return compare_luckiest(b, a);
}

/* For measures of candidates alone: what is none costs nothing and brings nothing. */
static int candidate_cost(const struct nr_listed *listed)
{
    return !listed->candidate ? 1 : listed->gain > 0 ? 0 : 2;
}

static int compare_lucky_candidates(const void *a, const void *b)
{
    int order = candidate_cost(a) - candidate_cost(b);
    return order ? order : strcmp(((const struct nr_listed *)a)->video_id, ((const struct nr_listed *)b)->video_id);
}

static int compare_unlucky_candidates(const void *a, const void *b)
{
    return compare_lucky_candidates(b, a);
}

static int compare_falling(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left < right) - (left > right);
}

/* Most lists come sorted. */
static void sort_given(struct nr_listed *list, size_t count, bool trec)
{
    int (*const compare)(const void *, const void *) = trec ? compare_trec : compare_given;
    for (size_t i = 1; i < count; i++)
        if (compare(&list[i - 1], &list[i]) > 0) {
            qsort(list, count, sizeof *list, compare);
            return;
        }
}

/* Videos whose score another one of the list has, which is in order. */
static size_t count_tied(const struct nr_listed *list, size_t count)
{
    size_t tied = 0;
    for (size_t i = 0; i < count; i++)
        tied += (i && list[i].score == list[i - 1].score) || (i + 1 < count && list[i].score == list[i + 1].score);
    return tied;
}

static void sort_ties(struct nr_listed *list, size_t count, int (*compare)(const void *, const void *))
{
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && list[end].score == list[first].score;)
            end++;
        if (end - first > 1)
            qsort(list + first, end - first, sizeof *list, compare);
    }
}

/* ---- a list beside its judgements --------------------------------------------------------- */

/* Judgements, for lookup and falling; who has what already. */
static void take_truth(struct nr_evaluation *eval, uint32_t number, struct nr_eval_case *user)
{
    for (size_t i = eval->train.starts[number]; i < eval->train.starts[number + 1]; i++) {
        uint32_t video = eval->train.entries[i].video;
        eval->had_by[video] = number + 1;
        user->candidates -= nr_evaluation_in_catalogue(eval, video);
    }
    for (size_t i = eval->truth.starts[number]; i < eval->truth.starts[number + 1]; i++) {
        const struct nr_judged *judged = &eval->truth.entries[i];
        if (judged->value > 0 && nr_evaluation_may_hit(eval, judged->video)) {
            eval->ideal[user->relevant++] = judged->value;
            eval->gain_of[judged->video] = judged->value;
            user->relevant_candidate +=
                nr_evaluation_in_catalogue(eval, judged->video) && eval->had_by[judged->video] != number + 1;
        } else if (judged->value == 0) {
            eval->gain_of[judged->video] = NR_GAIN_REJECTED;
            user->rejections++;
        }
    }
    if (user->relevant > 1)
        qsort(eval->ideal, user->relevant, sizeof *eval->ideal, compare_falling);
}

static void clear_gains(struct nr_evaluation *eval, uint32_t number)
{
    for (size_t i = eval->truth.starts[number]; i < eval->truth.starts[number + 1]; i++)
        eval->gain_of[eval->truth.entries[i].video] = 0;
}

static enum nr_status take_list(struct nr_evaluation *eval, uint32_t number, size_t *count, struct nr_error *err)
{
    bool trec = eval->params->ties == NR_TIES_TREC;
    *count = 0;
    for (size_t i = eval->run.starts[number]; i < eval->run.starts[number + 1]; i++) {
        const struct nr_judged *entry = &eval->run.entries[i];
        const char *video_id = eval->data->videos.names[entry->video];
        double gain = eval->gain_of[entry->video];
        if (eval->seen_by[entry->video] == number + 1)
            return nr_fail(err, NR_ERR_DATA, "run '%s' lists video '%s' twice for user '%s'", eval->result->run,
                           video_id, eval->data->users.names[number]);
        eval->seen_by[entry->video] = number + 1;
        if (eval->view.listed && !eval->view.listed[entry->video])
            continue;
        eval->list[(*count)++] = (struct nr_listed){.score = trec ? (double)(float)entry->value : entry->value,
                                                    .gain = gain > 0 ? gain : 0,
                                                    .video = entry->video,
                                                    .rejected = gain < 0,
                                                    .candidate = nr_evaluation_in_catalogue(eval, entry->video) &&
                                                                 eval->had_by[entry->video] != number + 1,
                                                    .video_id = video_id};
    }
    return NR_OK;
}

static void lay_out(struct nr_evaluation *eval, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        eval->gains[i] = eval->list[i].gain;
        eval->videos[i] = eval->list[i].video;
        eval->rejected[i] = eval->list[i].rejected;
        eval->candidate[i] = eval->list[i].candidate;
    }
}

/* Of a list that is in order. The gain of a place is its group's mean. */
static size_t group_ties(struct nr_evaluation *eval, size_t count)
{
    size_t groups = 0;
    for (size_t first = 0, end; first < count; first = end) {
        struct nr_tie_group group = {.first = first};
        double gain = 0;
        for (end = first; end < count && eval->list[end].score == eval->list[first].score; end++) {
            const struct nr_listed *listed = &eval->list[end];
            gain += listed->gain;
            group.relevant += listed->gain > 0;
            group.rejected += listed->rejected;
            group.relevant_candidate += listed->candidate && listed->gain > 0;
            group.irrelevant_candidate += listed->candidate && !(listed->gain > 0);
        }
        group.count = end - first;
        for (size_t i = first; i < end; i++)
            eval->gains[i] = gain / (double)group.count;
        eval->groups[groups++] = group;
    }
    return groups;
}

/* ---- values ------------------------------------------------------------------------------ */

static void add_exposure(double *exposure, const struct nr_eval_case *user, size_t k)
{
    for (size_t i = 0; i < user->listed && i < k; i++)
        exposure[user->videos[i]]++;
}

static void add_sums(struct nr_eval_sums *sums, const struct nr_eval_case *user, size_t k)
{
    double hits = nr_eval_hits(user, k);
    sums->k = k;
    sums->users++;
    sums->hits += hits;
    sums->relevant += (double)user->relevant;
    sums->precision += hits / (double)k;
    sums->recall += hits / (double)user->relevant;
}

/* Which measures an order of ties is the best or worst for. */
enum extreme_for { EVERY_MEASURE, THOSE_OF_ALL, THOSE_OF_CANDIDATES };

/* Orders from `order` up to `end` are alike for this user, who stands at `index`. */
static void add_case(struct nr_evaluation *eval, const struct nr_eval_case *user, size_t index, int order, int end,
                     enum extreme_for which)
{
    for (size_t v = 0; v < eval->result->count; v++) {
        struct nr_eval_value *value = &eval->result->values[v];
        const struct nr_measure *measure = value->measure;
        if ((!measure->correctness && order != NR_ORDER_GIVEN) ||
            (which != EVERY_MEASURE && measure->of_candidates != (which == THOSE_OF_CANDIDATES)))
            continue;
        if (!measure->of_user) {
            for (int o = order; o < end; o++)
                add_sums(&eval->sums[o][v], user, value->k);
            if (eval->exposure[v])
                add_exposure(eval->exposure[v], user, value->k);
            continue;
        }
        double number = user->listed == 0 && measure->correctness ? 0 : measure->of_user(user, value->k);
        if (order == NR_ORDER_GIVEN) {
            value->per_user[index] = number;
            value->undefined += isnan(number) != 0;
        }
        for (int o = order; o < end; o++)
            eval->totals[o][v] += isnan(number) ? 0 : number;
    }
}

static bool all_candidates(const struct nr_eval_case *user)
{
    for (size_t i = 0; i < user->listed; i++)
        if (!user->candidate[i])
            return false;
    return true;
}

/* The list has ties: its luckiest and unluckiest orders. */
static void add_extremes(struct nr_evaluation *eval, const struct nr_eval_case *user, size_t index)
{
    bool alike = all_candidates(user); /* then one order is the best for all measures */
    for (int order = NR_ORDER_BEST; order <= NR_ORDER_WORST; order++) {
        bool best = order == NR_ORDER_BEST;
        sort_ties(eval->list, user->listed, best ? compare_luckiest : compare_unluckiest);
        lay_out(eval, user->listed);
        add_case(eval, user, index, order, order + 1, alike ? EVERY_MEASURE : THOSE_OF_ALL);
        if (alike)
            continue;
        sort_ties(eval->list, user->listed, best ? compare_lucky_candidates : compare_unlucky_candidates);
        lay_out(eval, user->listed);
        add_case(eval, user, index, order, order + 1, THOSE_OF_CANDIDATES);
    }
}

enum nr_status nr_evaluation_add_user(struct nr_evaluation *eval, size_t index, struct nr_error *err)
{
    uint32_t number = eval->judged[index];
    struct nr_eval_case user = {.gains = eval->gains,
                                .videos = eval->videos,
                                .rejected = eval->rejected,
                                .candidate = eval->candidate,
                                .ideal = eval->ideal,
                                .candidates = eval->catalogue,
                                .shared = &eval->shared};
    take_truth(eval, number, &user);
    enum nr_status status = take_list(eval, number, &user.listed, err);
    clear_gains(eval, number);
    if (status)
        return status;
    sort_given(eval->list, user.listed, eval->params->ties == NR_TIES_TREC);
    size_t tied = count_tied(eval->list, user.listed);
    eval->tied += tied;
    eval->listed += user.listed;
    lay_out(eval, user.listed);
    if (tied && eval->params->ties == NR_TIES_EXPECTED) {
        user.group_count = group_ties(eval, user.listed);
        user.groups = eval->groups;
    }
    add_case(eval, &user, index, NR_ORDER_GIVEN, tied ? NR_ORDER_GIVEN + 1 : NR_ORDER_COUNT, EVERY_MEASURE);
    user.groups = NULL;
    if (tied)
        add_extremes(eval, &user, index);
    return NR_OK;
}
