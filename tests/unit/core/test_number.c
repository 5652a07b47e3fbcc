/* Numbers, hashes, time stamps, threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <locale.h>
#include <math.h>

#include "nightreel/core.h"

static void parse_refuses_what_is_no_plain_number(void **state)
{
    static const char *const bad[] = {"",   " ",    "abc", "1x",  ".",     "-",   "-.",  "1.2.3", "+",
                                      "1-", "0x10", "nan", "inf", "1e999", "1,5", "--1", "1 2"};
    double number;
    int64_t whole;
    (void)state;
    for (size_t i = 0; i < NR_COUNT(bad); i++)
        assert_false(nr_parse_double(bad[i], strlen(bad[i]), &number));
    assert_false(nr_parse_int64("99999999999999999999", 20, &whole));
    assert_false(nr_parse_int64("1.5", 3, &whole));
    assert_true(nr_parse_double(" -1.5e3 ", 8, &number) && number == -1500);
    assert_true(nr_parse_int64("-42\n", 4, &whole) && whole == -42);
}

static void double_order_is_total(void **state)
{
    (void)state;
    assert_int_equal(nr_double_compare(1, 2), -1);
    assert_int_equal(nr_double_compare(2, 1), 1);
    assert_int_equal(nr_double_compare(-0.0, 0.0), 0);
    assert_int_equal(nr_double_compare(NAN, INFINITY), 1);
    assert_int_equal(nr_double_compare(-INFINITY, NAN), -1);
    assert_int_equal(nr_double_compare(NAN, NAN), 0);
}

static void doubles_round_trip_shortest(void **state)
{
    char text[NR_NUMBER_MAX];
    double back;
    uint64_t x = 1;
    (void)state;
    nr_format_double(text, 0.1);
    assert_string_equal(text, "0.1");
    nr_format_double(text, -0.0);
    assert_string_equal(text, "0");
    nr_format_double(text, NAN);
    assert_string_equal(text, "null");
    for (int i = 0; i < 20000; i++) {
        double value;
        x = nr_splitmix64(x);
        memcpy(&value, &x, sizeof value);
        if (!isfinite(value))
            continue;
        size_t length = nr_format_double(text, value);
        assert_true(length < NR_NUMBER_MAX && nr_parse_double(text, length, &back));
        assert_true(back == value);
    }
}

/* Decimals of up to 17 digits, read without strtod where they are short, are strtod's; a
 * double of few digits, written without printf, is what "%.15g" writes. */
static void short_numbers_are_those_of_libc(void **state)
{
    static const char *const edges[] = {"0",
                                        "-0",
                                        ".5",
                                        "5.",
                                        "007",
                                        "0.1",
                                        "-12.500",
                                        "1e5",
                                        "+3",
                                        "99.99",
                                        "123456",
                                        "999999999999999",
                                        "9007199254740993",
                                        "0.0001",
                                        "0.00001",
                                        "1e15",
                                        "1e14",
                                        "46.186",
                                        "1712286446",
                                        "0.000000000000001"};
    uint64_t x = 5;
    char text[64], written[NR_NUMBER_MAX], wanted[64];
    (void)state;
    for (size_t i = 0; i < 100000 + NR_COUNT(edges); i++) {
        double value, expected;
        x = nr_splitmix64(x);
        if (i < NR_COUNT(edges))
            snprintf(text, sizeof text, "%s", edges[i]);
        else
            snprintf(text, sizeof text, "%s%.*f", x & 1 ? "-" : "", (int)(x >> 8 & 7),
                     (double)(x >> 20) / pow(10, (double)(x >> 4 & 15)));
        expected = strtod(text, NULL);
        assert_true(nr_parse_double(text, strlen(text), &value));
        assert_memory_equal(&value, &expected, sizeof value);
        size_t length = nr_format_double(written, value);
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(wanted, sizeof wanted, "%.*g", digits, value == 0 ? 0 : value);
            if (strtod(wanted, NULL) == value)
                break;
        }
        assert_string_equal(written, wanted);
        assert_int_equal(length, strlen(written));
    }
}

static void floats_round_trip_in_nine_digits(void **state)
{
    char text[NR_NUMBER_MAX];
    double back;
    uint64_t x = 7;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        float value;
        x = nr_splitmix64(x);
        memcpy(&value, &x, sizeof value);
        if (!isfinite(value))
            continue;
        size_t length = nr_format_float(text, value);
        assert_true(nr_parse_double(text, length, &back));
        assert_true((float)back == value);
    }
}

static void numbers_ignore_the_locale(void **state)
{
    char text[NR_NUMBER_MAX];
    double value;
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        skip();
    nr_format_double(text, 1.5);
    assert_string_equal(text, "1.5");
    assert_true(nr_parse_double("2.5", 3, &value) && value == 2.5);
    setlocale(LC_ALL, "C");
}

/* Published test vectors: FNV-1a of "" and "foobar"; splitmix64 from seed 0 and
 * the first output of the reference generator seeded with 1234567. */
static void hashes_match_published_values(void **state)
{
    (void)state;
    assert_true(nr_fnv1a(NR_FNV1A_SEED, "", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(nr_fnv1a(NR_FNV1A_SEED, "foobar", 6) == UINT64_C(0x85944171f73967e8));
    assert_true(nr_splitmix64(0) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(nr_splitmix64(1234567) == UINT64_C(6457827717110365317));
}

static void id_hash_takes_plain_integers_as_themselves(void **state)
{
    (void)state;
    assert_true(nr_id_hash("0") == 0);
    assert_true(nr_id_hash("123456789012345678") == UINT64_C(123456789012345678));
    static const char *const hashed[] = {"01", "-1", "", "1234567890123456789", "u1"};
    for (size_t i = 0; i < NR_COUNT(hashed); i++)
        assert_true(nr_id_hash(hashed[i]) == nr_fnv1a(NR_FNV1A_SEED, hashed[i], strlen(hashed[i])));
}

static void time_reads_every_stated_form(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {{"0", 0},
                 {"1700000000", INT64_C(1700000000000)},
                 {"1700000000.25", INT64_C(1700000000250)},
                 {"1700000000123", INT64_C(1700000000123)},
                 {"2023-11-14T22:13:20Z", INT64_C(1700000000000)},
                 {"2023-11-14 22:13:20", INT64_C(1700000000000)},
                 {"2023-11-15T06:13:20+08:00", INT64_C(1700000000000)},
                 {"2023-11-14T22:13:20.123456Z", INT64_C(1700000000123)},
                 {"2023-11-14", INT64_C(1699920000000)},
                 {"2024-02-29", INT64_C(1709164800000)},
                 {"1969-12-31T23:59:59Z", -1000}};
    int64_t ms;
    (void)state;
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        assert_true(nr_time_parse(cases[i].text, strlen(cases[i].text), &ms));
        assert_true(ms == cases[i].ms);
    }
    static const char *const bad[] = {
        "", "today", "2023-02-29", "2023-13-01", "2023-11-14T25:00:00", "2023-11-14T2", "1e300"};
    for (size_t i = 0; i < NR_COUNT(bad); i++)
        assert_false(nr_time_parse(bad[i], strlen(bad[i]), &ms));
}

static void time_formats_and_reads_back(void **state)
{
    char text[NR_NUMBER_MAX];
    int64_t ms;
    (void)state;
    nr_time_format(text, INT64_C(1700000000000));
    assert_string_equal(text, "2023-11-14T22:13:20Z");
    nr_time_format(text, INT64_C(-1));
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
    assert_true(nr_time_parse(text, strlen(text), &ms) && ms == -1);
    nr_time_format(text, NR_TIME_NONE);
    assert_string_equal(text, "");
}

static void add_index(void *ctx, size_t index, unsigned worker)
{
    atomic_size_t *sums = ctx;
    assert_true(worker < 4);
    atomic_fetch_add(&sums[index % 8], index);
}

static void parallel_does_each_index_once(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads++) {
        atomic_size_t sums[8] = {0};
        size_t total = 0;
        nr_parallel(threads, 1000, add_index, sums);
        for (size_t i = 0; i < 8; i++)
            total += sums[i];
        assert_int_equal(total, 1000 * 999 / 2);
    }
    nr_parallel(0, 0, add_index, NULL);
}

struct relayed {
    size_t seen[100], count;
};

static void keep_number(void *ctx, void *batch)
{
    struct relayed *all = ctx;
    all->seen[all->count++] = *(size_t *)batch;
}

static void a_relay_keeps_the_order(void **state)
{
    struct relayed all = {.count = 0};
    size_t numbers[100];
    (void)state;
    nr_relay_free(NULL);
    for (int round = 0; round < 20; round++) {
        struct nr_relay *relay = nr_relay_new(keep_number, &all);
        assert_non_null(relay);
        all.count = 0;
        for (size_t i = 0; i < NR_COUNT(numbers); i++) {
            numbers[i] = i * i;
            nr_relay_give(relay, &numbers[i]);
        }
        if (round % 2)
            nr_relay_wait(relay);
        nr_relay_free(relay); /* what was given is done */
        assert_int_equal(all.count, NR_COUNT(numbers));
        for (size_t i = 0; i < NR_COUNT(numbers); i++)
            assert_int_equal(all.seen[i], i * i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_refuses_what_is_no_plain_number),
        cmocka_unit_test(double_order_is_total),
        cmocka_unit_test(doubles_round_trip_shortest),
        cmocka_unit_test(short_numbers_are_those_of_libc),
        cmocka_unit_test(floats_round_trip_in_nine_digits),
        cmocka_unit_test(numbers_ignore_the_locale),
        cmocka_unit_test(hashes_match_published_values),
        cmocka_unit_test(id_hash_takes_plain_integers_as_themselves),
        cmocka_unit_test(time_reads_every_stated_form),
        cmocka_unit_test(time_formats_and_reads_back),
        cmocka_unit_test(parallel_does_each_index_once),
        cmocka_unit_test(a_relay_keeps_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
