/* resampler.h - sound of any kind to mono float at NR_PCM_RATE. */
#ifndef NR_MEDIA_RESAMPLER_H
#define NR_MEDIA_RESAMPLER_H

#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>
#include <libswresample/swresample.h>

#include "nightreel/media.h"

/* What comes in: a change of any of it starts a new filter. */
struct nr_sound_form {
    enum AVSampleFormat format;
    int rate;
    AVChannelLayout layout; /* borrowed */
};

/* Zeroed is ready. */
struct nr_resampler {
    SwrContext *filter;
    struct nr_sound_form form; /* layout owned */
    float *out;
    int out_size;
    const struct nr_decode_sink *sink;
};
void nr_resampler_release(struct nr_resampler *resampler);

/* Hands `count` samples a channel on to sink->sound. NR_ERR_DATA where the form makes
 * no sense; the sink's status where it fails. */
enum nr_status nr_resampler_feed(struct nr_resampler *resampler, const struct nr_sound_form *form,
                                 const uint8_t *const *data, int count, struct nr_error *err) NR_MUST_CHECK;
/* What is left in the filter. */
enum nr_status nr_resampler_flush(struct nr_resampler *resampler, struct nr_error *err) NR_MUST_CHECK;

#endif
