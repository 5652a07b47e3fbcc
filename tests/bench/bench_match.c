/* bench_match VIDEOS USERS DIMENSIONS THREADS ROUNDS [FOLDER] - exact best 20 with
 * probabilities over all candidates and 50 watched videos a user, one dense block of noise.
 * Prints the wall-clock and processor time of the best round of nr_match_rank(), which puts
 * its matrix together in that time too, and of the products in it (the linker puts
 * __wrap_nr_sgemm_nt in their place); how memory grew; a digest of the rankings; and how
 * far a sample of users is from scores and probabilities written out in double. With
 * FOLDER only writes the vectors there, for peers. */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nightreel/linalg.h"
#include "nightreel/match.h"

enum { LISTED = 20, WATCHED = 50, ID_ROOM = 24, CHECKED = 16 };

struct world {
    size_t dims;
    float *videos, *people; /* the vectors, one after the other */
    char (*video_ids)[ID_ROOM], (*user_ids)[ID_ROOM];
    struct nr_watched *watched; /* WATCHED a user */
    struct nr_item_list items;  /* borrow all of the above */
    struct nr_user_list users;
};

struct outcome {
    double seconds, cpu_seconds, product_seconds, growth_mib;
    struct nr_match_tally tally;
    struct nr_ranking_list rankings;
};

/* ---- products, timed ------------------------------------------------------------ */

static atomic_llong product_ns;

void __real_nr_sgemm_nt(size_t m, size_t n, size_t k, const float *a, size_t stride_a, const float *b, size_t stride_b,
                        float *c, size_t stride_c);
void __wrap_nr_sgemm_nt(size_t m, size_t n, size_t k, const float *a, size_t stride_a, const float *b, size_t stride_b,
                        float *c, size_t stride_c);

static long long clock_ns(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void __wrap_nr_sgemm_nt(size_t m, size_t n, size_t k, const float *a, size_t stride_a, const float *b, size_t stride_b,
                        float *c, size_t stride_c)
{
    long long start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    __real_nr_sgemm_nt(m, n, k, a, stride_a, b, stride_b, c, stride_c);
    atomic_fetch_add(&product_ns, clock_ns(CLOCK_THREAD_CPUTIME_ID) - start);
}

/* ---- the work --------------------------------------------------------------------- */

static void *must(const void *memory)
{
    if (!memory) {
        fprintf(stderr, "bench_match: no memory\n");
        exit(EXIT_FAILURE);
    }
    return (void *)(uintptr_t)memory;
}

/* Rows of noise with norm 1. */
static float *make_vectors(size_t count, size_t dims, uint64_t seed)
{
    float *values = must(nr_floats_new(count * dims));
    for (size_t i = 0; i < count; i++) {
        float *row = values + i * dims;
        for (size_t d = 0; d < dims; d++)
            row[d] = (float)((double)(nr_splitmix64(seed + i * dims + d) >> 11) * 0x1p-52 - 1);
        double norm = sqrt(nr_dot(row, row, dims));
        for (size_t d = 0; d < dims; d++)
            row[d] = (float)(row[d] / norm);
    }
    return values;
}

/* The records' own arrays are put in place whole: 1,000,000 arenas say nothing of a search. */
static void make_records(struct world *world, size_t videos, size_t users)
{
    world->video_ids = must(calloc(videos, sizeof *world->video_ids));
    world->user_ids = must(calloc(users, sizeof *world->user_ids));
    world->watched = must(calloc(users * WATCHED, sizeof *world->watched));
    world->items = (struct nr_item_list){must(calloc(videos, sizeof *world->items.items)), videos, videos};
    world->users = (struct nr_user_list){must(calloc(users, sizeof *world->users.users)), users, users};
    for (size_t i = 0; i < videos; i++) {
        struct nr_item *item = &world->items.items[i];
        snprintf(world->video_ids[i], ID_ROOM, "v%08zu", i);
        item->video_id = item->title = world->video_ids[i];
        item->published_at = NR_TIME_NONE;
        item->blocks[NR_BLOCK_TEXT] = (struct nr_block){world->videos + i * world->dims, world->dims, {NULL, 0}};
    }
    for (size_t u = 0; u < users; u++) {
        struct nr_user *user = &world->users.users[u];
        snprintf(world->user_ids[u], ID_ROOM, "u%08zu", u);
        user->user_id = world->user_ids[u];
        user->blocks[NR_BLOCK_TEXT] = (struct nr_block){world->people + u * world->dims, world->dims, {NULL, 0}};
        user->watched = world->watched + u * WATCHED;
        for (; user->watched_count < WATCHED && user->watched_count < videos; user->watched_count++) {
            size_t part = videos / WATCHED, place = user->watched_count * part + (u * 7919 + 31) % (part ? part : 1);
            user->watched[user->watched_count].video_id = world->video_ids[part ? place : user->watched_count];
        }
    }
}

static void world_release(struct world *world)
{
    nr_floats_free(world->videos);
    nr_floats_free(world->people);
    free(world->video_ids);
    free(world->user_ids);
    free(world->watched);
    free(world->items.items);
    free(world->users.users);
}

static void search(const struct world *world, unsigned threads, struct outcome *out)
{
    struct nr_match_params params;
    struct nr_error err;
    nr_match_params_default(&params);
    params.k = LISTED;
    nr_ranking_list_release(&out->rankings);
    nr_memory_peak_reset();
    double before = nr_memory_peak(), start = nr_clock_seconds();
    long long cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    atomic_store(&product_ns, 0);
    if (nr_match_rank(&params, &world->items, &world->users, threads, &out->rankings, &out->tally, &err)) {
        fprintf(stderr, "bench_match: %s\n", err.text);
        exit(EXIT_FAILURE);
    }
    out->seconds = nr_clock_seconds() - start;
    out->cpu_seconds = (double)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu) / 1e9;
    out->product_seconds = (double)atomic_load(&product_ns) / 1e9;
    out->growth_mib = (nr_memory_peak() - before) / (1 << 20);
}

/* ---- is it right -------------------------------------------------------------------- */

static uint64_t digest(const struct nr_ranking_list *rankings)
{
    struct nr_buf text = {0};
    uint64_t hash = NR_FNV1A_SEED;
    for (size_t u = 0; u < rankings->count; u++) {
        nr_buf_clear(&text);
        nr_ranking_write(&rankings->rankings[u], &text);
        hash = nr_fnv1a(hash, text.data, text.length);
    }
    nr_buf_release(&text);
    return hash;
}

/* Candidates of one user in double: the best into `best`, the logarithm of the denominator. */
static double row_in_double(const struct world *world, size_t u, struct nr_scored_item *best, size_t *count)
{
    const struct nr_user *user = &world->users.users[u];
    struct nr_match_params params;
    double sum = 0;
    size_t seen = 0;
    nr_match_params_default(&params);
    *count = 0;
    for (size_t i = 0; i < world->items.count; i++) {
        if (seen < user->watched_count && user->watched[seen].video_id == world->video_ids[i]) {
            seen++;
            continue;
        }
        double score = nr_dot(world->people + u * world->dims, world->videos + i * world->dims, world->dims);
        nr_scored_push(best, count, LISTED, (struct nr_scored_item){score, (uint32_t)i});
        sum += exp(params.beta * (score - 1));
    }
    nr_scored_sort(best, *count);
    return params.beta + log(sum);
}

/* The greatest relative error of a probability; stops where an id or a score is not the one. */
static double check(const struct world *world, const struct nr_ranking_list *rankings)
{
    struct nr_scored_item best[LISTED];
    struct nr_match_params params;
    double worst = 0;
    size_t count, step = world->users.count / CHECKED + 1;
    nr_match_params_default(&params);
    for (size_t u = 0; u < world->users.count; u += step) {
        double log_sum = row_in_double(world, u, best, &count);
        for (size_t i = 0; i < count; i++) {
            const struct nr_ranked *entry = &rankings->rankings[u].items[i];
            if (strcmp(entry->video_id, world->video_ids[best[i].item]) != 0 || entry->score != best[i].score) {
                fprintf(stderr, "bench_match: user %zu, rank %zu is not the best in double\n", u, i + 1);
                exit(EXIT_FAILURE);
            }
            worst = fmax(worst, fabs(entry->probability / exp(params.beta * best[i].score - log_sum) - 1));
        }
    }
    return worst;
}

/* ---- the program ----------------------------------------------------------------------- */

static void write_floats(const char *folder, const char *name, const float *values, size_t count)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = must(fopen(path, "wb"));
    if (fwrite(values, sizeof *values, count, file) != count || fclose(file) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

static void measure(const struct world *world, unsigned threads, size_t rounds)
{
    struct outcome best = {0}, round = {0};
    double growth = 0, peak = nr_memory_peak();
    for (size_t r = 0; r < rounds; r++) {
        search(world, threads, &round);
        growth = fmax(growth, round.growth_mib);
        peak = fmax(peak, nr_memory_peak());
        if (r == 0 || round.seconds < best.seconds)
            best = (struct outcome){round.seconds, round.cpu_seconds, round.product_seconds, 0, round.tally, {0}};
    }
    double matrix = (double)world->items.count * (double)world->dims * sizeof(float) / (1 << 20);
    printf("{\"seconds\": %.6f, \"cpu_seconds\": %.6f, \"product_share\": %.4f, \"growth_mib\": %.1f, "
           "\"growth_beyond_matrix_mib\": %.1f, \"peak_mib\": %.1f, \"rescanned\": %zu, \"kernel\": \"%s\", \"scan\": "
           "\"%s\", "
           "\"digest\": \"%016llx\", "
           "\"probability_error\": %.3g}\n",
           best.seconds, best.cpu_seconds, best.product_seconds / best.cpu_seconds, growth, growth - matrix,
           peak / (1 << 20), best.tally.rescanned, best.tally.kernel, best.tally.scan,
           (unsigned long long)digest(&round.rankings), check(world, &round.rankings));
    nr_ranking_list_release(&round.rankings);
}

int main(int argc, char **argv)
{
    struct world world = {0};
    uint64_t sizes[5]; /* videos, users, dimensions, threads, rounds */
    if (argc < 6 || argc > 7)
        return EXIT_FAILURE;
    for (int i = 0; i < 5; i++)
        sizes[i] = strtoull(argv[i + 1], NULL, 10);
    world.dims = sizes[2];
    world.videos = make_vectors(sizes[0], world.dims, 1);
    world.people = make_vectors(sizes[1], world.dims, 1ULL << 60);
    if (argc == 7) {
        write_floats(argv[6], "videos.f32", world.videos, sizes[0] * world.dims);
        write_floats(argv[6], "users.f32", world.people, sizes[1] * world.dims);
    } else {
        make_records(&world, sizes[0], sizes[1]);
        nr_memory_peak_reset();
        measure(&world, (unsigned)sizes[3], sizes[4]);
    }
    world_release(&world);
    return EXIT_SUCCESS;
}
