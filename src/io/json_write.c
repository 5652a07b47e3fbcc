/* json_write.c - JSON straight into a buffer, without a tree. */
#include "nightreel/io.h"

#include <string.h>

#include "io/decimal.h"

#include "core/banned.h"

/* A comma where a value or a key follows another one. At the start of a buffer or
 * of a line (JSON Lines) nothing comes before. */
static void separate(struct nr_buf *out)
{
    if (out->length > 0 && !strchr("{[,:\n", out->data[out->length - 1]))
        nr_buf_putc(out, ',');
}

void nr_json_open(struct nr_buf *out, char bracket)
{
    separate(out);
    nr_buf_putc(out, bracket);
}

void nr_json_close(struct nr_buf *out, char bracket)
{
    nr_buf_putc(out, bracket);
}

/* Bytes from text[at] on that need no escape and are ASCII. */
static size_t plain_run(const char *text, size_t length, size_t at)
{
    size_t end = at;
    while (end < length) {
        unsigned char c = (unsigned char)text[end];
        if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80)
            break;
        end++;
    }
    return end - at;
}

static void put_escaped(struct nr_buf *out, char c)
{
    static const char letters[] = "btn\0fr"; /* 8, 9, 10, (11), 12, 13 */
    char code[8] = {'\\', c};
    size_t length = 2;
    if (c >= 8 && c <= 13 && c != 11)
        code[1] = letters[c - 8];
    else if (c != '"' && c != '\\') {
        static const char digits[] = "0123456789abcdef";
        memcpy(code, "\\u00", 4);
        code[4] = digits[(unsigned char)c >> 4];
        code[5] = digits[c & 15];
        length = 6;
    }
    nr_buf_append(out, code, length);
}

/* One character outside ASCII, as it is; an invalid byte as U+FFFD. */
static size_t put_wide(struct nr_buf *out, const char *text, size_t length, size_t at)
{
    size_t next = at;
    uint32_t code = nr_utf8_next(text, length, &next);
    if (code == 0xFFFD)
        nr_buf_puts(out, "\xEF\xBF\xBD");
    else
        nr_buf_append(out, text + at, next - at);
    return next;
}

static void put_quoted(struct nr_buf *out, const char *text)
{
    size_t length = strlen(text);
    nr_buf_putc(out, '"');
    for (size_t at = 0; at < length;) {
        size_t run = plain_run(text, length, at);
        nr_buf_append(out, text + at, run);
        at += run;
        if (at == length)
            break;
        if ((unsigned char)text[at] < 0x80)
            put_escaped(out, text[at++]);
        else
            at = put_wide(out, text, length, at);
    }
    nr_buf_putc(out, '"');
}

void nr_json_put_key(struct nr_buf *out, const char *key)
{
    separate(out);
    put_quoted(out, key);
    nr_buf_putc(out, ':');
}

void nr_json_put_string(struct nr_buf *out, const char *text)
{
    separate(out);
    if (text)
        put_quoted(out, text);
    else
        nr_buf_puts(out, "null");
}

void nr_json_put_double(struct nr_buf *out, double value)
{
    separate(out);
    nr_buf_double(out, value);
}

void nr_json_put_int(struct nr_buf *out, int64_t value)
{
    separate(out);
    nr_buf_printf(out, "%lld", (long long)value);
}

void nr_json_put_bool(struct nr_buf *out, bool value)
{
    separate(out);
    nr_buf_puts(out, value ? "true" : "false");
}

void nr_json_put_floats(struct nr_buf *out, const float *values, size_t count)
{
    nr_json_open(out, '[');
    for (size_t i = 0; i < count; i++) {
        char text[NR_NUMBER_MAX + 1] = ",";
        size_t length = nr_decimal_put_float(text + 1, values[i]) + 1;
        nr_buf_append(out, i ? text : text + 1, i ? length : length - 1);
    }
    nr_json_close(out, ']');
}

void nr_json_put_strings(struct nr_buf *out, const struct nr_strings *list)
{
    nr_json_open(out, '[');
    for (size_t i = 0; i < list->count; i++)
        nr_json_put_string(out, list->items[i]);
    nr_json_close(out, ']');
}
