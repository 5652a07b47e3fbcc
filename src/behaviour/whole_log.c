/* whole_log.c - the rules that need the whole log, over events from elsewhere. */
#include <stdlib.h>

#include "behaviour/cleaner.h"

#include "core/banned.h"

enum nr_status nr_clean_whole(const struct nr_clean_params *params, struct nr_event_log *log, bool *gone,
                              struct nr_error *err)
{
    struct nr_cleaner cleaner = {.params = *params, .log = *log};
    cleaner.origins = calloc(log->count + 1, sizeof *cleaner.origins);
    if (!cleaner.origins)
        return nr_fail_nomem(err, "the cleaning of a log");
    for (size_t i = 0; i < log->count; i++)
        cleaner.origins[i].line = i;
    enum nr_status status = nr_cleaner_repeats(&cleaner, err);
    if (!status)
        status = nr_cleaner_watch_outliers(&cleaner, err);
    for (size_t i = 0; i < log->count; i++)
        gone[i] = cleaner.origins[i].gone;
    free(cleaner.origins);
    return status;
}
