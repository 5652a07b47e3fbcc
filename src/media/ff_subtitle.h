/* ff_subtitle.h - text subtitles inside a container. */
#ifndef NR_MEDIA_FF_SUBTITLE_H
#define NR_MEDIA_FF_SUBTITLE_H

#include "media/ff_tracks.h"

/* Decodes one packet into cues; one that cannot be decoded is passed over. */
enum nr_status nr_ff_subtitle(struct nr_track *track, const AVPacket *packet, struct nr_cue_list *cues,
                              struct nr_error *err) NR_MUST_CHECK;

#endif
