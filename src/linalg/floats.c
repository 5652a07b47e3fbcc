/* floats.c - aligned arrays of float, and dots in double. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nightreel/linalg.h"

#include "core/banned.h"

enum { LANES = 4, POPULATE_LEAST = 4 << 20 /* bytes */ };

/* All pages at once: a fault for each costs as much as filling it. A wish: kernels before
 * 5.14 do not know it. */
static void populate(float *values, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
    size_t page = (size_t)sysconf(_SC_PAGESIZE), head = (page - (uintptr_t)values % page) % page;
    (void)madvise((char *)values + head, (bytes - head) / page * page, MADV_POPULATE_WRITE);
#else
    (void)values;
    (void)bytes;
#endif
}

float *nr_floats_new_unset(size_t count)
{
    size_t bytes;
    if (!nr_size_mul(count ? count : 1, sizeof(float), &bytes) || bytes > SIZE_MAX - NR_FLOAT_ALIGNMENT)
        return NULL;
    bytes = (bytes + NR_FLOAT_ALIGNMENT - 1) / NR_FLOAT_ALIGNMENT * NR_FLOAT_ALIGNMENT;
    float *values = aligned_alloc(NR_FLOAT_ALIGNMENT, bytes);
    if (values && bytes >= POPULATE_LEAST)
        populate(values, bytes);
    return values;
}

float *nr_floats_new(size_t count)
{
    float *values = nr_floats_new_unset(count);
    if (values)
        memset(values, 0, (count ? count : 1) * sizeof *values);
    return values;
}

void nr_floats_free(float *values)
{
    free(values);
}

size_t nr_row_stride(size_t count)
{
    size_t step = NR_FLOAT_ALIGNMENT / sizeof(float);
    return (count + step - 1) / step * step;
}

double nr_dot_error(size_t k)
{
    double ku = (double)k * 0x1p-24;
    return ku < 0.5 ? ku / (1 - ku) : 1; /* beyond: no bound worth the name, so everything is kept */
}

double nr_dot(const float *a, const float *b, size_t count)
{
    double lane[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (size_t j = 0; j < LANES; j++)
            lane[j] += (double)a[i + j] * (double)b[i + j];
    double sum = (lane[0] + lane[1]) + (lane[2] + lane[3]);
    for (; i < count; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}
