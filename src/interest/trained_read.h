/* trained_read.h - what writing and reading of trained models share. Private to interest. */
#ifndef NR_INTEREST_TRAINED_READ_H
#define NR_INTEREST_TRAINED_READ_H

#include "nightreel/interest_trained.h"

/* Fills trained->records, and its pairs' where there are any items. */
enum nr_status nr_trained_records(struct nr_trained *trained, const struct nr_item_list *items,
                                  struct nr_error *err) NR_MUST_CHECK;

#endif
