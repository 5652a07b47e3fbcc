/* describe_topics.h - which tags of the catalogue may suit a video. */
#ifndef NR_STAGE_DESCRIBE_TOPICS_H
#define NR_STAGE_DESCRIBE_TOPICS_H

#include "nightreel/language_topics.h"
#include "nightreel/stage.h"

enum { NR_TOPIC_CANDIDATES = 16 };

/* For each of the `count` items of `todo` up to NR_TOPIC_CANDIDATES tags in its script,
 * best first: its own; those that its title, synopsis or subtitles contain; then by the
 * cosine of the tag's sentence embedding to the item's, both less the mean of their
 * kind and language (embeddings of one language lie close together, whatever they
 * say), or, without an embedder, by how many videos have them. The NR_TOPIC_TAGS most
 * frequent tags are looked at. Items that lack `raw_text` get it. */
enum nr_status nr_topics_propose(struct nr_embedder *embedder, struct nr_item_list *items, const size_t *todo,
                                 size_t count, const struct nr_topics *vocabulary, struct nr_arena *mem,
                                 struct nr_strings *rows, struct nr_error *err) NR_MUST_CHECK;
#define NR_TOPIC_TAGS 2000

#endif
