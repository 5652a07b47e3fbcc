/* nightreel/match_candidates.h - the second half of match.h: which videos may be
 * recommended, to whom, and what a list may hold. Include nightreel/match.h, not this.
 *
 * Columns are those of the catalogue: video_id title description file language tags actors
 * directors published_at duration, whatever else the records keep (`extra`), and from the
 * descriptions topics sentiment audience; genre, genres are other names of tags, actor,
 * cast of actors, director of directors, where the catalogue has no such column of its own.
 * An extra column is NR_COLUMN_ANY of nightreel/core_condition.h.
 *
 * For everybody. A video is no candidate, and takes no part in probabilities, where
 *   - it is published after now;
 *   - there is a list `allow` without it, or a list `deny` with it;
 *   - now is outside its window: before the time in available_from, after that in
 *     available_until (a date alone: after that day, UTC). No value: no end there; where
 *     now is NR_TIME_NONE all are available, as all are published;
 *   - its age_rating is above viewer_age; no value: for everybody;
 *   - its language is none of `languages`: "zh" is also zh-CN; no value: none of them;
 *   - a filter does not hold.
 * A time or an age (a number, also "12+") that cannot be read leaves the video out.
 *
 * For each user.
 *   course_order     a video with `prerequisites` (video_ids) waits until the user has
 *       watched them all; another one with `course` and `lesson` (a number) until the user
 *       has watched one of the course's videos with the next lower lesson. Watched: with a
 *       positive weight. Only candidates are waited for: what nobody may watch any more
 *       holds nobody up.
 *   difficulty_step  `difficulty` is a number, or beginner 初级 (1), intermediate 中级 (2),
 *       advanced 高级 (3). No video more than so many levels above the highest that the user
 *       has watched; who has watched none stands one below the lowest that there is. Videos
 *       without one are for everybody.
 *
 * Lists. From the ranking, best first, each video is taken unless
 *   - for a cap `column = most` the list has `most` videos with the same value (of a list of
 *     tags, actors, directors: with any of its values) already;
 *   - with duplicates_above S, it is like one that is listed: the mean of the cosines that
 *     mmr uses is above S (by more than rounding, 1e-6) and visual or audio is among them (by
 *     tags and titles alone two comedies would be one); or it is the same file by name, or by
 *     size, histogram and MFCC.
 * That is the greedy list over the whole ranking, however deep it goes. With mmr the
 * NR_MMR_POOL * k best are a pool, from which of what may be taken the greatest by mmr comes
 * next; where it has nothing left, the next pool are the NR_MMR_POOL * k best of those
 * behind it in the ranking that the caps still let in.
 *
 * Odd inputs. No candidates at all (an empty catalogue, filters that leave nothing): every
 * list is empty. Fewer than k: the list is short. A user without blocks, or with blocks of
 * zeros: popularity. A video without blocks scores 0 by the cosine. Equal scores: by
 * video_id. Numbers that are not finite: NR_ERR_DATA, naming the video and the block.
 */
#ifndef NIGHTREEL_MATCH_CANDIDATES_H
#define NIGHTREEL_MATCH_CANDIDATES_H

#include "nightreel/core.h"
#include "nightreel/record.h"

#define NR_FILTERS_MAX 32
#define NR_CAPS_MAX    8

struct nr_candidate_params {
    const char *filters[NR_FILTERS_MAX]; /* conditions, all of which must hold; borrowed */
    size_t filter_count;
    const char *preset_filter;             /* where there is no other; NULL: none */
    const char *languages;                 /* "zh,en"; NULL: any */
    const struct nr_strings *allow, *deny; /* by id; NULL: no such list */
    const char *available_from;            /* columns; NULL: those of these names, where there are such */
    const char *available_until;
    double viewer_age; /* years; NAN: no limit */
    bool course_order;
    double difficulty_step; /* above 0; NAN: no limit */
};

/* The list of people whom nobody knows, and of users in `users` without a record: by the
 * record of this user (declared interests of "*"), where there is one, else by popularity. */
#define NR_ANYBODY "*"

struct nr_cap {
    const char *column; /* borrowed, not terminated */
    size_t length, most;
};
struct nr_list_params {
    struct nr_cap caps[NR_CAPS_MAX];
    size_t cap_count;
    bool caps_optional;      /* a preset's: those on columns that the catalogue lacks do not count */
    double duplicates_above; /* above 0, at most 1 (then only the same file is one); NAN: off */
    /* By id, each once: only these are ranked; NULL: all records. All is as it is among all
     * users, but for the last bits of a probability with some BLAS kernels. */
    const struct nr_strings *users;
    bool anonymous; /* a list for NR_ANYBODY too */
};

/* Why a video is no candidate, for anybody; the first of these that is true. */
enum nr_left_out {
    NR_OUT_UNPUBLISHED,
    NR_OUT_ALLOW,
    NR_OUT_DENY,
    NR_OUT_WINDOW,
    NR_OUT_AGE,
    NR_OUT_LANGUAGE,
    NR_OUT_FILTER,
    NR_OUT_COUNT
};
extern const char *const nr_left_out_names[NR_OUT_COUNT]; /* "not published yet", ... */

/* What the catalogue says and nobody can read. */
enum nr_doubt_kind {
    NR_DOUBT_FROM,
    NR_DOUBT_UNTIL,
    NR_DOUBT_AGE,
    NR_DOUBT_LESSON,
    NR_DOUBT_DIFFICULTY,
    NR_DOUBT_PREREQUISITE, /* no candidate has that id */
    NR_DOUBT_COUNT
};
extern const char *const nr_doubt_names[NR_DOUBT_COUNT]; /* what is said of them */
struct nr_doubt {
    size_t count;
    const char *video_id, *value; /* the first, by video_id; borrowed from the items */
};

struct nr_match_notes {
    size_t left_out[NR_OUT_COUNT];
    struct nr_doubt doubts[NR_DOUBT_COUNT];
    bool no_course;     /* course_order, and no column to go by */
    bool no_difficulty; /* difficulty_step, likewise */
};

struct nr_match_params;

/* Adds a filter (once, however often it is given). NR_ERR_USAGE: not a condition; columns
 * are not looked at. */
enum nr_status nr_match_params_add_filter(struct nr_match_params *params, const char *text,
                                          struct nr_error *err) NR_MUST_CHECK;
/* "author=2,genre=5", in place of the caps before; "none": no caps. */
enum nr_status nr_match_params_set_caps(struct nr_match_params *params, const char *text,
                                        struct nr_error *err) NR_MUST_CHECK;
/* Whether the catalogue has the columns that are asked for; NR_ERR_USAGE names those it
 * has. Ranking says the same, but after everything that comes before it. An empty catalogue
 * has every column. */
enum nr_status nr_match_columns_check(const struct nr_match_params *params, const struct nr_item_list *items,
                                      struct nr_error *err) NR_MUST_CHECK;

#endif
