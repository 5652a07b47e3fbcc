/* rule.c - the relevance rule: a small recursive-descent parser and its evaluation. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "nightreel/eval.h"

#include "core/banned.h"

enum { DEPTH_MAX = 64 };

enum rule_kind { RULE_AND, RULE_OR, RULE_NOT, RULE_ACTION_IN, RULE_NUMBER_IN, RULE_COMPARE };
enum rule_field { FIELD_ACTION, FIELD_VALUE, FIELD_RATING, FIELD_WATCH, FIELD_TIME, FIELD_COUNT };
enum rule_operator { OP_EQUAL, OP_UNEQUAL, OP_LESS, OP_AT_MOST, OP_MORE, OP_AT_LEAST, OP_COUNT };

static const char *const field_names[FIELD_COUNT] = {"action", "value", "rating", "watch_seconds", "time"};
static const char *const operator_names[OP_COUNT] = {"==", "!=", "<", "<=", ">", ">="};

struct node {
    enum rule_kind kind;
    const struct node *left, *right; /* of and, or, not (left) */
    enum rule_field field;
    enum rule_operator op;
    double number;
    unsigned actions; /* RULE_ACTION_IN: a bit for each */
    double *numbers;  /* RULE_NUMBER_IN */
    size_t count;
};

struct nr_rule {
    struct nr_arena mem;
    const struct node *root;
};

/* ---- words ---------------------------------------------------------------------------- */

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_TEXT, TOKEN_SYMBOL };

struct parser {
    struct nr_rule *rule;
    const char *text, *at;
    enum token_kind kind; /* of the next token */
    const char *token;
    size_t length;
    int depth;
    struct nr_error *err;
};

static enum nr_status refuse(const struct parser *parser, const char *what)
{
    return nr_fail(parser->err, NR_ERR_USAGE, "rule '%s': %s at '%.*s' (character %zu)", parser->text, what,
                   (int)(parser->kind == TOKEN_END ? 3 : parser->length),
                   parser->kind == TOKEN_END ? "end" : parser->token, (size_t)(parser->token - parser->text) + 1);
}

static bool word_byte(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || strchr("_.+-:", c) != NULL;
}

static enum nr_status advance(struct parser *parser)
{
    const char *at = parser->at + strspn(parser->at, " \t\r\n");
    parser->token = at;
    parser->length = 1;
    if (*at == '\0') {
        parser->kind = TOKEN_END;
        parser->length = 0;
    } else if (*at == '\'' || *at == '"') {
        const char *end = strchr(at + 1, *at);
        parser->kind = TOKEN_TEXT;
        if (!end)
            return refuse(parser, "a quote without its end");
        parser->token = at + 1;
        parser->length = (size_t)(end - at - 1);
        parser->at = end + 1;
        return NR_OK;
    } else if (word_byte(*at)) {
        parser->kind = TOKEN_WORD;
        while (at[parser->length] && word_byte(at[parser->length]))
            parser->length++;
    } else {
        parser->kind = TOKEN_SYMBOL;
        if (strchr("=!<>", *at) && at[1] == '=')
            parser->length = 2;
    }
    parser->at = at + parser->length;
    return NR_OK;
}

static bool is(const struct parser *parser, enum token_kind kind, const char *text)
{
    return parser->kind == kind && parser->length == strlen(text) &&
           strncasecmp(parser->token, text, parser->length) == 0;
}

/* Takes the next token where it is this one. */
static enum nr_status expect(struct parser *parser, enum token_kind kind, const char *text)
{
    char what[64];
    if (is(parser, kind, text))
        return advance(parser);
    snprintf(what, sizeof what, "expected '%s'", text);
    return refuse(parser, what);
}

/* ---- grammar ---------------------------------------------------------------------------- */

static enum nr_status parse_rule(struct parser *parser, struct node **out);

static enum nr_status new_node(struct parser *parser, enum rule_kind kind, struct node **out)
{
    *out = nr_arena_alloc(&parser->rule->mem, 1, sizeof **out);
    if (!*out)
        return nr_fail_nomem(parser->err, "a rule");
    (*out)->kind = kind;
    return NR_OK;
}

static enum nr_status parse_action(struct parser *parser, unsigned *actions)
{
    char *name = nr_arena_strndup(&parser->rule->mem, parser->token, parser->length);
    enum nr_action action;
    if (!name)
        return nr_fail_nomem(parser->err, "a rule");
    if ((parser->kind != TOKEN_WORD && parser->kind != TOKEN_TEXT) || !nr_action_find(name, &action))
        return refuse(parser, "expected an action");
    *actions |= 1U << action;
    return advance(parser);
}

static enum nr_status parse_number(struct parser *parser, enum rule_field field, double *number)
{
    int64_t ms;
    bool value = parser->kind == TOKEN_WORD || parser->kind == TOKEN_TEXT;
    if (value && field == FIELD_TIME && nr_time_parse(parser->token, parser->length, &ms)) {
        *number = (double)ms;
        return advance(parser);
    }
    if (!value || field == FIELD_TIME || !nr_parse_double(parser->token, parser->length, number))
        return refuse(parser, field == FIELD_TIME ? "expected a time" : "expected a number");
    return advance(parser);
}

static enum nr_status parse_list(struct parser *parser, struct node *node)
{
    size_t room = 1;
    for (const char *c = parser->at; *c && *c != ')'; c++)
        room += *c == ',';
    node->numbers = nr_arena_alloc(&parser->rule->mem, room, sizeof *node->numbers);
    if (!node->numbers)
        return nr_fail_nomem(parser->err, "a rule");
    enum nr_status status = expect(parser, TOKEN_SYMBOL, "(");
    while (!status) {
        if (node->field == FIELD_ACTION)
            status = parse_action(parser, &node->actions);
        else if (node->count < room)
            status = parse_number(parser, node->field, &node->numbers[node->count++]);
        else
            status = refuse(parser, "unexpected text");
        if (status || !is(parser, TOKEN_SYMBOL, ","))
            break;
        status = advance(parser);
    }
    return status ? status : expect(parser, TOKEN_SYMBOL, ")");
}

static enum nr_status parse_operator(struct parser *parser, enum rule_operator *op)
{
    if (is(parser, TOKEN_SYMBOL, "=")) {
        *op = OP_EQUAL;
        return advance(parser);
    }
    for (size_t i = 0; i < OP_COUNT; i++)
        if (is(parser, TOKEN_SYMBOL, operator_names[i])) {
            *op = (enum rule_operator)i;
            return advance(parser);
        }
    return refuse(parser, "expected a comparison");
}

static enum nr_status negate(struct parser *parser, struct node **node)
{
    struct node *outer;
    enum nr_status status = new_node(parser, RULE_NOT, &outer);
    if (!status) {
        outer->left = *node;
        *node = outer;
    }
    return status;
}

static enum nr_status parse_comparison(struct parser *parser, struct node *node, struct node **out)
{
    enum nr_status status = parse_operator(parser, &node->op);
    *out = node;
    if (status || node->field != FIELD_ACTION)
        return status ? status : parse_number(parser, node->field, &node->number);
    if (node->op != OP_EQUAL && node->op != OP_UNEQUAL)
        return refuse(parser, "actions have no order");
    node->kind = RULE_ACTION_IN;
    status = parse_action(parser, &node->actions);
    if (!status && node->op == OP_UNEQUAL)
        node->actions = ~node->actions;
    return status;
}

static enum nr_status parse_field(struct parser *parser, struct node **out)
{
    struct node *node;
    size_t field = 0;
    while (field < FIELD_COUNT && !is(parser, TOKEN_WORD, field_names[field]))
        field++;
    if (field == FIELD_COUNT)
        return refuse(parser, "expected action, value, rating, watch_seconds or time");
    enum nr_status status = new_node(parser, RULE_COMPARE, &node);
    if (!status)
        status = advance(parser);
    if (status)
        return status;
    node->field = (enum rule_field)field;
    bool negated = is(parser, TOKEN_WORD, "not");
    if (negated)
        status = advance(parser);
    if (status || (!negated && !is(parser, TOKEN_WORD, "in")))
        return status ? status : parse_comparison(parser, node, out);
    node->kind = node->field == FIELD_ACTION ? RULE_ACTION_IN : RULE_NUMBER_IN;
    node->op = negated ? OP_UNEQUAL : OP_EQUAL;
    status = expect(parser, TOKEN_WORD, "in");
    if (!status)
        status = parse_list(parser, node);
    if (negated)
        node->actions = ~node->actions;
    *out = node;
    return status;
}

static enum nr_status parse_test(struct parser *parser, struct node **out)
{
    enum nr_status status;
    if (++parser->depth > DEPTH_MAX)
        return refuse(parser, "nested too deeply");
    if (is(parser, TOKEN_WORD, "not")) {
        status = advance(parser);
        if (!status)
            status = parse_test(parser, out);
        if (!status)
            status = negate(parser, out);
    } else if (is(parser, TOKEN_SYMBOL, "(")) {
        status = advance(parser);
        if (!status)
            status = parse_rule(parser, out);
        if (!status)
            status = expect(parser, TOKEN_SYMBOL, ")");
    } else {
        status = parse_field(parser, out);
    }
    parser->depth--;
    return status;
}

/* Operands joined by "and" or "or". */
static enum nr_status parse_joined(struct parser *parser, const char *word, enum rule_kind kind,
                                   enum nr_status (*operand)(struct parser *, struct node **), struct node **out)
{
    enum nr_status status = operand(parser, out);
    while (!status && is(parser, TOKEN_WORD, word)) {
        struct node *joined, *right;
        status = advance(parser);
        if (!status)
            status = operand(parser, &right);
        if (!status)
            status = new_node(parser, kind, &joined);
        if (status)
            break;
        joined->left = *out;
        joined->right = right;
        *out = joined;
    }
    return status;
}

static enum nr_status parse_both(struct parser *parser, struct node **out)
{
    return parse_joined(parser, "and", RULE_AND, parse_test, out);
}

static enum nr_status parse_rule(struct parser *parser, struct node **out)
{
    return parse_joined(parser, "or", RULE_OR, parse_both, out);
}

enum nr_status nr_rule_parse(const char *text, struct nr_rule **out, struct nr_error *err)
{
    struct node *root = NULL;
    struct nr_rule *rule = calloc(1, sizeof *rule);
    if (!rule)
        return nr_fail_nomem(err, "a rule");
    struct parser parser = {.rule = rule, .text = text, .at = text, .err = err};
    enum nr_status status = advance(&parser);
    if (!status)
        status = parse_rule(&parser, &root);
    if (!status && parser.kind != TOKEN_END)
        status = refuse(&parser, "unexpected text");
    if (status) {
        nr_rule_free(rule);
        return status;
    }
    rule->root = root;
    *out = rule;
    return NR_OK;
}

void nr_rule_free(struct nr_rule *rule)
{
    if (!rule)
        return;
    nr_arena_release(&rule->mem);
    free(rule);
}

/* ---- evaluation ----------------------------------------------------------------------------- */

/* NAN where the event does not have the field. */
static double field_of(const struct nr_event *event, enum rule_field field)
{
    switch (field) {
    case FIELD_VALUE:
        return event->value;
    case FIELD_RATING:
        return event->action == NR_ACTION_RATING ? event->value : NAN;
    case FIELD_WATCH:
        return event->watch_seconds;
    case FIELD_TIME:
        return event->time == NR_TIME_NONE ? NAN : (double)event->time;
    default:
        return NAN;
    }
}

static bool compare(double value, enum rule_operator op, double with)
{
    switch (op) {
    case OP_EQUAL:
        return value == with;
    case OP_UNEQUAL:
        return value < with || value > with; /* not `!=`: that is true of NAN */
    case OP_LESS:
        return value < with;
    case OP_AT_MOST:
        return value <= with;
    case OP_MORE:
        return value > with;
    default:
        return value >= with;
    }
}

static bool in_list(const struct node *node, double value)
{
    for (size_t i = 0; i < node->count; i++)
        if (value == node->numbers[i])
            return node->op == OP_EQUAL;
    return node->op == OP_UNEQUAL && !isnan(value);
}

static bool passes(const struct node *node, const struct nr_event *event)
{
    switch (node->kind) {
    case RULE_AND:
        return passes(node->left, event) && passes(node->right, event);
    case RULE_OR:
        return passes(node->left, event) || passes(node->right, event);
    case RULE_NOT:
        return !passes(node->left, event);
    case RULE_ACTION_IN:
        return node->actions >> event->action & 1;
    case RULE_NUMBER_IN:
        return in_list(node, field_of(event, node->field));
    default:
        return compare(field_of(event, node->field), node->op, node->number);
    }
}

bool nr_rule_passes(const struct nr_rule *rule, const struct nr_event *event)
{
    return passes(rule->root, event);
}
