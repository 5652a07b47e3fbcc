/* changes_output.c - changes as text and as JSON. */
#include <math.h>

#include "nightreel/io.h"
#include "nightreel/report_changes.h"
#include "report/cells.h"

#include "core/banned.h"

/* ---- text ------------------------------------------------------------------------------- */

static void put_change(const struct nr_change *change, struct nr_buf *out)
{
    const struct nr_ranked *entry = change->entry;
    const char *what = !change->before ? "in" : !change->now ? "out" : change->now < change->before ? "up" : "down";
    nr_buf_printf(out, "  %-4s  ", what);
    if (change->now)
        nr_buf_printf(out, "%3zu. ", change->now);
    else
        nr_buf_puts(out, "     ");
    nr_cell_put(out, entry->title && *entry->title ? entry->title : entry->video_id, 0);
    if (change->before)
        nr_buf_printf(out, "  (was %zu)", change->before);
    nr_buf_putc(out, '\n');
}

void nr_changes_put_user(const struct nr_user_changes *user, struct nr_buf *out)
{
    if (user->count == 0 && user->before && user->now)
        return;
    nr_cell_put(out, user->user_id, 0);
    if (!user->before || !user->now)
        nr_buf_printf(out, "  %s\n", user->now ? "is new" : "has no list any more");
    else
        nr_buf_printf(out, "  overlap %.2f, rbo %.2f\n", user->overlap, user->rbo);
    for (size_t i = 0; i < user->count && user->before && user->now; i++)
        put_change(&user->changes[i], out);
}

void nr_changes_put_summary(const struct nr_changes *changes, struct nr_buf *out)
{
    nr_buf_printf(out, "%zu users in both files, %zu of them unchanged; %zu new, %zu gone\n", changes->both,
                  changes->unchanged, changes->came, changes->gone);
    if (!changes->both)
        return;
    nr_buf_puts(out, "overlap");
    if (changes->params.k)
        nr_buf_printf(out, "@%zu", changes->params.k);
    nr_buf_printf(out, " %.4f, rbo (p %g) %.4f; %zu in, %zu out, %zu up, %zu down\n", changes->overlap,
                  changes->params.p, changes->rbo, changes->entered, changes->left, changes->up, changes->down);
}

/* ---- JSON --------------------------------------------------------------------------------- */

static void put_count(struct nr_buf *out, const char *key, size_t count)
{
    nr_json_put_key(out, key);
    nr_json_put_int(out, (int64_t)count);
}

static void put_number(struct nr_buf *out, const char *key, double value)
{
    nr_json_put_key(out, key);
    nr_json_put_double(out, value);
}

static void put_video(const struct nr_change *change, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "video_id");
    nr_json_put_string(out, change->entry->video_id);
    if (change->entry->title) {
        nr_json_put_key(out, "title");
        nr_json_put_string(out, change->entry->title);
    }
    if (change->now)
        put_count(out, "rank", change->now);
    if (change->before)
        put_count(out, "was", change->before);
    nr_json_close(out, '}');
}

static void put_videos(const struct nr_user_changes *user, const char *key, bool entered, bool left, struct nr_buf *out)
{
    nr_json_put_key(out, key);
    nr_json_open(out, '[');
    for (size_t i = 0; i < user->count; i++)
        if ((user->changes[i].before == 0) == entered && (user->changes[i].now == 0) == left)
            put_video(&user->changes[i], out);
    nr_json_close(out, ']');
}

static void put_user(const struct nr_user_changes *user, struct nr_buf *out)
{
    nr_json_open(out, '{');
    nr_json_put_key(out, "user_id");
    nr_json_put_string(out, user->user_id);
    nr_json_put_key(out, "state");
    nr_json_put_string(out, !user->before ? "new" : !user->now ? "gone" : user->count ? "changed" : "unchanged");
    put_number(out, "overlap", user->overlap);
    put_number(out, "rbo", user->rbo);
    put_videos(user, "entered", true, false, out);
    put_videos(user, "moved", false, false, out);
    put_videos(user, "left", false, true, out);
    nr_json_close(out, '}');
}

void nr_changes_write(const struct nr_changes *changes, struct nr_buf *out)
{
    nr_json_open(out, '{');
    if (changes->params.k)
        put_count(out, "k", changes->params.k);
    put_number(out, "p", changes->params.p);
    put_count(out, "both", changes->both);
    put_count(out, "unchanged", changes->unchanged);
    put_count(out, "new", changes->came);
    put_count(out, "gone", changes->gone);
    put_number(out, "overlap", changes->overlap);
    put_number(out, "rbo", changes->rbo);
    put_count(out, "entered", changes->entered);
    put_count(out, "left", changes->left);
    put_count(out, "up", changes->up);
    put_count(out, "down", changes->down);
    nr_json_put_key(out, "users");
    nr_json_open(out, '[');
    for (size_t i = 0; i < changes->count; i++)
        put_user(&changes->users[i], out);
    nr_json_close(out, ']');
    nr_json_close(out, '}');
}
