/* bench_tokens VOCABULARY FILE - the lines of FILE to WordPiece numbers; prints the
 * processor time of the best of three rounds and how many numbers there are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nightreel/feature_tokens.h"
#include "nightreel/io.h"

enum { ROUNDS = 3, TEXT_MAX = 1 << 30 };

static char *read_all(const char *path, size_t max, size_t *length)
{
    struct nr_error err;
    char *bytes = NULL;
    if (nr_file_read(path, max, &bytes, length, &err)) {
        fprintf(stderr, "bench_tokens: %s\n", err.text);
        exit(EXIT_FAILURE);
    }
    return bytes;
}

/* Processor time of all lines; *count numbers. */
static double measure(struct nr_wordpiece *wordpiece, const char *text, size_t length, size_t *count)
{
    struct nr_token_ids found = {0};
    struct nr_error err;
    clock_t start = clock();
    *count = 0;
    for (const char *line = text, *end; line < text + length; line = end + 1) {
        end = memchr(line, '\n', (size_t)(text + length - line));
        end = end ? end : text + length;
        found.count = 0;
        if (nr_wordpiece_encode(wordpiece, line, (size_t)(end - line), &found, &err))
            exit(EXIT_FAILURE);
        *count += found.count;
    }
    free(found.ids);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

int main(int argc, char **argv)
{
    struct nr_wordpiece *wordpiece = NULL;
    struct nr_error err;
    size_t vocabulary_length, length, count = 0;
    double best = 0;
    if (argc != 3)
        return EXIT_FAILURE;
    char *vocabulary = read_all(argv[1], NR_VOCABULARY_MAX, &vocabulary_length),
         *text = read_all(argv[2], TEXT_MAX, &length);
    if (nr_wordpiece_new(vocabulary, vocabulary_length, false, &wordpiece, &err))
        return EXIT_FAILURE;
    for (int round = 0; round < ROUNDS; round++) {
        double seconds = measure(wordpiece, text, length, &count);
        best = round == 0 || seconds < best ? seconds : best;
    }
    printf("{\"seconds\": %.6f, \"count\": %zu}\n", best, count);
    nr_wordpiece_free(wordpiece);
    free(vocabulary);
    free(text);
    return EXIT_SUCCESS;
}
