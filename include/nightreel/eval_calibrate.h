/* nightreel/eval_calibrate.h - how sharp probabilities should be: the beta of
 *
 *   P(v | u) = exp(beta s(u, v)) / sum over all candidates c of exp(beta s(u, c))
 *
 * that makes what people did next the likeliest. It minimises the mean, over the held-out
 * pairs of user and video, of
 *
 *   L(beta)   = log sum_c exp(beta s(u, c)) - beta s(u, v)           = -log P(v | u)
 *   L'(beta)  = E[s] - s(u, v)      over c with probability P(c | u)
 *   L''(beta) = E[s^2] - E[s]^2     at least 0: convex
 *
 * (temperature scaling: Guo, Pleiss, Sun, Weinberger 2017, with one over the temperature).
 * Pure.
 */
#ifndef NIGHTREEL_EVAL_CALIBRATE_H
#define NIGHTREEL_EVAL_CALIBRATE_H

#include "nightreel/core.h"

/* Where nothing sets an end to it (scores that put held-out videos first, or last, all the
 * time), beta stops here. */
#define NR_BETA_LEAST 0.01
#define NR_BETA_MOST  1000.0

/* A user's candidates: all of them, in any order; scores finite. Borrowed. */
struct nr_choice {
    const double *scores;
    size_t count;
    const size_t *taken; /* which of them are held-out positives; no one twice */
    size_t taken_count;
};

/* Means over all held-out pairs, summed in the order of the choices. */
struct nr_beta_loss {
    double loss, slope, curvature;
    size_t pairs;
};
struct nr_beta_loss nr_beta_loss(const struct nr_choice *choices, size_t count, double beta);

enum nr_beta_end { NR_BETA_INSIDE, NR_BETA_AT_LEAST, NR_BETA_AT_MOST, NR_BETA_FLAT };
struct nr_beta_fit {
    double beta;
    double before, after; /* loss at `start` and at `beta` */
    enum nr_beta_end end; /* FLAT: no pair, or all scores alike: `start` stays */
    int steps;
};
/* Newton's method, kept within the bounds by bisection. `start` above 0. */
struct nr_beta_fit nr_beta_fit(const struct nr_choice *choices, size_t count, double start);

/* Reliability: every candidate of every held-out pair falls into the bin of its
 * probability; what came true is the share of those that are the pair's video. */
#define NR_RELIABILITY_BINS 10
extern const double nr_reliability_edges[NR_RELIABILITY_BINS + 1]; /* rising from 0 to 1 */
struct nr_reliability {
    double predicted; /* mean probability; NAN where the bin is empty */
    double observed;  /* share that came true */
    double count;     /* of pairs and candidates */
};
void nr_reliability_fill(const struct nr_choice *choices, size_t count, double beta,
                         struct nr_reliability bins[NR_RELIABILITY_BINS]);

#endif
