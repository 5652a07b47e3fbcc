/* bytes.c - the growable byte buffer. */
#include "nightreel/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/banned.h"

/* Makes room for `extra` more bytes and the NUL; false and sticky failure otherwise. */
static bool buf_reserve(struct nr_buf *buf, size_t extra)
{
    size_t max = buf->max ? buf->max : NR_BUF_DEFAULT_MAX;
    if (buf->failed)
        return false;
    if (extra > max || buf->length > max - extra) {
        buf->failed = true;
        return false;
    }
    size_t need = buf->length + extra + 1;
    if (need <= buf->capacity)
        return true;
    size_t grown = buf->capacity < 64 ? 64 : buf->capacity + buf->capacity / 2;
    if (grown < need)
        grown = need;
    char *moved = realloc(buf->data, grown);
    if (!moved) {
        buf->failed = true;
        return false;
    }
    buf->data = moved;
    buf->capacity = grown;
    return true;
}

void nr_buf_append(struct nr_buf *buf, const void *data, size_t length)
{
    if (!buf_reserve(buf, length))
        return;
    if (length)
        memcpy(buf->data + buf->length, data, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void nr_buf_puts(struct nr_buf *buf, const char *text)
{
    nr_buf_append(buf, text, strlen(text));
}

void nr_buf_putc(struct nr_buf *buf, char c)
{
    nr_buf_append(buf, &c, 1);
}

void nr_buf_printf(struct nr_buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        buf->failed = true;
    else if (buf_reserve(buf, (size_t)length)) {
        vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again);
        buf->length += (size_t)length;
    }
    va_end(again);
}

void nr_buf_double(struct nr_buf *buf, double value)
{
    char text[NR_NUMBER_MAX];
    nr_buf_append(buf, text, nr_format_double(text, value));
}

void nr_buf_clear(struct nr_buf *buf)
{
    buf->length = 0;
    buf->failed = false;
    if (buf->data)
        buf->data[0] = '\0';
}

void nr_buf_release(struct nr_buf *buf)
{
    if (!buf)
        return;
    free(buf->data);
    *buf = (struct nr_buf){.max = buf->max};
}

enum nr_status nr_buf_status(const struct nr_buf *buf, struct nr_error *err)
{
    if (!buf->failed)
        return NR_OK;
    return nr_fail(err, NR_ERR_NOMEM, "text grew beyond %zu bytes or memory ran out",
                   buf->max ? buf->max : NR_BUF_DEFAULT_MAX);
}

char *nr_buf_detach(struct nr_buf *buf)
{
    if (!buf_reserve(buf, 0)) {
        nr_buf_release(buf);
        return NULL;
    }
    buf->data[buf->length] = '\0';
    char *data = buf->data;
    *buf = (struct nr_buf){.max = buf->max};
    return data;
}
