/* search_points.h - points of a search and what is known of each. Private to eval. */
#ifndef NR_EVAL_SEARCH_POINTS_H
#define NR_EVAL_SEARCH_POINTS_H

#include "nightreel/eval_search.h"

enum { NR_SEARCH_BOUNDS = 5 };

struct nr_search_point {
    double *values; /* one a range */
    double *users;  /* what each user has of it, as far as `bound` */
    size_t bound;   /* measured up to search.bounds[bound] */
};

/* All points so far, no two with the same values. */
struct nr_search {
    const struct nr_search_range *ranges;
    size_t count;
    struct nr_search_params params;
    nr_search_measure measure;
    void *ctx;
    size_t bounds[NR_SEARCH_BOUNDS]; /* 0, quarter, half, all searched users; all users */
    struct nr_search_point **points; /* malloc'ed, each too: pointers to them last */
    size_t point_count, point_capacity;
    size_t calls, expected;
    struct nr_arena mem;
};

/* From a place in 0..1 on the range's scale to its value, rounded, and back (a value
 * outside has the place of the nearest end). */
double nr_search_value(const struct nr_search_range *range, double place);
double nr_search_place(const struct nr_search_range *range, double value);
double nr_search_round(const struct nr_search_range *range, double value);

/* The point with these values, which is added where it is new. */
enum nr_status nr_search_point_get(struct nr_search *search, const double *values, struct nr_search_point **out,
                                   struct nr_error *err) NR_MUST_CHECK;
/* Measures it for the users up to bounds[bound], where it is not yet. */
enum nr_status nr_search_point_measure(struct nr_search *search, struct nr_search_point *point, size_t bound,
                                       struct nr_error *err) NR_MUST_CHECK;
/* Mean over the first `users`, in their order. */
double nr_search_point_mean(const struct nr_search_point *point, size_t users);
/* Over one half of the users, a against b; both must be measured. */
enum nr_search_half { NR_SEARCHED, NR_JUDGED };
struct nr_search_gain nr_search_point_gain(const struct nr_search *search, enum nr_search_half half,
                                           const struct nr_search_point *a, const struct nr_search_point *b);
void nr_search_points_release(struct nr_search *search);

/* The second half of a search (search_judge.c): takes back what does not pay and moves
 * shares towards equal; fills findings, towards_equal, whole, reverted and values of *out. */
enum nr_status nr_search_judge(struct nr_search *search, struct nr_search_point *standard, struct nr_search_point *best,
                               struct nr_search_result *out, struct nr_error *err) NR_MUST_CHECK;

#endif
