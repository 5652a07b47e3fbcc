/* decode_params.c - what is decoded, and by which libraries. */
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#include <math.h>
#include <sndfile.h>

#include "nightreel/media.h"

#include "core/banned.h"

void nr_decode_params_default(struct nr_decode_params *params)
{
    *params = (struct nr_decode_params){
        .frames = NR_FRAMES_KEY,
        .fps = 1,
        .audio_track = -1,
        .timeout_seconds = 600,
        .memory_mib = 1024,
        .max_thumbnails = 8,
        .want = NR_WANT_ALL,
        .keep = NR_WANT_ALL,
    };
}

const char *nr_decode_params_check(const struct nr_decode_params *params)
{
    if (params->frames == NR_FRAMES_FPS && !(params->fps >= 0.001 && params->fps <= 1000))
        return "--frames fps=N wants N from 0.001 to 1000";
    if (params->audio_track < -1)
        return "--audio-track counts from 0";
    if (!(params->timeout_seconds >= 1 && params->timeout_seconds <= 864000))
        return "--timeout-per-file wants 1 to 864000 seconds";
    if (params->max_thumbnails < 1 || params->max_thumbnails > NR_THUMBNAILS_MAX)
        return "--max-thumbnails wants 1 to 64";
    return NULL;
}

#define TEXT(token)            #token
#define VERSION_TEXT(a, b, c)  TEXT(a) "." TEXT(b) "." TEXT(c)
#define LIBRARY(name, version) name " " version "; "

const char *nr_media_versions(void)
{
    /* What was compiled against; a later library of the same ABI changes no definition. */
    static const char versions[] = LIBRARY(
        "avformat", VERSION_TEXT(LIBAVFORMAT_VERSION_MAJOR, LIBAVFORMAT_VERSION_MINOR, LIBAVFORMAT_VERSION_MICRO))
        LIBRARY("avcodec", VERSION_TEXT(LIBAVCODEC_VERSION_MAJOR, LIBAVCODEC_VERSION_MINOR, LIBAVCODEC_VERSION_MICRO))
            LIBRARY("swscale",
                    VERSION_TEXT(LIBSWSCALE_VERSION_MAJOR, LIBSWSCALE_VERSION_MINOR, LIBSWSCALE_VERSION_MICRO))
                LIBRARY("swresample", VERSION_TEXT(LIBSWRESAMPLE_VERSION_MAJOR, LIBSWRESAMPLE_VERSION_MINOR,
                                                   LIBSWRESAMPLE_VERSION_MICRO)) "sndfile";
    return versions;
}
