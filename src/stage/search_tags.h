/* search_tags.h - the catalogue's tags, found in texts. */
#ifndef NR_STAGE_SEARCH_TAGS_H
#define NR_STAGE_SEARCH_TAGS_H

#include "nightreel/feature.h"

struct nr_search_tag {
    const char *name;        /* "genre:..." */
    struct nr_strings words; /* at least one */
};

/* By first word, then name. */
struct nr_search_tags {
    struct nr_arena mem;
    struct nr_search_tag *tags;
    size_t count;
};
/* Of the items' tags blocks; names are borrowed from them. */
enum nr_status nr_search_tags_make(const struct nr_item_list *items, struct nr_search_tags *out,
                                   struct nr_error *err) NR_MUST_CHECK;
void nr_search_tags_release(struct nr_search_tags *tags);
/* The tags whose words stand in the text in a row, each once, sorted by name, weight 1. */
enum nr_status nr_search_tags_find(const struct nr_search_tags *tags, const struct nr_strings *words,
                                   struct nr_arena *mem, struct nr_terms *out, struct nr_error *err) NR_MUST_CHECK;

#endif
