/* fuzz_driver.c - runs a fuzz target without a fuzzer: each FILE as it is, then ROUNDS
 * mutations of each, the same ones every time. With clang, link the target to its own
 * fuzzer instead: clang -fsanitize=fuzzer,address fuzz_NAME.c ...
 *
 *     fuzz_NAME ROUNDS FILE...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { GROWTH = 64, CHANGES = 8 };

/* One change: a bit, a byte, a cut, a repetition, a token of the formats. */
static size_t change(struct nr_random *random, uint8_t *bytes, size_t size, size_t room)
{
    static const char *const tokens[] = {"-->",       "\r",       "\n\n",   "{\\", "}",        "<",          "&#",
                                         "Dialogue:", "[Events]", "WEBVTT", ",,",  "\xff\xfe", "99999999999"};
    size_t at = nr_random_below(random, size + 1);
    const char *token = tokens[nr_random_below(random, NR_COUNT(tokens))];
    switch (nr_random_below(random, 5)) {
    case 0:
        if (at < size)
            bytes[at] ^= (uint8_t)(1U << nr_random_below(random, 8));
        return size;
    case 1:
        if (at < size)
            bytes[at] = (uint8_t)nr_random_below(random, 256);
        return size;
    case 2:
        return at;
    case 3: {
        size_t length = nr_random_below(random, GROWTH);
        if (at + length > size || size + length > room)
            return size;
        memmove(bytes + at + length, bytes + at, size - at);
        return size + length;
    }
    default:
        if (size + strlen(token) > room)
            return size;
        memmove(bytes + at + strlen(token), bytes + at, size - at);
        memcpy(bytes + at, token, strlen(token));
        return size + strlen(token);
    }
}

static void mutate(const char *path, long rounds, struct nr_random *random)
{
    size_t size;
    char *seed = nr_scratch_read(path, &size);
    size_t room = size + (size_t)CHANGES * GROWTH;
    for (long round = 0; round <= rounds; round++) {
        /* of the exact size, so that reading behind it is seen */
        uint8_t *work = malloc(room);
        size_t length = size;
        memcpy(work, seed, size);
        for (size_t i = round > 0 ? 1 + nr_random_below(random, CHANGES) : 0; i > 0; i--)
            length = change(random, work, length, room);
        uint8_t *exact = malloc(length ? length : 1);
        memcpy(exact, work, length);
        LLVMFuzzerTestOneInput(exact, length);
        free(exact);
        free(work);
    }
    free(seed);
}

int main(int argc, char **argv)
{
    struct nr_random random = {.state = 1};
    if (argc < 3) {
        fputs("usage: fuzz_NAME ROUNDS FILE...\n", stderr);
        return EXIT_FAILURE;
    }
    for (int i = 2; i < argc; i++)
        mutate(argv[i], strtol(argv[1], NULL, 10), &random);
    printf("%d files, %s mutations of each\n", argc - 2, argv[1]);
    return EXIT_SUCCESS;
}
