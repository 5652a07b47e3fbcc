/* tag_list.h - a field that holds a list of tags. */
#ifndef NR_STAGE_TAG_LIST_H
#define NR_STAGE_TAG_LIST_H

#include "nightreel/core.h"

/* nr_list_next() to the end, without what was there before; the order stays. Strings live
 * in `mem`. */
enum nr_status nr_tag_list_split(const char *text, struct nr_arena *mem, struct nr_strings *out,
                                 struct nr_error *err) NR_MUST_CHECK;

#endif
