/* nightreel/media.h - demux and decode (FFmpeg, libsndfile), subtitles, safe opening
 * of files, and the worker processes that all of it runs in.
 */
#ifndef NIGHTREEL_MEDIA_H
#define NIGHTREEL_MEDIA_H

#include "nightreel/core.h"
#include "nightreel/record.h"
#include "nightreel/record_frame.h"

/* ---- parameters ------------------------------------------------------------- */

enum nr_frames_mode {
    NR_FRAMES_KEY, /* key frames only: other packets never reach the decoder */
    NR_FRAMES_FPS, /* the first frame of each 1/fps of presentation time */
    NR_FRAMES_ALL,
};

/* What is decoded; what is not wanted is not even demuxed. */
enum nr_decode_want {
    NR_WANT_PICTURE = 1 << 0,
    NR_WANT_SOUND = 1 << 1,
    NR_WANT_WORDS = 1 << 2, /* subtitles */
    NR_WANT_ALL = 7,
};

#define NR_THUMBNAILS_MAX 64
struct nr_decode_params {
    enum nr_frames_mode frames;
    double fps;             /* with NR_FRAMES_FPS: 0.001..1000 */
    bool exact;             /* every pixel instead of one luma per chroma sample */
    bool fast_decode;       /* no loop filter, half the resolution where the codec can: faster, less exact */
    int audio_track;        /* index among the sound tracks from 0; -1: the default one */
    double timeout_seconds; /* wall clock for one file, then its worker is killed; 600 */
    size_t memory_mib;      /* that a worker may grow by; 0: no limit; 1024 */
    unsigned want;          /* nr_decode_want bits: what is decoded */
    unsigned keep;          /* nr_decode_want bits: whose features are kept; others are left as they were */
    const char *thumbnails; /* folder for the key pictures; NULL: none are made */
    size_t max_thumbnails;  /* of one video: 1..NR_THUMBNAILS_MAX; 8 */
    const char *per_frame;  /* .npy for the matrix of the only input (want: picture or sound); NULL */
    bool trusted_paths;     /* items' files are paths that the caller named, not entries of a catalogue */
};
void nr_decode_params_default(struct nr_decode_params *params);
const char *nr_decode_params_check(const struct nr_decode_params *params);
/* Versions of the libraries behind this room, for keys of results. */
const char *nr_media_versions(void);

/* ---- opening what a catalogue names -------------------------------------------- */

/* Opens the regular file `path` below the folder `root_fd` for reading: no absolute
 * path, no `..` out of it, no symbolic link out, no URL. NR_ERR_NOINPUT where there
 * is no such file, NR_ERR_DATA where it is refused. Caller closes *fd. */
enum nr_status nr_file_open_beneath(int root_fd, const char *path, int *fd, struct nr_error *err) NR_MUST_CHECK;
/* The same for a path that the caller trusts. */
enum nr_status nr_file_open_trusted(const char *path, int *fd, struct nr_error *err) NR_MUST_CHECK;
/* A folder to open files beneath. */
enum nr_status nr_folder_open(const char *path, int *fd, struct nr_error *err) NR_MUST_CHECK;

/* ---- subtitles -------------------------------------------------------------------- */

#define NR_CUES_MAX 200000
struct nr_cue_list {
    struct nr_arena mem;
    struct nr_cue *cues; /* malloc'ed */
    size_t count, capacity;
};
void nr_cue_list_release(struct nr_cue_list *list);
/* Adds a cue (text copied, markup and ASS override codes taken off, empty ones
 * dropped; those after NR_CUES_MAX are dropped silently). */
enum nr_status nr_cue_list_add(struct nr_cue_list *list, int64_t start_ms, int64_t end_ms, const char *text,
                               size_t length, struct nr_error *err) NR_MUST_CHECK;

/* Parses SubRip, WebVTT or ASS/SSA, told apart by content, in UTF-8. A cue that
 * cannot be read costs itself; no cue at all is NR_ERR_DATA. */
enum nr_status nr_subtitles_parse(const char *text, size_t length, struct nr_cue_list *list,
                                  struct nr_error *err) NR_MUST_CHECK;
/* Appends the lines of the cues, one a line. Rolling captions repeat or extend the
 * line before: each line is kept once. At most `limit` bytes, cut between lines. */
void nr_subtitles_join(const struct nr_cue_list *list, size_t limit, struct nr_buf *out);
/* Names that subtitles of a video may have beside it, best first: name `index` into
 * *out ("a/NAME.zh.srt" for video "a/NAME.mp4"), those of `language` (may be NULL)
 * first. False behind the last. */
bool nr_subtitles_beside(const char *video, const char *language, size_t index, struct nr_buf *out);
/* Whether any of them may be there, by listings of their folders that are read once: most
 * videos have none, and trying each name costs more than all the rest of looking an
 * unchanged video up. */
struct nr_subtitle_folders;
struct nr_subtitle_folders *nr_subtitle_folders_new(void); /* NULL: no memory */
void nr_subtitle_folders_free(struct nr_subtitle_folders *folders);
/* False: nothing of such a name was there when the video's folder was first asked about.
 * `root_fd` -1: the path is one that the caller trusts. */
bool nr_subtitle_folders_may_have(struct nr_subtitle_folders *folders, int root_fd, const char *video);

/* ---- decoding: one pass over one file ------------------------------------------------ */

/* Called as the file is read; a status other than NR_OK ends the pass with it. */
struct nr_decode_sink {
    enum nr_status (*picture)(void *ctx, const struct nr_frame *frame, struct nr_error *err);
    enum nr_status (*sound)(void *ctx, const float *pcm, size_t count, struct nr_error *err);
    void *ctx;
};

/* Decodes the file behind `fd` (seekable; not closed) once, in bounded memory, with
 * one thread. Fills *info (strings in *mem) with status ok, partial (something was
 * decoded, *reason says what was not) or failed (*reason says why). The embedded
 * text track in `language`, else the default one, else the first, is appended to
 * *cues. Returns other than NR_OK only where the caller's sink did or memory is out.
 *
 * Sound is brought to NR_PCM_RATE mono by libswresample: 32-tap Kaiser (beta 9)
 * polyphase filter, cutoff 0.97, exact rational; channels are mixed by the standard
 * weights scaled to add up to 1 (stereo: the mean). Audio files that libsndfile
 * knows (wav, flac, ogg, aiff, ...) are read by it first. */
enum nr_status nr_media_decode(int fd, const struct nr_decode_params *params, const char *language,
                               const struct nr_decode_sink *sink, struct nr_arena *mem, struct nr_media_info *info,
                               struct nr_cue_list *cues, struct nr_error *reason, struct nr_error *err) NR_MUST_CHECK;

/* ---- pictures out -------------------------------------------------------------------- */

/* Appends the picture (B, G, R bytes, rows without gaps) as a baseline JPEG, 4:2:0. */
enum nr_status nr_jpeg_encode(const uint8_t *bgr, int width, int height, struct nr_buf *out,
                              struct nr_error *err) NR_MUST_CHECK;

#include "nightreel/media_workers.h"

#endif
