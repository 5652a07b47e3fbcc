/* json_scan.c - JSON's grammar (RFC 8259), strictly; arrays of numbers cut out. */
#include "io/json_scan.h"

#include <stdlib.h>
#include <string.h>

#include "io/decimal.h"

#include "core/banned.h"

struct scanner {
    const char *text;
    size_t length, at;
    size_t depth, nodes;
    struct nr_json_scan *out;
    struct nr_error *err;
};

static enum nr_status scan_value(struct scanner *s);

static enum nr_status malformed(struct scanner *s, const char *what)
{
    return nr_fail(s->err, NR_ERR_DATA, "malformed JSON at byte %zu: %s", s->at + 1, what);
}

static void skip_blanks(struct scanner *s)
{
    while (s->at < s->length && memchr(" \t\n\r", s->text[s->at], 4))
        s->at++;
}

/* The next byte that is no blank, or 0 at the end (a NUL byte is no JSON either). */
static char peek(struct scanner *s)
{
    skip_blanks(s);
    return s->at < s->length ? s->text[s->at] : '\0';
}

static size_t skip_digits(const struct scanner *s, size_t at)
{
    while (at < s->length && s->text[at] >= '0' && s->text[at] <= '9')
        at++;
    return at;
}

/* The end of the number that starts at s->at; s->at itself where there is none. */
static size_t number_end(const struct scanner *s)
{
    size_t at = s->at + (s->at < s->length && s->text[s->at] == '-');
    size_t digits = skip_digits(s, at);
    if (digits == at || (s->text[at] == '0' && digits > at + 1))
        return s->at;
    at = digits;
    if (at < s->length && s->text[at] == '.') {
        digits = skip_digits(s, at + 1);
        if (digits == at + 1)
            return s->at;
        at = digits;
    }
    if (at < s->length && (s->text[at] == 'e' || s->text[at] == 'E')) {
        at++;
        at += at < s->length && (s->text[at] == '+' || s->text[at] == '-');
        digits = skip_digits(s, at);
        if (digits == at)
            return s->at;
        at = digits;
    }
    return at;
}

static enum nr_status read_number(struct scanner *s, double *value, size_t *end)
{
    *end = number_end(s);
    if (*end == s->at)
        return malformed(s, "a value is expected here");
    if (!nr_decimal_read(s->text + s->at, *end - s->at, value))
        return malformed(s, "the number is too large for a double, or longer than 63 characters");
    return NR_OK;
}

static enum nr_status scan_number(struct scanner *s)
{
    double value;
    size_t end;
    enum nr_status status = read_number(s, &value, &end);
    if (status != NR_OK)
        return status;
    nr_buf_append(&s->out->text, s->text + s->at, end - s->at);
    s->at = end;
    return NR_OK;
}

/* The code unit of four hex digits at `at`, or -1. */
static int32_t hex4(const struct scanner *s, size_t at)
{
    int32_t code = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = i < s->length ? s->text[i] : '\0';
        if (c >= '0' && c <= '9')
            code = code * 16 + (c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            code = code * 16 + ((c | 0x20) - 'a' + 10);
        else
            return -1;
    }
    return code;
}

/* Length of the escape at `at` (a backslash), 0 where it is none that stands for
 * a character: a lone surrogate, or NUL, which would end a C string early. */
static size_t escape_length(const struct scanner *s, size_t at)
{
    if (at + 1 >= s->length || s->text[at + 1] == '\0')
        return 0;
    if (s->text[at + 1] != 'u')
        return strchr("\"\\/bfnrt", s->text[at + 1]) ? 2 : 0;
    int32_t unit = hex4(s, at + 2);
    if (unit <= 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
        return 0;
    if (unit < 0xD800 || unit > 0xDBFF)
        return 6;
    if (at + 7 >= s->length || s->text[at + 6] != '\\' || s->text[at + 7] != 'u')
        return 0;
    int32_t low = hex4(s, at + 8);
    return low >= 0xDC00 && low <= 0xDFFF ? 12 : 0;
}

static enum nr_status scan_string(struct scanner *s)
{
    size_t start = s->at;
    for (size_t at = start + 1; at < s->length;) {
        unsigned char c = (unsigned char)s->text[at];
        if (c == '"') {
            if (!nr_utf8_valid(s->text + start, at - start))
                return malformed(s, "the string is not valid UTF-8");
            nr_buf_append(&s->out->text, s->text + start, at + 1 - start);
            s->at = at + 1;
            return NR_OK;
        }
        size_t step = c == '\\' ? escape_length(s, at) : 1;
        if (c < 0x20 || step == 0) {
            s->at = at;
            return malformed(s, c < 0x20 ? "a control character in a string" : "a bad escape in a string");
        }
        at += step;
    }
    return malformed(s, "the string does not end");
}

static enum nr_status scan_literal(struct scanner *s, const char *word)
{
    size_t length = strlen(word);
    if (s->length - s->at < length || memcmp(s->text + s->at, word, length) != 0)
        return malformed(s, "a value is expected here");
    nr_buf_append(&s->out->text, word, length);
    s->at += length;
    return NR_OK;
}

static enum nr_status add_number(struct scanner *s, double value)
{
    struct nr_json_scan *out = s->out;
    enum nr_status status = nr_array_reserve((void **)&out->numbers, &out->number_capacity, out->number_count + 1,
                                             sizeof(*out->numbers), NR_JSON_NUMBERS_MAX, s->err);
    if (status == NR_OK)
        out->numbers[out->number_count++] = value;
    return status;
}

static enum nr_status add_vector_end(struct scanner *s)
{
    struct nr_json_scan *out = s->out;
    enum nr_status status = nr_array_reserve((void **)&out->starts, &out->start_capacity, out->vector_count + 2,
                                             sizeof(*out->starts), NR_JSON_NODES_MAX + 1, s->err);
    if (status == NR_OK)
        out->starts[++out->vector_count] = out->number_count;
    return status;
}

/* Reads on to the number at the next place of an array and behind it; false where
 * there is anything else. *more tells whether a comma follows (it is taken). */
static bool vector_element(struct scanner *s, double *value, bool *more)
{
    skip_blanks(s);
    size_t end = number_end(s);
    if (end == s->at || !nr_decimal_read(s->text + s->at, end - s->at, value))
        return false;
    s->at = end;
    char next = peek(s);
    *more = next == ',';
    s->at += *more;
    return next == ',' || next == ']';
}

/* Takes the array at s->at out where all its elements are numbers; *taken tells.
 * Where it stops at anything else, nothing has happened and the array is read
 * again as a common one, which also finds what is wrong with it. */
static enum nr_status take_vector(struct scanner *s, bool *taken)
{
    size_t start = s->at, count = s->out->number_count;
    s->at++;
    bool more = peek(s) != ']';
    while (more) {
        double value;
        if (!vector_element(s, &value, &more)) {
            s->at = start;
            s->out->number_count = count;
            return NR_OK;
        }
        enum nr_status status = add_number(s, value);
        if (status != NR_OK)
            return status;
    }
    s->at++;
    *taken = true;
    nr_buf_puts(&s->out->text, NR_JSON_PLACEHOLDER);
    return add_vector_end(s);
}

/* Members of the object or elements of the array that starts at s->at. */
static enum nr_status scan_members(struct scanner *s, char close)
{
    enum nr_status status = NR_OK;
    nr_buf_putc(&s->out->text, s->text[s->at++]);
    if (peek(s) == close) {
        nr_buf_putc(&s->out->text, s->text[s->at++]);
        return NR_OK;
    }
    for (;;) {
        if (close == '}') {
            if (peek(s) != '"')
                return malformed(s, "a key in double quotes is expected here");
            if ((status = scan_string(s)) != NR_OK)
                return status;
            if (peek(s) != ':')
                return malformed(s, "':' is expected here");
            nr_buf_putc(&s->out->text, s->text[s->at++]);
        }
        if ((status = scan_value(s)) != NR_OK)
            return status;
        char next = peek(s);
        if (next != ',' && next != close)
            return malformed(s, close == '}' ? "',' or '}' is expected here" : "',' or ']' is expected here");
        nr_buf_putc(&s->out->text, s->text[s->at++]);
        if (next == close)
            return NR_OK;
    }
}

static enum nr_status scan_container(struct scanner *s, char close)
{
    if (s->depth == NR_JSON_DEPTH_MAX)
        return malformed(s, "more than 64 levels deep");
    bool taken = false;
    if (close == ']') {
        enum nr_status status = take_vector(s, &taken);
        if (status != NR_OK || taken)
            return status;
    }
    s->depth++;
    enum nr_status status = scan_members(s, close);
    s->depth--;
    return status;
}

static enum nr_status scan_value(struct scanner *s)
{
    if (++s->nodes > NR_JSON_NODES_MAX)
        return malformed(s, "too many values in one document");
    switch (peek(s)) {
    case '{':
        return scan_container(s, '}');
    case '[':
        return scan_container(s, ']');
    case '"':
        return scan_string(s);
    case 't':
        return scan_literal(s, "true");
    case 'f':
        return scan_literal(s, "false");
    case 'n':
        return scan_literal(s, "null");
    default:
        return scan_number(s);
    }
}

static void skip_byte_order_mark(struct scanner *s)
{
    if (s->length >= 3 && memcmp(s->text, "\xEF\xBB\xBF", 3) == 0)
        s->at = 3;
}

enum nr_status nr_json_scan(const char *text, size_t length, struct nr_json_scan *out, struct nr_error *err)
{
    struct scanner s = {.text = text, .length = length, .out = out, .err = err};
    if (length > NR_JSON_TEXT_MAX)
        return nr_fail(err, NR_ERR_DATA, "a JSON document of %zu bytes is too large", length);
    enum nr_status status = nr_array_reserve((void **)&out->starts, &out->start_capacity, 1, sizeof(*out->starts),
                                             NR_JSON_NODES_MAX + 1, err);
    if (status != NR_OK)
        return status;
    out->starts[0] = 0;
    skip_byte_order_mark(&s);
    status = scan_value(&s);
    if (status == NR_OK && (skip_blanks(&s), s.at < length))
        status = malformed(&s, "more text after the document's end");
    return status == NR_OK ? nr_buf_status(&out->text, err) : status;
}

void nr_json_scan_release(struct nr_json_scan *scan)
{
    nr_buf_release(&scan->text);
    free(scan->numbers);
    free(scan->starts);
    *scan = (struct nr_json_scan){0};
}
