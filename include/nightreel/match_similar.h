/* nightreel/match_similar.h - more like this: the videos nearest to a video.
 *
 *   score = sum over the blocks b that both have of w_b cos_b / sum of those w_b
 *
 * the likeness by which --mmr tells videos apart (nightreel/match.h), w by the mode; the
 * summands are the parts. Videos that share no block with it are not listed. Equal scores are
 * ordered by video_id.
 */
#ifndef NIGHTREEL_MATCH_SIMILAR_H
#define NIGHTREEL_MATCH_SIMILAR_H

#include "nightreel/match.h"

struct nr_similar {
    struct nr_arena mem;
    const char *video_id, *title; /* title NULL where there is none */
    struct nr_ranked *items;      /* best first; no probability */
    size_t count;
};
void nr_similar_release(struct nr_similar *similar);

/* The params->k nearest of the other items, for each of `count` videos; out[i] is to be
 * released in any case. NR_ERR_DATA: a video that is not among the items, with the id that is
 * spelt most like it or, where none is near, how many there are; blocks that do not fit
 * together. */
enum nr_status nr_match_similar(const struct nr_match_params *params, const struct nr_item_list *items,
                                const char *const *videos, size_t count, struct nr_similar *out,
                                struct nr_error *err) NR_MUST_CHECK;
/* {"video_id":..,"title":..,"items":[{"rank":1,"video_id":..,"title":..,"score":..,"parts":{..},"because":[..]}]} */
void nr_similar_write(const struct nr_similar *similar, struct nr_buf *out);

#endif
