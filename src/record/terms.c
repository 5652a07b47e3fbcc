/* terms.c - named weights. */
#include <string.h>

#include "nightreel/record.h"

#include "core/banned.h"

int nr_term_compare(const void *a, const void *b)
{
    return strcmp(((const struct nr_term *)a)->name, ((const struct nr_term *)b)->name);
}

double nr_terms_dot(const struct nr_terms *a, const struct nr_terms *b)
{
    double sum = 0;
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        int order = strcmp(a->items[i].name, b->items[j].name);
        if (order == 0)
            sum += a->items[i].weight * b->items[j].weight;
        i += order <= 0;
        j += order >= 0;
    }
    return sum;
}
