/* test_calibrate.c - beta against a closed form, finite differences and drawn choices. */
#include "support/support.h"

#include "nightreel/eval_calibrate.h"

enum { USERS = 400, VIDEOS = 50 };

static const size_t none[1], first[1] = {0}, second[1] = {1};

static void nothing_to_go_by(void **state)
{
    (void)state;
    const double alike[] = {0.5, 0.5, 0.5};
    const struct nr_choice empty = {NULL, 0, none, 0}, untaken = {alike, 3, none, 0}, flat = {alike, 3, first, 1};
    struct nr_beta_fit fit = nr_beta_fit(NULL, 0, 10);
    assert_int_equal(fit.end, NR_BETA_FLAT);
    assert_float_equal(fit.beta, 10, 0);
    assert_int_equal(nr_beta_fit(&empty, 1, 10).end, NR_BETA_FLAT);
    assert_int_equal(nr_beta_fit(&untaken, 1, 10).end, NR_BETA_FLAT);
    fit = nr_beta_fit(&flat, 1, 10);
    assert_int_equal(fit.end, NR_BETA_FLAT);
    nr_assert_near(fit.before, log(3), 1e-12);
}

/* Two candidates, scores 1 and 0; the first is taken 3 times in 4: odds e^beta = 3. */
static void a_closed_form(void **state)
{
    (void)state;
    const double scores[] = {1, 0};
    const struct nr_choice choices[] = {
        {scores, 2, first, 1}, {scores, 2, first, 1}, {scores, 2, first, 1}, {scores, 2, second, 1}};
    for (double start = 0.02; start < 900; start *= 7) {
        struct nr_beta_fit fit = nr_beta_fit(choices, 4, start);
        assert_int_equal(fit.end, NR_BETA_INSIDE);
        nr_assert_near(fit.beta, log(3), 1e-9);
        nr_assert_near(fit.after, -(0.75 * log(0.75) + 0.25 * log(0.25)), 1e-12);
        assert_true(fit.after <= fit.before);
        assert_true(fit.steps < 100);
    }
}

/* What is always taken first would be surer and surer; what is always taken last, never. */
static void it_stops_at_the_ends(void **state)
{
    (void)state;
    const double scores[] = {0.9, 0.1, 0.2};
    const struct nr_choice best = {scores, 3, first, 1}, worst = {scores, 3, second, 1};
    struct nr_beta_fit fit = nr_beta_fit(&best, 1, 10);
    assert_int_equal(fit.end, NR_BETA_AT_MOST);
    assert_float_equal(fit.beta, NR_BETA_MOST, 0);
    assert_true(isfinite(fit.after));
    fit = nr_beta_fit(&worst, 1, 10);
    assert_int_equal(fit.end, NR_BETA_AT_LEAST);
    assert_float_equal(fit.beta, NR_BETA_LEAST, 0);
}

struct drawn {
    double scores[USERS][VIDEOS];
    size_t taken[USERS][1];
    struct nr_choice choices[USERS];
};

/* Each user takes one video by a softmax with this beta. */
static struct drawn *draw(double beta, uint64_t seed)
{
    struct nr_random random = {seed};
    struct drawn *drawn = calloc(1, sizeof *drawn);
    for (size_t u = 0; u < USERS; u++) {
        double total = 0;
        for (size_t v = 0; v < VIDEOS; v++) {
            drawn->scores[u][v] = 2 * nr_random_unit(&random) - 1;
            total += exp(beta * drawn->scores[u][v]);
        }
        double left = nr_random_unit(&random) * total;
        size_t taken = 0;
        while (taken + 1 < VIDEOS && (left -= exp(beta * drawn->scores[u][taken])) > 0)
            taken++;
        drawn->taken[u][0] = taken;
        drawn->choices[u] = (struct nr_choice){drawn->scores[u], VIDEOS, drawn->taken[u], 1};
    }
    return drawn;
}

static void slopes_are_finite_differences(void **state)
{
    (void)state;
    struct drawn *drawn = draw(4, 1);
    const double step = 1e-5;
    for (double beta = 0.5; beta < 40; beta *= 2) {
        struct nr_beta_loss at = nr_beta_loss(drawn->choices, USERS, beta);
        struct nr_beta_loss up = nr_beta_loss(drawn->choices, USERS, beta + step);
        struct nr_beta_loss down = nr_beta_loss(drawn->choices, USERS, beta - step);
        nr_assert_near(at.slope, (up.loss - down.loss) / (2 * step), 1e-7);
        nr_assert_near(at.curvature, (up.slope - down.slope) / (2 * step), 1e-7);
        assert_int_equal(at.pairs, USERS);
    }
    free(drawn);
}

static void a_drawn_beta_comes_back(void **state)
{
    (void)state;
    const double betas[] = {1, 4, 12};
    for (size_t b = 0; b < NR_COUNT(betas); b++) {
        struct drawn *drawn = draw(betas[b], 3 + b);
        struct nr_beta_fit fit = nr_beta_fit(drawn->choices, USERS, 10);
        assert_int_equal(fit.end, NR_BETA_INSIDE);
        /* its standard error is 1 / sqrt(pairs x curvature) */
        double error = 1 / sqrt(USERS * nr_beta_loss(drawn->choices, USERS, betas[b]).curvature);
        nr_assert_near(fit.beta, betas[b], 3 * error);
        nr_assert_near(nr_beta_loss(drawn->choices, USERS, fit.beta).slope, 0, 1e-9);
        free(drawn);
    }
}

static void what_is_foretold_comes_true(void **state)
{
    (void)state;
    struct drawn *drawn = draw(4, 9);
    struct nr_reliability bins[NR_RELIABILITY_BINS], sharp[NR_RELIABILITY_BINS];
    double count = 0, predicted = 0, observed = 0;
    nr_reliability_fill(drawn->choices, USERS, 4, bins);
    nr_reliability_fill(drawn->choices, USERS, 40, sharp);
    for (size_t b = 0; b < NR_RELIABILITY_BINS; b++) {
        if (bins[b].count == 0) {
            assert_true(isnan(bins[b].predicted) && isnan(bins[b].observed));
            continue;
        }
        assert_true(bins[b].predicted >= nr_reliability_edges[b] && bins[b].predicted <= nr_reliability_edges[b + 1]);
        double error = sqrt(bins[b].predicted / bins[b].count);
        nr_assert_near(bins[b].observed, bins[b].predicted, 4 * error);
        count += bins[b].count;
        predicted += bins[b].count * bins[b].predicted;
        observed += bins[b].count * bins[b].observed;
    }
    assert_float_equal(count, USERS * VIDEOS, 0);
    nr_assert_near(predicted, USERS, 1e-6);
    nr_assert_near(observed, USERS, 1e-6);
    assert_true(sharp[NR_RELIABILITY_BINS - 1].observed < sharp[NR_RELIABILITY_BINS - 1].predicted - 0.2);
    free(drawn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_go_by),        cmocka_unit_test(a_closed_form),
        cmocka_unit_test(it_stops_at_the_ends),    cmocka_unit_test(slopes_are_finite_differences),
        cmocka_unit_test(a_drawn_beta_comes_back), cmocka_unit_test(what_is_foretold_comes_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
