/* bench_mfcc FILE - 32-bit float samples at 22,050 Hz through the sound meter; prints
 * the processor time of the best of three rounds and the means of the coefficients. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "nightreel/feature.h"

enum { CHUNK = 1024, ROUNDS = 3 }; /* samples at a time, about what a decoder gives */

static float *read_samples(const char *path, size_t *count)
{
    FILE *file = fopen(path, "rb");
    float *samples = NULL;
    size_t capacity = 0;
    struct nr_error err;
    *count = 0;
    for (size_t got = 1; file && got > 0; *count += got) {
        if (nr_array_reserve((void **)&samples, &capacity, *count + CHUNK, sizeof *samples, SIZE_MAX / sizeof *samples,
                             &err))
            exit(EXIT_FAILURE);
        got = fread(samples + *count, sizeof *samples, CHUNK, file);
    }
    if (file)
        (void)fclose(file);
    return samples;
}

static double measure(const float *samples, size_t count, struct nr_audio *out)
{
    struct nr_sound_meter *meter;
    struct nr_arena mem = {0};
    struct nr_error err;
    bool found = false;
    clock_t start = clock();
    enum nr_status status = nr_sound_meter_new(&meter, &err);
    for (size_t at = 0; !status && at < count; at += CHUNK)
        status = nr_sound_meter_add(meter, samples + at, count - at < CHUNK ? count - at : CHUNK, &err);
    if (!status)
        status = nr_sound_meter_finish(meter, &mem, out, &found, &err);
    nr_sound_meter_free(meter);
    nr_arena_release(&mem);
    if (status || !found)
        exit(EXIT_FAILURE);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

int main(int argc, char **argv)
{
    size_t count;
    float *samples = argc == 2 ? read_samples(argv[1], &count) : NULL;
    struct nr_audio audio;
    double best = 0;
    if (!samples)
        return EXIT_FAILURE;
    for (int round = 0; round < ROUNDS; round++) {
        double seconds = measure(samples, count, &audio);
        best = round == 0 || seconds < best ? seconds : best;
    }
    printf("{\"seconds\": %.6f, \"mfcc\": [", best);
    for (int i = 0; i < NR_MFCC_COUNT; i++)
        printf("%s%.9g", i ? ", " : "", audio.mfcc[i]);
    puts("]}");
    free(samples);
    return EXIT_SUCCESS;
}
