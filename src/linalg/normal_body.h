/* normal_body.h - the bodies of the kernels of normal equations, included once by each
 * file that compiles them for a kind of processor; NORMAL_BLOCK, entries that are taken
 * together, is that file's and changes no bit. See nightreel/linalg_normal.h. */
#include <string.h>

#include "nightreel/linalg_normal.h"

#ifndef NORMAL_BLOCK
#define NORMAL_BLOCK 4
#endif

enum {
    LANES = NR_NORMAL_LANES,
    CHUNK = 256, /* entries summed in float before they go to double */
    AHEAD = 16,  /* entries whose rows are asked for early */
    STRIP = 4,   /* rows of a tile of Y'Y */
    TILE_HIGH = 4,
    TILE_ACROSS = NORMAL_BLOCK / 2 /* vectors of a tile of a product */
};

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef float half_lanes __attribute__((vector_size(LANES / 2 * sizeof(float))));
typedef float quad __attribute__((vector_size(4 * sizeof(float))));
typedef double wide __attribute__((vector_size(LANES / 2 * sizeof(double))));

#define NORMAL_INLINE   static inline __attribute__((always_inline))
#define LOAD(type, at)  (*(const type *)__builtin_assume_aligned((at), sizeof(type)))
#define STORE(type, at) (*(type *)__builtin_assume_aligned((at), sizeof(type)))

/* Four sums over lanes at once, each as ((0+8)+(4+12) + (2+10)+(6+14)) + the odd ones. */
NORMAL_INLINE void sum_lanes(const lanes sums[4], float out[4])
{
    quad q[4];
#pragma GCC unroll 8
    for (int k = 0; k < 4; k++) {
        half_lanes low, high;
        memcpy(&low, &sums[k], sizeof low);
        memcpy(&high, (const char *)&sums[k] + sizeof low, sizeof high);
        low += high;
        quad first, second;
        memcpy(&first, &low, sizeof first);
        memcpy(&second, (const char *)&low + sizeof first, sizeof second);
        q[k] = first + second;
    }
    typedef int32_t order __attribute__((vector_size(16)));
    const order even = {0, 4, 1, 5}, odd = {2, 6, 3, 7}, left = {0, 1, 4, 5}, right = {2, 3, 6, 7};
    quad a = __builtin_shuffle(q[0], q[1], even) + __builtin_shuffle(q[0], q[1], odd);
    quad b = __builtin_shuffle(q[2], q[3], even) + __builtin_shuffle(q[2], q[3], odd);
    quad all = __builtin_shuffle(a, b, left) + __builtin_shuffle(a, b, right);
    memcpy(out, &all, sizeof all);
}

/* The rows of up to NORMAL_BLOCK entries; those that are not there weigh nothing. */
struct block {
    const float *rows[NORMAL_BLOCK];
    float weights[NORMAL_BLOCK], factors[NORMAL_BLOCK];
};

NORMAL_INLINE void take_block(const struct nr_normal_system *system, size_t at, struct block *block)
{
    for (size_t k = at + AHEAD; k < at + AHEAD + NORMAL_BLOCK && k < system->count; k++)
        for (size_t i = 0; i < system->stride; i += LANES) /* a row is a few cache lines in a random place */
            __builtin_prefetch(system->rows + system->columns[k] * system->stride + i);
#pragma GCC unroll 8
    for (size_t k = 0; k < NORMAL_BLOCK; k++) {
        bool there = at + k < system->count;
        block->rows[k] = system->rows + (there ? system->columns[at + k] : system->columns[at]) * system->stride;
        block->weights[k] = there ? (float)(system->scale * system->weights[at + k]) : 0;
    }
}

/* factor_k = sign w_k (v_k . z) + plus (1 + w_k) */
NORMAL_INLINE void find_factors(const struct nr_normal_system *system, size_t at, const float *z, float plus,
                                float sign, struct block *block)
{
    lanes sums[NORMAL_BLOCK];
#pragma GCC unroll 8
    for (size_t k = 0; k < NORMAL_BLOCK; k++)
        sums[k] = (lanes){0};
    for (size_t i = 0; i < system->stride; i += LANES) {
        lanes along = LOAD(lanes, z + i);
#pragma GCC unroll 8
        for (size_t k = 0; k < NORMAL_BLOCK; k++)
            sums[k] += LOAD(lanes, block->rows[k] + i) * along;
    }
#pragma GCC unroll 8
    for (size_t k = 0; k < NORMAL_BLOCK; k += 4)
        sum_lanes(sums + k, block->factors + k);
#pragma GCC unroll 8
    for (size_t k = 0; k < NORMAL_BLOCK; k++) {
        float one = at + k < system->count ? plus : 0;
        block->factors[k] = sign * block->weights[k] * block->factors[k] + one * (1 + block->weights[k]);
    }
}

NORMAL_INLINE void add_block(const struct block *block, size_t stride, float *sum)
{
    for (size_t i = 0; i < stride; i += LANES) {
        lanes s = LOAD(lanes, sum + i);
#pragma GCC unroll 8
        for (size_t k = 0; k < NORMAL_BLOCK; k++)
            s += LOAD(lanes, block->rows[k] + i) * block->factors[k];
        STORE(lanes, sum + i) = s;
    }
}

NORMAL_INLINE void product_body(const struct nr_normal_system *system, const float *z, float plus, float sign,
                                float *out)
{
    size_t stride = system->stride;
    double sum[NR_NORMAL_STRIDE_MAX];
    float part[NR_NORMAL_STRIDE_MAX] __attribute__((aligned(64)));
    for (size_t i = 0; i < stride; i++)
        sum[i] = (double)(sign * z[i]);
    for (size_t first = 0; first < system->count; first += CHUNK) {
        size_t end = system->count - first < CHUNK ? system->count : first + CHUNK;
        memset(part, 0, stride * sizeof *part);
        for (size_t at = first; at < end; at += NORMAL_BLOCK) {
            struct block block;
            take_block(system, at, &block);
            find_factors(system, at, z, plus, sign, &block);
            add_block(&block, stride, part);
        }
        for (size_t i = 0; i < stride; i++)
            sum[i] += (double)part[i];
    }
    for (size_t i = 0; i < stride; i++)
        out[i] = (float)sum[i];
}

/* `high` rows and `across` vectors of columns, whose sums need not wait for one another. */
NORMAL_INLINE void transform_tile(const float *rows, size_t stride, const float *matrix, size_t high, size_t across,
                                  float *out)
{
    lanes s[TILE_HIGH * TILE_ACROSS] = {{0}};
    for (size_t r = 0; r < stride; r++)
#pragma GCC unroll 8
        for (size_t j = 0; j < across; j++) {
            lanes along = LOAD(lanes, matrix + r * stride + j * LANES);
#pragma GCC unroll 8
            for (size_t k = 0; k < high; k++)
                s[k * TILE_ACROSS + j] += along * rows[k * stride + r];
        }
#pragma GCC unroll 8
    for (size_t k = 0; k < high; k++)
#pragma GCC unroll 8
        for (size_t j = 0; j < across; j++)
            STORE(lanes, out + k * stride + j * LANES) = s[k * TILE_ACROSS + j];
}

NORMAL_INLINE void transform_rows(const float *rows, size_t stride, const float *matrix, size_t high, float *out)
{
    size_t j = 0;
    for (; j + TILE_ACROSS * LANES <= stride; j += TILE_ACROSS * LANES)
        transform_tile(rows, stride, matrix + j, high, TILE_ACROSS, out + j);
    for (; j < stride; j += LANES)
        transform_tile(rows, stride, matrix + j, high, 1, out + j);
}

NORMAL_INLINE void transform_body(const float *rows, size_t count, size_t stride, const float *matrix, float *out)
{
    size_t r = 0;
    for (; r + TILE_HIGH <= count; r += TILE_HIGH)
        transform_rows(rows + r * stride, stride, matrix, TILE_HIGH, out + r * stride);
    for (; r < count; r++)
        transform_rows(rows + r * stride, stride, matrix, 1, out + r * stride);
}

/* STRIP rows and one vector of columns of Y'Y at a time. */
NORMAL_INLINE void gram_body(const float *rows, size_t count, size_t stride, double *gram)
{
    for (size_t i = 0; i < stride; i += STRIP)
        for (size_t j = 0; j < i + STRIP; j += LANES / 2) {
            wide s[STRIP];
#pragma GCC unroll 8
            for (size_t k = 0; k < STRIP; k++)
                memcpy(&s[k], gram + (i + k) * stride + j, sizeof s[k]);
            for (size_t r = 0; r < count; r++) {
                const float *row = rows + r * stride;
                wide along = __builtin_convertvector(LOAD(half_lanes, row + j), wide);
#pragma GCC unroll 8
                for (size_t k = 0; k < STRIP; k++)
                    s[k] += along * (double)row[i + k];
            }
#pragma GCC unroll 8
            for (size_t k = 0; k < STRIP; k++)
                memcpy(gram + (i + k) * stride + j, &s[k], sizeof s[k]);
        }
}
