/* subtitle_text.c - takes the markup off. */
#include "media/subtitle_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

enum { TAG_MAX = 256, ENTITY_MAX = 12 };

/* Where reading is: what is left, and whether an ASS drawing is under way. */
struct plain {
    const char *at, *end;
    bool drawing;
    struct nr_buf *out;
};

static void put_blank(struct nr_buf *out)
{
    if (out->length && out->data[out->length - 1] != ' ' && out->data[out->length - 1] != '\n')
        nr_buf_putc(out, ' ');
}

static void put_line_end(struct nr_buf *out)
{
    while (out->length && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    if (out->length && out->data[out->length - 1] != '\n')
        nr_buf_putc(out, '\n');
}

/* <...>: the length of the tag at `at`, or 0 where it is a plain "<". */
static size_t tag_length(const struct plain *in)
{
    size_t left = (size_t)(in->end - in->at);
    if (left < 3 || !(isalnum((unsigned char)in->at[1]) || in->at[1] == '/'))
        return 0;
    const char *close = memchr(in->at, '>', left < TAG_MAX ? left : TAG_MAX);
    return close ? (size_t)(close - in->at) + 1 : 0;
}

/* {\...}: the length of the override block at `at`, or 0; \pN with N > 0 starts a
 * drawing, whose numbers are no words, \p0 ends it. */
static size_t override_length(struct plain *in)
{
    size_t left = (size_t)(in->end - in->at);
    if (left < 3 || in->at[1] != '\\')
        return 0;
    const char *close = memchr(in->at, '}', left);
    if (!close)
        return 0;
    for (const char *code = in->at; code + 2 < close; code++)
        if (code[0] == '\\' && code[1] == 'p' && isdigit((unsigned char)code[2]))
            in->drawing = code[2] != '0';
    return (size_t)(close - in->at) + 1;
}

static void put_code_point(struct nr_buf *out, uint32_t c)
{
    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
        return;
    if (c < 0x80) {
        nr_buf_putc(out, (char)c);
    } else if (c < 0x800) {
        nr_buf_putc(out, (char)(0xc0 | c >> 6));
        nr_buf_putc(out, (char)(0x80 | (c & 0x3f)));
    } else {
        if (c < 0x10000) {
            nr_buf_putc(out, (char)(0xe0 | c >> 12));
        } else {
            nr_buf_putc(out, (char)(0xf0 | c >> 18));
            nr_buf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
        }
        nr_buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
        nr_buf_putc(out, (char)(0x80 | (c & 0x3f)));
    }
}

/* &...; : the length of the entity at `at`, its character put out; 0 where it is a
 * plain "&". */
static size_t entity_length(struct plain *in)
{
    static const struct {
        const char *name, *text;
    } entities[] = {{"amp", "&"},  {"lt", "<"},   {"gt", ">"}, {"quot", "\""},
                    {"apos", "'"}, {"nbsp", " "}, {"lrm", ""}, {"rlm", ""}};
    size_t left = (size_t)(in->end - in->at);
    const char *close = memchr(in->at, ';', left < ENTITY_MAX ? left : ENTITY_MAX);
    if (!close || close - in->at < 3)
        return 0;
    const char *name = in->at + 1;
    size_t length = (size_t)(close - name);
    if (*name == '#') {
        bool hex = name[1] == 'x' || name[1] == 'X';
        put_code_point(in->out, (uint32_t)strtoul(name + (hex ? 2 : 1), NULL, hex ? 16 : 10));
        return length + 2;
    }
    for (size_t i = 0; i < NR_COUNT(entities); i++)
        if (strlen(entities[i].name) == length && memcmp(entities[i].name, name, length) == 0) {
            nr_buf_puts(in->out, entities[i].text);
            return length + 2;
        }
    return 0;
}

/* \N, \n, \h of ASS: 2, or 0 where it is a plain backslash. */
static size_t escape_length(struct plain *in)
{
    char code = in->at + 1 < in->end ? in->at[1] : '\0';
    if (code == 'N' || code == 'n')
        put_line_end(in->out);
    else if (code == 'h')
        put_blank(in->out);
    else
        return 0;
    return 2;
}

/* Invisible characters that subtitle files start or embed text with. */
static size_t invisible_length(const struct plain *in)
{
    static const char *const marks[] = {"\xef\xbb\xbf", "\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\x8f"};
    size_t left = (size_t)(in->end - in->at);
    for (size_t i = 0; i < NR_COUNT(marks); i++)
        if (left >= 3 && memcmp(in->at, marks[i], 3) == 0)
            return 3;
    return 0;
}

static size_t markup_length(struct plain *in)
{
    switch (*in->at) {
    case '<':
        return tag_length(in);
    case '{':
        return override_length(in);
    case '&':
        return entity_length(in);
    case '\\':
        return escape_length(in);
    default:
        return invisible_length(in);
    }
}

void nr_subtitle_plain(const char *text, size_t length, struct nr_buf *out)
{
    struct plain in = {.at = text, .end = text + length, .out = out};
    while (in.at < in.end) {
        size_t markup = markup_length(&in);
        unsigned char c = (unsigned char)*in.at;
        if (markup) {
            in.at += markup;
            continue;
        }
        in.at++;
        if (in.drawing)
            continue;
        if (c == '\n' || c == '\r')
            put_line_end(out);
        else if (c <= ' ' || c == 0x7f)
            put_blank(out);
        else
            nr_buf_putc(out, (char)c);
    }
    put_line_end(out);
    if (out->length)
        out->data[--out->length] = '\0';
}
