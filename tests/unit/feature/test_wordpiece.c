/* WordPiece tokens against those of the reference tokenizer (scripts/fixtures/make_tokens.py):
 * lines of many scripts, and every code point there is. */
#include "support/support.h"

#include "nightreel/feature_tokens.h"

static char *fixture(const char *name, size_t *length)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tokens/%s", NR_TEST_DATA, name);
    return nr_scratch_read(path, length);
}

static struct nr_wordpiece *open_fixture(bool cased)
{
    struct nr_wordpiece *wordpiece = NULL;
    struct nr_error err;
    size_t length;
    char *vocabulary = fixture("vocab.txt", &length);
    assert_int_equal(nr_wordpiece_new(vocabulary, length, cased, &wordpiece, &err), NR_OK);
    free(vocabulary);
    return wordpiece;
}

static void encode(struct nr_wordpiece *wordpiece, const char *text, size_t length, struct nr_token_ids *out)
{
    struct nr_error err;
    out->count = 0;
    assert_int_equal(nr_wordpiece_encode(wordpiece, text, length, out, &err), NR_OK);
}

static void vocabularies_need_the_unknown_piece(void **state)
{
    (void)state;
    struct nr_wordpiece *wordpiece;
    struct nr_error err = {.text = ""};
    assert_int_equal(nr_wordpiece_new("a\nb\n", 4, false, &wordpiece, &err), NR_ERR_DATA);
    assert_null(wordpiece);
    assert_int_equal(nr_wordpiece_new("", 0, false, &wordpiece, &err), NR_ERR_DATA);
    assert_int_equal(nr_wordpiece_new("[UNK]", 5, false, &wordpiece, &err), NR_OK);
    assert_string_equal(nr_wordpiece_piece(wordpiece, nr_wordpiece_unknown(wordpiece)), "[UNK]");
    nr_wordpiece_free(wordpiece);
    nr_wordpiece_free(NULL);
}

static void the_longest_piece_comes_first(void **state)
{
    (void)state;
    static const char vocabulary[] = "[UNK]\r\nun\r\n##aff\r\n##able\r\n##a\r\nuna\r\n##ffable\r\n!\r\nun\r\n";
    struct nr_wordpiece *wordpiece = NULL;
    struct nr_token_ids found = {0};
    struct nr_error err;
    assert_int_equal(nr_wordpiece_new(vocabulary, strlen(vocabulary), false, &wordpiece, &err), NR_OK);
    encode(wordpiece, "Unaffable!", 10, &found);
    assert_int_equal(found.count, 3);
    assert_string_equal(nr_wordpiece_piece(wordpiece, found.ids[0]), "una");
    assert_string_equal(nr_wordpiece_piece(wordpiece, found.ids[1]), "##ffable");
    encode(wordpiece, "un x unaff", 10, &found); /* una has no way on: the whole word is unknown */
    assert_int_equal(found.count, 3);
    assert_int_equal(found.ids[0], 8); /* of equal pieces the last number */
    assert_int_equal(found.ids[1], 0);
    assert_int_equal(found.ids[2], 0);
    free(found.ids);
    nr_wordpiece_free(wordpiece);
}

static void bytes_that_are_no_text_are_left_out(void **state)
{
    (void)state;
    struct nr_wordpiece *wordpiece = open_fixture(false);
    struct nr_token_ids found = {0}, want = {0};
    encode(wordpiece, "the \xff\xc3 fox\xe4\xb8", 12, &found);
    encode(wordpiece, "the fox", 7, &want);
    assert_int_equal(found.count, want.count);
    assert_memory_equal(found.ids, want.ids, want.count * sizeof *want.ids);
    free(found.ids);
    free(want.ids);
    nr_wordpiece_free(wordpiece);
}

static void lines_are_as_the_reference_has_them(void **state)
{
    (void)state;
    for (int cased = 0; cased < 2; cased++) {
        struct nr_wordpiece *wordpiece = open_fixture(cased);
        struct nr_token_ids found = {0};
        size_t length, want_length, lines = 0;
        char *text = fixture("lines.txt", &length), *want = fixture(cased ? "cased.txt" : "uncased.txt", &want_length);
        char *numbers = want;
        for (char *line = text, *end; line < text + length; line = end + 1, lines++) {
            end = memchr(line, '\n', (size_t)(text + length - line));
            encode(wordpiece, line, (size_t)(end - line), &found);
            for (size_t i = 0; i < found.count; i++)
                assert_int_equal(found.ids[i], strtol(numbers, &numbers, 10));
            assert_int_equal(*numbers, '\n');
            numbers++;
        }
        assert_true(lines > 400 && numbers == want + want_length);
        free(text);
        free(want);
        free(found.ids);
        nr_wordpiece_free(wordpiece);
    }
}

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80)
        return out[0] = (char)c, 1;
    if (c < 0x800)
        return out[0] = (char)(0xC0 | c >> 6), out[1] = (char)(0x80 | (c & 63)), 2;
    if (c < 0x10000)
        return out[0] = (char)(0xE0 | c >> 12), out[1] = (char)(0x80 | (c >> 6 & 63)), out[2] = (char)(0x80 | (c & 63)),
               3;
    out[0] = (char)(0xF0 | c >> 18), out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63)), out[3] = (char)(0x80 | (c & 63));
    return 4;
}

/* The hash over the numbers of "aXb X" for X in a block of 4,096. */
static uint64_t block_hash(struct nr_wordpiece *wordpiece, uint32_t block, struct nr_token_ids *found)
{
    uint64_t hash = NR_FNV1A_SEED;
    for (uint32_t c = block; c < block + 0x1000; c++) {
        char text[16] = "a";
        if ((c >= 0xD800 && c < 0xE000) || c == 0 || c == '\n' || c == '\r')
            continue;
        size_t length = 1 + put_utf8(text + 1, c);
        text[length++] = 'b';
        text[length++] = ' ';
        length += put_utf8(text + length, c);
        encode(wordpiece, text, length, found);
        for (size_t i = 0; i < found->count; i++) {
            uint32_t id = (uint32_t)found->ids[i];
            const uint8_t bytes[] = {(uint8_t)id, (uint8_t)(id >> 8), (uint8_t)(id >> 16), (uint8_t)(id >> 24)};
            hash = nr_fnv1a(hash, bytes, sizeof bytes);
        }
    }
    return hash;
}

static void every_code_point_is_as_the_reference_has_it(void **state)
{
    (void)state;
    size_t length;
    char *want = fixture("code_points.txt", &length), *at = want;
    struct nr_wordpiece *both[] = {open_fixture(false), open_fixture(true)};
    struct nr_token_ids found = {0};
    for (uint32_t block = 0; block < 0x110000; block += 0x1000)
        for (int cased = 0; cased < 2; cased++) {
            uint64_t hash = block_hash(both[cased], block, &found);
            if (hash != strtoull(at, &at, 16))
                fail_msg("code points from U+%04X on are %s otherwise", block, cased ? "cased" : "uncased");
        }
    free(found.ids);
    free(want);
    nr_wordpiece_free(both[0]);
    nr_wordpiece_free(both[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vocabularies_need_the_unknown_piece),
        cmocka_unit_test(the_longest_piece_comes_first),
        cmocka_unit_test(bytes_that_are_no_text_are_left_out),
        cmocka_unit_test(lines_are_as_the_reference_has_them),
        cmocka_unit_test(every_code_point_is_as_the_reference_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
