/* bench_ease FILE LAMBDA THREADS ROUNDS - learns ease from a log of scripts/lib/bench/
 * behaviour.py's and, in turns with that, inverts the same system by LAPACK's dpotrf and dpotri
 * alone, with as many threads of OpenBLAS's; prints the seconds of both, wall clock and
 * processor, and the greatest difference of a score from LAPACK's. */
#include <cblas.h>
#include <lapacke.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench_pairs.h"

struct stopwatch {
    double wall;
    clock_t processor;
};

static struct stopwatch start_watch(void)
{
    return (struct stopwatch){nr_clock_seconds(), clock()};
}

static void print_watch(const char *before, const char *name, const struct stopwatch *start)
{
    printf("%s{\"name\": \"%s\", \"seconds\": %.6f, \"processor_seconds\": %.6f}", before, name,
           nr_clock_seconds() - start->wall, (double)(clock() - start->processor) / CLOCKS_PER_SEC);
}

/* The videos' system, the upper triangle by columns. */
static void fill_system(const struct nr_pairs *pairs, double lambda, double *a)
{
    size_t n = pairs->item_count;
    memset(a, 0, n * n * sizeof *a);
    for (size_t u = 0; u < pairs->user_count; u++)
        for (size_t p = pairs->starts[u]; p < pairs->starts[u + 1]; p++)
            for (size_t q = pairs->starts[u]; q <= p; q++) /* rising within a user */
                a[pairs->pairs[p].item * n + pairs->pairs[q].item] += 1;
    for (size_t i = 0; i < n; i++)
        a[i * n + i] += lambda;
}

static double greatest_difference(const struct nr_pairs *pairs, const void *state, const struct nr_model *model,
                                  const double *inverse)
{
    size_t n = pairs->item_count, user = pairs->user_count / 2;
    double *scores = calloc(n, sizeof *scores), *scratch = calloc(model->scratch(state) + 1, sizeof *scratch), most = 0;
    model->score(state, user, scores, scratch);
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t p = pairs->starts[user]; p < pairs->starts[user + 1]; p++) {
            size_t j = pairs->pairs[p].item, low = i < j ? i : j, high = i < j ? j : i;
            sum += i == j ? 0 : -inverse[high * n + low] / inverse[i * n + i];
        }
        most = fmax(most, fabs(sum - scores[i]));
    }
    free(scores);
    free(scratch);
    return most;
}

int main(int argc, char **argv)
{
    struct nr_pairs pairs;
    struct nr_model_params params;
    if (argc != 5 || !bench_read_pairs(argv[1], &pairs) || pairs.user_count < pairs.item_count)
        return EXIT_FAILURE;
    int threads = (int)strtol(argv[3], NULL, 10), rounds = (int)strtol(argv[4], NULL, 10), failed = 0;
    lapack_int n = (lapack_int)pairs.item_count;
    const struct nr_model *model = nr_model_find("ease", 4);
    double *a = malloc((size_t)n * (size_t)n * sizeof *a), difference = 0;
    nr_model_params_default(&params);
    params.ease.lambda = strtod(argv[2], NULL);
    printf("{\"times\": [");
    for (int round = 0; round < rounds && a && !failed; round++) {
        void *state = NULL;
        struct stopwatch watch = start_watch();
        failed = model->fit(&params, &pairs, (unsigned)threads, &state, NULL) != NR_OK;
        print_watch(round ? ", " : "", "ours", &watch);
        fill_system(&pairs, params.ease.lambda, a);
        openblas_set_num_threads(threads);
        watch = start_watch();
        failed |=
            LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', n, a, n) || LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 'U', n, a, n);
        print_watch(", ", "lapack", &watch);
        openblas_set_num_threads(1);
        if (!failed)
            difference = fmax(difference, greatest_difference(&pairs, state, model, a));
        model->free(state);
    }
    printf("], \"greatest_difference\": %.3g}\n", difference);
    free(a);
    nr_pairs_release(&pairs);
    return a && !failed ? EXIT_SUCCESS : EXIT_FAILURE;
}
