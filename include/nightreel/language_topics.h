/* nightreel/language_topics.h - the catalogue's own words for its subjects. */
#ifndef NIGHTREEL_LANGUAGE_TOPICS_H
#define NIGHTREEL_LANGUAGE_TOPICS_H

#include "nightreel/core.h"
#include "nightreel/record.h"

/* Every tag of the catalogue once; tags that differ in ASCII case alone are one, in
 * the spelling that comes first bytewise. Strings are borrowed from the items. */
struct nr_topics {
    struct nr_strings tags;     /* by name, ASCII case ignored */
    struct nr_strings frequent; /* the same, those of more videos first, then by name */
};
enum nr_status nr_topics_make(const struct nr_item_list *items, struct nr_arena *mem, struct nr_topics *out,
                              struct nr_error *err) NR_MUST_CHECK;
/* The tag of that name in the vocabulary's spelling (ASCII case ignored), or NULL. */
const char *nr_topics_find(const struct nr_topics *vocabulary, const char *name);
/* A tag that says what a video is like or where it stands in a series, and not what it
 * is about: vlog, 4K, 2024, episode 3, 预告, 第3季. */
bool nr_tag_is_format(const char *tag);

#endif
