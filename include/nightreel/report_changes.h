/* nightreel/report_changes.h - what changed between two nights' recommendations.
 *
 * Of each user the first k of both lists (k 0: all of them), n_old and n_new entries, X_d the
 * number of videos that both have among their first d:
 *
 *   overlap = X_k / max(n_old, n_new), 1 where both are empty
 *   rbo     = extrapolated rank-biased overlap (Webber, Moffat, Zobel 2010, equation 32): with
 *             s the shorter and l the longer length,
 *             (1 - p)/p (sum d = 1..l of X_d/d p^d + sum d = s+1..l of X_s (d - s)/(s d) p^d)
 *             + ((X_l - X_s)/l + X_s/s) p^l;  1 where both are empty, 0 where one is
 *
 * The means are over the users who are in both; NAN where none is.
 */
#ifndef NIGHTREEL_REPORT_CHANGES_H
#define NIGHTREEL_REPORT_CHANGES_H

#include "nightreel/record.h"

struct nr_changes_params {
    size_t k; /* entries of a list that are looked at; 0: all */
    double p; /* persistence of rbo, above 0 and below 1; default 0.9 */
};
void nr_changes_params_default(struct nr_changes_params *params);
const char *nr_changes_params_check(const struct nr_changes_params *params);

/* A video that is at another place; ranks from 1, 0: not in that list. */
struct nr_change {
    const struct nr_ranked *entry; /* the new one, or that which left; borrowed */
    size_t before, now;
};
struct nr_user_changes {
    const char *user_id;
    const struct nr_ranking *before, *now; /* borrowed; NULL: not in that file */
    struct nr_change *changes;             /* what entered and moved, by new rank; then what left, by old one */
    size_t count, entered, left, up, down;
    double overlap, rbo; /* NAN where the user is in one file alone */
};
struct nr_changes {
    struct nr_arena mem;
    struct nr_changes_params params;
    struct nr_user_changes *users; /* by user_id */
    size_t count;
    size_t both, came, gone, unchanged; /* users */
    size_t entered, left, up, down;     /* videos, of the users in both */
    double overlap, rbo;                /* means */
};
/* Borrows the lists. NR_ERR_DATA: a user twice in one of them. Release whatever comes back. */
enum nr_status nr_changes_make(const struct nr_changes_params *params, const struct nr_ranking_list *before,
                               const struct nr_ranking_list *now, struct nr_changes *out,
                               struct nr_error *err) NR_MUST_CHECK;
void nr_changes_release(struct nr_changes *changes);

/* A user's changes as lines of text; nothing for one without any. */
void nr_changes_put_user(const struct nr_user_changes *user, struct nr_buf *out);
/* The counts and means of all, in two lines. */
void nr_changes_put_summary(const struct nr_changes *changes, struct nr_buf *out);
/* One object: data/schema/changes.schema.json. */
void nr_changes_write(const struct nr_changes *changes, struct nr_buf *out);

#endif
