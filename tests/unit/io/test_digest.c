/* BLAKE2b-256 against RFC 7693's family: values from Python's hashlib. */
#include "support/support.h"

#include "nightreel/io.h"

static void a_missing_file_is_named(void **state)
{
    char hex[NR_DIGEST_HEX];
    struct nr_error err;
    (void)state;
    assert_int_equal(nr_digest_file("/nowhere/x", hex, &err), NR_ERR_NOINPUT);
    assert_non_null(strstr(err.text, "'/nowhere/x'"));
    assert_int_not_equal(nr_digest_file("/", hex, &err), NR_OK);
}

static void digests_are_blake2b_256(void **state)
{
    static const struct {
        const char *text, *hex;
    } cases[] = {
        {"", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
        {"abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
    };
    char hex[NR_DIGEST_HEX];
    (void)state;
    for (size_t i = 0; i < NR_COUNT(cases); i++) {
        assert_int_equal(nr_digest_bytes(cases[i].text, strlen(cases[i].text), hex, NULL), NR_OK);
        assert_string_equal(hex, cases[i].hex);
        assert_int_equal(nr_digest_file(nr_scratch_puts("x", cases[i].text), hex, NULL), NR_OK);
        assert_string_equal(hex, cases[i].hex);
    }
}

/* The first vectors of the reference implementation: key 00 01 .. 0f, text 00 01 .. */
static void keyed_hashes_are_siphash(void **state)
{
    static const unsigned char text[] = {0};
    static const unsigned char expected[2][16] = {
        {0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93},
        {0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45}};
    unsigned char key[NR_HASH_KEY], other[NR_HASH_KEY];
    uint64_t hash[2];
    (void)state;
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)i;
    for (size_t length = 0; length < 2; length++) {
        nr_hash_keyed(key, text, length, hash);
        assert_memory_equal(hash, expected[length], sizeof hash);
    }
    nr_hash_key(key);
    nr_hash_key(other);
    assert_memory_not_equal(key, other, sizeof key);
}

/* A file larger than any buffer; and what is packed is digested as it is. */
static void files_are_digested_as_their_bytes(void **state)
{
    enum { SIZE = 300001 };
    char hex[NR_DIGEST_HEX], expected[NR_DIGEST_HEX], *bytes = malloc(SIZE);
    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (char)(i * 31 >> 3);
    memcpy(bytes, "\x1f\x8b", 2);
    assert_int_equal(nr_digest_bytes(bytes, SIZE, expected, NULL), NR_OK);
    assert_int_equal(nr_digest_file(nr_scratch_write("big", bytes, SIZE), hex, NULL), NR_OK);
    assert_string_equal(hex, expected);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(digests_are_blake2b_256),
        cmocka_unit_test(keyed_hashes_are_siphash),
        cmocka_unit_test(files_are_digested_as_their_bytes),
    };
    return cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove);
}
