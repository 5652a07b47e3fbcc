/* ff_tracks.h - which streams of a container are decoded, and their decoders. */
#ifndef NR_MEDIA_FF_TRACKS_H
#define NR_MEDIA_FF_TRACKS_H

#include <libavcodec/avcodec.h>

#include "media/ff_source.h"
#include "nightreel/media.h"

/* One stream and its decoder; stream NULL: there is none. */
struct nr_track {
    AVStream *stream;
    AVCodecContext *codec;
    int64_t packets, broken, frames; /* sent; refused by the decoder after its first frame; made */
    char why[160];                   /* the decoder's first complaint; "" */
};

struct nr_tracks {
    struct nr_track picture, sound, words;
};

/* Chooses and opens. Picture: not cover art; the default one, else the largest. Sound:
 * by params->audio_track. Words: text in `language` (may be NULL), else the default
 * one, else the first. All other streams are not demuxed. What should be there and is
 * not goes into *reasons. Fills what *info says about streams. */
enum nr_status nr_tracks_open(struct nr_tracks *tracks, struct nr_source *source, const struct nr_decode_params *params,
                              const char *language, struct nr_arena *mem, struct nr_media_info *info,
                              struct nr_error *reasons, struct nr_error *err) NR_MUST_CHECK;
/* Degrees clockwise to turn the pictures by, by the stream's display matrix: 0, 90, 180, 270. */
int nr_track_rotation(const struct nr_track *track);
void nr_tracks_release(struct nr_tracks *tracks);

#endif
