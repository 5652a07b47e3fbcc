/* logistic.c - logistic regression by L-BFGS. */
#include "nightreel/linalg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

enum { HISTORY = 10, STEPS_MAX = 500, HALVINGS_MAX = 40 };
#define GRADIENT_LEAST 1e-6
#define ARMIJO         1e-4

struct problem {
    const float *const *rows;
    const bool *labels;
    size_t count, length; /* of rows; of a row */
    double lambda;
};

static double margin(const double *theta, const float *row, size_t length)
{
    double sum = theta[length];
    for (size_t i = 0; i < length; i++)
        sum += theta[i] * row[i];
    return sum;
}

double nr_logistic_chance(const double *theta, const float *row, size_t length)
{
    return 1 / (1 + exp(-margin(theta, row, length)));
}

/* log(1 + exp(x)) without overflow. */
static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

static double evaluate(const struct problem *p, const double *theta, double *gradient)
{
    double loss = 0, norm = 0;
    memset(gradient, 0, (p->length + 1) * sizeof *gradient);
    for (size_t r = 0; r < p->count; r++) {
        double sign = p->labels[r] ? 1 : -1, m = sign * margin(theta, p->rows[r], p->length);
        double slope = -sign / (1 + exp(m)) / (double)p->count;
        loss += softplus(-m) / (double)p->count;
        for (size_t i = 0; i < p->length; i++)
            gradient[i] += slope * p->rows[r][i];
        gradient[p->length] += slope;
    }
    for (size_t i = 0; i < p->length; i++) {
        norm += theta[i] * theta[i];
        gradient[i] += p->lambda * theta[i];
    }
    return loss + p->lambda / 2 * norm;
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static double largest(const double *a, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(a[i]));
    return most;
}

/* The last HISTORY differences of positions (s) and gradients (y), oldest first. */
struct memory {
    double *s[HISTORY], *y[HISTORY], rho[HISTORY];
    size_t count, n;
};

/* The two-loop recursion: direction = -H gradient. */
static void find_direction(const struct memory *m, const double *gradient, double *direction)
{
    double alpha[HISTORY];
    memcpy(direction, gradient, m->n * sizeof *direction);
    for (size_t k = m->count; k-- > 0;) {
        alpha[k] = m->rho[k] * dot(m->s[k], direction, m->n);
        for (size_t i = 0; i < m->n; i++)
            direction[i] -= alpha[k] * m->y[k][i];
    }
    double scale = m->count ? 1 / (m->rho[m->count - 1] * dot(m->y[m->count - 1], m->y[m->count - 1], m->n)) : 1;
    for (size_t i = 0; i < m->n; i++)
        direction[i] *= scale;
    for (size_t k = 0; k < m->count; k++) {
        double beta = m->rho[k] * dot(m->y[k], direction, m->n);
        for (size_t i = 0; i < m->n; i++)
            direction[i] += m->s[k][i] * (alpha[k] - beta);
    }
    for (size_t i = 0; i < m->n; i++)
        direction[i] = -direction[i];
}

static void remember(struct memory *m, const double *from, const double *to, const double *gradient_from,
                     const double *gradient_to)
{
    double *s = m->s[0], *y = m->y[0];
    if (m->count == HISTORY) {
        memmove(m->s, m->s + 1, (HISTORY - 1) * sizeof *m->s);
        memmove(m->y, m->y + 1, (HISTORY - 1) * sizeof *m->y);
        memmove(m->rho, m->rho + 1, (HISTORY - 1) * sizeof *m->rho);
        m->s[HISTORY - 1] = s;
        m->y[HISTORY - 1] = y;
        m->count--;
    }
    s = m->s[m->count];
    y = m->y[m->count];
    for (size_t i = 0; i < m->n; i++) {
        s[i] = to[i] - from[i];
        y[i] = gradient_to[i] - gradient_from[i];
    }
    double curvature = dot(s, y, m->n);
    if (curvature > 0)
        m->rho[m->count++] = 1 / curvature;
}

/* Room for the search: position and gradient, those tried, and a direction. */
struct search {
    double *gradient, *direction, *tried, *tried_gradient;
    struct memory memory;
};

/* One step; false where it gets no further. */
static bool step(const struct problem *p, struct search *s, double *theta, double *value)
{
    size_t n = p->length + 1;
    find_direction(&s->memory, s->gradient, s->direction);
    double slope = dot(s->gradient, s->direction, n), size = 1;
    for (int i = 0; i < HALVINGS_MAX; i++, size /= 2) {
        for (size_t j = 0; j < n; j++)
            s->tried[j] = theta[j] + size * s->direction[j];
        double reached = evaluate(p, s->tried, s->tried_gradient);
        if (reached > *value + ARMIJO * size * slope)
            continue;
        remember(&s->memory, theta, s->tried, s->gradient, s->tried_gradient);
        memcpy(theta, s->tried, n * sizeof *theta);
        memcpy(s->gradient, s->tried_gradient, n * sizeof *theta);
        *value = reached;
        return true;
    }
    return false;
}

enum nr_status nr_logistic_fit(const float *const *rows, const bool *labels, size_t count, size_t length, double lambda,
                               double *theta, struct nr_error *err)
{
    struct problem p = {rows, labels, count, length, lambda};
    struct search s = {.memory = {.n = length + 1}};
    size_t n = length + 1;
    double *room = calloc((4 + 2 * HISTORY) * n, sizeof *room);
    if (!room)
        return nr_fail_nomem(err, "a logistic regression");
    s.gradient = room;
    s.direction = room + n;
    s.tried = room + 2 * n;
    s.tried_gradient = room + 3 * n;
    for (size_t k = 0; k < HISTORY; k++) {
        s.memory.s[k] = room + (4 + k) * n;
        s.memory.y[k] = room + (4 + HISTORY + k) * n;
    }
    double value = evaluate(&p, theta, s.gradient);
    for (int i = 0; i < STEPS_MAX && largest(s.gradient, n) > GRADIENT_LEAST; i++)
        if (!step(&p, &s, theta, &value))
            break;
    free(room);
    return NR_OK;
}
