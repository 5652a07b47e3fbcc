/* rule.c - the relevance rule: conditions on events. */
#include <math.h>
#include <stdlib.h>

#include "nightreel/core_condition.h"
#include "nightreel/eval.h"

#include "core/banned.h"

struct nr_rule {
    struct nr_condition *condition;
};

static bool find_action(const char *name, int *out)
{
    enum nr_action action;
    if (!nr_action_find(name, &action))
        return false;
    *out = (int)action;
    return true;
}

enum rule_column { COLUMN_ACTION, COLUMN_VALUE, COLUMN_RATING, COLUMN_WATCH, COLUMN_TIME, COLUMN_COUNT };

static const struct nr_column columns[COLUMN_COUNT] = {
    [COLUMN_ACTION] = {"action", NR_COLUMN_CHOICE, find_action, false},
    [COLUMN_VALUE] = {"value", NR_COLUMN_NUMBER, NULL, false},
    [COLUMN_RATING] = {"rating", NR_COLUMN_NUMBER, NULL, false},
    [COLUMN_WATCH] = {"watch_seconds", NR_COLUMN_NUMBER, NULL, false},
    [COLUMN_TIME] = {"time", NR_COLUMN_TIME, NULL, false},
};

enum nr_status nr_rule_parse(const char *text, struct nr_rule **out, struct nr_error *err)
{
    static const struct nr_condition_syntax syntax = {"rule", columns, COLUMN_COUNT, false};
    struct nr_rule *rule = calloc(1, sizeof *rule);
    if (!rule)
        return nr_fail_nomem(err, "a rule");
    enum nr_status status = nr_condition_parse(&syntax, text, &rule->condition, err);
    if (status)
        nr_rule_free(rule);
    else
        *out = rule;
    return status;
}

void nr_rule_free(struct nr_rule *rule)
{
    if (!rule)
        return;
    nr_condition_free(rule->condition);
    free(rule);
}

static struct nr_column_value get(const void *ctx, const void *record, size_t column)
{
    const struct nr_event *event = record;
    struct nr_column_value value = {NAN, NULL, NULL};
    (void)ctx;
    if (column == COLUMN_ACTION)
        value.number = event->action;
    else if (column == COLUMN_VALUE || (column == COLUMN_RATING && event->action == NR_ACTION_RATING))
        value.number = event->value;
    else if (column == COLUMN_WATCH)
        value.number = event->watch_seconds;
    else if (column == COLUMN_TIME && event->time != NR_TIME_NONE)
        value.number = (double)event->time;
    return value;
}

bool nr_rule_passes(const struct nr_rule *rule, const struct nr_event *event)
{
    return nr_condition_holds(rule->condition, NR_TIME_NONE, get, NULL, event);
}
