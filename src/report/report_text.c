/* report_text.c - a ranking as aligned lines. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nightreel/report.h"
#include "report/cells.h"

#include "core/banned.h"

enum { TITLE_COLUMNS = 36, INTERESTS_SHOWN = 5, PARTS_SHOWN = 3 };

static void put_interests(struct nr_buf *out, const struct nr_ranking *ranking)
{
    size_t shown = 0;
    for (size_t i = 0; i < ranking->interest_count && shown < INTERESTS_SHOWN; i++) {
        if (ranking->interests[i].weight <= 0)
            continue;
        nr_buf_puts(out, shown++ ? ", " : "  likes ");
        nr_cell_put(out, ranking->interests[i].tag, 0);
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

void nr_report_entry(struct nr_buf *out, size_t rank, const struct nr_ranked *item)
{
    nr_buf_printf(out, "  %2zu. ", rank);
    nr_cell_put(out, item->title && *item->title ? item->title : item->video_id, TITLE_COLUMNS);
    nr_buf_printf(out, "  score %6.3f  ", item->score);
    if (!isnan(item->probability))
        nr_buf_printf(out, "P %5.1f%%  ", 100 * item->probability);
    for (size_t i = 0; i < item->because.count; i++) {
        nr_cell_put(out, item->because.items[i], 0);
        nr_buf_puts(out, i + 1 < item->because.count ? ", " : " ");
    }
    put_parts(out, item);
    if (item->filled)
        nr_buf_puts(out, "popular with others");
    if (item->watched_id) {
        nr_buf_puts(out, "  because you watched ");
        nr_cell_put(out, item->watched_title && *item->watched_title ? item->watched_title : item->watched_id, 0);
    }
    nr_buf_putc(out, '\n');
}

void nr_report_name(struct nr_buf *out, const char *name)
{
    nr_cell_put(out, name, 0);
}

void nr_report_text(const struct nr_ranking *ranking, struct nr_buf *out)
{
    nr_cell_put(out, ranking->user_id, 0);
    put_interests(out, ranking);
    for (size_t i = 0; i < ranking->count; i++)
        nr_report_entry(out, i + 1, &ranking->items[i]);
}
