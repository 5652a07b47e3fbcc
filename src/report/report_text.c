/* report_text.c - a ranking as aligned lines. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/report.h"

#include "core/banned.h"

enum { TITLE_COLUMNS = 36, INTERESTS_SHOWN = 5, PARTS_SHOWN = 3 };

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

/* Appends `text` cut and padded to `columns`; 0 columns: neither. */
static void put_cell(struct nr_buf *out, const char *text, int columns)
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

static void put_interests(struct nr_buf *out, const struct nr_ranking *ranking)
{
    size_t shown = 0;
    for (size_t i = 0; i < ranking->interest_count && shown < INTERESTS_SHOWN; i++) {
        if (ranking->interests[i].weight <= 0)
            continue;
        nr_buf_puts(out, shown++ ? ", " : "  likes ");
        put_cell(out, ranking->interests[i].tag, 0);
        nr_buf_printf(out, " %.0f%%", 100 * ranking->interests[i].weight);
    }
    if (!shown)
        nr_buf_puts(out, "  nothing known yet: what most people watch");
    nr_buf_putc(out, '\n');
}

static int part_compare(const void *a, const void *b)
{
    const struct nr_part *left = a, *right = b;
    if (left->value != right->value)
        return left->value < right->value ? 1 : -1;
    return strcmp(left->name, right->name);
}

static void put_parts(struct nr_buf *out, const struct nr_ranked *item)
{
    struct nr_part sorted[NR_BLOCK_COUNT];
    size_t count = item->part_count < NR_BLOCK_COUNT ? item->part_count : NR_BLOCK_COUNT, shown = 0;
    if (count == 0)
        return;
    memcpy(sorted, item->parts, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, part_compare);
    for (size_t i = 0; i < count && shown < PARTS_SHOWN && sorted[i].value >= 0.005; i++)
        nr_buf_printf(out, "%s%s %.2f", shown++ ? ", " : "(", sorted[i].name, sorted[i].value);
    if (shown)
        nr_buf_putc(out, ')');
}

static void put_item(struct nr_buf *out, size_t rank, const struct nr_ranked *item)
{
    nr_buf_printf(out, "  %2zu. ", rank);
    put_cell(out, item->title && *item->title ? item->title : item->video_id, TITLE_COLUMNS);
    nr_buf_printf(out, "  score %6.3f  P %5.1f%%  ", item->score, 100 * item->probability);
    for (size_t i = 0; i < item->because.count; i++) {
        put_cell(out, item->because.items[i], 0);
        nr_buf_puts(out, i + 1 < item->because.count ? ", " : " ");
    }
    put_parts(out, item);
    if (item->filled)
        nr_buf_puts(out, "popular with others");
    nr_buf_putc(out, '\n');
}

void nr_report_text(const struct nr_ranking *ranking, struct nr_buf *out)
{
    put_cell(out, ranking->user_id, 0);
    put_interests(out, ranking);
    for (size_t i = 0; i < ranking->count; i++)
        put_item(out, i + 1, &ranking->items[i]);
}
