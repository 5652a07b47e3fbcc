/* condition_holds.c - a condition about a record. */
#include <math.h>
#include <string.h>

#include "core/condition.h"

#include "core/banned.h"

struct question {
    int64_t now;
    nr_column_get get;
    const void *ctx, *record;
};

static int sign(double a, double b)
{
    return (a > b) - (a < b);
}

/* Of a time: with now, where it depends on it; NAN where that is not known. */
static double literal_number(const struct nr_literal *literal, int64_t now)
{
    if (!literal->from_now)
        return literal->number;
    return now == NR_TIME_NONE ? NAN : (double)now + literal->number;
}

/* *order: below 0 where the record's value is less; false where they cannot be compared. */
static bool compare(const struct nr_column_value *value, enum nr_column_kind kind, const struct nr_literal *literal,
                    int64_t now, int *order)
{
    double mine = value->number, theirs = literal_number(literal, now);
    int64_t ms;
    if (kind == NR_COLUMN_TEXT || (kind == NR_COLUMN_ANY && literal->kind == NR_LITERAL_TEXT)) {
        *order = strcmp(value->text, literal->text);
        return true;
    }
    if (kind == NR_COLUMN_ANY && literal->kind == NR_LITERAL_NUMBER) {
        if (!nr_parse_double(value->text, strlen(value->text), &mine))
            return false;
    } else if (kind == NR_COLUMN_ANY) {
        if (!nr_time_parse(value->text, strlen(value->text), &ms))
            return false;
        mine = (double)ms;
    }
    *order = sign(mine, theirs);
    return !isnan(mine) && !isnan(theirs);
}

static bool passes(enum nr_operator op, int order)
{
    switch (op) {
    case NR_EQUAL:
        return order == 0;
    case NR_UNEQUAL:
        return order != 0;
    case NR_LESS:
        return order < 0;
    case NR_AT_MOST:
        return order <= 0;
    case NR_MORE:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool list_has(const struct nr_condition_node *node, const struct nr_strings *list)
{
    for (size_t i = 0; i < node->count; i++)
        if (nr_strings_contain(list, node->literals[i].text))
            return true;
    return false;
}

/* An element of the list that the text holds. */
static bool text_lists(const char *text, const char *wanted)
{
    const char *element;
    size_t at = 0, length = strlen(text), element_length, wanted_length = strlen(wanted);
    while (nr_list_next(text, length, &at, &element, &element_length))
        if (element_length == wanted_length && memcmp(element, wanted, wanted_length) == 0)
            return true;
    return false;
}

static bool has(const struct nr_condition_node *node, const struct nr_column_value *value)
{
    const char *wanted = node->literals[0].text;
    bool found = node->column_kind == NR_COLUMN_LIST  ? list_has(node, value->list)
                 : node->column_kind == NR_COLUMN_ANY ? text_lists(value->text, wanted)
                                                      : strstr(value->text, wanted) != NULL;
    return found == (node->op == NR_EQUAL);
}

static bool present(const struct nr_column_value *value, enum nr_column_kind kind)
{
    switch (kind) {
    case NR_COLUMN_TEXT:
    case NR_COLUMN_ANY:
        return value->text != NULL;
    case NR_COLUMN_LIST:
        return value->list && value->list->count;
    default:
        return !isnan(value->number);
    }
}

/* One value, or any (equal), or none (unequal) of several. */
static bool compares(const struct nr_condition_node *node, const struct nr_column_value *value, int64_t now)
{
    bool known = false;
    for (size_t i = 0; i < node->count; i++) {
        int order;
        if (!compare(value, node->column_kind, &node->literals[i], now, &order))
            continue;
        known = true;
        if (node->count == 1)
            return passes(node->op, order);
        if (order == 0)
            return node->op == NR_EQUAL;
    }
    return known && node->op == NR_UNEQUAL;
}

static bool holds(const struct nr_condition_node *node, const struct question *q)
{
    switch (node->kind) {
    case NR_CONDITION_AND:
        return holds(node->left, q) && holds(node->right, q);
    case NR_CONDITION_OR:
        return holds(node->left, q) || holds(node->right, q);
    case NR_CONDITION_NOT:
        return !holds(node->left, q);
    default:
        break;
    }
    struct nr_column_value value = q->get(q->ctx, q->record, node->column);
    if (!present(&value, node->column_kind))
        return false;
    return node->kind == NR_CONDITION_HAS ? has(node, &value) : compares(node, &value, q->now);
}

bool nr_condition_holds(const struct nr_condition *condition, int64_t now, nr_column_get get, const void *ctx,
                        const void *record)
{
    struct question question = {now, get, ctx, record};
    return holds(condition->root, &question);
}
