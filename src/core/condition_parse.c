/* condition_parse.c - a small recursive-descent parser. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/condition.h"

#include "core/banned.h"

enum { DEPTH_MAX = 64, WHAT_MAX = 900 };

static const char *const operator_names[NR_OPERATOR_COUNT] = {"==", "!=", "<", "<=", ">", ">="};

/* ---- words ---------------------------------------------------------------------------- */

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_TEXT, TOKEN_SYMBOL };

struct parser {
    const struct nr_condition_syntax *syntax;
    struct nr_condition *condition;
    const char *text, *at;
    enum token_kind kind; /* of the next token */
    const char *token;
    size_t length;
    int depth;
    struct nr_error *err;
};

static size_t characters(const char *text, const char *to)
{
    size_t length = (size_t)(to - text), at = 0, count = 1;
    for (; at < length; count++)
        nr_utf8_next(text, length, &at);
    return count;
}

static enum nr_status refuse(const struct parser *parser, const char *what)
{
    const char *who = parser->syntax->what;
    bool end = parser->kind == TOKEN_END;
    return nr_fail(parser->err, NR_ERR_USAGE, "%s%s'%s': %s at %s%.*s%s (character %zu)", who ? who : "",
                   who ? " " : "", parser->text, what, end ? "the " : "'", (int)(end ? 3 : parser->length),
                   end ? "end" : parser->token, end ? "" : "'", characters(parser->text, parser->token));
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

static bool spells(const struct parser *parser, const char *text)
{
    return parser->length == strlen(text) && strncasecmp(parser->token, text, parser->length) == 0;
}

static bool is(const struct parser *parser, enum token_kind kind, const char *text)
{
    return parser->kind == kind && spells(parser, text);
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

/* ---- values ------------------------------------------------------------------------------ */

/* "+2d", "-90m": ms. */
static bool parse_span(const char *text, size_t length, double *ms)
{
    static const struct {
        char unit;
        double seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 7 * 86400.0}};
    double count;
    if (length < 3 || (*text != '+' && *text != '-') || !isdigit((unsigned char)text[1]) ||
        !nr_parse_double(text + 1, length - 2, &count))
        return false;
    for (size_t i = 0; i < NR_COUNT(units); i++)
        if (tolower((unsigned char)text[length - 1]) == units[i].unit) {
            *ms = (*text == '-' ? -1000 : 1000) * units[i].seconds * count;
            return true;
        }
    return false;
}

/* "now", "now-30d", "now - 30d". */
static enum nr_status parse_now(struct parser *parser, struct nr_literal *literal)
{
    char span[32];
    literal->kind = NR_LITERAL_TIME;
    literal->from_now = true;
    if (parser->length > 3) {
        if (!parse_span(parser->token + 3, parser->length - 3, &literal->number))
            return refuse(parser, "expected now, or now-30d (units: s, m, h, d, w)");
        return advance(parser);
    }
    enum nr_status status = advance(parser);
    if (status || parser->kind != TOKEN_WORD || (*parser->token != '+' && *parser->token != '-'))
        return status;
    snprintf(span, sizeof span, "%.*s", (int)parser->length, parser->token);
    if (parser->length == 1) {
        status = advance(parser);
        if (!status)
            snprintf(span + 1, sizeof span - 1, "%.*s", (int)parser->length, parser->token);
    }
    if (!status && !parse_span(span, strlen(span), &literal->number))
        return refuse(parser, "expected a span as 30d (units: s, m, h, d, w)");
    return status ? status : advance(parser);
}

static bool is_now(const struct parser *parser)
{
    return parser->kind == TOKEN_WORD && parser->length >= 3 && strncasecmp(parser->token, "now", 3) == 0 &&
           (parser->length == 3 || parser->token[3] == '+' || parser->token[3] == '-');
}

/* A time that is no bare number. */
static bool is_date(const struct parser *parser, int64_t *ms)
{
    double number;
    return !nr_parse_double(parser->token, parser->length, &number) && nr_time_parse(parser->token, parser->length, ms);
}

/* What a value of that kind is, or why it is none. */
static const char *read_literal(const struct parser *parser, enum nr_column_kind kind,
                                bool (*choice)(const char *, int *), struct nr_literal *literal)
{
    int64_t ms = 0;
    int number;
    literal->kind = NR_LITERAL_TEXT;
    switch (kind) {
    case NR_COLUMN_NUMBER:
        literal->kind = NR_LITERAL_NUMBER;
        return nr_parse_double(parser->token, parser->length, &literal->number) ? NULL : "expected a number";
    case NR_COLUMN_TIME:
        literal->kind = NR_LITERAL_TIME;
        if (!nr_time_parse(parser->token, parser->length, &ms))
            return "expected a time";
        break;
    case NR_COLUMN_CHOICE:
        literal->kind = NR_LITERAL_NUMBER;
        if (!choice(literal->text, &number))
            return "expected one of the column's values";
        literal->number = number;
        return NULL;
    case NR_COLUMN_ANY:
        if (parser->kind == TOKEN_WORD && nr_parse_double(parser->token, parser->length, &literal->number))
            literal->kind = NR_LITERAL_NUMBER;
        else if (is_date(parser, &ms))
            literal->kind = NR_LITERAL_TIME;
        break;
    default:
        break;
    }
    if (literal->kind == NR_LITERAL_TIME)
        literal->number = (double)ms;
    return NULL;
}

static enum nr_status parse_value(struct parser *parser, const struct nr_column *column, struct nr_literal *literal)
{
    if (parser->kind != TOKEN_WORD && parser->kind != TOKEN_TEXT)
        return refuse(parser, column->kind == NR_COLUMN_NUMBER ? "expected a number"
                              : column->kind == NR_COLUMN_TIME ? "expected a time"
                                                               : "expected a value");
    literal->text = nr_arena_strndup(&parser->condition->mem, parser->token, parser->length);
    if (!literal->text)
        return nr_fail_nomem(parser->err, "a condition");
    if ((column->kind == NR_COLUMN_TIME || column->kind == NR_COLUMN_ANY) && is_now(parser))
        return parse_now(parser, literal);
    const char *wrong = read_literal(parser, column->kind, column->choice, literal);
    return wrong ? refuse(parser, wrong) : advance(parser);
}

/* ---- grammar ---------------------------------------------------------------------------- */

static enum nr_status parse_condition(struct parser *parser, struct nr_condition_node **out);

static enum nr_status new_node(struct parser *parser, enum nr_condition_kind kind, size_t literals,
                               struct nr_condition_node **out)
{
    struct nr_arena *mem = &parser->condition->mem;
    *out = nr_arena_alloc(mem, 1, sizeof **out);
    if (*out && literals)
        (*out)->literals = nr_arena_alloc(mem, literals, sizeof *(*out)->literals);
    if (mem->failed)
        return nr_fail_nomem(parser->err, "a condition");
    (*out)->kind = kind;
    return NR_OK;
}

static enum nr_status parse_list(struct parser *parser, const struct nr_column *column, size_t room,
                                 struct nr_condition_node *node)
{
    enum nr_status status = expect(parser, TOKEN_SYMBOL, "(");
    while (!status) {
        if (node->count == room)
            status = refuse(parser, "unexpected text");
        else
            status = parse_value(parser, column, &node->literals[node->count++]);
        if (status || !is(parser, TOKEN_SYMBOL, ","))
            break;
        status = advance(parser);
    }
    return status ? status : expect(parser, TOKEN_SYMBOL, ")");
}

static enum nr_status parse_operator(struct parser *parser, enum nr_operator *op)
{
    if (is(parser, TOKEN_SYMBOL, "=")) {
        *op = NR_EQUAL;
        return advance(parser);
    }
    for (size_t i = 0; i < NR_OPERATOR_COUNT; i++)
        if (is(parser, TOKEN_SYMBOL, operator_names[i])) {
            *op = (enum nr_operator)i;
            return advance(parser);
        }
    return refuse(parser, "expected a comparison (= != < <= > >= in has)");
}

/* What stands behind the column: COMPARISON VALUE, in (...), has VALUE. */
static enum nr_status parse_rest(struct parser *parser, const struct nr_column *column, size_t room,
                                 struct nr_condition_node *node)
{
    bool lists = column->kind == NR_COLUMN_LIST, negated = is(parser, TOKEN_WORD, "not");
    enum nr_status status = negated ? advance(parser) : NR_OK;
    node->op = negated ? NR_UNEQUAL : NR_EQUAL;
    if (!status && is(parser, TOKEN_WORD, "in")) {
        node->kind = lists ? NR_CONDITION_HAS : NR_CONDITION_COMPARE;
        status = advance(parser);
        return status ? status : parse_list(parser, column, room, node);
    }
    if (!status && is(parser, TOKEN_WORD, "has")) {
        if (!lists && column->kind != NR_COLUMN_TEXT && column->kind != NR_COLUMN_ANY)
            return refuse(parser, "numbers and times are compared, they have nothing");
        /* what an element is looks like no number to be compared with */
        struct nr_column words = {.kind = NR_COLUMN_TEXT};
        node->kind = NR_CONDITION_HAS;
        status = advance(parser);
        return status ? status : parse_value(parser, &words, &node->literals[node->count++]);
    }
    if (!status && (negated || lists))
        return refuse(parser, negated ? "expected 'in' or 'has'" : "expected 'has' or 'in': the column holds a list");
    if (!status)
        status = parse_operator(parser, &node->op);
    if (!status && column->kind == NR_COLUMN_CHOICE && node->op != NR_EQUAL && node->op != NR_UNEQUAL)
        return refuse(parser, "the column's values have no order");
    return status ? status : parse_value(parser, column, &node->literals[node->count++]);
}

static enum nr_status refuse_column(const struct parser *parser)
{
    char what[WHAT_MAX];
    struct nr_buf names = {0};
    const char *between = "";
    for (size_t i = 0; i < parser->syntax->count; i++) {
        if (parser->syntax->columns[i].hidden)
            continue;
        nr_buf_printf(&names, "%s%s", between, parser->syntax->columns[i].name);
        between = ", ";
    }
    snprintf(what, sizeof what, "expected a column (%s)", names.data ? names.data : "there are none");
    nr_buf_release(&names);
    return refuse(parser, what);
}

static enum nr_status parse_field(struct parser *parser, struct nr_condition_node **out)
{
    const struct nr_condition_syntax *syntax = parser->syntax;
    static const struct nr_column any = {.kind = NR_COLUMN_ANY};
    struct nr_condition_node *node;
    size_t place = 0, room = 1;
    bool named = parser->kind == TOKEN_WORD || parser->kind == TOKEN_TEXT;
    while (place < syntax->count && !(named && spells(parser, syntax->columns[place].name)))
        place++;
    if (place == syntax->count && !(named && syntax->any_column))
        return refuse_column(parser);
    const struct nr_column *column = place < syntax->count ? &syntax->columns[place] : &any;
    for (const char *c = parser->at; *c; c++) /* at most that many values in a list */
        room += *c == ',';
    enum nr_status status = new_node(parser, NR_CONDITION_COMPARE, room, &node);
    if (!status)
        status = advance(parser);
    if (status)
        return status;
    node->column = place;
    node->column_kind = column->kind;
    *out = node;
    return parse_rest(parser, column, room, node);
}

static enum nr_status parse_negation(struct parser *parser, struct nr_condition_node **out);

static enum nr_status parse_test(struct parser *parser, struct nr_condition_node **out)
{
    enum nr_status status;
    if (++parser->depth > DEPTH_MAX)
        return refuse(parser, "nested too deeply");
    if (is(parser, TOKEN_WORD, "not")) {
        status = parse_negation(parser, out);
    } else if (is(parser, TOKEN_SYMBOL, "(")) {
        status = advance(parser);
        if (!status)
            status = parse_condition(parser, out);
        if (!status)
            status = expect(parser, TOKEN_SYMBOL, ")");
    } else {
        status = parse_field(parser, out);
    }
    parser->depth--;
    return status;
}

static enum nr_status parse_negation(struct parser *parser, struct nr_condition_node **out)
{
    struct nr_condition_node *inner;
    enum nr_status status = advance(parser);
    if (!status)
        status = parse_test(parser, &inner);
    if (!status)
        status = new_node(parser, NR_CONDITION_NOT, 0, out);
    if (!status)
        (*out)->left = inner;
    return status;
}

/* Operands joined by "and" or "or". */
static enum nr_status parse_joined(struct parser *parser, const char *word, enum nr_condition_kind kind,
                                   enum nr_status (*operand)(struct parser *, struct nr_condition_node **),
                                   struct nr_condition_node **out)
{
    enum nr_status status = operand(parser, out);
    while (!status && is(parser, TOKEN_WORD, word)) {
        struct nr_condition_node *joined, *right;
        status = advance(parser);
        if (!status)
            status = operand(parser, &right);
        if (!status)
            status = new_node(parser, kind, 0, &joined);
        if (status)
            break;
        joined->left = *out;
        joined->right = right;
        *out = joined;
    }
    return status;
}

static enum nr_status parse_both(struct parser *parser, struct nr_condition_node **out)
{
    return parse_joined(parser, "and", NR_CONDITION_AND, parse_test, out);
}

static enum nr_status parse_condition(struct parser *parser, struct nr_condition_node **out)
{
    return parse_joined(parser, "or", NR_CONDITION_OR, parse_both, out);
}

enum nr_status nr_condition_parse(const struct nr_condition_syntax *syntax, const char *text, struct nr_condition **out,
                                  struct nr_error *err)
{
    struct nr_condition_node *root = NULL;
    struct nr_condition *condition = calloc(1, sizeof *condition);
    if (!condition)
        return nr_fail_nomem(err, "a condition");
    struct parser parser = {.syntax = syntax, .condition = condition, .text = text, .at = text, .err = err};
    enum nr_status status = advance(&parser);
    if (!status)
        status = parse_condition(&parser, &root);
    if (!status && parser.kind != TOKEN_END)
        status = refuse(&parser, "expected and, or, or the end");
    if (status) {
        nr_condition_free(condition);
        return status;
    }
    condition->root = root;
    *out = condition;
    return NR_OK;
}

void nr_condition_free(struct nr_condition *condition)
{
    if (!condition)
        return;
    nr_arena_release(&condition->mem);
    free(condition);
}
