/* Inputs: plain, gzip, zstd, lines, and what breaks half-way. */
#include "support/support.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nightreel/io.h"

static char *read_all(const char *path, size_t *length, enum nr_status *status, struct nr_error *err)
{
    char *text = NULL;
    *status = nr_file_read(path, (size_t)64 << 20, &text, length, err);
    return text;
}

static void assert_reads(const char *path, const char *expected, size_t expected_length)
{
    size_t length = 0;
    enum nr_status status;
    struct nr_error err = {""};
    char *text = read_all(path, &length, &status, &err);
    if (status != NR_OK)
        fail_msg("%s", err.text);
    assert_int_equal(length, expected_length);
    assert_memory_equal(text, expected, length);
    assert_int_equal(text[length], 0);
    free(text);
}

static void assert_fails(const char *path, enum nr_status expected, const char *part)
{
    size_t length;
    enum nr_status status;
    struct nr_error err = {""};
    char *text = read_all(path, &length, &status, &err);
    assert_null(text);
    assert_int_equal(status, expected);
    if (!strstr(err.text, part))
        fail_msg("'%s' does not name '%s'", err.text, part);
}

/* Packs scratch file `from` into `to` with a program; false where that is missing. */
static bool pack(const char *program, const char *from, const char *to)
{
    char command[2048];
    snprintf(command, sizeof command, "%s -c <'%s' >'%s' 2>/dev/null", program, from, to);
    int code = system(command);
    return WIFEXITED(code) && WEXITSTATUS(code) == 0;
}

/* Some 300 kB that do not shrink to nothing. */
static const char *write_sample(struct nr_buf *sample)
{
    struct nr_random random = {5};
    for (size_t i = 0; i < 30000; i++)
        nr_buf_printf(sample, "%zu,%zu\n", i, nr_random_below(&random, 100000));
    return nr_scratch_write("sample", sample->data, sample->length);
}

static void what_is_not_there_is_named(void **state)
{
    (void)state;
    assert_fails("/nowhere/x", NR_ERR_NOINPUT, "cannot open '/nowhere/x': No such file or directory");
    assert_fails("/", NR_ERR_NOINPUT, "'/'");
    assert_fails("", NR_ERR_NOINPUT, "cannot open ''");
    nr_input_close(NULL);
}

static void a_file_beyond_the_limit_is_refused(void **state)
{
    size_t length;
    char *text;
    struct nr_error err;
    const char *path = nr_scratch_puts("ten", "0123456789");
    (void)state;
    assert_int_equal(nr_file_read(path, 9, &text, &length, &err), NR_ERR_DATA);
    assert_null(text);
    assert_non_null(strstr(err.text, "is larger than 9 bytes"));
    assert_int_equal(nr_file_read(path, 10, &text, &length, &err), NR_OK);
    assert_int_equal(length, 10);
    free(text);
}

static void small_files_are_read_whatever_they_begin_with(void **state)
{
    (void)state;
    assert_reads(nr_scratch_puts("empty", ""), "", 0);
    assert_reads(nr_scratch_puts("one", "x"), "x", 1);
    assert_reads(nr_scratch_write("nuls", "a\0b\0", 4), "a\0b\0", 4);
    assert_reads(nr_scratch_puts("almost", "\x1f"), "\x1f", 1);
    assert_reads(nr_scratch_puts("almost", "\x28\xb5\x2f"), "\x28\xb5\x2f", 3);
}

static void compressed_files_are_unpacked(void **state)
{
    static const char *const programs[] = {"gzip", "zstd"};
    (void)state;
    for (size_t i = 0; i < NR_COUNT(programs); i++) {
        struct nr_buf sample = {0};
        const char *plain = write_sample(&sample), *packed = nr_scratch_path("packed");
        if (pack(programs[i], plain, packed))
            assert_reads(packed, sample.data, sample.length);
        else
            printf("skipped: no %s\n", programs[i]);
        nr_buf_release(&sample);
    }
}

/* cat a.gz b.gz is a gzip file, and so with zstd; zeros may pad a gzip file's end. */
static void joined_members_are_one_stream(void **state)
{
    static const char *const programs[] = {"gzip", "zstd"};
    (void)state;
    for (size_t i = 0; i < NR_COUNT(programs); i++) {
        const char *packed = nr_scratch_path("packed");
        if (!pack(programs[i], nr_scratch_puts("part", "first,"), packed)) {
            printf("skipped: no %s\n", programs[i]);
            continue;
        }
        size_t length;
        char *once = nr_scratch_read(packed, &length);
        struct nr_buf joined = {0};
        nr_buf_append(&joined, once, length);
        nr_buf_append(&joined, once, length);
        assert_reads(nr_scratch_write("joined", joined.data, joined.length), "first,first,", 12);
        if (i == 0) {
            nr_buf_append(&joined, (char[512]){0}, 512);
            assert_reads(nr_scratch_write("joined", joined.data, joined.length), "first,first,", 12);
            nr_buf_puts(&joined, "no member");
            assert_fails(nr_scratch_write("joined", joined.data, joined.length), NR_ERR_IO, "joined");
        }
        free(once);
        nr_buf_release(&joined);
    }
}

static void a_stream_cut_short_is_a_read_error(void **state)
{
    static const char *const programs[] = {"gzip", "zstd"};
    (void)state;
    for (size_t i = 0; i < NR_COUNT(programs); i++) {
        struct nr_buf sample = {0};
        const char *packed = nr_scratch_path("packed");
        if (!pack(programs[i], write_sample(&sample), packed)) {
            nr_buf_release(&sample);
            continue;
        }
        size_t length;
        char *bytes = nr_scratch_read(packed, &length);
        for (size_t keep = 4; keep < length; keep += length / 7)
            assert_fails(nr_scratch_write("cut", bytes, keep), NR_ERR_IO, "cut'");
        memset(bytes + length / 2, 0xAA, 64);
        assert_fails(nr_scratch_write("damaged", bytes, length), NR_ERR_IO, "damaged'");
        free(bytes);
        nr_buf_release(&sample);
    }
}

static void lines_come_without_their_ends(void **state)
{
    static const char *const expected[] = {"one", "", "two\rx", "three"};
    struct nr_input *in;
    const char *line;
    size_t length;
    (void)state;
    assert_int_equal(nr_input_open(nr_scratch_puts("lines", "one\r\n\ntwo\rx\nthree"), &in, NULL), NR_OK);
    for (size_t i = 0; i < NR_COUNT(expected); i++) {
        assert_int_equal(nr_input_line(in, &line, &length, NULL), NR_OK);
        assert_string_equal(line, expected[i]);
        assert_int_equal(length, strlen(expected[i]));
        assert_int_equal(nr_input_line_number(in), i + 1);
    }
    assert_int_equal(nr_input_line(in, &line, &length, NULL), NR_END);
    assert_int_equal(nr_input_line(in, &line, &length, NULL), NR_END);
    assert_int_equal(nr_input_line_number(in), 4);
    nr_input_close(in);
}

static void long_lines_cross_every_buffer(void **state)
{
    struct nr_buf text = {0};
    struct nr_input *in;
    const char *line;
    size_t length, lengths[] = {65535, 65536, 65537, 1, 200000, 0, 131072};
    (void)state;
    for (size_t i = 0; i < NR_COUNT(lengths); i++) {
        for (size_t k = 0; k < lengths[i]; k++)
            nr_buf_putc(&text, (char)('a' + i));
        nr_buf_putc(&text, '\n');
    }
    assert_int_equal(nr_input_open(nr_scratch_write("long", text.data, text.length), &in, NULL), NR_OK);
    for (size_t i = 0; i < NR_COUNT(lengths); i++) {
        assert_int_equal(nr_input_line(in, &line, &length, NULL), NR_OK);
        assert_int_equal(length, lengths[i]);
        assert_true(length == 0 || (line[0] == (char)('a' + i) && line[length - 1] == (char)('a' + i)));
    }
    assert_int_equal(nr_input_line(in, &line, &length, NULL), NR_END);
    nr_input_close(in);
    nr_buf_release(&text);
}

/* Standard input from a pipe that hands out one byte at a time. */
static void standard_input_may_trickle(void **state)
{
    static const char text[] = "\x1fnot gzip\nlast";
    int ends[2], saved = dup(STDIN_FILENO);
    struct nr_input *in;
    const char *line;
    size_t length;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        for (size_t i = 0; i + 1 < sizeof text; i++)
            if (write(ends[1], text + i, 1) != 1)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    assert_int_equal(nr_input_open("-", &in, NULL), NR_OK);
    assert_string_equal(nr_input_name(in), "standard input");
    assert_int_equal(nr_input_line(in, &line, &length, NULL), NR_OK);
    assert_string_equal(line, "\x1fnot gzip");
    assert_int_equal(nr_input_line(in, &line, &length, NULL), NR_OK);
    assert_string_equal(line, "last");
    assert_int_equal(nr_input_line(in, &line, &length, NULL), NR_END);
    nr_input_close(in);
    waitpid(child, NULL, 0);
    dup2(saved, STDIN_FILENO);
    close(saved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_there_is_named),
        cmocka_unit_test(a_file_beyond_the_limit_is_refused),
        cmocka_unit_test(small_files_are_read_whatever_they_begin_with),
        cmocka_unit_test(compressed_files_are_unpacked),
        cmocka_unit_test(joined_members_are_one_stream),
        cmocka_unit_test(a_stream_cut_short_is_a_read_error),
        cmocka_unit_test(lines_come_without_their_ends),
        cmocka_unit_test(long_lines_cross_every_buffer),
        cmocka_unit_test(standard_input_may_trickle),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
