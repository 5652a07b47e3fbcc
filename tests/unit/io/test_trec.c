/* test_trec.c - lines of TREC files, and that their numbers are exact. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/io_trec.h"

static bool run_line(const char *line, struct nr_trec_entry *out)
{
    return nr_trec_run_line(line, strlen(line), out);
}

static void lines_that_are_none(void **state)
{
    static const char *const lines[] = {"",
                                        "u Q0 v 1 2",
                                        "u Q0 v 1 2 tag more",
                                        "u Q0 v 1 two tag",
                                        "u Q0 v 1 - tag",
                                        "u Q0 v 1 . tag",
                                        "u Q0 v 1 1.2.3 tag",
                                        "u Q0 v 1 1-2 tag",
                                        "u Q0 v 1 nan tag",
                                        "u Q0 v 1 inf tag",
                                        "u Q0 v 1 0x10 tag",
                                        "u Q0 v 1 1e999 tag"};
    struct nr_trec_entry entry;
    (void)state;
    for (size_t i = 0; i < NR_COUNT(lines); i++)
        if (run_line(lines[i], &entry))
            fail_msg("'%s' is taken as a line of a run", lines[i]);
    assert_false(nr_trec_qrels_line("u 0 v", 5, &entry));
    assert_false(nr_trec_qrels_line("u 0 v x", 7, &entry));
}

static void words_stand_where_they_stand(void **state)
{
    struct nr_trec_entry entry;
    (void)state;
    assert_true(run_line("  user1\tQ0  video_2 7 -1.5 tag\r", &entry));
    assert_int_equal(entry.user_length, 5);
    assert_memory_equal(entry.user, "user1", 5);
    assert_int_equal(entry.video_length, 7);
    assert_memory_equal(entry.video, "video_2", 7);
    assert_true(entry.value == -1.5);
    assert_true(nr_trec_qrels_line("u 0 v 3", 7, &entry));
    assert_true(entry.value == 3);
}

/* Like strtod, bit for bit, in every form. */
static void check_number(const char *text)
{
    char line[128];
    struct nr_trec_entry entry;
    double want = strtod(text, NULL);
    snprintf(line, sizeof line, "u Q0 v 1 %s tag", text);
    if (!run_line(line, &entry) || memcmp(&entry.value, &want, sizeof want) != 0)
        fail_msg("'%s' is read as %.17g", text, entry.value);
}

static void numbers_are_exact(void **state)
{
    static const char *const forms[] = {"0",    "-0",  "-0.0", "1.",  "+3",    ".5",
                                        "-.25", "1e3", "2E-4", "007", "0.1e1", "123456789012345678901234567890"};
    uint64_t random = 1;
    char text[64];
    (void)state;
    for (size_t i = 0; i < NR_COUNT(forms); i++)
        check_number(forms[i]);
    for (int round = 0; round < 200000; round++) {
        random = nr_splitmix64(random);
        double value = (double)(int64_t)random / (double)(1 + (random >> 7) % 1000003) / pow(10, (double)(random % 19));
        snprintf(text, sizeof text, random & 64 ? "%.*f" : "%.*g", (int)(random >> 32 & 15) + 1, value);
        check_number(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_are_none),
        cmocka_unit_test(words_stand_where_they_stand),
        cmocka_unit_test(numbers_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
