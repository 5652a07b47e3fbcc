/* cells.c - see cells.h. */
#include "report/cells.h"

#include <string.h>

#include "core/banned.h"

/* Columns of a character on a terminal (Unicode TR 11: wide and full-width). */
static int character_columns(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } wide[] = {{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},
                {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x20000, 0x3fffd}};
    for (size_t i = 0; i < NR_COUNT(wide); i++)
        if (c >= wide[i].first && c <= wide[i].last)
            return 2;
    return c >= 0x0300 && c <= 0x036f ? 0 : 1;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

void nr_cell_put(struct nr_buf *out, const char *text, int columns)
{
    size_t length = strlen(text), at = 0;
    int used = 0;
    while (at < length) {
        size_t from = at;
        uint32_t c = nr_utf8_next(text, length, &at);
        int width = character_columns(c);
        if (columns && used + width > columns)
            break;
        if (is_control(c) || c == 0xFFFD)
            nr_buf_putc(out, '?');
        else
            nr_buf_append(out, text + from, at - from);
        used += width;
    }
    for (; used < columns; used++)
        nr_buf_putc(out, ' ');
}

int nr_cell_columns(const char *text)
{
    size_t length = strlen(text), at = 0;
    int columns = 0;
    while (at < length)
        columns += character_columns(nr_utf8_next(text, length, &at));
    return columns;
}
