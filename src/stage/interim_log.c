/* Reads clean logs until the cleaning stage lands: whoever lands it deletes this file
 * and nr_interim_log() in eval_inputs.c. */
#include <math.h>
#include <string.h>

#include "nightreel/io.h"
#include "nightreel/record.h"

#include "core/banned.h"

enum nr_status nr_interim_log(const char *path, struct nr_event_log *log, struct nr_error *err);

static const char *field(const struct nr_csv_row *row, int column)
{
    return column >= 0 && (size_t)column < row->count ? row->fields[column] : "";
}

enum nr_status nr_interim_log(const char *path, struct nr_event_log *log, struct nr_error *err)
{
    static const char *const names[] = {"user_id",   "video_id",      "action", "value",
                                        "timestamp", "watch_seconds", "comment"};
    struct nr_csv *csv;
    struct nr_csv_row row;
    int columns[NR_COUNT(names)];
    enum nr_status status = nr_csv_open(path, &csv, err);
    if (status)
        return status;
    for (size_t i = 0; i < NR_COUNT(names); i++)
        columns[i] = nr_csv_find(csv, names[i]);
    while (!status && (status = nr_csv_next(csv, &row, err)) == NR_OK) {
        struct nr_event event = {.user_id = field(&row, columns[0]),
                                 .video_id = field(&row, columns[1]),
                                 .value = NAN,
                                 .time = NR_TIME_NONE,
                                 .watch_seconds = NAN};
        const char *value = field(&row, columns[3]), *time = field(&row, columns[4]), *watch = field(&row, columns[5]);
        if (!nr_action_find(field(&row, columns[2]), &event.action) || !*event.user_id)
            continue;
        if (!nr_parse_double(value, strlen(value), &event.value))
            event.value = NAN;
        if (!nr_time_parse(time, strlen(time), &event.time))
            event.time = NR_TIME_NONE;
        if (!nr_parse_double(watch, strlen(watch), &event.watch_seconds))
            event.watch_seconds = NAN;
        event.comment = *field(&row, columns[6]) ? field(&row, columns[6]) : NULL;
        status = nr_event_log_add(log, &event, err);
    }
    nr_csv_close(csv);
    return status == NR_END ? NR_OK : status;
}
