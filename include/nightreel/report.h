/* nightreel/report.h - rankings for people to read. */
#ifndef NIGHTREEL_REPORT_H
#define NIGHTREEL_REPORT_H

#include "nightreel/core.h"
#include "nightreel/record.h"

/* One user's interests and ranked titles as a few aligned lines of text:
 *
 *   u001  likes 科幻 41%, 动作 20%
 *     1. 星际穿越     score 0.873  P 31.2%  科幻, 动作 (tags 0.51, text 0.22)
 *
 * followed by "because you watched ..." where the ranking says so.
 *
 * P is the softmax probability; in brackets are the parts of the score, greatest
 * first, that round to something. Wide characters count two columns. Control
 * characters in titles are replaced, so that a title cannot drive a terminal. */
void nr_report_text(const struct nr_ranking *ranking, struct nr_buf *out);

/* A name or a title, control characters replaced. */
void nr_report_name(struct nr_buf *out, const char *name);
/* One line of it; a probability that is NAN is left out. */
void nr_report_entry(struct nr_buf *out, size_t rank, const struct nr_ranked *item);

/* What a user likes and dislikes, the `most` strongest of each, the greatest weight first:
 *
 *   u001
 *     likes     41.2%  genre     科幻
 *     dislikes   3.0%  actor     ... */
void nr_report_tags(const struct nr_user *user, size_t most, struct nr_buf *out);
/* Whether user->interests[at] is among them. */
bool nr_report_tag_shown(const struct nr_user *user, size_t at, size_t most);

#endif
