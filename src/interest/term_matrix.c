/* term_matrix.c - see term_matrix.h. */
#include "interest/term_matrix.h"

#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

static const struct nr_terms *terms_of(const struct nr_pairs *pairs, size_t item)
{
    return &pairs->records[item]->blocks[NR_BLOCK_TAGS].terms;
}

static void gather_names(const struct nr_pairs *pairs, struct nr_term_matrix *m)
{
    size_t at = 0, kept = 0;
    for (size_t i = 0; i < pairs->item_count; i++)
        for (size_t t = 0; t < terms_of(pairs, i)->count; t++)
            m->names[at++] = terms_of(pairs, i)->items[t].name;
    if (at > 1)
        qsort(m->names, at, sizeof *m->names, nr_id_order);
    for (size_t i = 0; i < at; i++)
        if (!kept || strcmp(m->names[kept - 1], m->names[i]) != 0)
            m->names[kept++] = m->names[i];
    m->count = kept;
}

enum nr_status nr_term_matrix_make(const struct nr_pairs *pairs, struct nr_term_matrix *out, struct nr_error *err)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < pairs->item_count; i++)
        total += terms_of(pairs, i)->count;
    *out = (struct nr_term_matrix){.names = malloc((total + 1) * sizeof *out->names),
                                   .starts = calloc(pairs->item_count + 1, sizeof *out->starts),
                                   .terms = malloc((total + 1) * sizeof *out->terms)};
    if (!out->names || !out->starts || !out->terms)
        return nr_fail_nomem(err, "the videos' tags");
    gather_names(pairs, out);
    for (size_t i = 0; i < pairs->item_count; i++) {
        const struct nr_terms *terms = terms_of(pairs, i);
        for (size_t t = 0; t < terms->count; t++)
            out->terms[at++] = (struct nr_item_term){(uint32_t)nr_id_find(out->names, out->count, terms->items[t].name),
                                                     (float)terms->items[t].weight};
        out->starts[i + 1] = at;
    }
    return NR_OK;
}

void nr_term_matrix_release(struct nr_term_matrix *matrix)
{
    free(matrix->names);
    free(matrix->starts);
    free(matrix->terms);
    *matrix = (struct nr_term_matrix){.names = NULL};
}
