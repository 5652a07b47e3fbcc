/* bench_embed PAIRS.csv THREADS - sentence embeddings by the set-up's model: phrases of
 * the file's two columns, one call for NR_DOCUMENTS_MAX of them. Prints sentences a second
 * (best of three rounds, the wall clock; loading left out) and the share of (same pair,
 * different pair) in which the same pair is nearer: the area under the ROC curve. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "nightreel/io.h"
#include "nightreel/language.h"

enum { ROUNDS = 3, PAIRS_MAX = 1024 };

struct phrases {
    struct nr_arena mem;
    struct nr_document items[2 * PAIRS_MAX]; /* the first column, then the second */
    size_t pairs;
};

static void must(enum nr_status status, const struct nr_error *err)
{
    if (!status)
        return;
    fprintf(stderr, "bench_embed: %s\n", err->text);
    exit(EXIT_FAILURE);
}

static void read_pairs(const char *path, struct phrases *out)
{
    static struct nr_document columns[2][PAIRS_MAX];
    struct nr_csv *csv;
    struct nr_csv_row row;
    struct nr_error err;
    must(nr_csv_open(path, &csv, &err), &err);
    for (; nr_csv_next(csv, &row, &err) == NR_OK && out->pairs < PAIRS_MAX; out->pairs++)
        for (int i = 0; i < 2; i++)
            columns[i][out->pairs].head = nr_arena_strdup(&out->mem, row.fields[i]);
    nr_csv_close(csv);
    for (size_t i = 0; i < 2 * out->pairs; i++)
        out->items[i] = columns[i / out->pairs][i % out->pairs];
}

static double embed_all(struct nr_embedder *embedder, const struct phrases *phrases, float *vectors)
{
    size_t length = nr_embedder_length(embedder), count = 2 * phrases->pairs;
    bool present[NR_DOCUMENTS_MAX];
    struct nr_error err;
    double start = nr_clock_seconds();
    for (size_t i = 0; i < count; i += NR_DOCUMENTS_MAX) {
        size_t n = count - i < NR_DOCUMENTS_MAX ? count - i : NR_DOCUMENTS_MAX;
        must(nr_embedder_documents(embedder, phrases->items + i, n, vectors + i * length, present, &err), &err);
    }
    return nr_clock_seconds() - start;
}

static double cosine(const float *a, const float *b, size_t length)
{
    double dot = 0, left = 0, right = 0;
    for (size_t i = 0; i < length; i++) {
        dot += (double)a[i] * b[i];
        left += (double)a[i] * a[i];
        right += (double)b[i] * b[i];
    }
    return left > 0 && right > 0 ? dot / sqrt(left * right) : 0;
}

static double auc(const float *vectors, size_t pairs, size_t length)
{
    double *scores = malloc(pairs * pairs * sizeof *scores), wins = 0, games = 0;
    if (!scores)
        return NAN;
    for (size_t i = 0; i < pairs * pairs; i++)
        scores[i] = cosine(vectors + i / pairs * length, vectors + (pairs + i % pairs) * length, length);
    for (size_t k = 0; k < pairs; k++)
        for (size_t i = 0; i < pairs * pairs; i++) {
            double same = scores[k * pairs + k];
            if (i / pairs == i % pairs)
                continue;
            wins += same > scores[i] ? 1 : same == scores[i] ? 0.5 : 0;
            games++;
        }
    free(scores);
    return wins / games;
}

/* An embedder remembers its vectors, so that every round takes another one. */
static double measure(const struct nr_embed_plan *plan, unsigned threads, const struct phrases *phrases, double *area)
{
    struct nr_embedder *embedder = NULL;
    struct nr_error err;
    must(nr_embedder_open(plan, threads, &embedder, &err), &err);
    size_t length = nr_embedder_length(embedder);
    float *vectors = malloc(2 * phrases->pairs * length * sizeof *vectors);
    if (!vectors)
        exit(EXIT_FAILURE);
    double seconds = embed_all(embedder, phrases, vectors);
    *area = auc(vectors, phrases->pairs, length);
    free(vectors);
    nr_embedder_close(embedder);
    return seconds;
}

int main(int argc, char **argv)
{
    static struct phrases phrases;
    struct nr_embed_params params;
    struct nr_embed_plan plan;
    struct nr_error err;
    double best = INFINITY, area = NAN;
    if (argc != 3)
        return EXIT_FAILURE;
    read_pairs(argv[1], &phrases);
    nr_embed_params_default(&params);
    must(nr_embed_plan_make(&params, &plan, &err), &err);
    if (!plan.model || !phrases.pairs) {
        fprintf(stderr, "bench_embed: no model, or no pairs\n");
        return EXIT_FAILURE;
    }
    for (int round = 0; round < ROUNDS; round++)
        best = fmin(best, measure(&plan, (unsigned)atoi(argv[2]), &phrases, &area));
    printf("{\"pairs\": %zu, \"sentences_a_second\": %.1f, \"auc\": %.4f}\n", phrases.pairs,
           2 * (double)phrases.pairs / best, area);
    nr_embed_plan_release(&plan);
    nr_arena_release(&phrases.mem);
    return EXIT_SUCCESS;
}
