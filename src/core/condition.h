/* condition.h - a parsed condition. Private to core. */
#ifndef NR_CORE_CONDITION_H
#define NR_CORE_CONDITION_H

#include "nightreel/core_condition.h"

enum nr_condition_kind { NR_CONDITION_AND, NR_CONDITION_OR, NR_CONDITION_NOT, NR_CONDITION_COMPARE, NR_CONDITION_HAS };
/* `in` is a comparison for equality with several values, `not in` for inequality. */
enum nr_operator { NR_EQUAL, NR_UNEQUAL, NR_LESS, NR_AT_MOST, NR_MORE, NR_AT_LEAST, NR_OPERATOR_COUNT };

enum nr_literal_kind { NR_LITERAL_NUMBER, NR_LITERAL_TIME, NR_LITERAL_TEXT };
struct nr_literal {
    enum nr_literal_kind kind;
    bool from_now;    /* a time: `number` is added to now */
    double number;    /* also of a choice and of a time (ms) */
    const char *text; /* as it was written */
};

struct nr_condition_node {
    enum nr_condition_kind kind;
    const struct nr_condition_node *left, *right; /* of and, or, not (left) */
    size_t column;
    enum nr_column_kind column_kind;
    enum nr_operator op; /* of has: equal, or unequal for `not has` */
    struct nr_literal *literals;
    size_t count;
};

struct nr_condition {
    struct nr_arena mem;
    const struct nr_condition_node *root;
};

#endif
