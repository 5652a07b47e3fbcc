/* UTF-8, buffers, arenas, messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/core.h"

static void utf8_valid_refuses_what_unicode_refuses(void **state)
{
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {{"", true},
                 {"abc", true},
                 {"科幻", true},
                 {"\xf0\x9f\x8e\xac", true},
                 {"\x80", false},
                 {"\xc0\x80", false},
                 {"\xe7\xa7", false},
                 {"\xed\xa0\x80", false},
                 {"\xff", false},
                 {"a\xe4", false},
                 {"\xe0\x80\x80", false},
                 {"\xf4\x8f\xbf\xbf", true},
                 {"\xf4\x90\x80\x80", false}};
    (void)state;
    for (size_t i = 0; i < NR_COUNT(cases); i++)
        assert_int_equal(nr_utf8_valid(cases[i].text, strlen(cases[i].text)), cases[i].valid);
}

static void utf8_prefix_never_cuts_a_character(void **state)
{
    const char *text = "a科幻b";
    static const size_t expected[] = {0, 1, 1, 1, 4, 4, 4, 7, 8, 8};
    (void)state;
    for (size_t limit = 0; limit < NR_COUNT(expected); limit++)
        assert_int_equal(nr_utf8_prefix(text, strlen(text), limit), expected[limit]);
}

static void utf8_next_walks_good_and_bad(void **state)
{
    const char *text = "\xe7\xa7\x91\xff"
                       "a";
    size_t pos = 0;
    (void)state;
    assert_int_equal(nr_utf8_next(text, 5, &pos), 0x79D1);
    assert_int_equal(nr_utf8_next(text, 5, &pos), 0xFFFD);
    assert_int_equal(nr_utf8_next(text, 5, &pos), 'a');
    assert_int_equal(pos, 5);
}

static void buf_failure_is_sticky_and_stated(void **state)
{
    struct nr_buf buf = {.max = 4};
    struct nr_error err;
    (void)state;
    nr_buf_puts(&buf, "abcd");
    assert_int_equal(nr_buf_status(&buf, &err), NR_OK);
    nr_buf_putc(&buf, 'e');
    nr_buf_clear(&buf);
    assert_int_equal(nr_buf_status(&buf, &err), NR_OK);
    nr_buf_puts(&buf, "abcde");
    nr_buf_puts(&buf, "a");
    assert_int_equal(nr_buf_status(&buf, &err), NR_ERR_NOMEM);
    assert_null(nr_buf_detach(&buf));
    nr_buf_release(&buf);
}

static void buf_formats_and_detaches(void **state)
{
    struct nr_buf buf = {0};
    (void)state;
    nr_buf_printf(&buf, "%s=%d", "k", 10);
    nr_buf_double(&buf, 0.1);
    char *text = nr_buf_detach(&buf);
    assert_string_equal(text, "k=100.1");
    free(text);
    assert_null(buf.data);
}

static void equal_texts_are_interned_once(void **state)
{
    enum { TEXTS = 20000 };
    static const char *kept[TEXTS];
    struct nr_intern table = {0};
    struct nr_arena mem = {0};
    char text[32];
    (void)state;
    assert_null(nr_intern_add(&table, &mem, NULL));
    assert_string_equal(nr_intern_add(&table, &mem, ""), "");
    for (size_t i = 0; i < 3 * TEXTS; i++) {
        snprintf(text, sizeof text, "text %zu", i % TEXTS);
        const char *one = nr_intern_add(&table, &mem, text);
        assert_ptr_not_equal(one, text);
        assert_string_equal(one, text);
        if (i < TEXTS)
            kept[i] = one;
        assert_ptr_equal(one, kept[i % TEXTS]);
    }
    assert_int_equal(table.count, TEXTS + 1);
    mem.failed = true;
    assert_null(nr_intern_add(&table, &mem, "one more"));
    nr_intern_release(&table);
    nr_intern_release(&table);
    nr_arena_release(&mem);
}

static void tables_are_zeroed_and_given_back(void **state)
{
    static const size_t sizes[] = {0, 1, 4096, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, 7 << 20};
    (void)state;
    nr_table_free(NULL, 0);
    nr_table_free(NULL, 7 << 20);
    assert_null(nr_table_new(SIZE_MAX));
    assert_null(nr_table_new(PTRDIFF_MAX - 1));
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < NR_COUNT(sizes); i++) {
            unsigned char *table = nr_table_new(sizes[i]);
            assert_non_null(table);
            for (size_t k = 0; k < sizes[i]; k++)
                if (table[k])
                    fail_msg("byte %zu of %zu is not zero", k, sizes[i]);
            memset(table, 7, sizes[i]);
            nr_table_free(table, sizes[i]);
        }
}

static void arena_alignment_zeroes_and_overflow(void **state)
{
    struct nr_arena arena = {0};
    (void)state;
    for (size_t i = 1; i < 3000; i += 7) {
        unsigned char *bytes = nr_arena_alloc(&arena, i, 1);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % 16, 0);
        for (size_t k = 0; k < i; k++)
            assert_int_equal(bytes[k], 0);
        memset(bytes, 0xff, i);
    }
    assert_null(nr_arena_strdup(&arena, NULL));
    assert_string_equal(nr_arena_printf(&arena, "%d-%s", 3, "x"), "3-x");
    assert_null(nr_arena_alloc(&arena, SIZE_MAX / 2, 3));
    assert_true(arena.failed);
    assert_null(nr_arena_alloc(&arena, 1, 1));
    nr_arena_release(&arena);
    nr_arena_release(NULL);
}

static void array_reserve_has_a_maximum(void **state)
{
    int *array = NULL;
    size_t cap = 0;
    struct nr_error err;
    (void)state;
    assert_int_equal(nr_array_reserve((void **)&array, &cap, 5, sizeof *array, 10, &err), NR_OK);
    assert_true(cap >= 5 && cap <= 10);
    assert_int_equal(nr_array_reserve((void **)&array, &cap, 11, sizeof *array, 10, &err), NR_ERR_NOMEM);
    assert_non_null(strstr(err.text, "10"));
    free(array);
}

static void messages_are_prefixed_and_cut_at_characters(void **state)
{
    struct nr_error err;
    char longer[2000];
    (void)state;
    memset(longer, 'a', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(nr_fail(&err, NR_ERR_DATA, "bad '%s'", "x"), NR_ERR_DATA);
    assert_int_equal(nr_fail_prefix(&err, NR_ERR_IO, "%s:%d", "f.csv", 3), NR_ERR_IO);
    assert_string_equal(err.text, "f.csv:3: bad 'x'");
    nr_fail(&err, NR_ERR_DATA, "%s", longer);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    nr_fail(&err, NR_ERR_DATA, "%.1021s科", longer);
    assert_true(nr_utf8_valid(err.text, strlen(err.text)));
    assert_int_equal(nr_fail(NULL, NR_ERR_USAGE, "nobody listens"), NR_ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_valid_refuses_what_unicode_refuses),
        cmocka_unit_test(utf8_prefix_never_cuts_a_character),
        cmocka_unit_test(utf8_next_walks_good_and_bad),
        cmocka_unit_test(buf_failure_is_sticky_and_stated),
        cmocka_unit_test(buf_formats_and_detaches),
        cmocka_unit_test(equal_texts_are_interned_once),
        cmocka_unit_test(tables_are_zeroed_and_given_back),
        cmocka_unit_test(arena_alignment_zeroes_and_overflow),
        cmocka_unit_test(array_reserve_has_a_maximum),
        cmocka_unit_test(messages_are_prefixed_and_cut_at_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
