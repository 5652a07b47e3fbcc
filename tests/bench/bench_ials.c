/* bench_ials FILE FACTORS ITERATIONS ALPHA LAMBDA THREADS STEPS - learns ials from a log of
 * scripts/lib/bench/behaviour.py's; prints the seconds of one iteration, the share of what
 * comes before them included (wall clock, as the peer reports them), and the objective. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench_pairs.h"

int main(int argc, char **argv)
{
    struct nr_pairs pairs;
    struct nr_model_params params;
    struct nr_error err;
    void *state = NULL;
    if (argc != 8 || !bench_read_pairs(argv[1], &pairs))
        return EXIT_FAILURE;
    nr_model_params_default(&params);
    params.ials = (struct nr_ials_params){.factors = strtoul(argv[2], NULL, 10),
                                          .iterations = strtoul(argv[3], NULL, 10),
                                          .alpha = strtod(argv[4], NULL),
                                          .lambda = strtod(argv[5], NULL),
                                          .cg_steps = strtoul(argv[7], NULL, 10)};
    const struct nr_model *model = nr_model_find("ials", 4);
    double start = nr_clock_seconds();
    clock_t processor = clock();
    if (model->fit(&params, &pairs, (unsigned)strtoul(argv[6], NULL, 10), &state, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return EXIT_FAILURE;
    }
    double steps = (double)params.ials.iterations, seconds = nr_clock_seconds() - start;
    double processor_seconds = (double)(clock() - processor) / CLOCKS_PER_SEC;
    printf("{\"seconds\": %.6f, \"processor_seconds\": %.6f, \"objective\": %.9g}\n", seconds / steps,
           processor_seconds / steps, nr_ials_objective(state));
    model->free(state);
    nr_pairs_release(&pairs);
    return EXIT_SUCCESS;
}
