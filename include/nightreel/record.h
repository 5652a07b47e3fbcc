/* nightreel/record.h - the structs in which data meets: events, items, users,
 * rankings, and their JSON Lines. Rooms in the middle never include one another;
 * they exchange these.
 *
 * Ownership: every string and array of a record lives in that record's arena
 * and goes with it. The JSON schemas are data/schema/<record>.schema.json.
 */
#ifndef NIGHTREEL_RECORD_H
#define NIGHTREEL_RECORD_H

#include "nightreel/core.h"

/* ---- events: what people did --------------------------------------------- */

enum nr_action {
    NR_ACTION_VIEW,
    NR_ACTION_LIKE,
    NR_ACTION_COMMENT,
    NR_ACTION_SHARE,
    NR_ACTION_FAVORITE,
    NR_ACTION_DISLIKE,
    NR_ACTION_RATING,
    NR_ACTION_SEARCH,
    NR_ACTION_COMPLETE,
    NR_ACTION_ANSWER,
    NR_ACTION_COUNT
};

/* English and Chinese names; NULL-free table indexed by enum nr_action. */
struct nr_action_name {
    const char *name;
    const char *name_zh;
};
extern const struct nr_action_name nr_action_names[NR_ACTION_COUNT];
/* By either name, ASCII case ignored; false where unknown. */
bool nr_action_find(const char *text, enum nr_action *out);

struct nr_event {
    const char *user_id;
    const char *video_id; /* "" for a search */
    enum nr_action action;
    double value;         /* rating, count, ...; NAN where none */
    int64_t time;         /* ms since the epoch; NR_TIME_NONE where unknown */
    double watch_seconds; /* NAN where unknown */
    const char *comment;  /* comment or search text; NULL where none */
    double sentiment;     /* of a comment's text, -1..1; NAN: not looked at yet; 0 where there is none */
};

struct nr_event_log {
    struct nr_arena mem;
    struct nr_event *events; /* malloc'ed */
    size_t count, capacity;
    struct nr_intern ids; /* each user_id and video_id is in `mem` once */
};
void nr_event_log_release(struct nr_event_log *log);
enum nr_status nr_event_log_add(struct nr_event_log *log, const struct nr_event *event,
                                struct nr_error *err) NR_MUST_CHECK; /* copies the strings; equal ids are one */

/* Declared interests of a user, best first. */
struct nr_declared {
    const char *user_id;
    struct nr_strings tags;
};
struct nr_declared_list {
    struct nr_arena mem;
    struct nr_declared *entries; /* malloc'ed */
    size_t count, capacity;
};
void nr_declared_list_release(struct nr_declared_list *list);

/* ---- blocks: one vector per modality --------------------------------------- */

enum nr_block_id {
    NR_BLOCK_VISUAL,
    NR_BLOCK_AUDIO,
    NR_BLOCK_TEXT,
    NR_BLOCK_TAGS,
    NR_BLOCK_BEHAVIOUR,
    NR_BLOCK_SEMANTIC,
    NR_BLOCK_COUNT
};

/* How the catalogue's statistics are applied before the L2 norm. */
enum nr_block_kind {
    NR_BLOCK_STANDARDISED, /* dense: centred, divided by a shrunken deviation */
    NR_BLOCK_CENTRED,      /* dense: centred only */
    NR_BLOCK_SPARSE,       /* named weights, neither */
};
struct nr_block_def {
    const char *name; /* the key in records, parts and --weights */
    enum nr_block_kind kind;
};
extern const struct nr_block_def nr_block_defs[NR_BLOCK_COUNT];
bool nr_block_find(const char *name, size_t length, enum nr_block_id *out);

struct nr_term {
    const char *name;
    double weight;
};
/* Named weights, sorted by name (bytewise), no name twice. */
struct nr_terms {
    struct nr_term *items;
    size_t count;
};
/* Two struct nr_term by name, for qsort and bsearch. */
int nr_term_compare(const void *a, const void *b);
double nr_terms_dot(const struct nr_terms *a, const struct nr_terms *b); /* names in both; summed in their order */

/* Absent: no values and no terms. Present vectors have L2 norm 1, or are all 0. */
struct nr_block {
    float *values; /* dense */
    size_t length;
    struct nr_terms terms; /* sparse: "genre:科幻", "actor:...", "director:..." */
};
bool nr_block_present(const struct nr_block *block);

enum nr_tag_kind { NR_TAG_GENRE, NR_TAG_ACTOR, NR_TAG_DIRECTOR, NR_TAG_KIND_COUNT };
extern const char *const nr_tag_kind_names[NR_TAG_KIND_COUNT];

#include "nightreel/record_item.h"

#endif
