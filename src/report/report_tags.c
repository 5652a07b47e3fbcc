/* report_tags.c - what a user likes and dislikes, as aligned lines. */
#include <math.h>

#include "nightreel/report.h"
#include "report/cells.h"

#include "core/banned.h"

enum { KIND_COLUMNS = 8 };

bool nr_report_tag_shown(const struct nr_user *user, size_t at, size_t most)
{
    return user->interests[at].weight > 0 ? at < most : user->interest_count - at <= most;
}

void nr_report_tags(const struct nr_user *user, size_t most, struct nr_buf *out)
{
    nr_cell_put(out, user->user_id, 0);
    nr_buf_puts(out, user->interest_count ? "\n" : "  nothing known yet\n");
    for (size_t i = 0; i < user->interest_count; i++) {
        const struct nr_interest *interest = &user->interests[i];
        if (!nr_report_tag_shown(user, i, most))
            continue;
        nr_buf_printf(out, "  %-8s %5.1f%%  ", interest->weight > 0 ? "likes" : "dislikes",
                      100 * fabs(interest->weight));
        nr_cell_put(out, nr_tag_kind_names[interest->kind], KIND_COLUMNS);
        nr_buf_puts(out, "  ");
        nr_cell_put(out, interest->tag, 0);
        nr_buf_putc(out, '\n');
    }
}
