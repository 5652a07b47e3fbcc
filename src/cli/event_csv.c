/* event_csv.c - see event_csv.h. */
#include "cli/event_csv.h"

#include <math.h>
#include <string.h>

#include "nightreel/io.h"

#include "core/banned.h"

/* The numbers of a row, put together before they go to the buffer: most of a long log's
 * fields are these. */
struct piece {
    char text[256];
    size_t length;
};

static void put_char(struct piece *piece, char c)
{
    piece->text[piece->length++] = c;
}

static void put_text(struct piece *piece, const char *text)
{
    size_t length = strlen(text);
    memcpy(piece->text + piece->length, text, length);
    piece->length += length;
}

static void put_number(struct piece *piece, double value)
{
    if (!isnan(value))
        piece->length += nr_format_double(piece->text + piece->length, value);
    put_char(piece, ',');
}

static void put_whole(struct piece *piece, uint64_t value, int least_digits)
{
    char digits[NR_NUMBER_MAX];
    int count = 0;
    for (; value || count < least_digits; value /= 10)
        digits[count++] = (char)('0' + value % 10);
    while (count)
        put_char(piece, digits[--count]);
}

/* From here on nr_time_parse() takes a number for milliseconds. */
#define SECONDS_READ_AS_MS UINT64_C(100000000000)

static void put_time(struct piece *piece, int64_t ms)
{
    if (ms != NR_TIME_NONE) {
        uint64_t size = ms < 0 ? (uint64_t)-ms : (uint64_t)ms;
        bool far = size >= SECONDS_READ_AS_MS * 1000;
        if (ms < 0)
            put_char(piece, '-');
        put_whole(piece, far ? size : size / 1000, 1);
        if (!far && size % 1000) {
            put_char(piece, '.');
            put_whole(piece, size % 1000, 3);
        }
    }
    put_char(piece, ',');
}

void nr_event_put_csv(const struct nr_event *event, struct nr_buf *out)
{
    struct piece piece = {.length = 0};
    nr_csv_put(out, event->user_id);
    nr_buf_putc(out, ',');
    nr_csv_put(out, event->video_id ? event->video_id : "");
    put_char(&piece, ',');
    put_text(&piece, nr_action_names[event->action].name);
    put_char(&piece, ',');
    put_number(&piece, event->value);
    put_time(&piece, event->time);
    put_number(&piece, event->watch_seconds);
    if (event->comment) {
        nr_buf_append(out, piece.text, piece.length);
        piece.length = 0;
        nr_csv_put(out, event->comment);
    }
    put_char(&piece, '\n');
    nr_buf_append(out, piece.text, piece.length);
}
