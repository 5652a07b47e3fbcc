/* nightreel/media.h - demux and decode (FFmpeg, libsndfile), subtitles, and the
 * worker processes that do it. */
#ifndef NIGHTREEL_MEDIA_H
#define NIGHTREEL_MEDIA_H

#include "nightreel/core.h"

enum nr_frames_mode { NR_FRAMES_KEY, NR_FRAMES_FPS, NR_FRAMES_ALL };

struct nr_decode_params {
    enum nr_frames_mode frames;
    double fps; /* with NR_FRAMES_FPS */
    bool exact; /* every pixel instead of one luma per chroma sample */
    bool fast_decode;
    int audio_track; /* -1: the default one */
};
void nr_decode_params_default(struct nr_decode_params *params);
const char *nr_decode_params_check(const struct nr_decode_params *params);

/* ---- worker processes ------------------------------------------------------ */

/* Runs in a worker: a request and open files in, a reply out. */
typedef enum nr_status (*nr_worker_job)(const char *request, size_t length, const int *fds, size_t fd_count,
                                        struct nr_buf *reply, struct nr_error *err);

/* Forks the spawner: a process that touches only media and feature code and forks
 * workers on request. To be called first of all in main, while the process has one
 * thread, no config, no store and no model open. */
struct nr_spawner;
enum nr_status nr_spawner_start(nr_worker_job job, struct nr_spawner **out, struct nr_error *err) NR_MUST_CHECK;
void nr_spawner_stop(struct nr_spawner *spawner);

#endif
