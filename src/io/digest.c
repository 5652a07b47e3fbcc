/* digest.c - BLAKE2b-256, SipHash and base64 through libsodium. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "nightreel/io.h"

#include "core/banned.h"

enum { DIGEST_BYTES = 32, BLOCK_BYTES = 1 << 16 };

static enum nr_status digest_start(crypto_generichash_state *state, struct nr_error *err)
{
    if (sodium_init() < 0 || crypto_generichash_init(state, NULL, 0, DIGEST_BYTES) != 0)
        return nr_fail(err, NR_ERR_INTERNAL, "libsodium cannot be initialised");
    return NR_OK;
}

static void digest_end(crypto_generichash_state *state, char out[NR_DIGEST_HEX])
{
    unsigned char digest[DIGEST_BYTES];
    crypto_generichash_final(state, digest, sizeof digest);
    sodium_bin2hex(out, NR_DIGEST_HEX, digest, sizeof digest);
}

enum nr_status nr_digest_bytes(const void *data, size_t length, char out[NR_DIGEST_HEX], struct nr_error *err)
{
    crypto_generichash_state state;
    enum nr_status status = digest_start(&state, err);
    if (status)
        return status;
    crypto_generichash_update(&state, data, length);
    digest_end(&state, out);
    return NR_OK;
}

enum nr_status nr_digest_file(const char *path, char out[NR_DIGEST_HEX], struct nr_error *err)
{
    crypto_generichash_state state;
    unsigned char block[BLOCK_BYTES];
    ssize_t got = 0;
    enum nr_status status = digest_start(&state, err);
    if (status)
        return status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return nr_fail(err, NR_ERR_NOINPUT, "cannot open '%s': %s", path, strerror(errno));
    while ((got = read(fd, block, sizeof block)) != 0) {
        if (got > 0)
            crypto_generichash_update(&state, block, (size_t)got);
        else if (errno != EINTR)
            break;
    }
    if (got < 0)
        status = nr_fail(err, NR_ERR_IO, "cannot read '%s': %s", path, strerror(errno));
    close(fd);
    digest_end(&state, out);
    return status;
}

void nr_hash_key(unsigned char key[NR_HASH_KEY])
{
    randombytes_buf(key, NR_HASH_KEY);
}

void nr_hash_keyed(const unsigned char key[NR_HASH_KEY], const void *data, size_t length, uint64_t out[2])
{
    _Static_assert(crypto_shorthash_siphashx24_KEYBYTES == NR_HASH_KEY, "the key of SipHash");
    _Static_assert(crypto_shorthash_siphashx24_BYTES == 2 * sizeof *out, "its result");
    crypto_shorthash_siphashx24((unsigned char *)out, data, length, key);
}

void nr_base64_put(struct nr_buf *out, const void *data, size_t length)
{
    size_t room = sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(room);
    if (text)
        nr_buf_puts(out, sodium_bin2base64(text, room, data, length, sodium_base64_VARIANT_ORIGINAL));
    out->failed |= !text;
    free(text);
}
