/* nightreel/core_condition.h - conditions on records, as people write them: which events
 * count (--positive), which videos may be recommended (--filter).
 *
 *   condition := both { "or" both }
 *   both      := test { "and" test }
 *   test      := "not" test | "(" condition ")"
 *              | COLUMN ( "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" ) VALUE
 *              | COLUMN [ "not" ] "in" "(" VALUE { "," VALUE } ")"
 *              | COLUMN [ "not" ] "has" VALUE
 *   COLUMN    := a word, or a name in '...' or "..."
 *   VALUE     := a word, a number, or text in '...' or "..."
 *              | "now" [ ( "+" | "-" ) N ( "s" | "m" | "h" | "d" | "w" ) ]   where a time is wanted
 *
 * A word is made of letters, digits, _ . + - : and everything beyond ASCII. Words of the
 * language and names of columns are taken without regard to ASCII case, values are not.
 *
 * A comparison with a column that the record does not have is false, whatever the operator:
 * so is `tags not has x` of a video without tags, and `not tags has x` is true.
 */
#ifndef NIGHTREEL_CORE_CONDITION_H
#define NIGHTREEL_CORE_CONDITION_H

#include "nightreel/core.h"

enum nr_column_kind {
    NR_COLUMN_NUMBER, /* = != < <= > >= in */
    NR_COLUMN_TIME,   /* the same; ISO 8601, epoch seconds, or now */
    NR_COLUMN_CHOICE, /* one of named numbers: = != in */
    NR_COLUMN_TEXT,   /* = < ... bytewise; has: the text holds it */
    NR_COLUMN_LIST,   /* has: an element is it; in: one of them is an element */
    /* Text whose meaning the value tells: a bare number compares with it as a number, a
     * time (but for bare numbers) as a time, all else as text; where the text is no number,
     * no time, the comparison is false. has: an element of the list that it holds
     * (nr_list_next) is it. */
    NR_COLUMN_ANY,
    NR_COLUMN_KIND_COUNT
};

struct nr_column {
    const char *name;
    enum nr_column_kind kind;
    bool (*choice)(const char *name, int *out); /* NR_COLUMN_CHOICE: the number of a name */
    bool hidden;                                /* another name of a column: not listed in messages */
};

struct nr_condition_syntax {
    const char *what; /* begins messages: "rule" "filter"; NULL: nothing */
    const struct nr_column *columns;
    size_t count;
    bool any_column; /* unknown ones are taken for NR_COLUMN_ANY: to check what is written, no more */
};

/* What a record has in a column; of the three, by the column's kind: */
struct nr_column_value {
    double number;                 /* number, time (ms), choice; NAN: none */
    const char *text;              /* text, any; NULL: none */
    const struct nr_strings *list; /* list; NULL or empty: none */
};
/* `column` is its place in the syntax. */
typedef struct nr_column_value (*nr_column_get)(const void *ctx, const void *record, size_t column);

struct nr_condition;
/* NR_ERR_USAGE says where in the text, what was expected, and which columns there are. The
 * columns need not outlive the call. */
enum nr_status nr_condition_parse(const struct nr_condition_syntax *syntax, const char *text, struct nr_condition **out,
                                  struct nr_error *err) NR_MUST_CHECK;
void nr_condition_free(struct nr_condition *condition);
/* `now` in ms; with NR_TIME_NONE a comparison with now is false. */
bool nr_condition_holds(const struct nr_condition *condition, int64_t now, nr_column_get get, const void *ctx,
                        const void *record);

#endif
