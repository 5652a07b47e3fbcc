/* calibrate.c - see nightreel/eval_calibrate.h. */
#include "nightreel/eval_calibrate.h"

#include <math.h>

#include "core/banned.h"

enum { STEPS_MAX = 200 };
static const double SLOPE_ENOUGH = 1e-12;

const double nr_reliability_edges[NR_RELIABILITY_BINS + 1] = {0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 0.6, 1};

static double greatest(const struct nr_choice *choice)
{
    double most = -INFINITY;
    for (size_t i = 0; i < choice->count; i++)
        most = fmax(most, choice->scores[i]);
    return most;
}

/* Scores are taken from the greatest: no exponent is above 0. */
struct nr_beta_loss nr_beta_loss(const struct nr_choice *choices, size_t count, double beta)
{
    struct nr_beta_loss out = {0, 0, 0, 0};
    for (size_t u = 0; u < count; u++) {
        const struct nr_choice *choice = &choices[u];
        double most = greatest(choice), total = 0, first = 0, second = 0;
        if (!choice->taken_count || !choice->count)
            continue;
        for (size_t i = 0; i < choice->count; i++) {
            double below = choice->scores[i] - most, weight = exp(beta * below);
            total += weight;
            first += weight * below;
            second += weight * below * below;
        }
        double mean = first / total, pairs = (double)choice->taken_count;
        out.curvature += pairs * fmax(0, second / total - mean * mean);
        for (size_t t = 0; t < choice->taken_count; t++) {
            double below = choice->scores[choice->taken[t]] - most;
            out.loss += log(total) - beta * below;
            out.slope += mean - below;
        }
        out.pairs += choice->taken_count;
    }
    if (out.pairs) {
        out.loss /= (double)out.pairs;
        out.slope /= (double)out.pairs;
        out.curvature /= (double)out.pairs;
    }
    return out;
}

/* The loss is convex, so that its slope rises: it is below 0 at `low` and above at `high`. */
static double descend(const struct nr_choice *choices, size_t count, double start, int *steps)
{
    double low = NR_BETA_LEAST, high = NR_BETA_MOST, beta = fmin(high, fmax(low, start));
    for (*steps = 0; *steps < STEPS_MAX; ++*steps) {
        struct nr_beta_loss at = nr_beta_loss(choices, count, beta);
        if (fabs(at.slope) <= SLOPE_ENOUGH)
            break;
        if (at.slope < 0)
            low = beta;
        else
            high = beta;
        double next = beta - at.slope / at.curvature;
        if (!(next > low && next < high))
            next = low + (high - low) / 2;
        if (fabs(next - beta) <= 1e-12 * beta)
            break;
        beta = next;
    }
    return beta;
}

struct nr_beta_fit nr_beta_fit(const struct nr_choice *choices, size_t count, double start)
{
    struct nr_beta_loss first = nr_beta_loss(choices, count, start);
    struct nr_beta_loss least = nr_beta_loss(choices, count, NR_BETA_LEAST);
    struct nr_beta_loss most = nr_beta_loss(choices, count, NR_BETA_MOST);
    struct nr_beta_fit fit = {.beta = start, .before = first.loss, .after = first.loss, .end = NR_BETA_FLAT};
    if (!first.pairs || (fabs(least.slope) <= SLOPE_ENOUGH && fabs(most.slope) <= SLOPE_ENOUGH))
        return fit;
    if (least.slope >= 0) {
        fit.beta = NR_BETA_LEAST;
        fit.end = NR_BETA_AT_LEAST;
    } else if (most.slope <= 0) {
        fit.beta = NR_BETA_MOST;
        fit.end = NR_BETA_AT_MOST;
    } else {
        fit.beta = descend(choices, count, start, &fit.steps);
        fit.end = NR_BETA_INSIDE;
    }
    fit.after = nr_beta_loss(choices, count, fit.beta).loss;
    return fit;
}

/* ---- reliability --------------------------------------------------------------------------- */

/* The bin [edge, next edge) of a probability; 1 falls into the last. */
static size_t find_bin(double p)
{
    size_t bin = 0;
    while (bin + 1 < NR_RELIABILITY_BINS && p >= nr_reliability_edges[bin + 1])
        bin++;
    return bin;
}

static void add_choice(const struct nr_choice *choice, double beta, struct nr_reliability *bins)
{
    double most = greatest(choice), total = 0, pairs = (double)choice->taken_count;
    for (size_t i = 0; i < choice->count; i++)
        total += exp(beta * (choice->scores[i] - most));
    for (size_t i = 0; i < choice->count; i++) {
        double p = exp(beta * (choice->scores[i] - most)) / total;
        struct nr_reliability *bin = &bins[find_bin(p)];
        bin->predicted += pairs * p;
        bin->count += pairs;
    }
    for (size_t t = 0; t < choice->taken_count; t++)
        bins[find_bin(exp(beta * (choice->scores[choice->taken[t]] - most)) / total)].observed += 1;
}

void nr_reliability_fill(const struct nr_choice *choices, size_t count, double beta,
                         struct nr_reliability bins[NR_RELIABILITY_BINS])
{
    for (size_t b = 0; b < NR_RELIABILITY_BINS; b++)
        bins[b] = (struct nr_reliability){0, 0, 0};
    for (size_t u = 0; u < count; u++)
        if (choices[u].count)
            add_choice(&choices[u], beta, bins);
    for (size_t b = 0; b < NR_RELIABILITY_BINS; b++) {
        bins[b].predicted = bins[b].count > 0 ? bins[b].predicted / bins[b].count : NAN;
        bins[b].observed = bins[b].count > 0 ? bins[b].observed / bins[b].count : NAN;
    }
}
