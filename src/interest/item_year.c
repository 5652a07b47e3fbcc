/* item_year.c - see item_year.h. */
#include "interest/item_year.h"

#include <math.h>
#include <string.h>

#include "core/banned.h"

double nr_year_of(int64_t time)
{
    return 1970 + (double)time / (365.2425 * 86400e3);
}

double nr_item_year(const struct nr_item *item)
{
    if (item->published_at != NR_TIME_NONE)
        return nr_year_of(item->published_at);
    const char *open = item->title ? strrchr(item->title, '(') : NULL;
    double year;
    bool found = open && strlen(open) >= 6 && open[5] == ')' && nr_parse_double(open + 1, 4, &year);
    return found ? year : NAN;
}
