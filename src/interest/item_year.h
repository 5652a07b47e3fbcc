/* item_year.h - when a video is from. Private to interest. */
#ifndef NR_INTEREST_ITEM_YEAR_H
#define NR_INTEREST_ITEM_YEAR_H

#include "nightreel/record.h"

/* Published, or as "Title (1995)" has it; in years; NAN: unknown. */
double nr_item_year(const struct nr_item *item);
double nr_year_of(int64_t time); /* ms */

#endif
