/* term_matrix.h - which video has which tag, by number. Private to interest. */
#ifndef NR_INTEREST_TERM_MATRIX_H
#define NR_INTEREST_TERM_MATRIX_H

#include "nightreel/interest_models.h"

struct nr_item_term {
    uint32_t term;
    float weight; /* the record's */
};
/* Item i has terms[starts[i] .. starts[i + 1]), by number; names are bytewise, each once,
 * and borrowed from the records. */
struct nr_term_matrix {
    const char **names;
    size_t count;
    size_t *starts;
    struct nr_item_term *terms;
};
/* Of the tags block of all pairs->records. Release whatever comes back. */
enum nr_status nr_term_matrix_make(const struct nr_pairs *pairs, struct nr_term_matrix *out,
                                   struct nr_error *err) NR_MUST_CHECK;
void nr_term_matrix_release(struct nr_term_matrix *matrix);

#endif
