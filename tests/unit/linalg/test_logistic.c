/* test_logistic.c - logistic regression against scikit-learn's. */
#include <math.h>

#include "support/support.h"

#include "nightreel/linalg.h"

/* From scripts/fixtures/make_logistic.py: scikit-learn's LogisticRegression. */
#include "fixtures/linalg/logistic.h"

static void test_equals_reference(void **state)
{
    (void)state;
    const float *rows[FIXTURE_ROWS];
    for (size_t i = 0; i < FIXTURE_ROWS; i++)
        rows[i] = fixture_rows[i];
    for (size_t l = 0; l < NR_COUNT(fixture_lambdas); l++) {
        double theta[FIXTURE_LENGTH + 1] = {0};
        struct nr_error err;
        assert_int_equal(
            nr_logistic_fit(rows, fixture_labels, FIXTURE_ROWS, FIXTURE_LENGTH, fixture_lambdas[l], theta, &err),
            NR_OK);
        for (size_t i = 0; i <= FIXTURE_LENGTH; i++)
            assert_float_equal(theta[i], fixture_thetas[l][i], 1e-3 * fmax(1, fabs(fixture_thetas[l][i])));
        assert_float_equal(nr_logistic_chance(theta, rows[0], FIXTURE_LENGTH), fixture_chances[l], 1e-4);
    }
}

static void test_one_class_only(void **state)
{
    (void)state;
    float row[2] = {1, 2};
    const float *rows[2] = {row, row};
    bool labels[2] = {true, true};
    double theta[3] = {0};
    struct nr_error err;
    assert_int_equal(nr_logistic_fit(rows, labels, 2, 2, 0.1, theta, &err), NR_OK);
    assert_true(isfinite(theta[0]) && isfinite(theta[2]) && nr_logistic_chance(theta, row, 2) > 0.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equals_reference),
        cmocka_unit_test(test_one_class_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
