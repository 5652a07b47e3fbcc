/* measures.c - the table of measures. In the formulas hits is the number of relevant
 * videos among the first k, |R| that of all relevant ones, and gain_i the relevance
 * of the i-th listed video. */
#include "eval/measures.h"

#include <math.h>

#include "eval/expected.h"

#include "core/banned.h"

static size_t seen(const struct nr_eval_case *user, size_t k)
{
    return user->listed < k ? user->listed : k;
}

double nr_eval_hits(const struct nr_eval_case *user, size_t k)
{
    size_t count = 0;
    if (user->groups)
        return nr_expected_hits(user, k);
    for (size_t i = 0; i < seen(user, k); i++)
        count += user->gains[i] > 0;
    return (double)count;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

static double precision(const struct nr_eval_case *user, size_t k)
{
    return nr_eval_hits(user, k) / (double)k;
}

static double recall(const struct nr_eval_case *user, size_t k)
{
    return nr_eval_hits(user, k) / (double)user->relevant;
}

static double recall_capped(const struct nr_eval_case *user, size_t k)
{
    return nr_eval_hits(user, k) / smaller((double)user->relevant, (double)k);
}

static double f1(const struct nr_eval_case *user, size_t k)
{
    return 2 * nr_eval_hits(user, k) / ((double)k + (double)user->relevant);
}

/* Of the candidates: all but those listed in vain and the relevant ones not listed. */
static double accuracy(const struct nr_eval_case *user, size_t k)
{
    double wrong = (double)user->relevant_candidate;
    if (user->groups)
        wrong += nr_expected_in_vain(user, k);
    for (size_t i = 0; i < seen(user, k) && !user->groups; i++)
        if (user->candidate[i])
            wrong += user->gains[i] > 0 ? -1 : 1;
    return user->candidates ? ((double)user->candidates - wrong) / (double)user->candidates : NAN;
}

static double gain_sum(const double *gains, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        if (gains[i] > 0)
            sum += gains[i] / log2((double)i + 2);
    return sum;
}

static double ndcg(const struct nr_eval_case *user, size_t k)
{
    size_t ideal = user->relevant < k ? user->relevant : k;
    return gain_sum(user->gains, seen(user, k)) / gain_sum(user->ideal, ideal);
}

static double precision_sum(const struct nr_eval_case *user, size_t k)
{
    double sum = 0;
    size_t found = 0;
    if (user->groups)
        return nr_expected_precisions(user, k);
    for (size_t i = 0; i < seen(user, k); i++)
        if (user->gains[i] > 0)
            sum += (double)++found / (double)(i + 1);
    return sum;
}

static double average_precision(const struct nr_eval_case *user, size_t k)
{
    return precision_sum(user, k) / (double)user->relevant;
}

static double average_precision_capped(const struct nr_eval_case *user, size_t k)
{
    return precision_sum(user, k) / smaller((double)user->relevant, (double)k);
}

static double reciprocal_rank(const struct nr_eval_case *user, size_t k)
{
    if (user->groups)
        return nr_expected_reciprocal(user, k);
    for (size_t i = 0; i < seen(user, k); i++)
        if (user->gains[i] > 0)
            return 1 / (double)(i + 1);
    return 0;
}

static double hit(const struct nr_eval_case *user, size_t k)
{
    return user->groups ? nr_expected_hit(user, k) : nr_eval_hits(user, k) > 0;
}

static double r_precision(const struct nr_eval_case *user, size_t k)
{
    (void)k;
    return precision(user, user->relevant);
}

/* As trec_eval has it: a relevant video loses by the rejected ones before it, of which
 * the first min(|R|, N) count. */
static double preference(const struct nr_eval_case *user, size_t before)
{
    double most = smaller((double)user->relevant, (double)user->rejections);
    return before ? 1 - smaller((double)before, (double)user->relevant) / most : 1;
}

static double binary_preference(const struct nr_eval_case *user, size_t k)
{
    double sum = 0;
    size_t before = 0;
    if (user->groups)
        return nr_expected_preferences(user, preference) / (double)user->relevant;
    for (size_t i = 0; i < seen(user, k); i++) {
        if (user->gains[i] > 0)
            sum += preference(user, before);
        before += user->rejected[i];
    }
    return sum / (double)user->relevant;
}

static double set_precision(const struct nr_eval_case *user, size_t k)
{
    (void)k;
    return user->listed ? nr_eval_hits(user, SIZE_MAX) / (double)user->listed : 0;
}

static double set_recall(const struct nr_eval_case *user, size_t k)
{
    (void)k;
    return recall(user, SIZE_MAX);
}

static double set_f1(const struct nr_eval_case *user, size_t k)
{
    (void)k;
    return f1(user, user->listed);
}

/* Add-one smoothing, so that a video that nobody watched has a finite surprise. */
static double novelty(const struct nr_eval_case *user, size_t k)
{
    double sum = 0, users = (double)user->shared->train_users + 1;
    for (size_t i = 0; i < seen(user, k); i++)
        sum += log2(users / (user->shared->watchers[user->videos[i]] + 1));
    return seen(user, k) ? sum / (double)seen(user, k) : NAN;
}

static double diversity(const struct nr_eval_case *user, size_t k)
{
    double sum = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < seen(user, k); i++) {
        const struct nr_item *a = nr_eval_item(user->shared->data, user->videos[i]);
        for (size_t j = 0; j < i && a; j++) {
            const struct nr_item *b = nr_eval_item(user->shared->data, user->videos[j]);
            double similarity = b ? nr_eval_similarity(a, b) : NAN;
            if (isnan(similarity))
                continue;
            sum += 1 - similarity;
            pairs++;
        }
    }
    return pairs ? sum / (double)pairs : NAN;
}

static double harmonic(double precision_value, double recall_value)
{
    double sum = precision_value + recall_value;
    return sum > 0 ? 2 * precision_value * recall_value / sum : 0;
}

static double f1_of_averages(const struct nr_eval_sums *sums)
{
    return harmonic(sums->precision / (double)sums->users, sums->recall / (double)sums->users);
}

static double f1_pooled(const struct nr_eval_sums *sums)
{
    return 2 * sums->hits / ((double)sums->k * (double)sums->users + sums->relevant);
}

static double coverage(const struct nr_eval_sums *sums)
{
    size_t shown = 0;
    for (size_t i = 0; i < sums->catalogue; i++)
        shown += sums->exposure[i] > 0;
    return sums->catalogue ? (double)shown / (double)sums->catalogue : NAN;
}

static double gini(const struct nr_eval_sums *sums)
{
    double weighted = 0, total = 0, n = (double)sums->catalogue;
    for (size_t i = 0; i < sums->catalogue; i++) {
        weighted += (2 * (double)(i + 1) - n - 1) * sums->exposure[i];
        total += sums->exposure[i];
    }
    return total > 0 ? weighted / (n * total) : NAN;
}

#define MANNING "Manning, Raghavan and Schuetze 2008, ch. 8"
#define TREC    "trec_eval 9"

const struct nr_measure nr_measures[] = {
    {"precision@k", true, true, false, NR_NEEDS_NOTHING, precision, NULL,
     "hits / k, also where fewer than k are listed", MANNING},
    {"recall@k", true, true, false, NR_NEEDS_NOTHING, recall, NULL, "hits / |R|", MANNING},
    {"recall_capped@k", false, true, false, NR_NEEDS_NOTHING, recall_capped, NULL, "hits / min(|R|, k)",
     "Liang et al. 2018 (WWW), sec. 4.2"},
    {"f1@k", true, true, false, NR_NEEDS_NOTHING, f1, NULL, "2 hits / (k + |R|), mean over users",
     "van Rijsbergen 1979, ch. 7"},
    {"f1_avg@k", false, true, false, NR_NEEDS_NOTHING, NULL, f1_of_averages,
     "2PR / (P + R) of the mean precision and the mean recall", MANNING},
    {"f1_micro@k", false, true, false, NR_NEEDS_NOTHING, NULL, f1_pooled, "2 hits / (k users + |R|), all counts pooled",
     MANNING},
    {"accuracy@k", true, true, true, NR_NEEDS_NOTHING, accuracy, NULL,
     "(true positives + true negatives) / candidates; close to 1 on any real catalogue, whatever is listed", MANNING},
    {"ndcg@k", true, true, false, NR_NEEDS_NOTHING, ndcg, NULL,
     "sum of gain_i / log2(i + 1) over that of the best possible list", "Jarvelin and Kekalainen 2002"},
    {"map@k", true, true, false, NR_NEEDS_NOTHING, average_precision, NULL,
     "sum over hits of (hits so far / rank), divided by |R|", TREC ": map_cut"},
    {"map_capped@k", false, true, false, NR_NEEDS_NOTHING, average_precision_capped, NULL,
     "sum over hits of (hits so far / rank), divided by min(|R|, k)", "Hamner 2012, ml_metrics: apk"},
    {"mrr", true, true, false, NR_NEEDS_NOTHING, reciprocal_rank, NULL, "1 / rank of the first hit, however far down",
     TREC ": recip_rank"},
    {"hit_rate@k", true, true, false, NR_NEEDS_NOTHING, hit, NULL, "1 where there is a hit, else 0",
     "Deshpande and Karypis 2004"},
    {"map", false, true, false, NR_NEEDS_NOTHING, average_precision, NULL, "map@k over the whole list", TREC ": map"},
    {"ndcg", false, true, false, NR_NEEDS_NOTHING, ndcg, NULL, "ndcg@k over the whole list", TREC ": ndcg"},
    {"r_precision", false, true, false, NR_NEEDS_NOTHING, r_precision, NULL, "precision@|R|", TREC ": Rprec"},
    {"bpref", false, true, false, NR_NEEDS_NOTHING, binary_preference, NULL,
     "mean over R of 1 - min(rejected before, |R|) / min(|R|, rejected); rejected: judged 0; 0 where not listed",
     "Buckley and Voorhees 2004; " TREC ": bpref"},
    {"set_precision", false, true, false, NR_NEEDS_NOTHING, set_precision, NULL, "hits / listed, over the whole list",
     TREC ": set_P"},
    {"set_recall", false, true, false, NR_NEEDS_NOTHING, set_recall, NULL, "hits / |R|, over the whole list",
     TREC ": set_recall"},
    {"set_f1", false, true, false, NR_NEEDS_NOTHING, set_f1, NULL, "2 hits / (listed + |R|), over the whole list",
     TREC ": set_F"},
    {"coverage@k", true, false, false, NR_NEEDS_TRAIN, NULL, coverage, "share of the catalogue that is in any list",
     "Ge, Delgado-Battenfeld and Jannach 2010"},
    {"gini@k", true, false, false, NR_NEEDS_TRAIN, NULL, gini,
     "Gini index of how often the videos of the catalogue are listed: 0 equally, 1 only one",
     "Shani and Gunawardana 2011, sec. 8.3"},
    {"novelty@k", true, false, false, NR_NEEDS_TRAIN, novelty, NULL,
     "mean of -log2((watchers in train + 1) / (users in train + 1)) over the list", "Vargas and Castells 2011"},
    {"diversity@k", true, false, false, NR_NEEDS_ITEMS, diversity, NULL,
     "mean of 1 - cosine over the pairs of a list, a cosine being the mean over the blocks that both have",
     "Ziegler et al. 2005: intra-list similarity"},
};
const size_t nr_measure_count = NR_COUNT(nr_measures);
