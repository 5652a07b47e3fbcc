/* event_csv.c - see event_csv.h. */
#include "cli/event_csv.h"

#include <inttypes.h>
#include <math.h>

#include "nightreel/io.h"

#include "core/banned.h"

static void put_number(struct nr_buf *out, double value)
{
    if (!isnan(value))
        nr_buf_double(out, value);
    nr_buf_putc(out, ',');
}

/* Most of a long log's fields are these: no printf. */
static void put_whole(struct nr_buf *out, uint64_t value)
{
    char digits[NR_NUMBER_MAX];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    nr_buf_append(out, digits + at, sizeof digits - at);
}

/* From here on nr_time_parse() takes a number for milliseconds. */
#define SECONDS_READ_AS_MS UINT64_C(100000000000)

static void put_time(struct nr_buf *out, int64_t ms)
{
    if (ms != NR_TIME_NONE) {
        uint64_t size = ms < 0 ? (uint64_t)-ms : (uint64_t)ms;
        bool far = size >= SECONDS_READ_AS_MS * 1000;
        if (ms < 0)
            nr_buf_putc(out, '-');
        put_whole(out, far ? size : size / 1000);
        if (!far && size % 1000)
            nr_buf_printf(out, ".%03" PRIu64, size % 1000);
    }
    nr_buf_putc(out, ',');
}

void nr_event_put_csv(const struct nr_event *event, struct nr_buf *out)
{
    nr_csv_put(out, event->user_id);
    nr_buf_putc(out, ',');
    nr_csv_put(out, event->video_id ? event->video_id : "");
    nr_buf_putc(out, ',');
    nr_buf_puts(out, nr_action_names[event->action].name);
    nr_buf_putc(out, ',');
    put_number(out, event->value);
    put_time(out, event->time);
    put_number(out, event->watch_seconds);
    nr_csv_put(out, event->comment ? event->comment : "");
    nr_buf_putc(out, '\n');
}
