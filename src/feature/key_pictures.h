/* key_pictures.h - small pictures that stand for a video's shots. */
#ifndef NR_FEATURE_KEY_PICTURES_H
#define NR_FEATURE_KEY_PICTURES_H

#include "nightreel/feature.h"

/* Keeps at most `max` pictures. With shots: one near the middle of each of the longest
 * shots; without: evenly spread over the frames that are offered. */
struct nr_key_pictures;
enum nr_status nr_key_pictures_new(size_t max, struct nr_key_pictures **out, struct nr_error *err) NR_MUST_CHECK;
void nr_key_pictures_free(struct nr_key_pictures *pictures);
/* A frame of the shot that is open. */
enum nr_status nr_key_pictures_offer(struct nr_key_pictures *pictures, const struct nr_frame *frame,
                                     struct nr_error *err) NR_MUST_CHECK;
/* A frame where shots are not known. */
enum nr_status nr_key_pictures_spread(struct nr_key_pictures *pictures, const struct nr_frame *frame,
                                      struct nr_error *err) NR_MUST_CHECK;
/* The open shot turns out to have lasted from `start` to `end` (s). */
void nr_key_pictures_close(struct nr_key_pictures *pictures, double start, double end);
/* Those kept, by time; borrowed. */
const struct nr_key_picture *nr_key_pictures_list(struct nr_key_pictures *pictures, size_t *count);

#endif
