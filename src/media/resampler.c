/* resampler.c - libswresample with its filter spelled out. */
#include "media/resampler.h"

#include <libavutil/opt.h>

#include "core/banned.h"

enum { CHANNELS_MAX = 64, RATE_MIN = 100, RATE_MAX = 1536000 };

void nr_resampler_release(struct nr_resampler *resampler)
{
    swr_free(&resampler->filter);
    av_channel_layout_uninit(&resampler->form.layout);
    av_freep(&resampler->out);
    *resampler = (struct nr_resampler){.filter = NULL};
}

/* Where it is not said which channel is which: all count alike. */
static int mix_evenly(SwrContext *filter, int channels)
{
    double weights[CHANNELS_MAX];
    for (int i = 0; i < channels; i++)
        weights[i] = 1.0 / channels;
    return swr_set_matrix(filter, weights, channels);
}

static int set_filter(SwrContext *filter)
{
    static const struct {
        const char *name;
        int64_t value;
    } options[] = {{"filter_size", 32},
                   {"phase_shift", 10},
                   {"linear_interp", 0},
                   {"exact_rational", 1},
                   {"kaiser_beta", 9},
                   {"filter_type", SWR_FILTER_TYPE_KAISER},
                   {"internal_sample_fmt", AV_SAMPLE_FMT_FLTP}};
    for (size_t i = 0; i < NR_COUNT(options); i++) {
        int result = av_opt_set_int(filter, options[i].name, options[i].value, 0);
        if (result < 0)
            return result;
    }
    int result = av_opt_set_double(filter, "cutoff", 0.97, 0);
    /* Weights of the mix add up to 1: stereo is the mean, as in librosa's to_mono. */
    return result < 0 ? result : av_opt_set_double(filter, "rematrix_maxval", 1.0, 0);
}

static enum nr_status start_filter(struct nr_resampler *resampler, const struct nr_sound_form *form,
                                   struct nr_error *err)
{
    AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO, layout = {0};
    int channels = form->layout.nb_channels;
    if (channels < 1 || channels > CHANNELS_MAX || form->rate < RATE_MIN || form->rate > RATE_MAX)
        return nr_fail(err, NR_ERR_DATA, "sound of %d channels at %d Hz is beyond reason", channels, form->rate);
    int result = av_channel_layout_copy(&layout, &form->layout);
    if (result >= 0 && layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&layout, channels);
    if (result >= 0)
        result = swr_alloc_set_opts2(&resampler->filter, &mono, AV_SAMPLE_FMT_FLT, NR_PCM_RATE, &layout, form->format,
                                     form->rate, 0, NULL);
    if (result >= 0)
        result = set_filter(resampler->filter);
    if (result >= 0 && layout.order != AV_CHANNEL_ORDER_NATIVE)
        result = mix_evenly(resampler->filter, channels);
    if (result >= 0)
        result = swr_init(resampler->filter);
    av_channel_layout_uninit(&layout);
    if (result < 0)
        return nr_fail(err, NR_ERR_DATA, "sound of %d channels at %d Hz cannot be resampled", channels, form->rate);
    resampler->form = (struct nr_sound_form){.format = form->format, .rate = form->rate};
    return av_channel_layout_copy(&resampler->form.layout, &form->layout) < 0 ? nr_fail_nomem(err, "a resampler")
                                                                              : NR_OK;
}

static bool same_form(const struct nr_sound_form *a, const struct nr_sound_form *b)
{
    return a->format == b->format && a->rate == b->rate && av_channel_layout_compare(&a->layout, &b->layout) == 0;
}

static enum nr_status convert(struct nr_resampler *resampler, const uint8_t *const *data, int count,
                              struct nr_error *err)
{
    int room = swr_get_out_samples(resampler->filter, count);
    if (room > resampler->out_size) {
        av_freep(&resampler->out);
        resampler->out = av_malloc_array((size_t)room, sizeof(float));
        resampler->out_size = resampler->out ? room : 0;
    }
    if (room < 0 || (room > 0 && !resampler->out))
        return nr_fail_nomem(err, "resampling");
    int made = room ? swr_convert(resampler->filter, (uint8_t *[1]){(uint8_t *)resampler->out}, room,
                                  (const uint8_t **)(uintptr_t)data, count)
                    : 0;
    if (made < 0)
        return nr_fail(err, NR_ERR_DATA, "sound cannot be resampled");
    return made ? resampler->sink->sound(resampler->sink->ctx, resampler->out, (size_t)made, err) : NR_OK;
}

enum nr_status nr_resampler_feed(struct nr_resampler *resampler, const struct nr_sound_form *form,
                                 const uint8_t *const *data, int count, struct nr_error *err)
{
    enum nr_status status = NR_OK;
    if (resampler->filter && !same_form(&resampler->form, form)) {
        status = nr_resampler_flush(resampler, err);
        swr_free(&resampler->filter);
        av_channel_layout_uninit(&resampler->form.layout);
    }
    if (!status && !resampler->filter) {
        status = start_filter(resampler, form, err);
        if (status)
            swr_free(&resampler->filter);
    }
    return status ? status : convert(resampler, data, count, err);
}

enum nr_status nr_resampler_flush(struct nr_resampler *resampler, struct nr_error *err)
{
    return resampler->filter ? convert(resampler, NULL, 0, err) : NR_OK;
}
