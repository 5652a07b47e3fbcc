/* support.h - what several unit tests want: cmocka with the headers it needs, a
 * scratch folder, files in it, reproducible random values, the folder of real data.
 *
 * Everything fails the running test by itself; nothing has to be checked.
 */
#ifndef NR_TESTS_SUPPORT_H
#define NR_TESTS_SUPPORT_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nightreel/core.h"

#define nr_assert_near(found, wanted, tolerance)                                                                       \
    do {                                                                                                               \
        double nr_found_ = (found), nr_wanted_ = (wanted);                                                             \
        if (!(fabs(nr_found_ - nr_wanted_) <= (tolerance)))                                                            \
            fail_msg("%s is %.17g, not %.17g", #found, nr_found_, nr_wanted_);                                         \
    } while (0)

/* Group set-up and tear-down: cmocka_run_group_tests(tests, nr_scratch_make, nr_scratch_remove). */
int nr_scratch_make(void **state);
int nr_scratch_remove(void **state);
const char *nr_scratch_folder(void);
/* The path of `name` in the scratch folder; good for the next 8 calls. */
const char *nr_scratch_path(const char *name);
/* Writes the file and returns its path. */
const char *nr_scratch_write(const char *name, const void *bytes, size_t length);
const char *nr_scratch_puts(const char *name, const char *text);
/* The whole file; caller frees. */
char *nr_scratch_read(const char *path, size_t *length);
size_t nr_scratch_count(void); /* files in the scratch folder */

/* A sequence that depends on the seed only (splitmix64). */
struct nr_random {
    uint64_t state;
};
uint64_t nr_random_next(struct nr_random *random);
size_t nr_random_below(struct nr_random *random, size_t bound); /* 0..bound-1 */
double nr_random_unit(struct nr_random *random);                /* 0 <= x < 1 */
double nr_random_double(struct nr_random *random);              /* any finite one */
float nr_random_float(struct nr_random *random);                /* any finite one */

/* The path of `name` under $NIGHTREEL_SHARED, or NULL (with a notice) where the
 * variable is unset or the file is missing: the test then calls skip(). */
const char *nr_shared_path(const char *name);

#endif
