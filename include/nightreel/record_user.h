/* nightreel/record_user.h - the second half of record.h: users and their
 * rankings, and the dataset that holds everything of one run. Include
 * nightreel/record.h, not this. */
#ifndef NIGHTREEL_RECORD_USER_H
#define NIGHTREEL_RECORD_USER_H

#include "nightreel/record.h"

/* ---- users ------------------------------------------------------------------ */

struct nr_interest {
    enum nr_tag_kind kind;
    const char *tag;
    double weight; /* share of the user's interest, sums to 1 over positive ones; negative: dislikes */
};

/* One video in a user's past: the sum of its event weights after decay. */
struct nr_watched {
    const char *video_id;
    double weight;
};

enum nr_user_source { NR_USER_BEHAVIOUR, NR_USER_DECLARED, NR_USER_BOTH, NR_USER_POPULARITY };
extern const char *const nr_user_source_names[]; /* "behaviour" "declared" "both" "popularity" */

/* One of the persons that a user is. */
struct nr_user_cluster {
    double weight;                          /* share of the positive weights, 0..1 */
    int64_t videos;                         /* liked things in it */
    struct nr_block blocks[NR_BLOCK_COUNT]; /* norm 1 */
};

struct nr_user {
    struct nr_arena mem;
    const char *user_id;
    enum nr_user_source source;    /* popularity: nothing is left to go by */
    int64_t events;                /* after cleaning */
    int64_t last_event;            /* ms, NR_TIME_NONE */
    struct nr_interest *interests; /* weight descending, then kind, then tag */
    size_t interest_count;
    struct nr_strings unknown_tags; /* declared, but not in the catalogue */
    struct nr_watched *watched;     /* by video_id */
    size_t watched_count;
    struct nr_block blocks[NR_BLOCK_COUNT]; /* norm 1 */
    struct nr_user_cluster *clusters;       /* weight descending; NULL: one person */
    size_t cluster_count;                   /* 0, or at least 2 */
};
void nr_user_release(struct nr_user *user);

struct nr_user_list {
    struct nr_user *users; /* malloc'ed */
    size_t count, capacity;
};
void nr_user_list_release(struct nr_user_list *list);
enum nr_status nr_user_list_add(struct nr_user_list *list, struct nr_user **out, struct nr_error *err) NR_MUST_CHECK;
/* Sorts in place by user_id, bytewise. */
void nr_user_list_sort(struct nr_user_list *list);
void nr_user_write(const struct nr_user *user, struct nr_buf *out);
enum nr_status nr_user_read(struct nr_user *user, const char *json, size_t length, struct nr_error *err) NR_MUST_CHECK;

/* ---- rankings ------------------------------------------------------------------ */

/* A named summand of a score. */
struct nr_part {
    const char *name;
    double value;
};

struct nr_ranked {
    const char *video_id, *title; /* title NULL where the catalogue has none */
    double score;                 /* sum of the parts */
    double probability;           /* softmax over all candidates */
    struct nr_part *parts;        /* in block order */
    size_t part_count;
    struct nr_strings because; /* tags that speak for it, best first */
    const char *watched_id;    /* the watched video that it is owed to; NULL: not asked for, or not known */
    const char *watched_title; /* NULL where the catalogue has none */
    double watched_share;      /* of what it is owed to all watched videos, 0..1 */
    bool filled;               /* by popularity, for want of candidates or of a profile ("fill":"popularity") */
};

struct nr_ranking {
    struct nr_arena mem;
    const char *user_id;
    int64_t generated_at;
    const char *model;
    double beta;
    struct nr_interest *interests;
    size_t interest_count;
    struct nr_ranked *items; /* best first; rank = position + 1 */
    size_t count;
};
void nr_ranking_release(struct nr_ranking *ranking);

struct nr_ranking_list {
    struct nr_ranking *rankings; /* malloc'ed, by user_id */
    size_t count, capacity;
};
void nr_ranking_list_release(struct nr_ranking_list *list);
enum nr_status nr_ranking_list_add(struct nr_ranking_list *list, struct nr_ranking **out,
                                   struct nr_error *err) NR_MUST_CHECK;
void nr_ranking_write(const struct nr_ranking *ranking, struct nr_buf *out);
enum nr_status nr_ranking_read(struct nr_ranking *ranking, const char *json, size_t length,
                               struct nr_error *err) NR_MUST_CHECK;

/* ---- everything of one run --------------------------------------------------------- */

struct nr_dataset {
    struct nr_event_log events;
    struct nr_declared_list declared;
    struct nr_item_list items;
    struct nr_user_list users;
    struct nr_ranking_list rankings;
    size_t failed_rows; /* of catalogue and interests: they became no record; each was reported */
};
void nr_dataset_release(struct nr_dataset *data);

#endif
