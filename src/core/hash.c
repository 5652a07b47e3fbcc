/* hash.c - non-cryptographic hashes with fixed definitions. */
#include "nightreel/core.h"

#include <string.h>

#include "core/banned.h"

uint64_t nr_fnv1a(uint64_t seed, const void *data, size_t length)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < length; i++)
        seed = (seed ^ bytes[i]) * UINT64_C(1099511628211);
    return seed;
}

uint64_t nr_splitmix64(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

uint64_t nr_id_hash(const char *id)
{
    size_t length = strlen(id);
    bool plain = length >= 1 && length <= 18 && strspn(id, "0123456789") == length && (id[0] != '0' || length == 1);
    if (!plain)
        return nr_fnv1a(NR_FNV1A_SEED, id, length);
    uint64_t value = 0;
    for (size_t i = 0; i < length; i++)
        value = value * 10 + (uint64_t)(id[i] - '0');
    return value;
}
