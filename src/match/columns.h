/* columns.h - what a catalogue can be asked for: its own columns, those that the records
 * keep, what the descriptions say. Private to match. */
#ifndef NR_MATCH_COLUMNS_H
#define NR_MATCH_COLUMNS_H

#include "nightreel/core_condition.h"
#include "nightreel/match.h"

struct nr_match_columns {
    struct nr_column *columns; /* the first of a name counts */
    size_t count, extra_first, extra_count;
    bool any; /* an empty catalogue: every column is there, and nothing in it */
};

/* Borrows the names from the items. */
enum nr_status nr_match_columns_init(struct nr_match_columns *columns, const struct nr_item_list *items,
                                     struct nr_error *err) NR_MUST_CHECK;
void nr_match_columns_release(struct nr_match_columns *columns);
/* The place of a column, ASCII case ignored, or SIZE_MAX. */
size_t nr_match_columns_find(const struct nr_match_columns *columns, const char *name, size_t length);
/* NR_ERR_USAGE: "OPTION: no column is called 'NAME' (there are ...)". */
enum nr_status nr_match_columns_refuse(const struct nr_match_columns *columns, const char *option, const char *name,
                                       size_t length, struct nr_error *err);
/* `ctx`: the columns, `record`: a struct nr_item (nr_column_get). */
struct nr_column_value nr_match_columns_get(const void *ctx, const void *record, size_t column);
/* What a video has in an extra column of that place, or NULL, also for SIZE_MAX. */
const char *nr_match_columns_text(const struct nr_match_columns *columns, const struct nr_item *item, size_t column);

/* Counts a doubt, and keeps the first. */
void nr_match_doubt(struct nr_match_notes *notes, enum nr_doubt_kind kind, const struct nr_item *item,
                    const char *value);

#endif
